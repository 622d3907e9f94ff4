"""What each event does to the books: one function per event, giving its balanced legs.

Interest counts as income when it is received. All amounts are minor units and positive.
"""

from __future__ import annotations

from collections.abc import Iterable

from loans.allocation import Part
from loans.chart import (
    ADMINISTRATION,
    CASH,
    FEES,
    INTEREST_INCOME,
    LOANS,
    LOSSES,
    RECOVERIES,
    contribution_code,
)
from loans.component import Component
from loans.ledger_legs import Leg, credit, debit

_INCOME = {
    Component.COSTS: FEES,
    Component.FEES: FEES,
    Component.LATE_INTEREST: FEES,
    Component.INTEREST: INTEREST_INCOME,
}


def contribution(source_number: int, amount_minor: int) -> tuple[Leg, ...]:
    """A donor pays money into the fund."""
    return (debit(CASH, amount_minor), credit(contribution_code(source_number), amount_minor))


def administration(amount_minor: int) -> tuple[Leg, ...]:
    """The fund pays for its administration."""
    return (debit(ADMINISTRATION, amount_minor), credit(CASH, amount_minor))


def disbursement(loan_id: str, amount_minor: int) -> tuple[Leg, ...]:
    """Money goes to a borrower."""
    return (debit(LOANS, amount_minor, loan_id=loan_id), credit(CASH, amount_minor))


def receipt(loan_id: str, parts: Iterable[Part]) -> tuple[Leg, ...]:
    """Money comes from a borrower: principal lowers the loan, the rest is income."""
    by_account: dict[str, int] = {}
    for part in parts:
        account = _INCOME.get(part.component, LOANS)
        by_account[account] = by_account.get(account, 0) + part.amount_minor
    credited = tuple(
        credit(account, amount, loan_id=loan_id) for account, amount in by_account.items()
    )
    return (debit(CASH, sum(by_account.values())), *credited)


def write_off(loan_id: str, principal_minor: int) -> tuple[Leg, ...]:
    """Principal that will not come back is a loss."""
    return (debit(LOSSES, principal_minor), credit(LOANS, principal_minor, loan_id=loan_id))


def recovery(loan_id: str, amount_minor: int) -> tuple[Leg, ...]:
    """Money that comes after the write-off is income of its own kind."""
    return (debit(CASH, amount_minor), credit(RECOVERIES, amount_minor, loan_id=loan_id))
