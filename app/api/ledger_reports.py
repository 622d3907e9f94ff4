"""The books of a period over JSON: the general ledger, and principal rolled forward."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from app.api.acting import LARGEST_PAGE, Asked, api_router
from app.api.values import Day, Number, Searched
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from app.period import MISORDERED, period_of
from loans.books.general_ledger import GeneralLedger, general_ledger
from loans.books.roll_forward import RollForward, roll_forward
from loans.fund import the_facility
from loans.refusal import WrongValue

router = api_router("Ledger")


class PeriodAsked(Asked):
    """The first and the last day; this year up to today without them."""

    from_on: Day | None = None
    to_on: Day | None = None

    def days(self) -> tuple[date, date]:
        """Both days in their order.

        Raises:
            WrongValue: the last day lies before the first.
        """
        first, last = period_of(self.from_on, self.to_on)
        if last < first:
            raise WrongValue(MISORDERED, field="to_on")
        return first, last


class GeneralAsked(PeriodAsked):
    """Which account, or all of them, and which page of the lines."""

    account: Searched = ""
    page: Annotated[Number, Field(ge=1, le=100_000, description="The first page is 1.")] = 1
    page_size: Annotated[Number, Field(ge=1, le=LARGEST_PAGE)] = 50


@router.get("/ledger/general", response_model=answer_model(GeneralLedger))
def show_general(
    session: Reading, _actor: SignedIn, asked: Annotated[GeneralAsked, Query()]
) -> Mapping[str, Any]:
    """Accounts over a period; a page beyond the last is the last."""
    facility = the_facility(session)
    view = general_ledger(
        session,
        facility,
        *asked.days(),
        account=asked.account,
        page_number=asked.page,
        page_size=asked.page_size,
    )
    return answer_of(view, facility.currency)


@router.get("/ledger/roll-forward", response_model=answer_model(RollForward))
def show_roll_forward(
    session: Reading, _actor: SignedIn, asked: Annotated[PeriodAsked, Query()]
) -> Mapping[str, Any]:
    """Principal over a period from the loans' records, beside what their account says."""
    facility = the_facility(session)
    return answer_of(roll_forward(session, facility, *asked.days()), facility.currency)
