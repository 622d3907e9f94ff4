"""Curves over an axis of numbers, with the points and moments that matter named in the drawing.

profile = Curve("NPV", ((0.0, 107.0), (41.0, 0.0)))
curves(heading, "Discount rate, % a year", (profile,), (Mark("IRR 41.0 %", 41.0, 0.0),), table)
"""

from dataclasses import dataclass
from decimal import Decimal

from app.chart_drawing import (
    DASHES,
    HEIGHT_PX,
    LEVEL_PX,
    MOST_SERIES,
    WIDTH_PX,
    Spec,
    axis,
    colour_of,
    drawn,
    end_labels,
    free_levels,
    leaning,
    scale,
)
from app.charts import Chart, Heading, Table

_MUTED = "var(--cl-muted)"
_BESIDE_PX = (-11, 17, -26, 32, -41, 47)
"""Where the words of a point stand, above or below it, so that neighbours do not collide."""


@dataclass(frozen=True)
class Curve:
    """A named line through points (x, y) in the order of x; ``is_stepped`` keeps each level."""

    name: str
    points: tuple[tuple[float, float], ...]
    is_stepped: bool = False


@dataclass(frozen=True)
class Mark:
    """Words at a point of the drawing, or with no ``y`` at a moment: a line from top to bottom."""

    words: str
    x: float
    y: float | None = None


@dataclass(frozen=True)
class _Canvas:
    """What every layer shares: the axes' words, what amounts are divided by, and the x axis."""

    x_title: str
    unit: str
    divisor: float
    low: float
    high: float

    def x(self, field: str = "x") -> Spec:
        return {
            "field": field,
            "type": "quantitative",
            "title": self.x_title,
            "scale": {"domain": [self.low, self.high], "nice": False, "zero": False},
            "axis": {"grid": False, "tickCount": 6, "titlePadding": 6},
        }

    def y(self, field: str = "y") -> Spec:
        return {"field": field, "type": "quantitative", **axis(self.unit)}

    def pixel(self, x: float) -> float:
        width = self.high - self.low or 1.0
        return (x - self.low) / width * WIDTH_PX


def curves(
    heading: Heading,
    x_title: str,
    lines: tuple[Curve, ...],
    marks: tuple[Mark, ...],
    table: Table,
) -> Chart:
    """The curves with a line at zero; ``table`` holds the figures that belong below.

    Raises:
        ValueError: more curves than a chart can tell apart.
    """
    if len(lines) > MOST_SERIES:
        message = f"a chart shows at most {MOST_SERIES} series; leave some out"
        raise ValueError(message)
    points = [point for line in lines for point in line.points]
    if not points:
        return Chart(heading.title, heading.sentence, drawn({}, []), table)
    levels = [Decimal(repr(y)) for _, y in points]
    divisor, unit = scale(levels, heading.unit)
    places = [x for x, _ in points]
    canvas = _Canvas(x_title, unit, float(divisor), min(places), max(places))
    moments = tuple(mark for mark in marks if mark.y is None)
    spots = tuple(mark for mark in marks if mark.y is not None)
    layers = [_zero(canvas), *_lines(canvas, lines), *_moments(canvas, moments)]
    layers += [*_spots(canvas, spots), *_names(canvas, lines)]
    spec = {"height": HEIGHT_PX, "layer": layers}
    return Chart(heading.title, heading.sentence, drawn(spec, [{"zero": 0}]), table)


def _zero(canvas: _Canvas) -> Spec:
    return {
        "mark": {"type": "rule", "color": _MUTED},
        "encoding": {"y": canvas.y("zero")},
    }


def _lines(canvas: _Canvas, lines: tuple[Curve, ...]) -> list[Spec]:
    return [
        {
            "data": {"values": [{"x": x, "y": y / canvas.divisor} for x, y in line.points]},
            "mark": {
                "type": "line",
                "strokeWidth": 2.5,
                "color": colour_of(number),
                "strokeDash": DASHES[number],
                "interpolate": "step-after" if line.is_stepped else "linear",
            },
            "encoding": {"x": canvas.x(), "y": canvas.y()},
        }
        for number, line in enumerate(lines)
    ]


def _names(canvas: _Canvas, lines: tuple[Curve, ...]) -> list[Spec]:
    """The name of each of several curves where it ends."""
    if len(lines) == 1:
        return []
    levels = [y / canvas.divisor for line in lines for _, y in line.points]
    ends = tuple((line.name, line.points[-1][1] / canvas.divisor) for line in lines)
    return [end_labels(ends, min(0.0, *levels), max(0.0, *levels), canvas.unit)]


def _moments(canvas: _Canvas, marks: tuple[Mark, ...]) -> list[Spec]:
    """A dotted line at each moment, its words above the drawing on the first free level."""
    if not marks:
        return []
    levels = _levels(canvas, marks)
    rows = [{"x": mark.x} for mark in marks]
    rule: Spec = {
        "data": {"values": rows},
        "mark": {"type": "rule", "strokeDash": [2, 3], "color": _MUTED},
        "encoding": {"x": canvas.x()},
    }
    return [
        rule,
        *(
            _words(canvas, mark, {"value": -8 - LEVEL_PX * level})
            for mark, level in zip(marks, levels, strict=True)
        ),
    ]


def _spots(canvas: _Canvas, marks: tuple[Mark, ...]) -> list[Spec]:
    """A ring at each point, with its words above or below it."""
    if not marks:
        return []
    rows = [{"x": mark.x, "y": (mark.y or 0.0) / canvas.divisor} for mark in marks]
    ring: Spec = {
        "data": {"values": rows},
        "mark": {
            "type": "point",
            "size": 70,
            "filled": True,
            "fill": "var(--cl-surface)",
            "stroke": "var(--cl-ink)",
            "strokeWidth": 2,
            "opacity": 1,
        },
        "encoding": {"x": canvas.x(), "y": canvas.y()},
    }
    levels = _levels(canvas, marks)
    words = [
        _words(canvas, mark, canvas.y(), _BESIDE_PX[level % len(_BESIDE_PX)])
        for mark, level in zip(marks, levels, strict=True)
    ]
    return [ring, *words]


def _words(canvas: _Canvas, mark: Mark, y: Spec, beside_px: int = 0) -> Spec:
    align = leaning(canvas.pixel(mark.x), mark.words)
    shift = {"left": 2, "center": 0, "right": -2}[align]
    return {
        "data": {
            "values": [{"x": mark.x, "y": (mark.y or 0.0) / canvas.divisor, "words": mark.words}]
        },
        "mark": {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "dx": shift,
            "dy": beside_px,
        },
        "encoding": {"x": canvas.x(), "y": y, "text": {"field": "words"}},
    }


def _levels(canvas: _Canvas, marks: tuple[Mark, ...]) -> tuple[int, ...]:
    return free_levels(tuple((canvas.pixel(mark.x), mark.words) for mark in marks))
