"""The statement of one loan: every movement by its value date, with the balances after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.component import Component
from loans.fund import the_facility
from loans.instalments import Seen, active_instalments
from loans.loan_case import seen_loan
from loans.loan_facts import LoanRecords, facts_at, stands
from loans.people import STAFF, Actor
from loans.tables import Application, Enterprise, Loan, Receipt, ReceiptPart


class Movement(StrEnum):
    """What a line of a statement tells, in the order in which lines of one day stand."""

    PAY_OUT = "pay-out"
    DUE = "due"
    RECEIPT = "receipt"
    REVERSAL = "reversal"
    WRITE_OFF = "write-off"
    RECOVERY = "recovery"
    RECOVERY_REVERSAL = "recovery-reversal"


_ORDER = tuple(Movement)


@dataclass(frozen=True)
class StatementLine:
    """One movement; amounts in minor units, positive but for what a reversal takes back.

    ``balance_minor`` is the principal outstanding after it; ``due_minor`` what was due and not
    paid after it, negative where the borrower has paid in advance. ``note`` is the purpose of a
    pay-out or the bank's reference of a receipt. A reversal stands on the value date of what it
    undoes, as in the books, and says when it was entered.
    """

    on: date
    movement: Movement
    number: int | None
    note: str
    amount_minor: int
    principal_minor: int
    interest_minor: int
    entered_on: date | None = None
    entry_id: str | None = None
    balance_minor: int = 0
    due_minor: int = 0


@dataclass(frozen=True)
class Statement:
    """All movements of a loan up to a day, and what they leave."""

    loan_id: str
    reference: str
    application_reference: str
    borrower: str
    registration_number: str
    currency: str
    as_of: date
    known_on: date | None
    annual_rate: Decimal
    contract_minor: int
    signed_on: date
    lines: tuple[StatementLine, ...]
    disbursed_minor: int
    principal_paid_minor: int
    interest_paid_minor: int
    written_off_minor: int
    recovered_minor: int
    balance_minor: int
    due_minor: int


def statement(
    session: Session, actor: Actor, loan_id: str, *, as_of: date, known_on: date | None = None
) -> Statement:
    """Every pay-out, instalment due, receipt, reversal, write-off and recovery up to ``as_of``.

    ``known_on`` leaves out what was recorded after the end of that day (UTC). The closing balance
    is the principal outstanding in the books. Borrowers see no reasons and no entries of the books.

    Raises:
        Missing: the loan does not exist for the actor.
        NotSignedYet: it was signed after ``as_of``.
    """
    loan = seen_loan(session, actor, loan_id)
    seen = Seen.on(as_of, known_on)
    records = facts_at(session, loan, as_of, seen)
    lines = _with_balances(
        (
            *_pay_outs(records),
            *_dues(session, loan, records, seen),
            *_receipts(session, records, seen),
            *_recoveries(records, seen),
            *_write_off(records),
        )
    )
    if actor.role not in STAFF:
        lines = tuple(_for_borrower(line) for line in lines)
    return _statement(session, loan, records, lines, as_of=as_of, known_on=known_on)


def _statement(
    session: Session,
    loan: Loan,
    records: LoanRecords,
    lines: tuple[StatementLine, ...],
    *,
    as_of: date,
    known_on: date | None,
) -> Statement:
    enterprise = session.get_one(Enterprise, loan.enterprise_id)
    paid = [line for line in lines if line.movement in (Movement.RECEIPT, Movement.REVERSAL)]
    return Statement(
        loan_id=loan.id,
        reference=loan.reference,
        application_reference=session.get_one(Application, loan.application_id).reference,
        borrower=enterprise.name,
        registration_number=enterprise.registration_number,
        currency=the_facility(session).currency,
        as_of=as_of,
        known_on=known_on,
        annual_rate=Decimal(loan.annual_rate),
        contract_minor=loan.principal_minor,
        signed_on=loan.signed_on,
        lines=lines,
        disbursed_minor=records.disbursed_minor,
        principal_paid_minor=sum(line.principal_minor for line in paid),
        interest_paid_minor=sum(line.interest_minor for line in paid),
        written_off_minor=records.written_off_minor,
        recovered_minor=records.recovered_minor,
        balance_minor=lines[-1].balance_minor if lines else 0,
        due_minor=lines[-1].due_minor if lines else 0,
    )


def _pay_outs(records: LoanRecords) -> list[StatementLine]:
    return [
        StatementLine(
            row.pay_on,
            Movement.PAY_OUT,
            number,
            row.purpose,
            row.amount_minor,
            row.amount_minor,
            0,
            entry_id=row.entry_id,
        )
        for number, row in enumerate(records.pay_outs, start=1)
    ]


def _dues(session: Session, loan: Loan, records: LoanRecords, seen: Seen) -> list[StatementLine]:
    """The instalments of the schedule in force that fell due, none after a write-off."""
    last = seen.as_of or date.max
    if records.written_off is not None and records.written_off.confirmed_on is not None:
        last = min(last, records.written_off.confirmed_on)
    return [
        StatementLine(
            row.due_on,
            Movement.DUE,
            row.number,
            "",
            row.total_minor,
            row.principal_minor,
            row.interest_minor,
        )
        for row in active_instalments(session, loan.id, seen)
        if records.pay_outs and row.due_on <= last
    ]


def _receipts(session: Session, records: LoanRecords, seen: Seen) -> list[StatementLine]:
    """Receipts, each split into principal and the rest, and the reversals known by then."""
    principal = _principal_parts(session, [row.id for row in records.receipts])
    lines = []
    for row in records.receipts:
        part = principal.get(row.id, 0)
        line = StatementLine(
            row.received_on,
            Movement.RECEIPT,
            None,
            row.bank_reference,
            row.amount_minor,
            part,
            row.amount_minor - part,
            entry_id=row.entry_id,
        )
        lines.append(line)
        if not stands(row, seen):
            lines.append(_reversed(line, Movement.REVERSAL, row.reversed_on))
    return lines


def _principal_parts(session: Session, receipt_ids: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(ReceiptPart.receipt_id, func.sum(ReceiptPart.amount_minor))
        .where(
            ReceiptPart.receipt_id.in_(receipt_ids),
            ReceiptPart.component == Component.PRINCIPAL.value,
        )
        .group_by(ReceiptPart.receipt_id)
    )
    return {receipt_id: int(total) for receipt_id, total in rows}


def _reversed(line: StatementLine, movement: Movement, entered_on: date | None) -> StatementLine:
    return replace(
        line,
        movement=movement,
        amount_minor=-line.amount_minor,
        principal_minor=-line.principal_minor,
        interest_minor=-line.interest_minor,
        entered_on=entered_on,
        entry_id=None,
    )


def _recoveries(records: LoanRecords, seen: Seen) -> list[StatementLine]:
    lines = []
    for row in records.recoveries:
        line = _recovery(row)
        lines.append(line)
        if not stands(row, seen):
            lines.append(_reversed(line, Movement.RECOVERY_REVERSAL, row.reversed_on))
    return lines


def _recovery(row: Receipt) -> StatementLine:
    return StatementLine(
        row.received_on,
        Movement.RECOVERY,
        None,
        row.bank_reference,
        row.amount_minor,
        0,
        0,
        entry_id=row.entry_id,
    )


def _write_off(records: LoanRecords) -> list[StatementLine]:
    row = records.written_off
    if row is None or row.confirmed_on is None:
        return []
    amount = records.written_off_minor
    return [
        StatementLine(
            row.confirmed_on,
            Movement.WRITE_OFF,
            None,
            row.reason,
            amount,
            amount,
            0,
            entry_id=row.entry_id,
        )
    ]


def _with_balances(unordered: tuple[StatementLine, ...]) -> tuple[StatementLine, ...]:
    lines = []
    balance = due = 0
    for line in sorted(unordered, key=lambda one: (one.on, _ORDER.index(one.movement))):
        match line.movement:
            case Movement.PAY_OUT:
                balance += line.principal_minor
            case Movement.DUE:
                due += line.amount_minor
            case Movement.RECEIPT | Movement.REVERSAL:
                balance -= line.principal_minor
                due -= line.amount_minor
            case Movement.WRITE_OFF:
                balance -= line.principal_minor
                due = 0
            case Movement.RECOVERY | Movement.RECOVERY_REVERSAL:
                pass
        lines.append(replace(line, balance_minor=balance, due_minor=due))
    return tuple(lines)


def _for_borrower(line: StatementLine) -> StatementLine:
    note = "" if line.movement is Movement.WRITE_OFF else line.note
    return replace(line, note=note, entry_id=None)
