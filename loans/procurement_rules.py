"""What figures decide before money is paid out: own money first, invoices, where it is bought."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import ceil, floor


def own_money_needed(planned_minor: int, principal_minor: int, smallest: Fraction) -> int:
    """Own money that has to be paid before the fund's, in minor units.

    ``smallest`` is the part of the investment that the borrower pays at least. All of it comes
    before the first pay-out, so that it is never less than its share of what is paid out. Where
    there is no plan, the investment is taken as what the loan and the smallest part make up.
    """
    if smallest >= 1:
        return planned_minor
    investment = Fraction(planned_minor) if planned_minor else principal_minor / (1 - smallest)
    return ceil(investment * smallest)


def most_carried(invoiced_minor: int, financed_share: Fraction) -> int:
    """The largest pay-out, in minor units, that invoices of this total carry."""
    return floor(invoiced_minor * financed_share)


def tiers_passed_over(
    tiers: Sequence[str], chosen: str, quoted: Collection[str]
) -> tuple[str, ...]:
    """The tiers that come before the chosen one and have no quotation (rule N9), in order."""
    place = tiers.index(chosen) if chosen in tiers else len(tiers)
    return tuple(tier for tier in tiers[:place] if tier not in quoted)


def over_plan(planned_minor: int, invoiced_minor: int) -> int:
    """By how much the invoices of a line exceed its plan; nothing where they do not."""
    return max(0, invoiced_minor - planned_minor)
