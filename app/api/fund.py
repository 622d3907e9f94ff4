"""The fund over JSON: contributions, its figures on any day, and every loan on that day."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy.orm import Session

from app.api.acting import Act, Answer, Asked, AsKnown, Booked, PageAnswer, PageAsked, api_router
from app.api.values import AccountCode, Day, Label, PositiveAmount, ShortText, in_minor
from app.api.views import answer_model, answer_of
from app.calculator_answers import major_text
from app.dependencies import Reading, SignedIn
from loans import fund, own_money
from loans.books.cash_accounts import cash_kept
from loans.books.restrictions import record_given
from loans.figures.fund_definitions import Figure, Unit
from loans.figures.fund_figures import fund_figures
from loans.figures.portfolio import LoanAt, loans_at

router = api_router("Fund")


class ContributionAsked(Asked):
    """Money that a donor paid in, in the currency of the account that it came to.

    Without ``bank_account`` it is the fund's first. ``restriction`` is what the donor gave the
    money for: it is not lent until a manager releases it.
    """

    source: Label
    amount: PositiveAmount
    paid_on: Day
    bank_account: AccountCode | None = None
    restriction: ShortText | None = None
    restricted_until: Day | None = None


class AdministrationAsked(Asked):
    """Money that the fund paid for its own costs, from ``bank_account`` or its first account.

    The amount is in the currency of that account.
    """

    purpose: ShortText
    amount: PositiveAmount
    paid_on: Day
    bank_account: AccountCode | None = None


class FigureAnswer(Answer):
    """One figure: money as a decimal string; shares, multiples, counts and days as numbers."""

    code: str
    symbol: str
    label: str
    unit: Unit
    formula: str
    value: str | float | None


class FundAnswer(Answer):
    """All figures of the fund as of a value date, as known on another."""

    as_of: date
    known_on: date | None
    currency: str
    figures: tuple[FigureAnswer, ...]


class PortfolioAsked(PageAsked, AsKnown):
    """Which page of the loans, on which day, as known by which day."""


class PortfolioAnswer(PageAnswer):
    """Every loan that was signed by the day, in the order of its reference."""

    as_of: date
    currency: str
    loans: tuple[answer_model(LoanAt), ...]  # type: ignore[valid-type]  # made from the view


@router.post("/fund/contributions", status_code=HTTPStatus.CREATED, response_model=Booked)
def contribute(body: ContributionAsked, act: Act) -> Mapping[str, Any]:
    """Book a contribution; a new source gets its own account."""

    def work(session: Session) -> Mapping[str, Any]:
        currency = _currency_of(session, body.bank_account)
        entry_id = record_given(
            session,
            act.desk.actor,
            act.desk.moment,
            source=body.source,
            amount_minor=in_minor(body.amount, currency),
            paid_on=body.paid_on,
            bank_account=body.bank_account,
            restriction=body.restriction,
            until_on=body.restricted_until,
            key=act.key,
        )
        return {"entry_id": entry_id}

    return act.once(body, work)


@router.post("/fund/administration", status_code=HTTPStatus.CREATED, response_model=Booked)
def pay_administration(body: AdministrationAsked, act: Act) -> Mapping[str, Any]:
    """Book what the fund paid for its own costs."""

    def work(session: Session) -> Mapping[str, Any]:
        entry_id = own_money.record_administration(
            session,
            act.desk.actor,
            act.desk.moment,
            purpose=body.purpose,
            amount_minor=in_minor(body.amount, _currency_of(session, body.bank_account)),
            paid_on=body.paid_on,
            bank_account=body.bank_account,
            key=act.key,
        )
        return {"entry_id": entry_id}

    return act.once(body, work)


def _currency_of(session: Session, bank_account: str | None) -> str:
    here = fund.the_facility(session).facility_id
    return cash_kept(session, here, bank_account).currency


@router.get("/fund")
def show_fund(session: Reading, _actor: SignedIn, asked: Annotated[AsKnown, Query()]) -> FundAnswer:
    """The figures of the fund: capital, outstanding, committed, available, arrears, lags."""
    facility = fund.the_facility(session)
    found = fund_figures(session, facility, asked.day, asked.known_on)
    return FundAnswer(
        as_of=asked.day,
        known_on=asked.known_on,
        currency=facility.currency,
        figures=tuple(_figure(one, facility.currency) for one in found.figures.values()),
    )


def _figure(figure: Figure, currency: str) -> FigureAnswer:
    value: str | float | None
    if figure.value is None:
        value = None
    elif figure.unit is Unit.MONEY:
        value = major_text(int(figure.value), currency)
    else:
        value = float(figure.value)
    return FigureAnswer(
        code=figure.code,
        symbol=figure.symbol,
        label=figure.label,
        unit=figure.unit,
        formula=figure.formula,
        value=value,
    )


@router.get("/portfolio", response_model=PortfolioAnswer)
def show_portfolio(
    session: Reading, _actor: SignedIn, asked: Annotated[PortfolioAsked, Query()]
) -> Mapping[str, Any]:
    """Every loan as it stood on a value date, as known by the end of another."""
    facility = fund.the_facility(session)
    found = tuple(loans_at(session, facility, asked.day, asked.known_on))
    ordered = tuple(sorted(found, key=lambda loan: loan.reference))
    return {
        "page": asked.page,
        "page_size": asked.page_size,
        "count": len(ordered),
        "as_of": asked.day,
        "currency": facility.currency,
        "loans": [answer_of(loan, facility.currency) for loan in asked.of(ordered)],
    }
