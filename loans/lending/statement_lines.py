"""The movements of a loan, each with what it changes: principal, what is due, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from loans.component import Component
from loans.lending.loan_facts import LoanRecords
from loans.lending.seen import Seen
from loans.servicing_kinds import ActKind
from loans.servicing_tables import ServicingAct
from loans.subledger.state import AccountState, DueItem, Part, Target
from loans.tables import Receipt


class Movement(StrEnum):
    """What a line of a statement tells, in the order in which lines of one day stand."""

    DUE = "due"
    CAPITALISED = "capitalised"
    LATE_INTEREST = "late-interest"
    CREDIT_APPLIED = "credit-applied"
    PAY_OUT = "pay-out"
    REST_GIVEN_UP = "rest-given-up"
    SECURITY_RELEASED = "security-released"
    CHARGE = "charge"
    CHARGE_REVERSAL = "charge-reversal"
    RECEIPT = "receipt"
    REVERSAL = "reversal"
    CREDIT_USE = "credit-use"
    NEW_TERMS = "new-terms"
    REFUND = "refund"
    CREDIT_PAID = "credit-paid"
    WRITE_OFF = "write-off"
    RECOVERY = "recovery"
    RECOVERY_REVERSAL = "recovery-reversal"


_PAYMENTS = {
    Movement.RECEIPT,
    Movement.CREDIT_APPLIED,
    Movement.CREDIT_PAID,
    Movement.CREDIT_USE,
}


@dataclass(frozen=True)
class Change:
    """What a movement adds to the balances, in minor units."""

    balance_minor: int = 0
    due_minor: int = 0
    credit_minor: int = 0


@dataclass(frozen=True)
class StatementLine:
    """One movement; amounts in minor units, positive but for what a reversal takes back.

    ``principal_minor`` and ``interest_minor`` (with late interest, fees and costs) say what it was
    for. ``balance_minor`` is the principal outstanding after it; ``due_minor`` what was due and
    not paid, ``credit_minor`` the borrower's money that waited. ``note`` is the purpose of a
    pay-out or the bank's reference of a receipt. A reversal stands on the value date of what it
    undoes, and says when it was entered.
    """

    on: date
    movement: Movement
    number: int | None
    note: str
    amount_minor: int
    principal_minor: int = 0
    interest_minor: int = 0
    entered_on: date | None = None
    entry_id: str | None = None
    change: Change = Change()
    balance_minor: int = 0
    due_minor: int = 0
    credit_minor: int = 0

    @property
    def pays(self) -> bool:
        """Whether money paid something of the loan."""
        return self.movement in _PAYMENTS


def movements(facts: LoanRecords, seen: Seen) -> list[StatementLine]:
    """Every movement, in no order yet."""
    parts = {one.ref: one.parts for one in facts.state.allocations if one.ref is not None}
    return [
        *_pay_outs(facts),
        *_due(facts),
        *_late(facts),
        *_applied(facts.state),
        *_receipts(facts, parts, seen),
        *_recoveries(facts, parts, seen),
        *(line for act in facts.acts for line in _act(act, parts.get(act.id, ()), seen)),
        *_write_off(facts),
    ]


def _pay_outs(facts: LoanRecords) -> Iterator[StatementLine]:
    for number, row in enumerate(facts.pay_outs, start=1):
        amount = row.amount_minor
        yield StatementLine(
            row.pay_on,
            Movement.PAY_OUT,
            number,
            row.purpose,
            amount,
            amount,
            entry_id=row.entry_id,
            change=Change(balance_minor=amount),
        )


def _due(facts: LoanRecords) -> Iterator[StatementLine]:
    """The instalments that fell due, and interest that was added instead."""
    state = facts.state
    numbers = {item.number for item in state.items}
    released = state.taken_up
    for row in state.schedule:
        if row.number in numbers:
            principal = row.principal_minor + released[row.number, Component.PRINCIPAL]
            interest = row.interest_minor + released[row.number, Component.INTEREST]
            yield StatementLine(
                row.due_on,
                Movement.DUE,
                row.number,
                "",
                principal + interest,
                principal,
                interest,
                change=Change(due_minor=principal + interest),
            )
        if row.capitalised_minor and row.due_on <= state.on and row.number in numbers:
            added = row.capitalised_minor
            yield StatementLine(
                row.due_on,
                Movement.CAPITALISED,
                row.number,
                "",
                added,
                added,
                change=Change(balance_minor=added),
            )


def _late(facts: LoanRecords) -> Iterator[StatementLine]:
    """What lateness has cost, and interest on overdue principal behind the last due day."""
    billed = {row.number: row.interest_minor for row in facts.state.schedule}
    for item in facts.state.items:
        more = item.due.interest - billed.get(item.number or 0, item.due.interest)
        amount = item.due.late_interest + max(0, more)
        if amount:
            yield StatementLine(
                _end_of(item, facts),
                Movement.LATE_INTEREST,
                item.number,
                "",
                amount,
                0,
                amount,
                change=Change(due_minor=amount),
            )


def _end_of(item: DueItem, facts: LoanRecords) -> date:
    return item.settled_on or facts.state.on


def _applied(state: AccountState) -> Iterator[StatementLine]:
    """Waiting money that paid what fell due, what was charged, or what a write-off leaves open."""
    for one in state.allocations:
        if one.ref is None and one.parts:
            is_later = one.on == state.written_off_on or any(part.ref for part in one.parts)
            movement = Movement.CREDIT_PAID if is_later else Movement.CREDIT_APPLIED
            line = StatementLine(one.on, movement, None, "", 0)
            used = sum(part.amount_minor for part in one.parts)
            yield _paying(replace(line, amount_minor=used), one.parts, credit_minor=-used)


def _paying(line: StatementLine, parts: Iterable[Part], *, credit_minor: int) -> StatementLine:
    """A line with what its money paid: principal, the rest, and what it did to what is due."""
    paid = [part for part in parts if part.target in (Target.DUE, Target.PREPAID)]
    principal = sum(p.amount_minor for p in paid if p.component is Component.PRINCIPAL)
    due = sum(part.amount_minor for part in paid if part.target is Target.DUE)
    interest = sum(part.amount_minor for part in paid) - principal
    change = Change(-principal, -due, credit_minor)
    return replace(line, principal_minor=principal, interest_minor=interest, change=change)


def _receipts(
    facts: LoanRecords, parts: dict[str, tuple[Part, ...]], seen: Seen
) -> Iterator[StatementLine]:
    for row in facts.receipts:
        line = _money(row, Movement.RECEIPT)
        if seen.has_reversed(row.reversed_at):
            yield line
            yield _reversed(line, Movement.REVERSAL, row.reversed_on)
            continue
        own = parts.get(row.id, ())
        waits = sum(part.amount_minor for part in own if part.target is Target.CREDIT)
        yield _paying(line, own, credit_minor=waits)


def _money(row: Receipt, movement: Movement) -> StatementLine:
    return StatementLine(
        row.received_on,
        movement,
        None,
        row.bank_reference,
        row.amount_minor,
        entry_id=row.entry_id,
    )


def _reversed(line: StatementLine, movement: Movement, entered_on: date | None) -> StatementLine:
    return replace(
        line,
        movement=movement,
        amount_minor=-line.amount_minor,
        entered_on=entered_on,
        entry_id=None,
    )


def _recoveries(
    facts: LoanRecords, parts: dict[str, tuple[Part, ...]], seen: Seen
) -> Iterator[StatementLine]:
    for row in facts.recoveries:
        line = _money(row, Movement.RECOVERY)
        if seen.has_reversed(row.reversed_at):
            yield line
            yield _reversed(line, Movement.RECOVERY_REVERSAL, row.reversed_on)
            continue
        own = parts.get(row.id, ())
        waits = sum(part.amount_minor for part in own if part.target is Target.CREDIT)
        yield replace(line, change=Change(credit_minor=waits))


_ACTS = {
    ActKind.CHARGE: Movement.CHARGE,
    ActKind.CREDIT_USE: Movement.CREDIT_USE,
    ActKind.REFUND: Movement.REFUND,
    ActKind.RESCHEDULE: Movement.NEW_TERMS,
    ActKind.HOLIDAY: Movement.NEW_TERMS,
    ActKind.GIVE_UP_REST: Movement.REST_GIVEN_UP,
    ActKind.RELEASE_SECURITY: Movement.SECURITY_RELEASED,
}


def _act(act: ServicingAct, parts: tuple[Part, ...], seen: Seen) -> Iterator[StatementLine]:
    kind, amount = ActKind(act.kind), act.amount_minor or 0
    line = StatementLine(
        act.effective_on, _ACTS[kind], None, act.reason, amount, entry_id=act.entry_id
    )
    if seen.has_reversed(act.reversed_at):
        yield line
        yield _reversed(line, Movement.CHARGE_REVERSAL, act.reversed_on)
        return
    match kind:
        case ActKind.CHARGE:
            yield replace(line, interest_minor=amount, change=Change(due_minor=amount))
        case ActKind.CREDIT_USE:
            used = sum(part.amount_minor for part in parts)
            yield _paying(replace(line, amount_minor=used), parts, credit_minor=-used)
        case ActKind.REFUND:
            yield replace(line, change=Change(credit_minor=-amount))
        case ActKind.RESCHEDULE | ActKind.HOLIDAY:
            released = sum(part.amount_minor for part in parts)
            added = sum(p.amount_minor for p in parts if p.component is Component.INTEREST)
            yield replace(line, change=Change(added, -released))
        case ActKind.GIVE_UP_REST | ActKind.RELEASE_SECURITY:
            yield line


def _write_off(facts: LoanRecords) -> Iterator[StatementLine]:
    row, lost = facts.written_off, facts.state.written_off
    if row is not None and row.confirmed_on is not None:
        yield StatementLine(
            row.confirmed_on,
            Movement.WRITE_OFF,
            None,
            row.reason,
            lost.total,
            lost.principal,
            lost.total - lost.principal,
            entry_id=row.entry_id,
            change=Change(balance_minor=-lost.principal),
        )
