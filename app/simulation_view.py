"""What a simulation has shown, as its page says it: probabilities, percentiles, and histograms."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.charts import Chart, Heading
from app.histogram_chart import Bin, Percentile, histogram
from app.rendering import NOT_KNOWN, amount, count, percent
from app.simulation_form import SimulationSheet
from app.simulation_inputs import InputRow, input_rows
from app.simulation_ranges import assumptions_of
from appraisal.scenario_model import Figure
from appraisal.simulation import simulate
from appraisal.simulation_result import PERCENTS, FigureSummary, Probability, SimulationResult
from loans.assessing.study import offered_loan
from loans.cases.assessment import Assessment

_MIDDLE = 50
_LIKELY = (5, 95)
_DIGITS_OF_A_BAR = 2
"""Significant digits to which the limits of a bar are rounded, of the bar's width."""


@dataclass(frozen=True)
class Chance:
    """One probability: what of, in per cent, how sure it is, and its tone."""

    name: str
    share: str
    note: str
    tone: str


@dataclass(frozen=True)
class PercentileRow:
    """One figure over all draws, in words: as entered, at each percentile, and on average."""

    name: str
    entered: str
    percentiles: tuple[str, ...]
    mean: str


@dataclass(frozen=True)
class SimulationView:
    """Everything of the result."""

    sentence: str
    chances: tuple[Chance, ...]
    percents: tuple[int, ...]
    rows: tuple[PercentileRow, ...]
    charts: tuple[Chart, ...]
    inputs: tuple[InputRow, ...]
    notes: tuple[str, ...]


def simulated(
    sheet: SimulationSheet, assessment: Assessment
) -> tuple[SimulationSheet, SimulationView | None]:
    """Draw as the form says, on the loan as offered; the sheet says it where that cannot be."""
    wanted = sheet.head.value
    if wanted is None or sheet.has_errors:
        return sheet, None
    try:
        assumptions = assumptions_of(wanted, sheet.prices)
        result = simulate(
            assessment.figures,
            assumptions,
            draws=wanted.draws,
            seed=wanted.seed,
            loan=offered_loan(assessment.offer),
        )
    except ValueError as refusal:
        return sheet.with_error("", str(refusal)), None
    return sheet, simulation_view(result, assessment.figures.currency)


@dataclass(frozen=True)
class _Shown:
    """A figure of the page: its name, how its values are written, and the unit of its chart."""

    name: str
    words: Callable[[float], str]
    without: str = NOT_KNOWN


def simulation_view(result: SimulationResult, currency: str) -> SimulationView:
    """The result in words and charts."""
    shown = _shown(currency)
    return SimulationView(
        sentence=_sentence(result, currency),
        chances=tuple(_chances(result)),
        percents=PERCENTS,
        rows=tuple(
            _row(shown[figure], found)
            for figure, found in result.figures.items()
            if figure in shown
        ),
        charts=tuple(_charts(result, currency)),
        inputs=input_rows(result.assumptions),
        notes=result.notes,
    )


def _shown(currency: str) -> dict[Figure, _Shown]:
    """The figures of the table, each with its unit in the name."""

    def in_years(name: str) -> _Shown:
        return _Shown(f"{name}, years", amount, "Never")

    return {
        Figure.NET_PRESENT_VALUE: _Shown(
            f"Net present value (NPV), {currency}", lambda value: amount(value, places=0)
        ),
        Figure.INTERNAL_RATE_OF_RETURN: _Shown("Internal rate of return (IRR)", percent),
        Figure.SIMPLE_PAYBACK: in_years("Simple payback"),
        Figure.CUMULATIVE_PAYBACK: in_years("Cumulative payback"),
        Figure.DISCOUNTED_PAYBACK: in_years("Discounted payback"),
        Figure.AVERAGE_COVER: _Shown("Cover over the whole loan", amount),
        Figure.MINIMUM_COVER: _Shown("Cover in the weakest month", amount),
    }


def _row(shown: _Shown, found: FigureSummary) -> PercentileRow:
    def words(value: float | None) -> str:
        return shown.without if value is None else shown.words(value)

    return PercentileRow(
        shown.name,
        words(found.base),
        tuple(words(found.percentiles[one]) for one in PERCENTS),
        NOT_KNOWN if found.mean is None else shown.words(found.mean),
    )


def _sentence(result: SimulationResult, currency: str) -> str:
    found = result.figures[Figure.NET_PRESENT_VALUE]
    low, middle, high = (
        amount(found.percentiles[one], currency, 0) for one in (_LIKELY[0], _MIDDLE, _LIKELY[1])
    )
    return (
        f"In {count(result.draws, 'draw')} the net present value (NPV) lay above zero in "
        f"{percent(result.npv_is_positive.value)}. Half of the draws gave at least {middle}; nine "
        f"of ten lay between {low} and {high}."
    )


def _chances(result: SimulationResult) -> Iterator[Chance]:
    gains = result.npv_is_positive
    yield _chance("The project gains (NPV above zero)", gains, is_bad=gains.value < 1 / 2)
    if result.average_cover_is_below_one is not None:
        less = result.average_cover_is_below_one
        yield _chance(
            "Over the whole loan the savings pay less than the instalments",
            less,
            is_bad=less.value > 1 / 2,
        )
    if result.cover_is_below_one is not None:
        short = result.cover_is_below_one
        yield _chance(
            "In some month the savings do not pay the instalment", short, is_bad=short.value > 1 / 2
        )
    never = result.never_pays_back
    yield _chance(
        "The outlay is not recovered within the horizon", never, is_bad=never.value > 1 / 2
    )
    if result.has_no_single_rate.count:
        yield _chance("There is no single rate of return", result.has_no_single_rate, is_bad=False)


def _chance(name: str, probability: Probability, *, is_bad: bool) -> Chance:
    low, high = probability.interval
    note = f"between {percent(low, 2)} and {percent(high, 2)}, 95 times of 100"
    return Chance(name, percent(probability.value), note, "warn" if is_bad else "")


def _charts(result: SimulationResult, currency: str) -> Iterator[Chart]:
    npv = result.figures[Figure.NET_PRESENT_VALUE]
    yield _histogram(
        Heading(
            "What is the project worth?",
            f"The net present value (NPV) is above zero in {percent(result.npv_is_positive.value)} "
            "of the draws.",
            currency,
            places=0,
        ),
        npv,
        (("Zero", 0.0),),
    )
    payback = result.figures[Figure.CUMULATIVE_PAYBACK]
    never = result.never_pays_back
    yield _histogram(
        Heading(
            "When is the investment back?",
            f"In {percent(never.value)} of the draws not within the horizon; those are left out.",
            "years",
            places=2,
        ),
        payback,
        (),
    )
    cover = result.figures.get(Figure.AVERAGE_COVER)
    if cover is not None and result.average_cover_is_below_one is not None:
        below = percent(result.average_cover_is_below_one.value)
        yield _histogram(
            Heading(
                "Do the savings carry the loan as offered?",
                f"In {below} of the draws all savings together are less than the instalments.",
                "times covered",
                places=2,
            ),
            cover,
            (("One", 1.0),),
        )


def _histogram(
    heading: Heading, found: FigureSummary, marked: Sequence[tuple[str, float]]
) -> Chart:
    """Bars with the middle, the ends of nine in ten, and the value that matters where it shows."""
    places = [Decimal(repr(edge)) for edge in found.histogram.edges]
    digits = _DIGITS_OF_A_BAR - 1 - (places[1] - places[0]).adjusted()
    edges = [_to(edge, digits) for edge in places]
    bars = tuple(
        Bin(lower, upper, number)
        for lower, upper, number in zip(edges, edges[1:], found.histogram.counts, strict=False)
    )
    if not any(found.histogram.counts):
        return histogram(heading, (), "draws")
    named = [("Middle", found.percentiles[_MIDDLE])]
    named += [(f"P{one}", found.percentiles[one]) for one in _LIKELY]
    marks = tuple(
        Percentile(words, Decimal(repr(at)))
        for words, at in (*named, *marked)
        if at is not None and edges[0] <= Decimal(repr(at)) <= edges[-1]
    )
    return histogram(heading, bars, "draws", marks)


def _to(value: Decimal, digits: int) -> Decimal:
    """Rounded to so many decimals, written without an exponent."""
    return Decimal(f"{value.quantize(Decimal(1).scaleb(-digits)):f}")
