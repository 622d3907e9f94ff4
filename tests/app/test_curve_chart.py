import pytest

from app.charts import Heading, Table
from app.curve_chart import Curve, Mark, curves
from tests.app.drawings import drawn_marks, place_of, words

HEADING = Heading("At which rate is the NPV zero?", "At 14 %.", "EUR", places=0)
TABLE = Table("figures", ("Rate", "NPV"), (("0 %", "20,000"),))
FALLING = Curve("NPV", ((0.0, 20_000.0), (14.0, 0.0), (20.0, -8_000.0)))


def test_a_curve_has_a_line_at_zero_and_rings_at_its_marks() -> None:
    marks = (Mark("IRR 14 %", 14.0, 0.0), Mark("asked 10 %", 10.0, 5_000.0))
    chart = curves(HEADING, "Rate, % a year", (FALLING,), marks, TABLE)
    assert drawn_marks(chart, "line") == 1
    assert drawn_marks(chart, "rule") == 1
    assert drawn_marks(chart, "symbol") == 2
    assert {"IRR 14 %", "asked 10 %", "Rate, % a year", "EUR thousand"} <= set(words(chart))
    assert "NPV" not in words(chart)
    assert chart.table is TABLE


def test_several_curves_are_named_where_they_end_and_told_apart_by_dashes() -> None:
    other = Curve("Discounted", ((0.0, 0.0), (20.0, 9_000.0)))
    chart = curves(HEADING, "Years", (FALLING, other), (), TABLE)
    assert drawn_marks(chart, "line") == 2
    assert {"NPV", "Discounted"} <= set(words(chart))
    assert 'stroke-dasharray="8,3"' in chart.svg


def test_moments_are_lines_with_words_above_on_levels_of_their_own() -> None:
    cash = Curve("Cash", ((0.0, 0.0), (30.0, 15_000.0), (40.0, 2_000.0)), is_stepped=True)
    moments = (Mark("B1 from savings", 30.0), Mark("B2 from savings", 31.0), Mark("A1", 0.0))
    chart = curves(HEADING, "Month", (cash,), moments, TABLE)
    assert drawn_marks(chart, "rule") == 1 + 3
    assert {"A1", "B1 from savings", "B2 from savings"} <= set(words(chart))
    alone = curves(HEADING, "Month", (cash,), moments[:1], TABLE)
    assert _height(chart.svg) == _height(alone.svg) + 15


def _height(svg: str) -> float:
    return float(svg.split('height="', 1)[1].split('"', 1)[0])


def test_a_curve_of_one_point_is_drawn() -> None:
    assert curves(HEADING, "Years", (Curve("One", ((0.0, 5.0),)),), (Mark("here", 0.0),), TABLE).svg


def test_without_points_nothing_is_drawn() -> None:
    assert not curves(HEADING, "Years", (), (), TABLE).svg


def test_more_than_five_curves_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 5 series"):
        curves(HEADING, "Years", (FALLING,) * 6, (), TABLE)


def test_marks_stand_where_their_figures_are() -> None:
    marks = (Mark("IRR", 14.0, 0.0), Mark("asked", 10.0, 5_000.0), Mark("free", 0.0, 20_000.0))
    chart = curves(HEADING, "Rate, % a year", (FALLING,), marks, TABLE)
    irr, asked, free = (place_of(chart, text) for text in ("IRR", "asked", "free"))
    assert free[0] < asked[0] < irr[0]
    assert free[1] < asked[1] < irr[1]
