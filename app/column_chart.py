"""Columns over periods, held against limits that are drawn as lines and named at their end."""

from dataclasses import dataclass
from fractions import Fraction

from app.chart_drawing import HEIGHT_PX, Spec, axis, drawn, end_labels
from app.charts import Chart, Heading, Table
from app.rendering import amount

_ENOUGH, _SHORT = "var(--cl-c1)", "var(--cl-c2)"
_INK = "var(--cl-ink)"


@dataclass(frozen=True)
class Limit:
    """A level that the columns are held against, with its words: "target 1.2"."""

    words: str
    value: Fraction


def columns(
    heading: Heading,
    periods: tuple[str, ...],
    values: tuple[Fraction, ...],
    limits: tuple[Limit, ...],
    period_words: str = "Period",
) -> Chart:
    """One column a period; a column under the highest limit has another colour and a note.

    ``period_words`` says what the periods are ("Month of the loan").
    """
    wanted = max((limit.value for limit in limits), default=None)
    rows: list[Spec] = [
        {
            "period": period,
            "value": float(value),
            "colour": _ENOUGH if wanted is None or value >= wanted else _SHORT,
        }
        for period, value in zip(periods, values, strict=True)
    ]
    table = Table(
        heading.title,
        (period_words, heading.unit, "Under"),
        tuple(
            (period, amount(value, places=heading.places), _under(value, limits))
            for period, value in zip(periods, values, strict=True)
        ),
    )
    layers = [_bars(heading.unit, period_words)]
    if limits:
        ends = tuple((limit.words, float(limit.value)) for limit in limits)
        top = max(*(float(limit.value) for limit in limits), *map(float, values), 0.0)
        layers += [_rules(limits), end_labels(ends, 0.0, top, heading.unit)]
    spec: Spec = {"height": HEIGHT_PX, "layer": layers}
    return Chart(heading.title, heading.sentence, drawn(spec, rows), table)


def _under(value: Fraction, limits: tuple[Limit, ...]) -> str:
    return ", ".join(limit.words for limit in limits if value < limit.value)


def _bars(unit: str, period_words: str) -> Spec:
    return {
        "mark": {"type": "bar", "stroke": "none"},
        "encoding": {
            "x": {
                "field": "period",
                "type": "ordinal",
                "sort": None,
                "title": period_words,
                "axis": {
                    "labelAngle": 0,
                    "labelOverlap": True,
                    "labelSeparation": 6,
                    "ticks": False,
                },
            },
            "y": {"field": "value", "type": "quantitative", **axis(unit)},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _rules(limits: tuple[Limit, ...]) -> Spec:
    return {
        "data": {"values": [{"at": float(limit.value)} for limit in limits]},
        "mark": {"type": "rule", "color": _INK, "strokeDash": [6, 3], "strokeWidth": 1.5},
        "encoding": {"y": {"field": "at", "type": "quantitative"}},
    }
