"""Amounts of level loans whose periods are equal: of one loan, or of many at once.

Both count in whole minor units and agree to the last of them: interest of a row is balance x rate
of the period, rounded half-up; the payment is rounded half-up; the last row clears the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from appraisal.money import LARGEST_MINOR
from loans.refusal import WrongValue
from loans.schedule_limits import MOST_INSTALMENTS

MONTHS_PER_YEAR = 12
PARTS = 1_000_000
"""A rate in millionths of one: 60,000 is 6 %."""

_PERIODS = MONTHS_PER_YEAR * PARTS
_BLOCK = 8_192
"""Loans worked on at a time, so that a row of them stays in the nearest memory."""

Minor = NDArray[np.int64]
Row = tuple[int, int, int]
"""Interest, principal and the balance after it, in minor units."""


def level_payment(principal_minor: int, numerator: int, denominator: int, instalments: int) -> int:
    """P x f x (1 + f) ** n / ((1 + f) ** n - 1), rounded half-up; f = numerator / denominator."""
    if not numerator:
        return (2 * principal_minor + instalments) // (2 * instalments)
    grown = (numerator + denominator) ** instalments
    over: int = principal_minor * numerator * grown
    under: int = denominator * (grown - denominator**instalments)
    return (2 * over + under) // (2 * under)


def level_rows(
    principal_minor: int, numerator: int, denominator: int, instalments: int
) -> list[Row]:
    """The rows of a level loan with numerator / denominator of interest a period."""
    payment = level_payment(principal_minor, numerator, denominator, instalments)
    return paid_rows(principal_minor, numerator, denominator, [payment] * (instalments - 1))


def paid_rows(balance: int, numerator: int, denominator: int, payments: list[int]) -> list[Row]:
    """The rows that bring ``payments`` in all, and one more that clears the rest."""
    twice, under = 2 * numerator, 2 * denominator
    rows: list[Row] = []
    keep = rows.append
    for payment in payments:
        interest = (balance * twice + denominator) // under
        principal = payment - interest
        if principal > balance:
            principal = balance
        elif principal < 0:
            principal = 0
        balance -= principal
        keep((interest, principal, balance))
    keep(((balance * twice + denominator) // under, balance, 0))
    return rows


@dataclass(frozen=True, slots=True)
class LevelSchedules:
    """Many level schedules; amounts have the shape (instalments, loans), payments (loans,)."""

    payment_minor: Minor
    interest_minor: Minor
    principal_minor: Minor
    balance_minor: Minor


def level_schedules(
    principal_minor: ArrayLike,
    annual_rate_ppm: ArrayLike,
    instalments: int,
    *,
    into: LevelSchedules | None = None,
) -> LevelSchedules:
    """Level loans in monthly instalments, a twelfth of the yearly rate a month, all at once.

    Rates are whole millionths of one: 60,000 is 6 %. The figures are those of ``level_rows``.
    ``into`` is an earlier answer of the same shape, whose memory is used again.

    Raises:
        WrongValue: an amount, a rate or a number of instalments that no schedule can have.
    """
    principal = np.atleast_1d(np.asarray(principal_minor, dtype=np.int64))
    rate = np.atleast_1d(np.asarray(annual_rate_ppm, dtype=np.int64))
    principal, rate = (np.ascontiguousarray(one) for one in np.broadcast_arrays(principal, rate))
    _check(principal, rate, instalments)
    payment = _payments(principal, rate, instalments)
    shape = (instalments, principal.size)
    if into is None or into.interest_minor.shape != shape:
        into = LevelSchedules(payment, *(np.empty(shape, np.int64) for _ in range(3)))
    interest, repaid, balance = into.interest_minor, into.principal_minor, into.balance_minor
    for begins in range(0, principal.size, _BLOCK):
        part = slice(begins, begins + _BLOCK)
        out = (interest[:, part], repaid[:, part], balance[:, part])
        _fill(principal[part], 2 * rate[part], payment[part], out)
    return LevelSchedules(payment, interest, repaid, balance)


def _check(principal: Minor, rate: Minor, instalments: int) -> None:
    if not 1 <= instalments <= MOST_INSTALMENTS:
        message = f"Enter from 1 to {MOST_INSTALMENTS} instalments."
        raise WrongValue(message, field="instalments")
    if principal.size and not 0 < principal.min() <= principal.max() <= LARGEST_MINOR:
        message = f"Enter amounts above zero, none above {LARGEST_MINOR} minor units."
        raise WrongValue(message, field="principal_minor")
    if rate.size and not 0 <= rate.min() <= rate.max() <= PARTS:
        message = f"Enter rates from 0 to {PARTS} millionths."
        raise WrongValue(message, field="annual_rate_ppm")


def _payments(principal: Minor, rate: Minor, instalments: int) -> Minor:
    """The payments in floating point; those too near a half to be sure of, in whole numbers."""
    monthly = rate / _PERIODS
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = -np.expm1(-instalments * np.log1p(monthly))
        exact = np.where(rate > 0, principal * monthly / worth, principal / instalments)
    payment: Minor = np.floor(exact + 0.5).astype(np.int64)
    doubt = np.abs(exact - np.floor(exact) - 0.5) < 1e-6 + exact * 1e-13
    for place in np.flatnonzero(doubt):
        payment[place] = level_payment(
            int(principal[place]), int(rate[place]), _PERIODS, instalments
        )
    return payment


def _fill(
    principal: Minor, doubled_rate: Minor, payment: Minor, out: tuple[Minor, Minor, Minor]
) -> None:
    """Row after row; the largest balance x twice the largest rate stays within 64 bits."""
    balance = principal
    for interest, repaid, after in zip(*out, strict=True):
        np.multiply(balance, doubled_rate, out=interest)
        np.add(interest, _PERIODS, out=interest)
        np.floor_divide(interest, 2 * _PERIODS, out=interest)
        np.subtract(payment, interest, out=repaid)
        np.minimum(repaid, balance, out=repaid)
        np.subtract(balance, repaid, out=after)
        balance = after
    out[1][-1] += out[2][-1]
    out[2][-1] = 0
