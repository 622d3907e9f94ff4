"""The pay-outs and receipts of one loan, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.instalments import Seen
from loans.loan_case import PREPARED, REPAYMENT, newest_receipt, pending_pay_out
from loans.loan_facts import LoanRecords, stands
from loans.tables import Disbursement, Loan, Receipt, ReceiptPart


@dataclass(frozen=True)
class PayOutLine:
    """A pay-out prepared or released; names are for the fund's people only."""

    disbursement_id: str
    is_released: bool
    amount_minor: int
    pay_on: date
    purpose: str
    prepared_by: str | None
    prepared_at: datetime
    released_by: str | None
    released_at: datetime | None
    entry_id: str | None


@dataclass(frozen=True)
class PartLine:
    """What a receipt paid of one instalment, in minor units; ``component`` is its code."""

    instalment_number: int
    component: str
    amount_minor: int


@dataclass(frozen=True)
class ReceiptLine:
    """Money that came from the borrower, and what it paid; a recovery has no parts.

    ``can_be_reversed`` marks the newest one of its kind, the only one that may be undone.
    """

    receipt_id: str
    is_recovery: bool
    amount_minor: int
    received_on: date
    bank_reference: str
    recorded_by: str | None
    recorded_at: datetime
    reversed_on: date | None
    can_be_reversed: bool
    parts: tuple[PartLine, ...]
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
        prepared_by=names.get(row.prepared_by),
        prepared_at=row.prepared_at,
        released_by=names.get(row.released_by or ""),
        released_at=row.released_at,
        entry_id=row.entry_id if names else None,
    )


def receipt_lines(
    session: Session, records: LoanRecords, seen: Seen, names: Mapping[str, str]
) -> tuple[ReceiptLine, ...]:
    """Receipts and recoveries, oldest first; those reversed are marked."""
    rows = (*records.receipts, *records.recoveries)
    parts = _parts(session, [row.id for row in rows])
    newest = {
        found.id
        for kind in {row.kind for row in rows}
        if (found := newest_receipt(session, rows[0].loan_id, kind)) is not None
    }
    return tuple(
        ReceiptLine(
            receipt_id=row.id,
            is_recovery=row.kind != REPAYMENT,
            amount_minor=row.amount_minor,
            received_on=row.received_on,
            bank_reference=row.bank_reference,
            recorded_by=names.get(row.recorded_by),
            recorded_at=row.recorded_at,
            reversed_on=None if stands(row, seen) else row.reversed_on,
            can_be_reversed=row.id in newest,
            parts=tuple(parts[row.id]),
            entry_id=row.entry_id if names else None,
        )
        for row in rows
    )


def _parts(session: Session, receipt_ids: list[str]) -> Mapping[str, list[PartLine]]:
    rows = session.scalars(
        select(ReceiptPart)
        .join(Receipt, Receipt.id == ReceiptPart.receipt_id)
        .where(ReceiptPart.receipt_id.in_(receipt_ids))
        .order_by(ReceiptPart.instalment_number, ReceiptPart.component)
    )
    found: dict[str, list[PartLine]] = defaultdict(list)
    for row in rows:
        found[row.receipt_id].append(
            PartLine(row.instalment_number, row.component, row.amount_minor)
        )
    return found
