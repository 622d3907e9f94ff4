"""What the fund's own money does to the books: balanced legs; minor units, positive.

What happens to a loan is booked by ``loans.loan_book``, which follows the loan's state.
"""

from __future__ import annotations

from loans.chart import ADMINISTRATION, CASH, contribution_code
from loans.ledger_legs import Leg, credit, debit


def contribution(source_number: int, amount_minor: int) -> tuple[Leg, ...]:
    """A donor pays money into the fund."""
    return (debit(CASH, amount_minor), credit(contribution_code(source_number), amount_minor))


def administration(amount_minor: int) -> tuple[Leg, ...]:
    """The fund pays for its administration."""
    return (debit(ADMINISTRATION, amount_minor), credit(CASH, amount_minor))
