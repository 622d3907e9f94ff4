"""Money from borrowers: repayments allocated to instalments, their reversal, recoveries.

Days of value only go forward inside one loan: what was entered wrongly is reversed, newest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans import bookings, ledger
from loans import profile as profiles
from loans.allocation import OpenInstalment, Part, allocate, open_instalments
from loans.case_status import LoanStatus
from loans.database import new_id
from loans.fund import check_day, the_facility
from loans.history import Moment
from loans.loan_case import (
    BORROWED,
    WrongAmount,
    WrongDay,
    locked_loan,
    need_role,
    need_status,
    pay_outs,
    write_event,
)
from loans.people import Actor, Role
from loans.refusal import Missing, OutOfStep, WrongValue
from loans.schedule import Instalment
from loans.tables import InstalmentRow, Loan, Receipt, ReceiptPart, ScheduleVersion

REPAYMENT, RECOVERY = "repayment", "recovery"


class NotTheLatest(OutOfStep):
    """Only the newest receipt of a loan can be reversed."""


@dataclass(frozen=True)
class Allocated:
    """A recorded receipt and what it paid."""

    receipt_id: str
    entry_id: str
    parts: tuple[Part, ...]
    is_repaid: bool


def record_receipt(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    key: str,
) -> Allocated:
    """Record money from the borrower: the oldest instalment first, and the later ones in advance.

    Raises:
        WrongAmount: nothing, or more than the loan still owes on its schedule.
        WrongDay: in the future, before the first pay-out, or before the newest receipt.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, BORROWED)
    check_day(received_on, moment)
    _check_receipt_day(session, loan, received_on)
    states = instalment_states(session, loan.id)
    owed = sum(state.total_minor for state in states)
    if not 0 < amount_minor <= owed:
        currency = the_facility(session).currency
        message = (
            f"Enter an amount up to what the loan still owes, {as_text(owed, currency)}. Money beyond that "
            "goes back to the borrower."
        )
        raise WrongAmount(message, field="amount")
    parts, _rest = allocate(states, amount_minor, order=_allocation_order(loan))
    entry_id = ledger.post(
        session,
        facility_id=loan.facility_id,
        event="receipt",
        effective_on=received_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=key,
        legs=bookings.receipt(loan.id, parts),
        memo=f"Receipt on {loan.reference}",
    )
    receipt_id = _add_receipt(
        session, actor, moment, loan, REPAYMENT, amount_minor, received_on, bank_reference, entry_id
    )
    session.add_all(
        ReceiptPart(
            receipt_id=receipt_id,
            instalment_number=part.instalment_number,
            component=part.component.value,
            amount_minor=part.amount_minor,
        )
        for part in parts
    )
    before = loan.status
    is_repaid = amount_minor == owed and loan.status == LoanStatus.REPAYING
    if is_repaid:
        loan.status = LoanStatus.REPAID
    details = {"amount_minor": amount_minor, "entry": entry_id}
    write_event(session, actor, moment, loan, "receipt", before=before, details=details, on=received_on)
    return Allocated(receipt_id, entry_id, parts, is_repaid)


def reverse_receipt(
    session: Session, actor: Actor, moment: Moment, receipt_id: str, *, reason: str, key: str
) -> str:
    """Undo the newest receipt of a loan by a reversing entry; answer that entry's id."""
    receipt = session.get(Receipt, receipt_id)
    if receipt is None:
        raise Missing
    loan = locked_loan(session, actor, receipt.loan_id)
    session.refresh(receipt)
    need_role(actor, Role.OFFICER)
    if not reason.strip():
        message = "Write why the receipt is reversed."
        raise WrongValue(message, field="reason")
    newest = _newest_receipt(session, loan.id, receipt.kind)
    if newest is None or newest.id != receipt.id:
        message = "Reverse the newest receipt of this loan first, then the one before it."
        raise NotTheLatest(message)
    entry_id = ledger.reverse(
        session,
        facility_id=loan.facility_id,
        entry_id=receipt.entry_id,
        effective_on=receipt.received_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=key,
        memo=reason,
    )
    receipt.reversed_on, receipt.reversed_at = moment.on, moment.at
    before = loan.status
    if loan.status == LoanStatus.REPAID:
        loan.status = LoanStatus.REPAYING
    write_event(session, actor, moment, loan, "reverse_receipt", before=before, note=reason)
    return entry_id


def record_recovery(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    key: str,
) -> str:
    """Record money that came after the write-off; answer the entry's id."""
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, (LoanStatus.WRITTEN_OFF,))
    check_day(received_on, moment)
    if amount_minor <= 0:
        message = "Enter an amount above zero."
        raise WrongAmount(message, field="amount")
    entry_id = ledger.post(
        session,
        facility_id=loan.facility_id,
        event="recovery",
        effective_on=received_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=key,
        legs=bookings.recovery(loan.id, amount_minor),
        memo=f"Recovery on {loan.reference}",
    )
    _add_receipt(
        session, actor, moment, loan, RECOVERY, amount_minor, received_on, bank_reference, entry_id
    )
    details = {"amount_minor": amount_minor, "entry": entry_id}
    write_event(session, actor, moment, loan, "recovery", details=details, on=received_on)
    return entry_id


def instalment_states(session: Session, loan_id: str) -> tuple[OpenInstalment, ...]:
    """The instalments of the active schedule with what is still open on each."""
    return open_instalments(active_instalments(session, loan_id), paid=paid_parts(session, loan_id))


def active_instalments(session: Session, loan_id: str) -> tuple[Instalment, ...]:
    """The rows of the active schedule version, with the balance after each."""
    rows = session.scalars(
        select(InstalmentRow)
        .join(ScheduleVersion, ScheduleVersion.id == InstalmentRow.schedule_id)
        .where(ScheduleVersion.loan_id == loan_id, ScheduleVersion.is_active)
        .order_by(InstalmentRow.number)
    ).all()
    return with_balances(rows)


def with_balances(rows: Sequence[InstalmentRow]) -> tuple[Instalment, ...]:
    """Stored rows as instalments; the balance after each is the principal still to come."""
    balance = sum(row.principal_minor for row in rows)
    instalments = []
    for row in rows:
        balance -= row.principal_minor
        instalments.append(
            Instalment(row.number, row.due_on, row.principal_minor, row.interest_minor, 0, balance)
        )
    return tuple(instalments)


def paid_parts(session: Session, loan_id: str) -> tuple[Part, ...]:
    """What the receipts of a loan paid, without those reversed."""
    rows = session.execute(
        select(
            ReceiptPart.instalment_number,
            ReceiptPart.component,
            func.sum(ReceiptPart.amount_minor),
        )
        .join(Receipt, Receipt.id == ReceiptPart.receipt_id)
        .where(Receipt.loan_id == loan_id, Receipt.reversed_at.is_(None))
        .group_by(ReceiptPart.instalment_number, ReceiptPart.component)
    )
    return tuple(
        Part(number, profiles.Component(component), int(total))
        for number, component, total in rows
    )


def _newest_receipt(session: Session, loan_id: str, kind: str) -> Receipt | None:
    return session.scalars(
        select(Receipt)
        .where(Receipt.loan_id == loan_id, Receipt.kind == kind, Receipt.reversed_at.is_(None))
        .order_by(Receipt.received_on.desc(), Receipt.recorded_at.desc(), Receipt.id.desc())
        .limit(1)
    ).one_or_none()


def _check_receipt_day(session: Session, loan: Loan, received_on: date) -> None:
    paid = pay_outs(session, loan.id)
    if received_on < paid[0][0]:
        message = f"Enter a day from the first pay-out, {paid[0][0].isoformat()}, on."
        raise WrongDay(message, field="received_on")
    newest = _newest_receipt(session, loan.id, REPAYMENT)
    if newest is not None and received_on < newest.received_on:
        message = (
            f"A receipt of {newest.received_on.isoformat()} is recorded already. Reverse it first, "
            "then enter both in the order of their days."
        )
        raise WrongDay(message, field="received_on")


def _allocation_order(loan: Loan) -> tuple[profiles.Component, ...]:
    return profiles.load(loan.profile_code).terms.allocation_order.required


def _add_receipt(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    kind: str,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    entry_id: str,
) -> str:
    row = Receipt(
        id=new_id(),
        loan_id=loan.id,
        kind=kind,
        amount_minor=amount_minor,
        received_on=received_on,
        bank_reference=bank_reference.strip(),
        recorded_by=actor.user_id,
        recorded_at=moment.at,
        entry_id=entry_id,
    )
    session.add(row)
    session.flush()
    return row.id
