"""From rows and a part of a Vega-Lite specification to an SVG, and the parts that charts share."""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import vl_convert
from markupsafe import Markup

Spec = dict[str, Any]

WIDTH_PX = 370
HEIGHT_PX = 230
MOST_SERIES = 5
LEVEL_PX = 15
LETTER_PX = 7.6
"""Of a digit in the widest of the usual typefaces at the size of labels."""

_LABEL_GAP_PX = 16
_BETWEEN_WORDS_PX = 8
_WIDENING_PX = 0.9
_PADDING = {"left": 4, "top": 8, "bottom": 4, "right": 4}
_COLOURS = tuple(f"var(--cl-c{number})" for number in range(1, MOST_SERIES + 1))
DASHES = ([1, 0], [8, 3], [3, 3], [10, 3, 2, 3], [5, 6])
_SCALES = ((Decimal(10) ** 6, "million"), (Decimal(10) ** 3, "thousand"))
_INK, _MUTED, _LINE = "var(--cl-ink)", "var(--cl-muted)", "var(--cl-line)"
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_CONFIG: Spec = {
    "aria": False,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "labelColor": _MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": _MUTED,
        "gridColor": _LINE,
        "domainColor": _MUTED,
        "tickColor": _MUTED,
    },
    "text": {"fontSize": 12, "color": _INK},
}


def drawn(spec: Spec, rows: list[Spec]) -> Markup:
    """The SVG of ``rows``, or nothing when there are none."""
    if not rows:
        return Markup()
    whole = {
        "padding": _PADDING,
        "width": WIDTH_PX,
        "background": None,
        "config": _CONFIG,
        "data": {"values": rows},
    }
    return Markup(_svg(json.dumps({**whole, **spec})))  # noqa: S704  # made here from figures


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    """The page gives the drawing its role and words, so its parts carry none of their own."""
    return _ROLES.sub("", vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def colour_of(number: int) -> str:
    """The colour of the series with this number, counted from 0."""
    return _COLOURS[number]


def room_for(names: Iterable[str]) -> Spec:
    """Room for the names, whose letters are wider in some browsers than where they are measured."""
    longest = max(map(len, names), default=0)
    return {"left": 4 + round(_WIDENING_PX * longest), "top": 4, "bottom": 4, "right": 8}


def leaning(at_px: float, words: str) -> str:
    """How words at this place are set, so that they do not cross an edge of the drawing."""
    half = LETTER_PX * len(words) / 2
    if at_px < half:
        return "left"
    return "right" if at_px + half > WIDTH_PX else "center"


def free_levels(places: tuple[tuple[float, str], ...]) -> tuple[int, ...]:
    """For words at these places (pixels), the first level on which each meets no other."""
    ends: list[float] = []
    levels: dict[int, int] = {}
    for index in sorted(range(len(places)), key=lambda one: places[one][0]):
        at, words = places[index]
        wide = LETTER_PX * len(words) + _BETWEEN_WORDS_PX
        begin = at - {"left": 0.0, "center": wide / 2, "right": wide}[leaning(at, words)]
        level = next((n for n, taken in enumerate(ends) if taken <= begin), len(ends))
        ends[level : level + 1] = [begin + wide]
        levels[index] = level
    return tuple(levels[index] for index in range(len(places)))


def axis(title: str) -> Spec:
    """A quantitative axis from zero, with its unit; few, light grid lines."""
    return {
        "title": title,
        "scale": {"zero": True, "nice": True},
        "axis": {"tickCount": 5, "domain": False, "ticks": False, "titlePadding": 8},
    }


def scale(values: list[Decimal], unit: str) -> tuple[Decimal, str]:
    """What to divide ``values`` by, so that the axis stays short, and the unit that results."""
    largest = max((abs(value) for value in values), default=Decimal(0))
    for divisor, word in _SCALES:
        if largest >= 2 * divisor:
            return divisor, f"{unit} {word}"
    return Decimal(1), unit


def end_labels(ends: tuple[tuple[str, float], ...], low: float, high: float, title: str) -> Spec:
    """A layer with each series' name to the right of its end, moved apart where they collide."""
    gap = (high - low) * _LABEL_GAP_PX / HEIGHT_PX * 1.15
    ordered = sorted(ends, key=lambda end: end[1])
    places: list[float] = []
    for _, at in ordered:
        places.append(max(at, places[-1] + gap) if places else at)
    for index in range(len(places)):
        ceiling = high - index * gap
        places[-1 - index] = min(places[-1 - index], ceiling)
    rows = [{"words": name, "at": at} for (name, _), at in zip(ordered, places, strict=True)]
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
        "encoding": {
            "x": {"value": WIDTH_PX},
            "y": {"field": "at", "type": "quantitative", **axis(title)},
            "text": {"field": "words"},
        },
    }


def over_time(names: list[str], unit: str, *, is_stacked: bool) -> Spec:
    """How rows of period, series and value become bands or lines in the series' colours."""
    colours = {"domain": names, "range": list(_COLOURS[: len(names)])}
    encoding: Spec = {
        "x": {
            "field": "period",
            "type": "ordinal",
            "sort": None,
            "title": None,
            "axis": {"labelAngle": 0, "labelOverlap": True},
        },
        "y": {
            "field": "value",
            "type": "quantitative",
            "stack": "zero" if is_stacked else None,
            **axis(unit),
        },
        "color": {"field": "series", "type": "nominal", "scale": colours, "legend": None},
    }
    if is_stacked:
        encoding["order"] = {"field": "order", "type": "quantitative"}
    else:
        dashes = {"domain": names, "range": list(DASHES[: len(names)])}
        encoding["strokeDash"] = {"field": "series", "scale": dashes, "legend": None}
    return encoding
