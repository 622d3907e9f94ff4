"""What the roots of a list of flows amount to: the rule by which one rate is meant, or none."""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from appraisal.irr_roots import Root
from appraisal.irr_terms import Term, sign_change_count


class IrrStatus(StrEnum):
    """What the roots amount to."""

    UNIQUE = "unique"
    MULTIPLE = "multiple"
    NONE = "none"
    COST_OF_FINANCE = "cost_of_finance"

    @property
    def code(self) -> int:
        """The small integer that stands for the status in an array; ``of_code`` turns it back."""
        return _STATUSES.index(self)

    @classmethod
    def of_code(cls, code: int) -> "IrrStatus":
        """The status that ``code`` stands for."""
        return _STATUSES[code]


_STATUSES = tuple(IrrStatus)


class IrrResult(NamedTuple):
    """All internal rates of return of one list of flows, as fractions per period or per year.

    A named tuple, since making a frozen dataclass takes as long as finding a rate.
    """

    status: IrrStatus
    rate: float | None
    """The rate that is meant; None unless one is."""

    roots: tuple[float, ...]
    """All real roots above -1, ascending; infinite where a root is beyond floating point."""

    reason: str | None
    """Why there is no single rate, or what to bear in mind with it."""

    log_roots: tuple[float, ...]
    """The roots as ln(1 + rate), which keeps digits near -100 % and beyond 1e308."""

    npv_positive: tuple[tuple[float, float], ...]
    """Intervals of the rate in which the net present value is positive."""

    sign_changes: int
    certified: bool
    """False if the present value at a turning point was within its rounding error."""


def investment_result(log_rate: float) -> IrrResult:
    """One outlay, then income, at a rate that floating point holds: the rule has nothing to add."""
    rate = math.expm1(log_rate)
    return IrrResult._make(
        (IrrStatus.UNIQUE, rate, (rate,), None, (log_rate,), ((-1.0, rate),), 1, True)
    )


def irr_result(terms: Sequence[Term], roots: Sequence[Root], *, certified: bool) -> IrrResult:
    """Roots of net flows in order of time, with the one that is meant.

    One root: that is the rate (a cost of finance when the first flow is money received). Several
    roots: the rate is filled only when the flows sum to more than zero and exactly one root is
    not negative.
    """
    rates = tuple(_rate(root.log_rate) for root in roots)
    status, rate, reason = _judge(terms, roots, rates)
    return IrrResult(
        status=status,
        rate=rate,
        roots=rates,
        reason=reason,
        log_roots=tuple(root.log_rate for root in roots),
        npv_positive=_positive_intervals(terms, roots, rates),
        sign_changes=sign_change_count([flow for flow, _ in terms]),
        certified=certified,
    )


def _rate(log_rate: float) -> float:
    """exp(log_rate) - 1, infinite beyond floating point and always above -1."""
    try:
        return max(math.expm1(log_rate), math.nextafter(-1.0, 0.0))
    except OverflowError:
        return math.inf


def _judge(
    terms: Sequence[Term], roots: Sequence[Root], rates: tuple[float, ...]
) -> tuple[IrrStatus, float | None, str | None]:
    if not terms:
        return IrrStatus.NONE, None, "All flows are zero."
    if not roots:
        return IrrStatus.NONE, None, _why_none(terms)
    if len(roots) > 1:
        return IrrStatus.MULTIPLE, *_one_of_several(terms, rates)
    if math.isinf(rates[0]):
        status = IrrStatus.COST_OF_FINANCE if terms[0][0] > 0 else IrrStatus.UNIQUE
        return status, None, "The rate is too large to state as a number."
    if terms[0][0] > 0:
        note = "Money comes in first, so the rate is a cost of finance: lower is better."
        return IrrStatus.COST_OF_FINANCE, rates[0], note
    touching = "The net present value reaches zero at this rate only, and is never positive."
    return IrrStatus.UNIQUE, rates[0], touching if roots[0].touches else None


def _why_none(terms: Sequence[Term]) -> str:
    if sign_change_count([flow for flow, _ in terms]):
        return "The net present value is zero at no rate."
    if terms[0][0] > 0:
        return "There is no outlay, so no rate can be stated."
    return "Nothing comes back, so no rate can be stated."


def _one_of_several(terms: Sequence[Term], rates: tuple[float, ...]) -> tuple[float | None, str]:
    """The only root that is not negative, if the flows sum to more than zero; else none."""
    not_negative = [rate for rate in rates if rate >= 0]
    total = math.fsum(flow for flow, _ in terms)
    if total > 0 and len(not_negative) == 1 and math.isfinite(not_negative[0]):
        below = len(rates) - 1
        note = f"The only rate that is not negative; {below} more below zero."
        return not_negative[0], note
    reason = (
        f"There are {len(rates)} rates, so no single one is meant. "
        "Decide by the net present value and the modified rate."
    )
    return None, reason


def _positive_intervals(
    terms: Sequence[Term], roots: Sequence[Root], rates: tuple[float, ...]
) -> tuple[tuple[float, float], ...]:
    """Rate intervals with positive present value, from the last flow's sign and the roots."""
    if not terms:
        return ()
    positive = terms[-1][0] > 0
    intervals, start = [], -1.0
    for root, rate in zip(roots, rates, strict=True):
        if root.touches and positive:
            intervals.append((start, rate))
        if not root.touches:
            if positive:
                intervals.append((start, rate))
            positive = not positive
        start = rate
    if positive:
        intervals.append((start, math.inf))
    return tuple(intervals)
