"""What money does to the books: balanced legs in minor units.

What happens to a loan is booked by ``loans.lending.loan_book``, which follows the loan's state.
``cash`` is the code of the account at a bank that the money goes through.
"""

from __future__ import annotations

from collections.abc import Mapping

from loans.chart import CASH, COMMITMENTS, COMMITMENTS_CONTRA, INTEREST_INCOME
from loans.ledger_legs import Leg, credit, debit

CONTRIBUTION, ADMINISTRATION_PAID = "contribution", "administration"
TRANSFER, RELEASE, INTEREST_FROM_BANK = "transfer", "restriction_release", "bank_interest"
COMMITMENT, COMMITMENT_RELEASE = "commitment", "commitment_release"
"""Events of entries; those of commitments stand on memo accounts alone."""


def contribution(account: str, amount_minor: int, cash: str = CASH) -> tuple[Leg, ...]:
    """A donor pays money into the fund; ``account`` is the donor's, or its sub-account."""
    return (debit(cash, amount_minor), credit(account, amount_minor))


def administration(account: str, amount_minor: int, cash: str = CASH) -> tuple[Leg, ...]:
    """The fund pays for its administration; ``account`` is that of the costs in its currency."""
    return (debit(account, amount_minor), credit(cash, amount_minor))


def bank_interest(account: str, amount_minor: int, cash: str = CASH) -> tuple[Leg, ...]:
    """A bank pays interest on the fund's balance; ``account`` is the income's in its currency."""
    return (debit(cash, amount_minor), credit(account, amount_minor))


def transfer(from_account: str, to_account: str, amount_minor: int) -> tuple[Leg, ...]:
    """Money moves between two accounts of the fund at banks."""
    return (debit(to_account, amount_minor), credit(from_account, amount_minor))


def release(sub_account: str, account: str, amount_minor: int) -> tuple[Leg, ...]:
    """What a donor restricted may be lent from now on."""
    return (debit(sub_account, amount_minor), credit(account, amount_minor))


def commitment(amount_minor: int) -> tuple[Leg, ...]:
    """A loan is promised: noted beside the balance sheet."""
    return (debit(COMMITMENTS, amount_minor), credit(COMMITMENTS_CONTRA, amount_minor))


def commitment_met(amount_minor: int) -> tuple[Leg, ...]:
    """A promise is paid out or given up."""
    return (debit(COMMITMENTS_CONTRA, amount_minor), credit(COMMITMENTS, amount_minor))


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
