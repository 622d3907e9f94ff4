"""How often each class of values occurs, with the percentiles or limits that matter marked."""

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.amounts import shown_number
from app.chart_drawing import (
    HEIGHT_PX,
    LEVEL_PX,
    WIDTH_PX,
    Spec,
    axis,
    drawn,
    free_levels,
    leaning,
    scale,
)
from app.charts import Chart, Heading, Table

_BAR = "var(--cl-c1)"
_MOST_EDGES, _ROUND_TICKS = 16, 8


@dataclass(frozen=True)
class Bin:
    """A class of a histogram: how many values lie from ``lower`` to below ``upper``."""

    lower: Decimal
    upper: Decimal
    count: int


@dataclass(frozen=True)
class Percentile:
    """A value to mark in the drawing, in few words: "P5", "Middle", "Zero"."""

    words: str
    value: Decimal


def histogram(
    heading: Heading, bins: tuple[Bin, ...], counted: str, marks: tuple[Percentile, ...] = ()
) -> Chart:
    """One bar a class; ``counted`` names what is counted ("loans").

    Each mark is a line over the bars with its words above; its value stands in the table, in the
    row of the class that it falls into.
    """
    table = _table(heading, bins, counted, marks)
    if not bins:
        return Chart(heading.title, heading.sentence, Markup(), table)
    divisor, unit = scale([edge for one in bins for edge in (one.lower, one.upper)], heading.unit)
    rows: list[Spec] = [
        {
            "from": float(one.lower / divisor),
            "to": float(one.upper / divisor),
            "count": one.count,
        }
        for one in bins
    ]
    edges = sorted({edge for row in rows for edge in (row["from"], row["to"])})
    x: Spec = {
        "type": "quantitative",
        "title": unit,
        "axis": {"grid": False, "labelOverlap": True, **_ticks(edges)},
    }
    bars: Spec = {
        "mark": {"type": "bar", "color": _BAR, "binSpacing": 1},
        "encoding": {
            "x": {"field": "from", "bin": "binned", **x},
            "x2": {"field": "to"},
            "y": {"field": "count", "type": "quantitative", **axis(f"Number of {counted}")},
        },
    }
    spec = {"height": HEIGHT_PX, **bars}
    if marks:
        spec = _with_marks(bars, marks, divisor, (edges[0], edges[-1]))
    return Chart(heading.title, heading.sentence, drawn(spec, rows), table)


def _ticks(edges: list[float]) -> Spec:
    """A tick at the limits of a few classes; of many, round values between them."""
    if len(edges) > _MOST_EDGES:
        return {"tickCount": _ROUND_TICKS}
    return {"values": edges, "format": "~f"}


def _with_marks(
    bars: Spec, marks: tuple[Percentile, ...], divisor: Decimal, ends: tuple[float, float]
) -> Spec:
    """The bars under a line at each mark, with its words above the drawing."""
    low, high = ends
    places = [float(mark.value / divisor) for mark in marks]
    pixels = [(at - low) / (high - low) * WIDTH_PX for at in places]
    words = [mark.words for mark in marks]
    levels = free_levels(tuple(zip(pixels, words, strict=True)))
    x: Spec = {"field": "at", "type": "quantitative"}
    rule: Spec = {
        "data": {"values": [{"at": at} for at in places]},
        "mark": {"type": "rule", "color": "var(--cl-ink)", "strokeWidth": 1.5},
        "encoding": {"x": x},
    }
    texts: list[Spec] = [
        {
            "data": {"values": [{"at": at, "words": text}]},
            "mark": {"type": "text", "align": leaning(pixel, text), "baseline": "middle"},
            "encoding": {
                "x": x,
                "y": {"value": -8 - LEVEL_PX * level},
                "text": {"field": "words"},
            },
        }
        for at, pixel, text, level in zip(places, pixels, words, levels, strict=True)
    ]
    return {"height": HEIGHT_PX, "layer": [bars, rule, *texts]}


def _table(
    heading: Heading, bins: tuple[Bin, ...], counted: str, marks: tuple[Percentile, ...]
) -> Table:
    def shown(value: Decimal) -> str:
        return shown_number(value, heading.places)

    rows = []
    for number, one in enumerate(bins):
        row = (f"{shown(one.lower)} to {shown(one.upper)}", str(one.count))
        inside = [mark for mark in marks if _falls(mark.value, bins, number)]
        here = ", ".join(f"{mark.words} {shown(mark.value)}" for mark in inside)
        rows.append((*row, here) if marks else row)
    headers = (f"Class, {heading.unit}", f"Number of {counted}")
    return Table(heading.title, (*headers, "Marks") if marks else headers, tuple(rows))


def _falls(value: Decimal, bins: tuple[Bin, ...], number: int) -> bool:
    """Whether the value is of this class; beyond either end it belongs to the outermost."""
    reaches_down = number == 0 or value >= bins[number].lower
    reaches_up = number == len(bins) - 1 or value < bins[number].upper
    return reaches_down and reaches_up
