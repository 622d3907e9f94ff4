"""Paying a loan out: an officer prepares, a manager releases, the reserve is used.

A tranche may come at any time of the loan's life while a due day is left to repay it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.bank_accounts import check_available
from loans.books.cash_accounts import cash_kept, refuse_past_overdraft
from loans.books.closed_months import refuse_closed
from loans.cases.case_status import LoanStatus
from loans.collateral.loan_coverage import check_collateral
from loans.conditions.gate import check_conditions
from loans.conditions.invoices import check_carried, free_invoices, name_invoices, open_invoices
from loans.conditions.pay_out_requests import take_up
from loans.day_words import shown_day
from loans.entered_text import entered_text
from loans.history import Moment
from loans.lending.loan_book import Act, follow
from loans.lending.loan_case import (
    PREPARED,
    RELEASED,
    SENT_BACK,
    WrongDay,
    WrongLoanStatus,
    check_undisbursed,
    in_words,
    locked_loan,
    need_status,
    pay_outs,
    refuse_pending,
    seen_loan,
    write_event,
)
from loans.lending.loan_record import record_of
from loans.people import Actor, Role, WrongPerson, need_role
from loans.refusal import Missing
from loans.schedules.day_count import month_after
from loans.schedules.instalment_periods import LISTED
from loans.servicing.limits import check_days_back, loan_cash
from loans.storage.database import new_id
from loans.tables import Disbursement, Loan

LONGEST_PURPOSE = 300
LONGEST_REASON = 500
LONGEST_PLAN_DAYS = 365
_PAYABLE = (LoanStatus.SIGNED, LoanStatus.DISBURSING)


def prepare_disbursement(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    pay_on: date,
    purpose: str,
    invoice_ids: Sequence[str] = (),
    bank_account: str | None = None,
) -> str:
    """Prepare a pay-out for another person to release; answer its id.

    ``invoice_ids`` names the invoices that it pays; without them the purpose stands alone. A
    request of the borrower that waits is taken up with it.

    Raises:
        WrongPerson: the actor is no officer.
        WrongLoanStatus, StillPending: everything is paid out, or a manager has to act first.
        WrongAmount: nothing, more than is not paid out yet, or than the invoices carry.
        Missing, InvoicePaid, InvoiceWithdrawn: an invoice that cannot be paid.
        WrongDay: before the signature or another pay-out, after the last due day, more than a
            year ahead, or so early that listed due days end after the maturity.
        PeriodClosed: the day lies in a closed month.
        WrongBankAccount: the facility has no such account in its currency.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, _PAYABLE)
    refuse_pending(session, loan)
    check_undisbursed(session, loan, amount_minor)
    latest = moment.on + timedelta(days=LONGEST_PLAN_DAYS)
    if pay_on > latest:
        message = f"Enter a day of pay-out within a year, up to {shown_day(latest)}."
        raise WrongDay(message, field="pay_on")
    _check_day(session, moment, loan, pay_on)
    invoices = open_invoices(session, loan, invoice_ids)
    check_carried(session, loan, invoices, amount_minor)
    ask = "Enter what the money pays: the invoice and its supplier."
    row = Disbursement(
        id=new_id(),
        loan_id=loan.id,
        status=PREPARED,
        amount_minor=amount_minor,
        pay_on=pay_on,
        purpose=entered_text(purpose, field="purpose", ask=ask, longest=LONGEST_PURPOSE),
        bank_account=loan_cash(session, loan, bank_account).code,
        prepared_by=actor.user_id,
        prepared_at=moment.at,
    )
    session.add(row)
    session.flush()
    name_invoices(session, row, invoices)
    take_up(session, actor, moment, loan, row)
    details = {"amount_minor": amount_minor}
    write_event(
        session, actor, moment, loan, "prepare_disbursement", note=row.purpose, details=details
    )
    return row.id


def _check_day(session: Session, moment: Moment, loan: Loan, pay_on: date) -> None:
    """Refuse a day before the signature or another pay-out, too far back, or too late to repay."""
    paid = pay_outs(session, loan.id)
    earliest = max((loan.signed_on, *(day for day, _ in paid)))
    if pay_on < earliest:
        message = (
            "Enter a day of pay-out from the signature and the newest pay-out, "
            f"{shown_day(earliest)}, on."
        )
        raise WrongDay(message, field="pay_on")
    check_days_back(session, loan, moment, pay_on, field="pay_on")
    refuse_closed(session, loan.facility_id, pay_on, field="pay_on")
    record = record_of(session, loan)
    last_due_on = record.last_due_on(pay_on)
    if not paid and record.contract.frequency_months == LISTED:
        _check_maturity(loan, pay_on, last_due_on)
    if paid and pay_on >= last_due_on:
        message = (
            f"The last instalment is due on {shown_day(last_due_on)}. "
            "Enter a day of pay-out before it, or agree new terms first."
        )
        raise WrongDay(message, field="pay_on")


def _check_maturity(loan: Loan, pay_on: date, last_due_on: date) -> None:
    """Refuse a first pay-out so early that the listed due days end after the maturity."""
    if last_due_on <= month_after(pay_on, loan.maturity_months):
        return
    earliest = month_after(last_due_on, -loan.maturity_months)
    while month_after(earliest, loan.maturity_months) < last_due_on:
        earliest += timedelta(days=1)
    message = (
        f"The listed due days end on {shown_day(last_due_on)}: paid out on {shown_day(pay_on)} "
        f"the loan would run longer than its {loan.maturity_months} months. Enter a day of "
        f"pay-out from {shown_day(earliest)} on and before {shown_day(last_due_on)}."
    )
    raise WrongDay(message, field="pay_on")


def loan_of(session: Session, actor: Actor, disbursement_id: str) -> str:
    """The id of the loan that a pay-out belongs to, whatever became of the pay-out.

    Raises:
        Missing: there is no such pay-out for the actor.
    """
    row = session.get(Disbursement, disbursement_id)
    if row is None:
        raise Missing
    return seen_loan(session, actor, row.loan_id).id


def release_disbursement(
    session: Session, actor: Actor, moment: Moment, disbursement_id: str, *, key: str
) -> str:
    """Pay out what another person prepared; answer the journal entry's id.

    The money comes out of the reserve made at approval; where another account than the reserve's
    pays, that part of the reserve is free again. The schedule is made anew for what was
    really paid out, so that interest is never due on money that the borrower has not got.

    Raises:
        Missing: there is no such pay-out for the actor.
        WrongPerson: the actor prepared it, or is no manager.
        WrongLoanStatus: it was released or sent back before.
        WrongDay: it is planned for a later day, or no due day is left behind it.
        PeriodClosed: its month was closed since.
        ConditionsOpen: a condition precedent is open; each is named with who must act.
        CollateralShort: what secures the loan is under the minimum of its profile.
        ledger.Overdrawn: the account that pays has not that much, or had it not on the day.
    """
    row, loan = _pending_disbursement(session, actor, disbursement_id)
    if row.prepared_by == actor.user_id:
        message = "You prepared this pay-out yourself. Another person has to release it."
        raise WrongPerson(message)
    need_role(actor, Role.MANAGER)
    need_status(loan, _PAYABLE)
    if row.pay_on > moment.on:
        message = f"The pay-out is planned for {shown_day(row.pay_on)}. Release it on that day."
        raise WrongDay(message, field="pay_on")
    _check_day(session, moment, loan, row.pay_on)
    check_conditions(session, loan, moment.on)
    for day in {row.pay_on, moment.on}:
        check_collateral(session, loan, day)
    row.status, row.released_by, row.released_at = RELEASED, actor.user_id, moment.at
    before = loan.status
    followed = follow(
        session, actor, moment, loan, _pay_out(session, actor, moment, loan, row), key=key
    )
    refuse_closed(session, loan.facility_id, row.pay_on, field="pay_on")
    paying = cash_kept(session, loan.facility_id, row.bank_account)
    refuse_past_overdraft(session, paying, moment, row.pay_on, paid_minor=0, field="pay_on")
    row.entry_id = followed.entry_id
    details = {"amount_minor": row.amount_minor, "entry": row.entry_id}
    write_event(
        session,
        actor,
        moment,
        loan,
        "release_disbursement",
        before=before,
        details=details,
        on=row.pay_on,
    )
    return row.entry_id or ""


def _pay_out(session: Session, actor: Actor, moment: Moment, loan: Loan, row: Disbursement) -> Act:
    """What is booked: from the reserve, or from another account once that much is free again."""
    hold_id: str | None = loan.hold_id
    reserved_on = ledger.find_hold(session, facility_id=loan.facility_id, hold_id=loan.hold_id)
    if row.bank_account != reserved_on.account:
        hold_id = None
        check_available(loan_cash(session, loan, row.bank_account), row.amount_minor)
        ledger.release_hold(
            session,
            facility_id=loan.facility_id,
            hold_id=loan.hold_id,
            amount_minor=row.amount_minor,
            released_on=row.pay_on,
            released_at=moment.at,
            actor_id=actor.user_id,
        )
    return Act(
        "disbursement",
        row.pay_on,
        row.id,
        -row.amount_minor,
        f"Pay-out of {loan.reference}",
        hold_id=hold_id,
        cash_account=row.bank_account,
        commitment_minor=row.amount_minor,
    )


def send_back_disbursement(
    session: Session, actor: Actor, moment: Moment, disbursement_id: str, *, reason: str
) -> None:
    """Send a prepared pay-out back to the officer with a reason; nothing is paid.

    Raises:
        Missing, WrongPerson, WrongLoanStatus: as for ``release_disbursement``.
    """
    row, loan = _pending_disbursement(session, actor, disbursement_id)
    need_role(actor, Role.MANAGER)
    ask = "Write what the officer should look at again."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    row.status = SENT_BACK
    free_invoices(session, moment, row)
    write_event(session, actor, moment, loan, "send_back_disbursement", note=note)


def _pending_disbursement(
    session: Session, actor: Actor, disbursement_id: str
) -> tuple[Disbursement, Loan]:
    row = session.get(Disbursement, disbursement_id)
    if row is None:
        raise Missing
    loan = locked_loan(session, actor, row.loan_id)
    session.refresh(row)
    if row.status != PREPARED:
        message = f"This pay-out was {in_words(row.status)} before."
        raise WrongLoanStatus(message)
    return row, loan
