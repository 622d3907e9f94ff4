"""The tornado: what each uncertain input does to a result when it is lower or higher."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.amounts import shown_number
from app.chart_drawing import LETTER_PX, LEVEL_PX, Spec, axis, drawn, scale
from app.charts import Chart, Heading, Table

_MOST_DRAWN = 10
_ROW_PX = 54
_WIDTH_PX = 250
"""Narrow enough for the smallest screens, with each name above its bars."""

_NAME_LETTERS = 34
_BESIDE_PX = 4
_WORDS_APART_PX = 60
_LOWER, _HIGHER = "var(--cl-c3)", "var(--cl-c2)"
_INK, _MUTED = "var(--cl-ink)", "var(--cl-muted)"


@dataclass(frozen=True)
class Swing:
    """One input: the results when it is lower and when it is higher, and what it then is.

    ``low`` belongs to ``low_input`` and ``high`` to ``high_input``; either may be missing, as for
    an input that only ever moves one way.
    """

    name: str
    low: Decimal | None
    high: Decimal | None
    low_input: str = ""
    high_input: str = ""


@dataclass(frozen=True)
class _Scale:
    """From results to the drawing: divisor, unit, the result as entered, and the axis' ends."""

    divisor: Decimal
    unit: str
    base: float
    low: float
    high: float

    @property
    def pixels(self) -> float:
        """Of the drawing, for one of the unit."""
        return _WIDTH_PX / (self.high - self.low)

    def x(self, field: str) -> Spec:
        spec = axis(self.unit)
        spec["scale"] = {"domain": [self.low, self.high], "nice": False}
        return {"field": field, "type": "quantitative", **spec}


def tornado(heading: Heading, base: Decimal, swings: tuple[Swing, ...]) -> Chart:
    """Two bars an input, each from the result as entered to that at the changed input.

    The inputs come in the order given, the widest first; the drawing has the first ten that
    move it and the table all. Each bar carries the changed input in words at its end.
    """
    moved = [swing for swing in swings if {end for end, _ in _sides(swing)} - {base}]
    shown = tuple(moved[:_MOST_DRAWN])
    table = Table(
        heading.title,
        ("Input", "Lower", f"Then, {heading.unit}", "Higher", f"Then, {heading.unit}"),
        tuple(_table_row(swing, heading.places) for swing in swings),
    )
    on = _scale(heading.unit, base, shown)
    rows = [row for place, swing in enumerate(shown) for row in _rows(place, swing, on)]
    spec = {
        "width": _WIDTH_PX,
        "height": _ROW_PX * len(shown),
        "padding": {"left": 8, "top": 4, "bottom": 4, "right": 8},
        "layer": [
            _bars(on),
            _words(on, "left"),
            _words(on, "right"),
            *_line(on, 0.0, "zero", is_dashed=False),
            *_line(on, on.base, "as entered", is_dashed=True),
            _names(shown),
        ],
    }
    return Chart(heading.title, heading.sentence, drawn(spec, rows), table)


def _scale(unit: str, base: Decimal, swings: tuple[Swing, ...]) -> _Scale:
    """The axis from the lowest to the highest result and zero, with room for words beside."""
    ends = [(end, words) for swing in swings for end, words in _sides(swing)]
    divisor, scaled = scale([base, *(end for end, _ in ends)], unit)
    low = float(min(Decimal(0), base, *(end for end, _ in ends)) / divisor)
    high = float(max(Decimal(0), base, *(end for end, _ in ends)) / divisor)
    width = high - low or 1.0
    left = _room_px(words for end, words in ends if end < base)
    right = _room_px(words for end, words in ends if end >= base)
    per_pixel = width / max(_WIDTH_PX - left - right, _WIDTH_PX / 4)
    return _Scale(
        divisor,
        scaled,
        float(base / divisor),
        low - left * per_pixel,
        high + right * per_pixel,
    )


def _room_px(words: Iterable[str]) -> float:
    """For the longest of the words beside bars, with the gap before and after it."""
    return 2 * _BESIDE_PX + LETTER_PX * max(map(len, words), default=0)


def _sides(swing: Swing) -> Iterator[tuple[Decimal, str]]:
    for end, words in ((swing.low, swing.low_input), (swing.high, swing.high_input)):
        if end is not None:
            yield end, words


def _rows(place: int, swing: Swing, on: _Scale) -> Iterator[Spec]:
    for side, end, words, colour in (
        ("lower", swing.low, swing.low_input, _LOWER),
        ("higher", swing.high, swing.high_input, _HIGHER),
    ):
        if end is not None:
            at = float(end / on.divisor)
            yield {
                "place": place,
                "side": side,
                "base": on.base,
                "end": at,
                "words": words,
                "colour": colour,
                "toward": "left" if at < on.base else "right",
            }


def _places() -> Spec:
    """A band for each input, and in it a line for its name and one for each of its bars."""
    return {
        "y": {
            "field": "place",
            "type": "ordinal",
            "scale": {"paddingInner": 0.15, "paddingOuter": 0.1},
            "axis": None,
        },
        "yOffset": {
            "field": "side",
            "type": "nominal",
            "scale": {"domain": ["name", "lower", "higher"]},
        },
    }


def _names(swings: Sequence[Swing]) -> Spec:
    values = [
        {"place": place, "side": "name", "name": _shortened(swing.name)}
        for place, swing in enumerate(swings)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "fontWeight": "bold"},
        "encoding": {**_places(), "x": {"value": 0}, "text": {"field": "name"}},
    }


def _shortened(name: str) -> str:
    if len(name) <= _NAME_LETTERS:
        return name
    return f"{name[: _NAME_LETTERS - 1].rstrip()}…"


def _bars(on: _Scale) -> Spec:
    return {
        "mark": {"type": "bar"},
        "encoding": {
            **_places(),
            "x": on.x("base"),
            "x2": {"field": "end"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _words(on: _Scale, toward: str) -> Spec:
    """The changed inputs beside the bars that run ``toward`` this side."""
    is_left = toward == "left"
    return {
        "transform": [{"filter": f"datum.toward === '{toward}'"}],
        "mark": {
            "type": "text",
            "align": "right" if is_left else "left",
            "baseline": "middle",
            "dx": -_BESIDE_PX if is_left else _BESIDE_PX,
        },
        "encoding": {**_places(), "x": on.x("end"), "text": {"field": "words"}},
    }


def _line(on: _Scale, at: float, words: str, *, is_dashed: bool) -> list[Spec]:
    """A named line from top to bottom; the result as entered, near zero, is named higher up."""
    is_near_zero = abs(at) * on.pixels < _WORDS_APART_PX
    level_px = LEVEL_PX if is_dashed and is_near_zero else 0
    data = {"values": [{"at": at, "words": words}]}
    mark: Spec = {"type": "rule", "color": _INK if is_dashed else _MUTED, "strokeWidth": 1.5}
    if is_dashed:
        mark["strokeDash"] = [4, 3]
    return [
        {"data": data, "mark": mark, "encoding": {"x": on.x("at")}},
        {
            "data": data,
            "mark": {"type": "text", "baseline": "bottom", "align": "center", "color": _MUTED},
            "encoding": {
                "x": on.x("at"),
                "y": {"value": -5 - level_px},
                "text": {"field": "words"},
            },
        },
    ]


def _table_row(swing: Swing, places: int) -> tuple[str, ...]:
    def shown(value: Decimal | None) -> str:
        return "" if value is None else shown_number(value, places)

    return swing.name, swing.low_input, shown(swing.low), swing.high_input, shown(swing.high)
