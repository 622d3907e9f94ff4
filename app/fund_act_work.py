"""What each page about the fund's own money does: its form, what it shows first, what it books."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import Desk
from app.forms import Ask, FormModel, Reads
from appraisal.money import to_minor
from loans import own_money
from loans.books import bank_accounts, restriction_releases, restriction_views, restrictions
from loans.books.capital_effect import CapitalEffect, capital_effect, moved_between, released
from loans.books.cash_accounts import (
    CashAccount,
    cash_account,
    cash_accounts,
    cash_kept,
    refuse_past_overdraft,
)
from loans.books.closed_months import refuse_closed
from loans.fund import Facility, check_day, the_facility
from loans.refusal import Refusal

Checked = Annotated[Literal["yes", "change"] | None, Ask("to book it or to change it")]
_Amount = Annotated[Decimal, Field(gt=0)]
_Bank = Annotated[str | None, Ask("the account at a bank")]


class ContributionForm(FormModel):
    """Money that a source pays in; ``checked`` once its effect was shown."""

    source: Annotated[str, Ask("who paid the contribution")]
    amount: Annotated[_Amount, Ask("the amount of the contribution", Reads.AMOUNT)]
    paid_on: Annotated[date, Ask("the day on which the money came")]
    bank_account: _Bank = None
    restriction: Annotated[str | None, Ask("what the donor gave it for")] = None
    restricted_until: Annotated[date | None, Ask("the day on which the restriction ends")] = None
    checked: Checked = None


class AdministrationForm(FormModel):
    """Money that the fund pays for its own costs; ``checked`` once its effect was shown."""

    purpose: Annotated[str, Ask("what was paid for")]
    amount: Annotated[_Amount, Ask("the amount paid", Reads.AMOUNT)]
    paid_on: Annotated[date, Ask("the day on which the money was paid")]
    bank_account: _Bank = None
    checked: Checked = None


class TransferForm(FormModel):
    """Money that moves between two own accounts of one currency."""

    from_account: Annotated[str, Ask("the account that the money leaves")]
    to_account: Annotated[str, Ask("the account that the money goes to")]
    amount: Annotated[_Amount, Ask("the amount that moves", Reads.AMOUNT)]
    moved_on: Annotated[date, Ask("the day of the transfer")]
    purpose: Annotated[str, Ask("what the transfer is for")]
    checked: Checked = None


class ReleaseForm(FormModel):
    """Restricted money that may be lent from today."""

    account: Annotated[str, Ask("the restricted contribution")]
    amount: Annotated[_Amount, Ask("the amount that is released", Reads.AMOUNT)]
    reason: Annotated[str, Ask("why it may be lent now", Reads.LINES)]
    checked: Checked = None


class BankAccountForm(FormModel):
    """An account at a bank; ``account`` names one whose bank is entered or corrected."""

    account: Annotated[str | None, Ask("the ledger account")] = None
    name: Annotated[str | None, Ask("what people call the account")] = Field(
        default=None, validate_default=True
    )
    bank: Annotated[str, Ask("the name of the bank")]
    account_number: Annotated[str, Ask("the number of the account")]
    currency: Annotated[str | None, Ask("the currency of the account")] = None
    reason: Annotated[str, Ask("why it is corrected", Reads.LINES)] = ""
    checked: Checked = None

    @field_validator("name")
    @classmethod
    def _is_named(cls, name: str | None, info: ValidationInfo) -> str | None:
        if name is None and info.data.get("account") is None:
            raise ValueError(bank_accounts.ASK_NAME)
        return name


Work = Callable[[Session, Desk, Any, str], str]
"""Does the act under a key and answers where to go."""

Effect = Callable[[Session, Any], tuple[CapitalEffect, ...]]
"""What the act does to the fund, in the currency of the account."""


@dataclass(frozen=True)
class FundAct:
    """One act: its form, what does it, what it changes, and the notice after it."""

    form: type[FormModel]
    work: Work
    effect: Effect
    done: str


def _entry(entry_id: str) -> str:
    return f"/ledger/entries/{entry_id}"


def _cash(session: Session, code: str | None) -> CashAccount:
    return cash_account(session, the_facility(session).facility_id, code)


def _currency(session: Session, code: str | None) -> str:
    return cash_kept(session, the_facility(session).facility_id, code).currency


def _contribute(session: Session, desk: Desk, form: ContributionForm, key: str) -> str:
    return _entry(
        restrictions.record_given(
            session,
            desk.actor,
            desk.moment,
            source=form.source,
            amount_minor=to_minor(form.amount, _currency(session, form.bank_account)),
            paid_on=form.paid_on,
            bank_account=form.bank_account,
            restriction=form.restriction,
            until_on=form.restricted_until,
            key=key,
        )
    )


def _contributed(session: Session, form: ContributionForm) -> tuple[CapitalEffect, ...]:
    restrictions.check_restriction(form.restriction, form.restricted_until, form.paid_on)
    account = _cash(session, form.bank_account)
    amount = to_minor(form.amount, account.currency)
    return capital_effect(session, account, amount, is_restricted=form.restriction is not None)


def _pay(session: Session, desk: Desk, form: AdministrationForm, key: str) -> str:
    return _entry(
        own_money.record_administration(
            session,
            desk.actor,
            desk.moment,
            purpose=form.purpose,
            amount_minor=to_minor(form.amount, _currency(session, form.bank_account)),
            paid_on=form.paid_on,
            bank_account=form.bank_account,
            key=key,
        )
    )


def _check_past(
    session: Session, account: CashAccount, on: date, amount_minor: int, *, field: str
) -> None:
    paying = cash_kept(session, account.facility_id, account.code)
    refuse_past_overdraft(session, paying, clock.moment(), on, paid_minor=amount_minor, field=field)


def _paid(session: Session, form: AdministrationForm) -> tuple[CapitalEffect, ...]:
    account = _cash(session, form.bank_account)
    amount = to_minor(form.amount, account.currency)
    bank_accounts.check_available(account, amount)
    _check_past(session, account, form.paid_on, amount, field="paid_on")
    return capital_effect(session, account, -amount)


def _transfer(session: Session, desk: Desk, form: TransferForm, key: str) -> str:
    currency = _currency(session, form.from_account)
    return _entry(
        bank_accounts.transfer(
            session,
            desk.actor,
            desk.moment,
            from_account=form.from_account,
            to_account=form.to_account,
            amount_minor=to_minor(form.amount, currency),
            moved_on=form.moved_on,
            purpose=form.purpose,
            key=key,
        )
    )


def _transferred(session: Session, form: TransferForm) -> tuple[CapitalEffect, ...]:
    source, target = bank_accounts.transfer_pair(session, form.from_account, form.to_account)
    amount = to_minor(form.amount, source.currency)
    bank_accounts.check_available(source, amount)
    _check_past(session, source, form.moved_on, amount, field="moved_on")
    return moved_between(source, target, amount)


def _release(session: Session, desk: Desk, form: ReleaseForm, key: str) -> str:
    found = restriction_views.find_restriction(session, the_facility(session), form.account)
    return _entry(
        restriction_releases.release_restriction(
            session,
            desk.actor,
            desk.moment,
            form.account,
            amount_minor=to_minor(form.amount, found.currency),
            reason=form.reason,
            key=key,
        )
    )


def _released(session: Session, form: ReleaseForm) -> tuple[CapitalEffect, ...]:
    found = restriction_views.find_restriction(session, the_facility(session), form.account)
    amount = to_minor(form.amount, found.currency)
    restriction_releases.check_release(found, amount)
    return released(session, found, amount)


def _enter_bank(session: Session, desk: Desk, form: BankAccountForm, _key: str) -> str:
    if form.account is not None:
        bank_accounts.describe_bank_account(
            session,
            desk.actor,
            desk.moment,
            code=form.account,
            bank=form.bank,
            number=form.account_number,
            reason=form.reason,
        )
    else:
        bank_accounts.open_bank_account(
            session,
            desk.actor,
            desk.moment,
            name=form.name or "",
            bank=form.bank,
            number=form.account_number,
            currency=form.currency or the_facility(session).currency,
        )
    return "/fund/accounts"


def _kept_at(session: Session, form: BankAccountForm) -> tuple[CapitalEffect, ...]:
    """Nothing moves; a correction needs its reason."""
    if form.account is not None:
        bank_accounts.check_correction(
            session,
            form.account,
            bank=form.bank,
            number=form.account_number,
            reason=form.reason,
        )
    return ()


FUND_ACTS: Mapping[str, FundAct] = {
    "contribution": FundAct(ContributionForm, _contribute, _contributed, "contributed"),
    "administration": FundAct(AdministrationForm, _pay, _paid, "administration"),
    "transfer": FundAct(TransferForm, _transfer, _transferred, "transferred"),
    "release": FundAct(ReleaseForm, _release, _released, "restriction-released"),
    "bank-account": FundAct(BankAccountForm, _enter_bank, _kept_at, "bank-account"),
}
"""Each act as it stands in addresses."""


def currency_of(session: Session, facility: Facility, typed: Mapping[str, Any]) -> str:
    """The currency of the account that a form names; the facility's where it names none."""
    code = str(typed.get("bank_account") or typed.get("from_account") or "")
    for account in cash_accounts(session, facility.facility_id):
        if account.code == code:
            return account.currency
    for one in restriction_views.restrictions(session, facility):
        if one.account_code == typed.get("account"):
            return one.currency
    return facility.currency


def day_problems(session: Session, desk: Desk, read: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with the days that could be read: to come, or in a closed month; by field."""
    facility_id = the_facility(session).facility_id
    problems: dict[str, str] = {}
    for field in ("paid_on", "moved_on"):
        on = read.get(field)
        if not isinstance(on, date):
            continue
        try:
            check_day(on, desk.moment, field=field)
            refuse_closed(session, facility_id, on, field=field)
        except Refusal as refusal:
            problems[field] = refusal.message
    return problems
