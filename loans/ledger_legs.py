"""The legs of a journal entry; only ``debit`` and ``credit`` decide the sign of an amount."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: so many minor units, debit positive, on the account with this code."""

    account: str
    amount_minor: int
    loan_id: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What an entry or reserve is about: a kind of record and its id."""

    kind: str
    record_id: str


class LegNotPositive(ValueError):
    """A debit or credit of nothing, of less than nothing, or not of whole minor units."""


def debit(account: str, amount_minor: int, *, loan_id: str | None = None) -> Leg:
    """A debit of a positive amount.

    Raises:
        LegNotPositive: the amount is zero, negative or not a whole number.
    """
    return Leg(account, _positive(amount_minor), loan_id)


def credit(account: str, amount_minor: int, *, loan_id: str | None = None) -> Leg:
    """A credit of a positive amount.

    Raises:
        LegNotPositive: the amount is zero, negative or not a whole number.
    """
    return Leg(account, -_positive(amount_minor), loan_id)


def _positive(amount_minor: int) -> int:
    if type(amount_minor) is not int or amount_minor <= 0:
        message = "A debit or credit is a whole number of minor units above zero."
        raise LegNotPositive(message)
    return amount_minor
