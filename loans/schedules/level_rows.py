"""Amounts of many level loans at once, whose periods are equal months.

They are those of ``loans.schedules.repaying_rows``, to the last minor unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from appraisal.money import LARGEST_MINOR
from loans.refusal import WrongValue
from loans.schedules.day_position import InterestRate
from loans.schedules.repaying_rows import Repaying, level_payment
from loans.schedules.schedule_limits import MOST_INSTALMENTS

MONTHS_PER_YEAR = 12
PARTS = 1_000_000
"""A rate in millionths of one: 60,000 is 6 %."""

_PERIODS = MONTHS_PER_YEAR * PARTS
_BLOCK = 8_192
"""Loans worked on at a time, so that a row of them stays in the nearest memory."""

Minor = NDArray[np.int64]


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

    Rates are whole millionths of one: 60,000 is 6 %.
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
        monthly_rate = InterestRate(date.toordinal, int(rate[place]), _PERIODS)
        payment[place] = level_payment(
            Repaying(int(principal[place]), (1,) * instalments, monthly_rate)
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
