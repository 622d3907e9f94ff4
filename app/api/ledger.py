"""The books over JSON: accounts, journal, trial balance; reversals and the close of a month."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from sqlalchemy.orm import Session

from app.api.acting import (
    LARGEST_PAGE,
    Act,
    Answer,
    Asked,
    AsKnown,
    BookedOnDay,
    Reason,
    api_router,
)
from app.api.values import Day, Id, Month, Number, Searched
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from loans.books import ledger
from loans.books.closed_months import entry_counts_late
from loans.books.ledger_balances import TrialBalanceRow
from loans.books.ledger_entries import EntryView
from loans.closing.months import close_month
from loans.fund import the_facility
from loans.servicing.reversals import reverse_entry

router = api_router("Ledger")


class EntriesAsked(Asked):
    """Which entries; ``before`` is the id that the page before named.

    A journal only grows at its top, so that pages by number would shift while they are read.
    """

    account: Searched | None = None
    event: Searched | None = None
    loan_id: Id | None = None
    from_on: Day | None = None
    to_on: Day | None = None
    number: Annotated[Number, Field(ge=1)] | None = None
    before: Id | None = None
    page_size: Annotated[Number, Field(ge=1, le=LARGEST_PAGE)] = 50


class AccountsAnswer(Answer):
    """The accounts with their balances today."""

    accounts: tuple[answer_model(TrialBalanceRow), ...]  # type: ignore[valid-type]  # made from the view


class TrialBalanceAsked(AsKnown):
    """The days of a trial balance, and another day to set beside it."""

    compare_on: Day | None = None


class TrialBalanceAnswer(AccountsAnswer):
    """Every account with its balance, debit positive; the balances sum to zero.

    ``compared`` has the same accounts as of ``compare_on``, and none without that day.
    """

    as_of: date
    known_on: date | None
    compare_on: date | None
    compared: tuple[answer_model(TrialBalanceRow), ...]  # type: ignore[valid-type]  # made from the view


class EntriesAnswer(Answer):
    """A page of the journal, newest booking first; ``count`` is of all pages."""

    page_size: int
    count: int
    entries: tuple[answer_model(EntryView), ...]  # type: ignore[valid-type]  # made from the view
    before: str | None


class CloseAsked(Asked):
    """``warnings_seen`` says that what is still open of the month was read."""

    warnings_seen: bool = False


class Closed(Answer):
    """The month that is closed, and what was open of it and seen."""

    period: str
    status: str
    warnings: tuple[str, ...]


_NOT_SEEN = CloseAsked()


@router.get("/ledger/accounts", response_model=AccountsAnswer)
def list_accounts(session: Reading, _actor: SignedIn) -> Mapping[str, Any]:
    """The chart of accounts with the balances of now."""
    facility = the_facility(session)
    rows = ledger.trial_balance(session, facility_id=facility.facility_id)
    return {"accounts": [answer_of(row, row.currency) for row in rows]}


@router.get("/ledger/trial-balance", response_model=TrialBalanceAnswer)
def show_trial_balance(
    session: Reading, _actor: SignedIn, asked: Annotated[TrialBalanceAsked, Query()]
) -> Mapping[str, Any]:
    """The trial balance as of a value date, beside another, as known by the end of a day."""
    here = the_facility(session).facility_id

    def rows(as_of: date) -> list[Any]:
        found = ledger.trial_balance(
            session, facility_id=here, as_of=as_of, known_on=asked.known_on
        )
        return [answer_of(row, row.currency) for row in found]

    return {
        "as_of": asked.day,
        "known_on": asked.known_on,
        "compare_on": asked.compare_on,
        "accounts": rows(asked.day),
        "compared": [] if asked.compare_on is None else rows(asked.compare_on),
    }


@router.get("/ledger/entries", response_model=EntriesAnswer)
def list_entries(
    session: Reading, _actor: SignedIn, asked: Annotated[EntriesAsked, Query()]
) -> Mapping[str, Any]:
    """The journal with its postings."""
    facility = the_facility(session)
    wanted = asked.model_dump(exclude={"before", "page_size"})
    here = facility.facility_id
    page = ledger.entries(
        session, facility_id=here, before=asked.before, limit=asked.page_size, **wanted
    )
    return {
        "page_size": asked.page_size,
        "count": ledger.count_entries(session, facility_id=here, **wanted),
        "entries": [answer_of(entry, facility.currency) for entry in page.entries],
        "before": page.before,
    }


@router.post(
    "/ledger/entries/{entry_id}/reverse", status_code=HTTPStatus.CREATED, response_model=BookedOnDay
)
def reverse(entry_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Undo a receipt, a contribution or a cost by a new entry; the old one stays."""

    def work(session: Session) -> Mapping[str, Any]:
        reversal_id = reverse_entry(
            session, act.desk.actor, act.desk.moment, entry_id, reason=body.reason, key=act.key
        )
        return {"entry_id": reversal_id, "notice": _notice(session, act, reversal_id)}

    return act.once(body, work)


def _notice(session: Session, act: Act, entry_id: str) -> str | None:
    here = the_facility(session).facility_id
    return entry_counts_late(session, here, entry_id, act.desk.moment, what="the reversal")


@router.post("/ledger/periods/{period}/close", response_model=Closed)
def close(period: Month, act: Act, body: CloseAsked = _NOT_SEEN) -> Mapping[str, Any]:
    """Close a month and all before it: nothing more is booked there.

    What is still open of it is refused with each point named, unless it was seen.
    """
    desk = act.desk

    def work(session: Session) -> Mapping[str, Any]:
        seen = close_month(
            session, desk.actor, desk.moment, month=period, are_warnings_seen=body.warnings_seen
        )
        return {"period": period, "status": "closed", "warnings": list(seen)}

    return act.once({"period": period, **body.model_dump()}, work)
