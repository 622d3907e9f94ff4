"""The fund's accounts at banks over JSON: opened, described, money between them and released."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy.orm import Session

from app.api.acting import Act, Answer, Asked, Booked, api_router
from app.api.values import AccountCode, Day, Label, PositiveAmount, ShortText, Text, in_minor
from app.api.views import answer_model, answer_of
from app.calculator_answers import major_text
from app.dependencies import Reading, SignedIn
from loans import fund
from loans.books import bank_accounts, restriction_releases, restriction_views
from loans.books.cash_accounts import CashAccount, cash_account, cash_accounts
from loans.books.restriction_views import Restriction

router = api_router("Fund")


class AccountAsked(Asked):
    """An account at a bank: a new one, or where the existing ``account`` is kept.

    What was said before about where an account is kept is corrected with a ``reason``.
    A new account needs a ``name``; its currency is the facility's where none is sent.
    """

    account: AccountCode | None = None
    name: Label = ""
    bank: ShortText
    account_number: Label
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    reason: Text = ""


class TransferAsked(Asked):
    """Money that moves between two own accounts of one currency."""

    from_account: AccountCode
    to_account: AccountCode
    amount: PositiveAmount
    moved_on: Day
    purpose: ShortText


class ReleaseAsked(Asked):
    """Restricted money, named by its sub-account such as 3001-1, that may be lent from today."""

    account: AccountCode
    amount: PositiveAmount
    reason: Text


class AccountAtBank(Answer):
    """One account at a bank; its amounts are in its own currency."""

    code: str
    name: str
    bank: str
    number: str
    currency: str
    balance: str
    reserved: str
    available: str


class FundAccountsAnswer(Answer):
    """The accounts at banks, and what donors restricted, as they stand now."""

    accounts: tuple[AccountAtBank, ...]
    restricted: tuple[answer_model(Restriction), ...]  # type: ignore[valid-type]  # made from the view


class OpenedAnswer(Answer):
    """The number of the account in the books."""

    account: str


@router.get("/fund/accounts", response_model=FundAccountsAnswer)
def list_accounts(session: Reading, _actor: SignedIn) -> Mapping[str, Any]:
    """Where the fund's money is: each account with its reserve, and restricted contributions."""
    facility = fund.the_facility(session)
    return {
        "accounts": [_account(one) for one in cash_accounts(session, facility.facility_id)],
        "restricted": [
            answer_of(one, one.currency)
            for one in restriction_views.restrictions(session, facility)
        ],
    }


def _account(one: CashAccount) -> Mapping[str, Any]:
    return {
        **answer_of(one, one.currency),
        "available": major_text(one.available_minor, one.currency),
    }


@router.post("/fund/accounts", status_code=HTTPStatus.CREATED, response_model=OpenedAnswer)
def open_account(body: AccountAsked, act: Act) -> Mapping[str, Any]:
    """Open an account at a bank, or say where one is kept, and correct that."""
    return act.once(body, lambda session: {"account": _opened(session, act, body)})


def _opened(session: Session, act: Act, body: AccountAsked) -> str:
    actor, moment = act.desk.actor, act.desk.moment
    if body.account is None:
        return bank_accounts.open_bank_account(
            session,
            actor,
            moment,
            name=body.name,
            bank=body.bank,
            number=body.account_number,
            currency=body.currency or fund.the_facility(session).currency,
        )
    bank_accounts.describe_bank_account(
        session,
        actor,
        moment,
        code=body.account,
        bank=body.bank,
        number=body.account_number,
        reason=body.reason,
    )
    return body.account


@router.post("/fund/transfers", status_code=HTTPStatus.CREATED, response_model=Booked)
def transfer(body: TransferAsked, act: Act) -> Mapping[str, Any]:
    """Book money that moved between two own accounts."""

    def work(session: Session) -> Mapping[str, Any]:
        here = fund.the_facility(session).facility_id
        currency = cash_account(session, here, body.from_account, field="from_account").currency
        entry_id = bank_accounts.transfer(
            session,
            act.desk.actor,
            act.desk.moment,
            from_account=body.from_account,
            to_account=body.to_account,
            amount_minor=in_minor(body.amount, currency),
            moved_on=body.moved_on,
            purpose=body.purpose,
            key=act.key,
        )
        return {"entry_id": entry_id}

    return act.once(body, work)


@router.post("/fund/releases", status_code=HTTPStatus.CREATED, response_model=Booked)
def release(body: ReleaseAsked, act: Act) -> Mapping[str, Any]:
    """Let restricted money be lent from today."""

    def work(session: Session) -> Mapping[str, Any]:
        found = restriction_views.find_restriction(
            session, fund.the_facility(session), body.account
        )
        entry_id = restriction_releases.release_restriction(
            session,
            act.desk.actor,
            act.desk.moment,
            body.account,
            amount_minor=in_minor(body.amount, found.currency),
            reason=body.reason,
            key=act.key,
        )
        return {"entry_id": entry_id}

    return act.once(body, work)
