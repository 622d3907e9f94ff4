"""Charts drawn on the server: a Vega-Lite specification becomes an SVG that stands in the page.

Colours are the style sheet's variables, so one drawing serves light, dark and print. Every chart
carries the sentence that it shows and its figures as a table; axes begin at zero; a chart has at
most five series, each labelled where it ends. Floats are used for drawing only.

    heading = Heading("Is the fund growing?", "Contributions reached EUR 6.7 million.", "EUR")
    stacked_bars(heading, ("2024", "2025"), (Series("NEFCO", (Decimal(1), Decimal(2))),))
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from markupsafe import Markup

from app.amounts import shown_number
from app.chart_drawing import (
    HEIGHT_PX,
    MOST_SERIES,
    Spec,
    axis,
    drawn,
    end_labels,
    over_time,
    room_for,
    scale,
)

_ROW_PX = 32
_LYING_PX = 260
_RISE, _FALL, _TOTAL = "var(--cl-c1)", "var(--cl-c4)", "var(--cl-total)"


@dataclass(frozen=True)
class Heading:
    """What a chart says above the drawing: a finding or question, one sentence, and the unit.

    ``places`` is the number of decimals in the table of figures.
    """

    title: str
    sentence: str
    unit: str
    places: int = 2


@dataclass(frozen=True)
class Series:
    """One line or band: its name and a value for each period."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class Table:
    """The figures of a chart, as text; the first cell of a row names it."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A drawing (empty when there is nothing to draw), its finding in words, and its figures."""

    title: str
    sentence: str
    svg: Markup
    table: Table


def stacked_bars(heading: Heading, periods: tuple[str, ...], series: tuple[Series, ...]) -> Chart:
    """Bars over time, one band a series, each labelled beside the last bar."""
    return _over_time(heading, periods, series, {"type": "bar", "stroke": "none"}, is_stacked=True)


def stacked_areas(heading: Heading, periods: tuple[str, ...], series: tuple[Series, ...]) -> Chart:
    """Areas over time, one band a series, each labelled at its end."""
    return _over_time(heading, periods, series, {"type": "area", "opacity": 0.9}, is_stacked=True)


def lines(heading: Heading, periods: tuple[str, ...], series: tuple[Series, ...]) -> Chart:
    """Lines over time, told apart by dashes as well as by colour, each labelled at its end."""
    mark: Spec = {"type": "line", "strokeWidth": 2.5, "point": len(periods) == 1}
    return _over_time(heading, periods, series, mark, is_stacked=False)


def bars(heading: Heading, items: tuple[tuple[str, Decimal], ...]) -> Chart:
    """One bar an item, lying, with its value beside it."""
    zero = Decimal(0)
    pieces = tuple(
        _Piece(name, min(zero, value), max(zero, value), value, _RISE) for name, value in items
    )
    return _lying(heading, pieces)


def capital_bridge(
    heading: Heading, start: tuple[str, Decimal], changes: tuple[tuple[str, Decimal], ...], end: str
) -> Chart:
    """How ``start`` became the total named ``end``: each change begins where the last ended."""
    levels = tuple(accumulate((change for _, change in changes), initial=start[1]))
    zero = Decimal(0)
    moves = (
        _Piece(
            name,
            min(before, after),
            max(before, after),
            change,
            _RISE if change >= 0 else _FALL,
        )
        for (name, change), before, after in zip(changes, levels, levels[1:], strict=False)
    )
    first = _Piece(start[0], min(zero, start[1]), max(zero, start[1]), start[1], _TOTAL)
    last = _Piece(end, min(zero, levels[-1]), max(zero, levels[-1]), levels[-1], _TOTAL)
    return _lying(heading, (first, *moves, last))


@dataclass(frozen=True)
class _Piece:
    """A lying bar from ``low`` to ``high``; ``value`` is written beside it."""

    name: str
    low: Decimal
    high: Decimal
    value: Decimal
    colour: str


def _lying(heading: Heading, pieces: tuple[_Piece, ...]) -> Chart:
    divisor, unit = scale(
        [bound for piece in pieces for bound in (piece.low, piece.high)], heading.unit
    )
    rows = [
        {
            "name": piece.name,
            "low": float(piece.low / divisor),
            "high": float(piece.high / divisor),
            "words": shown_number(piece.value, heading.places),
            "colour": piece.colour,
        }
        for piece in pieces
    ]
    names = {"field": "name", "type": "nominal", "sort": None, "title": None}
    y = {**names, "axis": {"labelLimit": 190, "ticks": False, "domain": False}}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    x = {"field": "low", "type": "quantitative", **axis(unit)}
    spec = {
        "height": _ROW_PX * len(pieces),
        "padding": room_for(piece.name for piece in pieces),
        "width": _LYING_PX,
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.68}},
                "encoding": {"x": x, "x2": {"field": "high"}, "color": colour},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {
                    "x": {"field": "high", "type": "quantitative"},
                    "text": {"field": "words"},
                },
            },
        ],
    }
    table = Table(
        heading.title,
        ("Item", heading.unit),
        tuple((piece.name, shown_number(piece.value, heading.places)) for piece in pieces),
    )
    return Chart(heading.title, heading.sentence, drawn(spec, rows), table)


def _over_time(
    heading: Heading,
    periods: tuple[str, ...],
    series: tuple[Series, ...],
    mark: Spec,
    *,
    is_stacked: bool,
) -> Chart:
    if len(series) > MOST_SERIES:
        message = f"a chart shows at most {MOST_SERIES} series; add up the smallest"
        raise ValueError(message)
    table = _table_over_time(heading, periods, series)
    if not periods or not series:
        return Chart(heading.title, heading.sentence, Markup(), table)
    lows, highs, ends = _levels(series, is_stacked=is_stacked)
    divisor, unit = scale([*lows, *highs], heading.unit)
    rows = [
        {"period": period, "series": one.name, "value": float(value / divisor), "order": order}
        for order, one in enumerate(series)
        for period, value in zip(periods, one.values, strict=True)
    ]
    labels = end_labels(
        tuple((one.name, float(end / divisor)) for one, end in zip(series, ends, strict=True)),
        float(min(Decimal(0), *lows) / divisor),
        float(max(Decimal(0), *highs) / divisor),
        unit,
    )
    names = [one.name for one in series]
    spec = {
        "height": HEIGHT_PX,
        "layer": [
            {"mark": mark, "encoding": over_time(names, unit, is_stacked=is_stacked)},
            labels,
        ],
    }
    return Chart(heading.title, heading.sentence, drawn(spec, rows), table)


def _levels(
    series: tuple[Series, ...], *, is_stacked: bool
) -> tuple[list[Decimal], list[Decimal], list[Decimal]]:
    """The lowest and highest levels drawn, and where each series ends."""
    values = [value for one in series for value in one.values]
    last = [one.values[-1] for one in series]
    if not is_stacked:
        return values, values, last
    columns = list(zip(*(one.values for one in series), strict=True))
    tops = list(accumulate(last))
    middles = [top - value / 2 for top, value in zip(tops, last, strict=True)]
    lows = [sum((value for value in column if value < 0), Decimal(0)) for column in columns]
    highs = [sum((value for value in column if value > 0), Decimal(0)) for column in columns]
    return lows, highs, middles


def _table_over_time(
    heading: Heading, periods: tuple[str, ...], series: tuple[Series, ...]
) -> Table:
    headers = ("Period", *(f"{one.name}, {heading.unit}" for one in series))
    rows = tuple(
        (period, *(shown_number(one.values[index], heading.places) for one in series))
        for index, period in enumerate(periods)
    )
    return Table(heading.title, headers, rows)
