"""What a simulation answers, as JSON: shares, figures with percentiles and histograms, notes.

Amounts and years are JSON numbers, since they are statistics; null where a figure has no value.
"""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from appraisal.histogram import Histogram
from appraisal.scenario_model import LevelLoan
from appraisal.simulation_assumptions import SimulationAssumptions
from appraisal.simulation_result import FigureSummary, Probability, SimulationResult


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class ProbabilityAnswer(_Answer):
    """A share of the draws; ``low`` to ``high`` holds the true one 95 times of 100."""

    value: float
    count: int
    standard_error: float
    low: float
    high: float

    @classmethod
    def of(cls, probability: Probability) -> "ProbabilityAnswer":
        """As JSON has it."""
        low, high = probability.interval
        return cls(
            value=probability.value,
            count=probability.count,
            standard_error=probability.standard_error,
            low=low,
            high=high,
        )


class HistogramAnswer(_Answer):
    """``counts[i]`` values lie from ``edges[i]`` to ``edges[i + 1]``, the others outside."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int
    above: int

    @classmethod
    def of(cls, histogram: Histogram) -> "HistogramAnswer":
        """As JSON has it."""
        return cls(
            edges=histogram.edges,
            counts=histogram.counts,
            below=histogram.below,
            above=histogram.above,
        )


class FigureAnswer(_Answer):
    """One figure: ``base`` as entered, then over the draws in which it has a finite value.

    ``percentiles`` are by percent: the smallest value at or under which so many of the draws
    lie, null where it is a payback that never comes; ``percentile_error`` is 0 when exact.
    ``never`` and ``undefined`` count the draws in which the payback never comes, and in which
    there is no value at all.
    """

    base: float | None
    mean: float | None
    standard_deviation: float | None
    standard_error: float | None
    smallest: float | None
    largest: float | None
    percentiles: dict[str, float | None]
    percentile_error: float
    never: int
    undefined: int
    histogram: HistogramAnswer

    @classmethod
    def of(cls, summary: FigureSummary) -> "FigureAnswer":
        """As JSON has it."""
        return cls(
            base=summary.base,
            mean=summary.mean,
            standard_deviation=summary.standard_deviation,
            standard_error=summary.standard_error,
            smallest=summary.smallest,
            largest=summary.largest,
            percentiles={str(percent): value for percent, value in summary.percentiles.items()},
            percentile_error=summary.percentile_error,
            never=summary.never.count,
            undefined=summary.undefined.count,
            histogram=HistogramAnswer.of(summary.histogram),
        )


class ProbabilitiesAnswer(_Answer):
    """The shares that a decision looks at; those of the covers are null without a loan.

    ``cover_below_one`` looks at the weakest month, ``average_cover_below_one`` at all instalments.
    """

    net_present_value_positive: ProbabilityAnswer
    cover_below_one: ProbabilityAnswer | None
    average_cover_below_one: ProbabilityAnswer | None
    never_pays_back: ProbabilityAnswer
    no_single_rate: ProbabilityAnswer


class LoanAnswer(_Answer):
    """The loan of the offer, whose instalments stay as they are in every draw."""

    level_payment: Decimal
    grace_months: int
    instalments: int


class SimulationAnswer(_Answer):
    """The whole answer; the same request with the same seed gives the same."""

    draws: int
    seed: int
    assumptions: SimulationAssumptions
    loan: LoanAnswer | None
    probabilities: ProbabilitiesAnswer
    figures: dict[str, FigureAnswer]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, result: SimulationResult, loan: LevelLoan | None) -> "SimulationAnswer":
        """As JSON has it."""
        cover, average = result.cover_is_below_one, result.average_cover_is_below_one
        return cls(
            draws=result.draws,
            seed=result.seed,
            assumptions=result.assumptions,
            loan=loan
            and LoanAnswer(
                level_payment=loan.payment,
                grace_months=loan.grace_months,
                instalments=loan.instalments,
            ),
            probabilities=ProbabilitiesAnswer(
                net_present_value_positive=ProbabilityAnswer.of(result.npv_is_positive),
                cover_below_one=cover and ProbabilityAnswer.of(cover),
                average_cover_below_one=average and ProbabilityAnswer.of(average),
                never_pays_back=ProbabilityAnswer.of(result.never_pays_back),
                no_single_rate=ProbabilityAnswer.of(result.has_no_single_rate),
            ),
            figures={
                figure.value: FigureAnswer.of(summary) for figure, summary in result.figures.items()
            },
            notes=result.notes,
        )
