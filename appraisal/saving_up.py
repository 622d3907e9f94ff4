"""Money put aside month by month: what short measures save pays for the next of them.

Exact, in constant prices. Money at hand counts at the end of a month, after that month's saving. A
measure starts in a month in which the money at hand pays its whole initial investment, which is
set aside at once; a later replacement is paid when it falls due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

from appraisal.cash_flow import investment_of, monthly_net_savings, net_annual_saving_of
from appraisal.measure_type import MeasureType, classify
from appraisal.proposal import InvestmentKind, Measure


@dataclass(frozen=True, slots=True)
class Candidate:
    """A measure with its type and what it costs at the start; amounts in major units."""

    measure: Measure
    type: MeasureType
    investment: Fraction
    net_annual_saving: Fraction

    @classmethod
    def of(cls, measure: Measure, minor_investment: Decimal) -> Self | None:
        """The candidate; None for a measure that is not recovered."""
        investment, saving = investment_of([measure]), net_annual_saving_of([measure])
        measure_type = classify(investment, saving, minor_investment)
        if measure_type is None:
            return None
        return cls(measure, measure_type, Fraction(investment), Fraction(saving))

    @property
    def rank(self) -> tuple[MeasureType, Fraction]:
        """Housekeeping first, then by payback."""
        return self.type, self.investment / self.net_annual_saving


@dataclass(frozen=True, slots=True)
class SavingMonth:
    """What is saved and spent in a month, which measures start, and the money left at its end."""

    month: int
    saved: Fraction
    spent: Fraction
    started: tuple[str, ...]
    cash: Fraction


@dataclass(frozen=True, slots=True)
class SavedUp:
    """The month in which each measure starts, by its code, and the money month by month."""

    starts: dict[str, int]
    months: tuple[SavingMonth, ...]


def save_up(line: Sequence[Candidate], own_funds: Fraction, last_month: int) -> SavedUp:
    """Every month, start each measure of the ``line`` that the money at hand pays for, in order.

    A measure that is too dear for now does not hold up a cheaper one behind it.
    """
    inflow = [Fraction(0)] * (last_month + 1)
    starts: dict[str, int] = {}
    months: list[SavingMonth] = []
    cash, waiting = own_funds, list(line)
    for month in range(last_month + 1):
        cash += inflow[month]
        begun, spent = [], Fraction(0)
        for candidate in waiting:
            if candidate.investment <= cash:
                cash -= candidate.investment
                spent += candidate.investment
                begun.append(candidate)
                _add_savings(inflow, candidate.measure, month)
        waiting = [candidate for candidate in waiting if candidate not in begun]
        codes = tuple(candidate.measure.code for candidate in begun)
        starts |= dict.fromkeys(codes, month)
        months.append(SavingMonth(month, inflow[month], spent, codes, cash))
    return SavedUp(starts, tuple(months))


def delayed(measure: Measure, months: int) -> Measure:
    """The measure begun ``months`` later: outlays and savings move, prices and seasons do not."""
    moved = tuple(
        line.model_copy(update={"month": line.month + months}) for line in measure.investment
    )
    later = {
        "investment": moved,
        "implementation_months": measure.implementation_months + months,
    }
    return measure.model_copy(update=later)


def _add_savings(inflow: list[Fraction], measure: Measure, start: int) -> None:
    """Add what the measure brings from its start, less its replacements."""
    begun = delayed(measure, start)
    last_month = len(inflow) - 1
    for month, saving in enumerate(monthly_net_savings([begun], last_month)):
        inflow[month] += saving
    for line in begun.investment:
        if line.kind is InvestmentKind.REPLACEMENT and line.month <= last_month:
            inflow[line.month] -= Fraction(line.amount)
