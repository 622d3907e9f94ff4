"""The pay-outs, receipts and acts of one loan, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from loans.lending.loan_case import PREPARED, REPAYMENT, pending_act, pending_pay_out
from loans.lending.loan_facts import LoanRecords
from loans.lending.seen import Seen
from loans.servicing_kinds import DONE, REVERSIBLE, ActKind
from loans.servicing_tables import ServicingAct
from loans.subledger.state import Part
from loans.tables import Disbursement, Loan, Receipt


@dataclass(frozen=True)
class PayOutLine:
    """A pay-out prepared or released; names are for the fund's people only."""

    disbursement_id: str
    is_released: bool
    amount_minor: int
    pay_on: date
    purpose: str
    bank_account: str
    prepared_by: str | None
    prepared_at: datetime
    released_by: str | None
    released_at: datetime | None
    entry_id: str | None


@dataclass(frozen=True)
class PartLine:
    """What money paid, in minor units: a component of an instalment or charge, or what waits.

    ``target`` and ``component`` are codes; what waits has no component.
    """

    target: str
    instalment_number: int | None
    component: str | None
    amount_minor: int


@dataclass(frozen=True)
class ReceiptLine:
    """Money that came from the borrower, and what it paid as far as is known by now.

    ``prepays`` is the borrower's choice where it lowers the principal before that is due.
    """

    receipt_id: str
    is_recovery: bool
    amount_minor: int
    received_on: date
    bank_reference: str
    prepays: str | None
    recorded_by: str | None
    recorded_at: datetime
    reversed_on: date | None
    can_be_reversed: bool
    parts: tuple[PartLine, ...]
    entry_id: str | None


@dataclass(frozen=True)
class ActLine:
    """A charge, a use or refund of waiting money, new terms, or a rest given up.

    Names and reason are for the fund's people only.
    """

    act_id: str
    kind: str
    is_done: bool
    effective_on: date
    amount_minor: int | None
    component: str | None
    bank_account: str | None
    reason: str
    requested_by: str | None
    requested_at: datetime
    decided_by: str | None
    reversed_on: date | None
    can_be_reversed: bool
    entry_id: str | None


def pay_out_lines(
    session: Session, loan: Loan, records: LoanRecords, names: Mapping[str, str]
) -> tuple[PayOutLine, ...]:
    """The released pay-outs, then, for the fund's people (``names``), the one that waits."""
    waiting = pending_pay_out(session, loan.id) if names else None
    rows = (*records.pay_outs, *(() if waiting is None else (waiting,)))
    return tuple(_pay_out(row, names) for row in rows)


def _pay_out(row: Disbursement, names: Mapping[str, str]) -> PayOutLine:
    return PayOutLine(
        disbursement_id=row.id,
        is_released=row.status != PREPARED,
        amount_minor=row.amount_minor,
        pay_on=row.pay_on,
        purpose=row.purpose,
        bank_account=row.bank_account,
        prepared_by=names.get(row.prepared_by),
        prepared_at=row.prepared_at,
        released_by=names.get(row.released_by or ""),
        released_at=row.released_at,
        entry_id=row.entry_id if names else None,
    )


def receipt_lines(
    records: LoanRecords, seen: Seen, names: Mapping[str, str]
) -> tuple[ReceiptLine, ...]:
    """Receipts and recoveries, oldest first; those reversed are marked."""
    parts = {one.ref: one.parts for one in records.state.allocations}
    return tuple(
        _receipt(row, parts.get(row.id, ()), seen, names)
        for row in (*records.receipts, *records.recoveries)
    )


def _receipt(
    row: Receipt,
    parts: Sequence[Part],
    seen: Seen,
    names: Mapping[str, str],
) -> ReceiptLine:
    return ReceiptLine(
        receipt_id=row.id,
        is_recovery=row.kind != REPAYMENT,
        amount_minor=row.amount_minor,
        received_on=row.received_on,
        bank_reference=row.bank_reference,
        prepays=row.prepays,
        recorded_by=names.get(row.recorded_by),
        recorded_at=row.recorded_at,
        reversed_on=row.reversed_on if seen.has_reversed(row.reversed_at) else None,
        can_be_reversed=seen.known_before is None and row.reversed_at is None,
        parts=tuple(part_line(part) for part in parts),
        entry_id=row.entry_id if names else None,
    )


def part_line(part: Part) -> PartLine:
    """A part of a receipt as people read it."""
    component = None if part.component is None else part.component.value
    return PartLine(part.target.value, part.number, component, part.amount_minor)


def act_lines(
    session: Session, loan: Loan, records: LoanRecords, seen: Seen, names: Mapping[str, str]
) -> tuple[ActLine, ...]:
    """The acts that are done, oldest first, then, for the fund's people, the one that waits."""
    waiting = pending_act(session, loan.id) if names else None
    rows = (*records.acts, *(() if waiting is None else (waiting,)))
    return tuple(_act(row, seen, names) for row in rows)


def _act(row: ServicingAct, seen: Seen, names: Mapping[str, str]) -> ActLine:
    is_done = row.status == DONE
    return ActLine(
        act_id=row.id,
        kind=row.kind,
        is_done=is_done,
        effective_on=row.effective_on,
        amount_minor=row.amount_minor,
        component=row.terms.get("component"),
        bank_account=row.terms.get("bank_account"),
        reason=row.reason if names else "",
        requested_by=names.get(row.requested_by),
        requested_at=row.requested_at,
        decided_by=names.get(row.decided_by or ""),
        reversed_on=row.reversed_on if seen.has_reversed(row.reversed_at) else None,
        can_be_reversed=seen.known_before is None
        and is_done
        and row.reversed_at is None
        and ActKind(row.kind) in REVERSIBLE,
        entry_id=row.entry_id if names else None,
    )
