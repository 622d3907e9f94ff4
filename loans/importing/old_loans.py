"""Old loans as a file tells them, and what stands in the way of taking them over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.proposal import Ownership
from loans.day_words import shown_day
from loans.schedules.day_count import MONTHS_PER_YEAR, DayCount, due_dates
from loans.schedules.schedule import Method

LONGEST_REFERENCE = 20
LONGEST_TERM_MONTHS = 360


@dataclass(frozen=True)
class OldLoan:
    """One loan as it was signed; ``row`` is its place in the file, amounts in minor units."""

    row: int
    reference: str
    borrower: str
    registration_number: str
    country: str
    ownership: Ownership
    sector: str
    project: str
    principal_minor: int
    annual_rate: Decimal
    method: Method
    day_count: DayCount
    signed_on: date
    first_due_on: date
    instalments: int
    months_between: int
    grace_instalments: int
    outstanding_minor: int | None
    outstanding_on: date | None
    late_interest_margin: Decimal = Decimal(0)
    """Late interest above ``annual_rate``, a part of the overdue amount a year."""

    @property
    def due_on(self) -> tuple[date, ...]:
        """The due dates."""
        return due_dates(self.first_due_on, self.instalments, self.months_between)


@dataclass(frozen=True)
class OldPayOut:
    """Money that went to the borrower of ``loan``."""

    row: int
    loan: str
    paid_on: date
    amount_minor: int
    purpose: str


@dataclass(frozen=True)
class OldReceipt:
    """Money that came from the borrower of ``loan``."""

    row: int
    loan: str
    received_on: date
    amount_minor: int
    bank_reference: str


@dataclass(frozen=True)
class OldLoans:
    """Everything that one file tells."""

    loans: tuple[OldLoan, ...]
    pay_outs: tuple[OldPayOut, ...]
    receipts: tuple[OldReceipt, ...]

    def pay_outs_of(self) -> Mapping[str, tuple[OldPayOut, ...]]:
        """The pay-outs of each loan, oldest first."""
        found: dict[str, list[OldPayOut]] = defaultdict(list)
        for one in sorted(self.pay_outs, key=lambda pay_out: (pay_out.paid_on, pay_out.row)):
            found[one.loan].append(one)
        return {reference: tuple(rows) for reference, rows in found.items()}


@dataclass(frozen=True)
class RowProblem:
    """What stands in the way of one row: table, row, column, and what would pass."""

    table: str
    row: int
    column: str
    message: str


def problems_of(
    old: OldLoans, *, today: date, known_references: Collection[str]
) -> tuple[RowProblem, ...]:
    """Every row that cannot be taken over, and why; nothing where all is well."""
    pay_outs = old.pay_outs_of()
    first_paid_on = {reference: rows[0].paid_on for reference, rows in pay_outs.items()}
    found = [
        *(
            problem
            for loan in old.loans
            for problem in _of_loan(loan, pay_outs.get(loan.reference, ()), known_references, today)
        ),
        *(problem for one in old.pay_outs for problem in _of_pay_out(one, today)),
        *(problem for one in old.receipts for problem in _of_receipt(one, first_paid_on, today)),
        *_same_again(old.receipts),
    ]
    return tuple(found)


def _of_loan(
    loan: OldLoan, pay_outs: tuple[OldPayOut, ...], known: Collection[str], today: date
) -> Iterator[RowProblem]:
    if loan.instalments * loan.months_between > LONGEST_TERM_MONTHS:
        message = f"Enter instalments over at most {LONGEST_TERM_MONTHS} months together."
        yield RowProblem("loans", loan.row, "instalments", message)
        return
    rules = (*_rules_of_terms(loan, pay_outs, known), *_rules_of_days(loan, pay_outs, today))
    for column, is_broken, message in rules:
        if is_broken:
            yield RowProblem("loans", loan.row, column, message)


_Rules = Iterator[tuple[str, bool, str]]
"""Column, whether it is wrong, and what would pass."""


def _rules_of_terms(
    loan: OldLoan, pay_outs: tuple[OldPayOut, ...], known: Collection[str]
) -> _Rules:
    paid = sum(one.amount_minor for one in pay_outs)
    yield "reference", loan.reference in known, "A loan with this reference is here already."
    too_long = f"Enter a reference of at most {LONGEST_REFERENCE} characters."
    yield "reference", len(loan.reference) > LONGEST_REFERENCE, too_long
    other_sum = "The pay-outs of the loan add up to another amount. Enter what was paid out."
    yield "principal", paid != loan.principal_minor, other_sum
    fewer = f"Enter fewer than the {loan.instalments} instalments."
    yield "grace_instalments", loan.grace_instalments >= loan.instalments, fewer
    is_matched = loan.method is Method.SAVINGS_MATCHED
    yield "method", is_matched, "Choose level, equal-principal or bullet."
    is_half = (loan.outstanding_minor is None) != (loan.outstanding_on is None)
    yield "outstanding_on", is_half, "Enter the principal outstanding with its day, or neither."


def _rules_of_days(loan: OldLoan, pay_outs: tuple[OldPayOut, ...], today: date) -> _Rules:
    start = pay_outs[0].paid_on if pay_outs else loan.signed_on
    last_paid_on = pay_outs[-1].paid_on if pay_outs else start
    signed_on, stated_on = loan.signed_on, loan.outstanding_on
    yield "signed_on", signed_on > today, f"Enter a day up to today, {shown_day(today)}."
    before = f"Enter a day up to the first pay-out, {shown_day(start)}."
    yield "signed_on", start < signed_on, before
    after = f"Enter a due day after the first pay-out, {shown_day(start)}."
    yield "first_due_on", loan.first_due_on <= start, after
    is_too_late = last_paid_on >= loan.due_on[-1]
    yield "instalments", is_too_late, "The last pay-out lies after the last due day."
    is_too_long = months_of(loan) > LONGEST_TERM_MONTHS
    within = f"Enter a day so that the loan ends within {LONGEST_TERM_MONTHS} months."
    yield "first_due_on", is_too_long, within
    is_outside = stated_on is not None and not signed_on <= stated_on <= today
    yield "outstanding_on", is_outside, "Enter a day from the signature to today."


def months_of(loan: OldLoan) -> int:
    """Months from the signature's month to the last due day's, at least 1."""
    last = loan.due_on[-1]
    months = MONTHS_PER_YEAR * (last.year - loan.signed_on.year) + last.month - loan.signed_on.month
    return max(1, months)


def _of_pay_out(one: OldPayOut, today: date) -> Iterator[RowProblem]:
    if one.paid_on > today:
        message = f"Enter a day up to today, {shown_day(today)}."
        yield RowProblem("pay_outs", one.row, "paid_on", message)


def _of_receipt(
    one: OldReceipt, first_paid_on: Mapping[str, date], today: date
) -> Iterator[RowProblem]:
    start = first_paid_on.get(one.loan)
    if start is None:
        message = "Nothing was paid out on this loan. Enter its pay-outs too."
        yield RowProblem("receipts", one.row, "loan", message)
    elif not start <= one.received_on <= today:
        message = f"Enter a day from the first pay-out, {shown_day(start)}, to today."
        yield RowProblem("receipts", one.row, "received_on", message)


def _same_again(receipts: tuple[OldReceipt, ...]) -> Iterator[RowProblem]:
    seen: set[tuple[object, ...]] = set()
    for one in receipts:
        same = (one.loan, one.received_on, one.amount_minor, one.bank_reference)
        if same in seen:
            message = "This receipt stands twice. Enter the bank reference that tells them apart."
            yield RowProblem("receipts", one.row, "bank_reference", message)
        seen.add(same)


@dataclass(frozen=True)
class Shortfall:
    """The day on which the fund's cash would be lowest below zero, and by how much."""

    on: date
    amount_minor: int


def shortfall(old: OldLoans, *, available_minor: int) -> Shortfall | None:
    """What the fund lacks to have lent all this, given what is available now; None if nothing.

    A loan's whole principal is kept back from its first pay-out on, as for every loan.
    """
    principal = {loan.reference: loan.principal_minor for loan in old.loans}
    moves = [
        *((rows[0].paid_on, -principal.get(name, 0)) for name, rows in old.pay_outs_of().items()),
        *((one.received_on, one.amount_minor) for one in old.receipts),
    ]
    running, lowest = available_minor, None
    for on, amount in sorted(moves):
        running += amount
        if running < 0 and (lowest is None or -running > lowest.amount_minor):
            lowest = Shortfall(on, -running)
    return lowest
