"""Opening accounts at banks, saying where they are kept, and moving money between them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.money import MoneyError, as_text, minor_digits
from loans import bookings, chart
from loans.account_number import account_number
from loans.books import ledger
from loans.books.cash_accounts import CashAccount, WrongBankAccount, cash_account, cash_accounts
from loans.books.facility_turn import take_facility
from loans.books.tables import AccountRow
from loans.chart import MOST_BANK_ACCOUNTS
from loans.entered_text import entered_line, entered_text
from loans.fund import Facility, check_day, the_facility
from loans.fund_tables import BankAccountRow
from loans.history import Moment, record
from loans.own_money import book_own, check_amount
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, OutOfStep, WrongValue

LONGEST_NAME, LONGEST_BANK, LONGEST_PURPOSE, LONGEST_REASON = 120, 200, 300, 500
ASK_NAME = "Enter what people call the account, such as Reserve account."


class NoSuchBankAccount(Missing):
    """The facility has no account at a bank with this number."""


class UnknownCurrency(WrongValue):
    """A currency that the program does not know."""


class NumberTaken(WrongValue):
    """Two accounts at banks cannot have the same number."""


class NoAccountLeft(OutOfStep):
    """The chart has no number left for an account at a bank."""


class KnownAlready(OutOfStep):
    """Where the account is kept was entered before, and alike."""


def bank_accounts(session: Session) -> tuple[CashAccount, ...]:
    """The facility's accounts at banks, by number."""
    return cash_accounts(session, the_facility(session).facility_id)


def bank_account(session: Session, code: str) -> CashAccount:
    """The account at a bank with this number.

    Raises:
        NoSuchBankAccount: there is none.
    """
    found = next((one for one in bank_accounts(session) if one.code == code), None)
    if found is None:
        raise NoSuchBankAccount
    return found


def open_bank_account(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    name: str,
    bank: str,
    number: str,
    currency: str,
) -> str:
    """Open the ledger account of an account at a bank; answer its code, 1011 for the second.

    Raises:
        WrongPerson: the actor is no manager.
        UnknownCurrency, WrongAccountNumber, NumberTaken: a value to correct.
        NoAccountLeft: the facility has 90 accounts already.
    """
    need_role(actor, Role.MANAGER)
    facility = the_facility(session)
    called = entered_line(name, field="name", ask=ASK_NAME, longest=LONGEST_NAME)
    try:
        minor_digits(currency)
    except MoneyError as error:
        raise UnknownCurrency(str(error), field="currency") from error
    opened = len(cash_accounts(session, facility.facility_id)) + 1
    if opened > MOST_BANK_ACCOUNTS:
        message = f"The facility has {MOST_BANK_ACCOUNTS} accounts at banks, as many as its chart."
        raise NoAccountLeft(message)
    account = chart.bank_account(opened, called)
    try:
        account_id = ledger.open_account(
            session, facility_id=facility.facility_id, account=account, currency=currency
        )
    except ledger.AccountExists:
        again = {"name": name, "bank": bank, "number": number, "currency": currency}
        return open_bank_account(session, actor, moment, **again)
    _keep(session, actor, moment, facility, account_id, bank=bank, number=number)
    return account.code


def describe_bank_account(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    code: str,
    bank: str,
    number: str,
    reason: str = "",
) -> None:
    """Say where an account is kept; once that was said, correct it, with a reason.

    What was entered before stays as an earlier version.

    Raises:
        WrongPerson, WrongBankAccount: the actor is no manager, or there is no such account.
        KnownAlready: it is what was entered before.
        TextMissing: a correction without its reason.
        WrongAccountNumber, NumberTaken: a value to correct.
    """
    need_role(actor, Role.MANAGER)
    facility = the_facility(session)
    take_facility(session, facility.facility_id)
    why = check_correction(session, code, bank=bank, number=number, reason=reason)
    account_id = session.scalars(
        select(AccountRow.id).where(
            AccountRow.facility_id == facility.facility_id, AccountRow.code == code
        )
    ).one()
    _keep(session, actor, moment, facility, account_id, bank=bank, number=number, reason=why)


def check_correction(session: Session, code: str, *, bank: str, number: str, reason: str) -> str:
    """The reason of a correction; blank where nothing was entered before.

    Raises:
        WrongBankAccount, WrongAccountNumber, KnownAlready, TextMissing: as
            ``describe_bank_account`` refuses.
    """
    found = cash_account(session, the_facility(session).facility_id, code, field="account")
    if not found.number:
        return ""
    if (" ".join(bank.split()), account_number(number)) == (found.bank, found.number):
        message = "This is what was entered before. Nothing was changed."
        raise KnownAlready(message)
    ask = "Write why where the account is kept is corrected."
    return entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)


def _keep(
    session: Session,
    actor: Actor,
    moment: Moment,
    facility: Facility,
    account_id: str,
    *,
    bank: str,
    number: str,
    reason: str = "",
) -> None:
    kept_at = entered_line(
        bank, field="bank", ask="Enter the name of the bank.", longest=LONGEST_BANK
    )
    here, found = facility.facility_id, account_number(number)
    take_facility(session, here)
    own = session.scalar(
        select(AccountRow.code).where(AccountRow.facility_id == here, AccountRow.id == account_id)
    )
    if any(one.number == found for one in cash_accounts(session, here) if one.code != own):
        message = "Another account of the facility has this number. Compare it with the statement."
        raise NumberTaken(message, field="account_number")
    known = session.scalar(
        select(func.max(BankAccountRow.version)).where(
            BankAccountRow.facility_id == here, BankAccountRow.account_id == account_id
        )
    )
    row = BankAccountRow(
        facility_id=here,
        account_id=account_id,
        version=(known or 0) + 1,
        bank=kept_at,
        number=found,
        entered_by=actor.user_id,
        entered_at=moment.at,
        reason=reason,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        moment,
        subject=("account", account_id),
        action="bank_account" if known is None else "correct_bank_account",
        facility_id=here,
        note=reason,
        details={"bank": kept_at, "number": row.number},
    )


def transfer(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    from_account: str,
    to_account: str,
    amount_minor: int,
    moved_on: date,
    purpose: str,
    key: str,
) -> str:
    """Book money moved between two own accounts of one currency; answer the entry's id.

    Raises:
        WrongPerson: the actor is no manager.
        WrongBankAccount: there is no such account, both are the same, or currencies differ.
        FutureDay, PeriodClosed: the day lies in the future or in a closed month.
        WrongCapital: the amount is not above zero.
        ledger.Overdrawn: the first account has not that much that is not reserved.
    """
    need_role(actor, Role.MANAGER)
    facility = the_facility(session)
    source, target = transfer_pair(session, from_account, to_account)
    check_day(moved_on, moment, field="moved_on")
    check_amount(amount_minor, source.currency)
    ask = "Enter what the transfer is for."
    memo = entered_text(purpose, field="purpose", ask=ask, longest=LONGEST_PURPOSE)
    check_available(source, amount_minor)
    return book_own(
        session,
        actor,
        moment,
        facility,
        event=bookings.TRANSFER,
        on=moved_on,
        legs=bookings.transfer(source.code, target.code, amount_minor),
        memo=memo,
        key=key,
        chosen_in="moved_on",
    )


def check_available(account: CashAccount, amount_minor: int) -> None:
    """Refuse to pay more from an account than is there and not reserved.

    Raises:
        ledger.Overdrawn: naming the account and what it has.
    """
    if amount_minor > account.available_minor:
        left = as_text(max(0, account.available_minor), account.currency)
        message = (
            f"Account {account.code}, {account.name}, has {left} that is not reserved. Enter a "
            "smaller amount, choose another account, or transfer money to this one first."
        )
        raise ledger.Overdrawn(message, field="amount")


def transfer_pair(
    session: Session, from_account: str, to_account: str
) -> tuple[CashAccount, CashAccount]:
    """Both accounts of a transfer.

    Raises:
        WrongBankAccount: there is no such account, both are the same, or currencies differ.
    """
    facility = the_facility(session)
    source = cash_account(session, facility.facility_id, from_account, field="from_account")
    if from_account == to_account:
        message = "Choose two different accounts."
        raise WrongBankAccount(message, field="to_account")
    target = cash_account(session, facility.facility_id, to_account, field="to_account")
    if target.currency != source.currency:
        message = (
            f"Account {source.code} is kept in {source.currency} and account {target.code} in "
            f"{target.currency}. Choose two accounts of one currency."
        )
        raise WrongBankAccount(message, field="to_account")
    return source, target
