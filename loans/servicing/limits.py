"""What money acts on a loan are held against: amount, day, and what they leave behind."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from appraisal.money import LARGEST_MINOR, as_text
from loans.books.cash_accounts import CashAccount, cash_account
from loans.cases.case_status import LoanStatus
from loans.day_words import shown_day
from loans.fund import check_day, the_facility
from loans.history import Moment
from loans.lending.loan_case import WrongAmount, WrongDay, pay_outs
from loans.lending.loan_record import LoanRecord, record_of
from loans.refusal import OutOfStep
from loans.tables import Loan
from loans.versions.profile_versions import profile_of


def written_off_on(session: Session, loan: Loan, moment: Moment) -> date | None:
    """The day on which a loan was written off; None where it is not, or nothing was lost by it."""
    if loan.status != LoanStatus.WRITTEN_OFF:
        return None
    return record_of(session, loan).at(moment.on).written_off_on


class CreditGone(OutOfStep):
    """Money that waited was given back or used already, and would now be missing."""


def check_amount(session: Session, amount_minor: int, *, most_minor: int = LARGEST_MINOR) -> None:
    """Refuse an amount of nothing, below nothing or beyond what there is.

    Raises:
        WrongAmount: as it says.
    """
    if not 0 < amount_minor <= most_minor:
        most = as_text(most_minor, the_facility(session).currency)
        message = f"Enter an amount above zero, at most {most}."
        raise WrongAmount(message, field="amount")


def loan_cash(session: Session, loan: Loan, bank_account: str | None) -> CashAccount:
    """The account at a bank that money of a loan goes through; the facility's first without a name.

    Raises:
        WrongBankAccount: there is no such account in the loan's currency.
    """
    currency = the_facility(session).currency
    return cash_account(session, loan.facility_id, bank_account, currency=currency)


def check_value_day(session: Session, loan: Loan, moment: Moment, on: date, *, field: str) -> None:
    """Refuse a day in the future, before the first pay-out, or further back than the terms allow.

    Raises:
        FutureDay, WrongDay: naming the days that would pass.
    """
    check_day(on, moment, field=field)
    paid = pay_outs(session, loan.id)
    if paid and on < paid[0][0]:
        message = f"Enter a day from the first pay-out, {shown_day(paid[0][0])}, on."
        raise WrongDay(message, field=field)
    check_days_back(session, loan, moment, on, field=field)


def check_days_back(session: Session, loan: Loan, moment: Moment, on: date, *, field: str) -> None:
    """Refuse a day further back than the terms of the loan allow.

    Raises:
        WrongDay: naming the first day that would pass.
    """
    days = profile_of(session, loan).terms.backdating_days.required
    earliest = moment.on - timedelta(days=days)
    if on < earliest:
        message = (
            f"The terms of the loan allow days up to {days} days back, from "
            f"{shown_day(earliest)} on. Older payments need other terms: ask the fund manager."
        )
        raise WrongDay(message, field=field)


def check_credit(session: Session, record: LoanRecord, moment: Moment) -> None:
    """Refuse an act after which more of the borrower's waiting money was given back than there was.

    Raises:
        CreditGone: as it says.
    """
    last = max((event.on for event in record.events), default=moment.on)
    for day in {moment.on, last}:
        missing = -record.at(day).credit_minor
        if missing > 0:
            amount = as_text(missing, the_facility(session).currency)
            message = (
                f"{amount} of this was given back to the borrower since. "
                "Record what comes back of it as a receipt first, then enter this."
            )
            raise CreditGone(message)
