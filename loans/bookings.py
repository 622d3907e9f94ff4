"""What money does to the books: balanced legs in minor units.

What happens to a loan is booked by ``loans.loan_book``, which follows the loan's state.
"""

from __future__ import annotations

from collections.abc import Mapping

from loans.chart import ADMINISTRATION, CASH, INTEREST_INCOME, contribution_code
from loans.ledger_legs import Leg, credit, debit


def contribution(source_number: int, amount_minor: int) -> tuple[Leg, ...]:
    """A donor pays money into the fund."""
    return (debit(CASH, amount_minor), credit(contribution_code(source_number), amount_minor))


def administration(amount_minor: int) -> tuple[Leg, ...]:
    """The fund pays for its administration."""
    return (debit(ADMINISTRATION, amount_minor), credit(CASH, amount_minor))


def loan_moved(loan_id: str, moved: Mapping[str, int], cash: Leg | None = None) -> list[Leg]:
    """The balances of a loan change by ``moved`` (debit positive), with the cash that did it.

    Interest income takes what is left; no legs where nothing changes.
    """
    legs = [Leg(code, amount, loan_id) for code, amount in moved.items() if amount]
    if cash is not None:
        legs.insert(0, cash)
    income = -sum(leg.amount_minor for leg in legs)
    if income:
        legs.append(Leg(INTEREST_INCOME, income, loan_id))
    return legs
