"""What a simulation has shown: percentiles, probabilities with their uncertainty, histograms."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from appraisal.histogram import Histogram
from appraisal.scenario_model import Figure
from appraisal.simulation_assumptions import SimulationAssumptions
from appraisal.tally import FigurePlan, Tally

PERCENTS = (1, 5, 10, 25, 50, 75, 90, 95, 99)

_95_PERCENT = 1.959963984540054
"""Standard deviations either side of the mean that hold 95 % of a normal distribution."""

_CLOSE_ENOUGH = 0.01
"""A probability known to one point either way needs no more draws."""


@dataclass(frozen=True)
class Probability:
    """A share of the draws, and how far the true probability may be from it."""

    count: int
    draws: int

    @property
    def value(self) -> float:
        """The share: count / draws."""
        return self.count / self.draws

    @property
    def standard_error(self) -> float:
        """sqrt(p x (1 - p) / draws)."""
        return math.sqrt(self.value * (1 - self.value) / self.draws)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval: holds the true probability 95 times of 100, also near 0 and 1."""
        squared = _95_PERCENT**2 / self.draws
        centre = (self.value + squared / 2) / (1 + squared)
        reach = math.sqrt(squared * (self.value * (1 - self.value) + squared / 4)) / (1 + squared)
        low = 0.0 if self.count == 0 else centre - reach
        return low, 1.0 if self.count == self.draws else centre + reach


@dataclass(frozen=True)
class FigureSummary:
    """One figure over all draws; None where it has no value."""

    base: float | None
    """In the proposal as entered."""

    mean: float | None
    """Of the draws in which the figure has a finite value."""

    standard_deviation: float | None
    standard_error: float | None
    """How far the mean is likely to be from the true one."""

    smallest: float | None
    largest: float | None
    percentiles: Mapping[int, float | None]
    """None for a payback that never comes in so many draws."""

    percentile_error: float
    """0 when percentiles are exact, else the width of a bin."""

    never: Probability
    """Share of the draws in which the outlay is never recovered."""

    undefined: Probability
    """Share of the draws without a value."""

    over_mark: Probability | None
    """Share above the value that matters: net present value 0, the discount rate, cover 1."""

    under_mark: Probability | None
    histogram: Histogram


@dataclass(frozen=True)
class SimulationResult:
    """What a run has shown; the same inputs give the same result, bit for bit."""

    draws: int
    seed: int
    assumptions: SimulationAssumptions
    figures: Mapping[Figure, FigureSummary]
    npv_is_positive: Probability
    cover_is_below_one: Probability | None
    """In the weakest month; None without a loan."""

    average_cover_is_below_one: Probability | None
    """Over all instalments; None without a loan."""

    never_pays_back: Probability
    """The outlay is not recovered within the horizon."""

    has_no_single_rate: Probability
    notes: tuple[str, ...]


def summary(
    plans: Sequence[FigurePlan],
    tallies: Sequence[Tally],
    assumptions: SimulationAssumptions,
    draws: int,
    seed: int,
) -> SimulationResult:
    """Put the tallies of a run, in the order of its plans, into words and figures."""
    figures = {
        plan.figure: _figure(plan, tally, draws) for plan, tally in zip(plans, tallies, strict=True)
    }
    by_figure = {plan.figure: tally for plan, tally in zip(plans, tallies, strict=True)}
    npv = by_figure[Figure.NET_PRESENT_VALUE]
    weakest, average = (
        None if cover is None else Probability(cover.under_mark, draws)
        for cover in map(by_figure.get, (Figure.MINIMUM_COVER, Figure.AVERAGE_COVER))
    )
    is_positive = Probability(npv.over_mark, draws)
    return SimulationResult(
        draws=draws,
        seed=seed,
        assumptions=assumptions,
        figures=figures,
        npv_is_positive=is_positive,
        cover_is_below_one=weakest,
        average_cover_is_below_one=average,
        never_pays_back=Probability(by_figure[Figure.CUMULATIVE_PAYBACK].never, draws),
        has_no_single_rate=Probability(by_figure[Figure.INTERNAL_RATE_OF_RETURN].undefined, draws),
        notes=(
            *_notes(is_positive, figures),
            *_notes_on_rates(figures),
            *_notes_on_cover(assumptions, figures),
        ),
    )


def _figure(plan: FigurePlan, tally: Tally, draws: int) -> FigureSummary:
    deviation = tally.standard_deviation()
    has_mark = plan.mark is not None
    return FigureSummary(
        base=plan.base if math.isfinite(plan.base) else None,
        mean=tally.mean(plan),
        standard_deviation=deviation,
        standard_error=None if deviation is None else deviation / math.sqrt(tally.finite),
        smallest=tally.smallest if tally.finite else None,
        largest=tally.largest if tally.finite else None,
        percentiles=tally.percentiles(PERCENTS),
        percentile_error=tally.places.error,
        never=Probability(tally.never, draws),
        undefined=Probability(tally.undefined, draws),
        over_mark=Probability(tally.over_mark, draws) if has_mark else None,
        under_mark=Probability(tally.under_mark, draws) if has_mark else None,
        histogram=tally.places.histogram(),
    )


def _notes(is_positive: Probability, figures: Mapping[Figure, FigureSummary]) -> Iterator[str]:
    """How far the result can be trusted, and whether more draws would help."""
    low, high = is_positive.interval
    yield (
        "The probability that the net present value is positive lies between "
        f"{low:.2%} and {high:.2%}, 95 times of 100, as far as the number of draws goes."
    )
    if high - low > 2 * _CLOSE_ENOUGH:
        needed = math.ceil(_95_PERCENT**2 / (4 * _CLOSE_ENOUGH**2) / 1_000) * 1_000
        yield f"With {needed:,} draws it would be known to one point either way."
    if is_positive.count in (0, is_positive.draws):
        yield "No draw fell on the other side; that does not make it impossible."
    npv = figures[Figure.NET_PRESENT_VALUE]
    if npv.percentile_error:
        yield (
            "The values were counted in fine classes, not kept: each percentile is right to the "
            "width of a class, stated with it."
        )


def _notes_on_rates(figures: Mapping[Figure, FigureSummary]) -> Iterator[str]:
    """Draws without a rate are often losses, so that what is said of the others looks too good."""
    without = figures[Figure.INTERNAL_RATE_OF_RETURN].undefined
    if without.count:
        yield (
            f"In {without.value:.2%} of the draws no single rate of return is meant, as in many "
            "that lose. The figures of the rate leave them out: go by the net present value."
        )


def _notes_on_cover(
    assumptions: SimulationAssumptions, figures: Mapping[Figure, FigureSummary]
) -> Iterator[str]:
    """Why a delay weighs so heavily on the smallest cover."""
    if Figure.MINIMUM_COVER in figures and assumptions.delay_months.bounds()[1] > 0:
        yield (
            "The instalments stay as the offer has them, so that the first month of a delay "
            "beyond the grace period has no saving and a cover of 0. The average cover says "
            "whether the savings pay the loan in all."
        )
