from decimal import Decimal
from itertools import pairwise

import pytest

from app.chart_drawing import WIDTH_PX, end_labels, free_levels, leaning, scale
from app.charts import (
    Chart,
    Heading,
    Series,
    bars,
    capital_bridge,
    lines,
    stacked_areas,
    stacked_bars,
)
from tests.app.drawings import drawn_marks, words

HEADING = Heading("Is the fund growing?", "It doubled.", "EUR")
YEARS = ("2024", "2025", "2026")
SERIES = (
    Series("NEFCO", (Decimal(2_000_000), Decimal(3_000_000), Decimal(4_000_000))),
    Series("Sweden", (Decimal(0), Decimal(500_000), Decimal("700000.50"))),
)


def test_stacked_bars_draw_every_value_and_name_each_band() -> None:
    chart = stacked_bars(HEADING, YEARS, SERIES)
    assert drawn_marks(chart, "rect") == 6
    assert {"NEFCO", "Sweden", "EUR million", "2024", "0"} <= set(words(chart))


def test_the_table_holds_the_exact_figures() -> None:
    chart = stacked_bars(HEADING, YEARS, SERIES)
    assert chart.table.headers == ("Period", "NEFCO, EUR", "Sweden, EUR")
    assert chart.table.rows[2] == ("2026", "4,000,000.00", "700,000.50")
    assert (chart.title, chart.sentence) == ("Is the fund growing?", "It doubled.")


def test_areas_and_lines_draw_one_shape_a_series() -> None:
    assert drawn_marks(stacked_areas(HEADING, YEARS, SERIES), "area") == 2
    chart = lines(HEADING, YEARS, SERIES)
    assert drawn_marks(chart, "line") == 2
    assert 'stroke-dasharray="8,3"' in chart.svg
    assert "Sweden" in words(chart)


def test_bars_carry_their_values_also_below_zero() -> None:
    chart = bars(HEADING, (("0-30 days", Decimal("1200.50")), ("Refunds", Decimal(-300))))
    assert drawn_marks(chart, "rect") == 2
    assert {"1,200.50", "\N{MINUS SIGN}300.00", "0-30 days"} <= set(words(chart))


def test_the_capital_bridge_ends_at_the_sum() -> None:
    changes = (
        ("Income kept", Decimal(180_000)),
        ("Administration", Decimal(-120_000)),
        ("Losses", Decimal(-50_000)),
    )
    chart = capital_bridge(HEADING, ("Contributions", Decimal(2_000_000)), changes, "Capital base")
    assert drawn_marks(chart, "rect") == 5
    assert chart.table.rows[-1] == ("Capital base", "2,010,000.00")
    assert chart.svg.count("var(--cl-c4)") == 2


@pytest.mark.parametrize(
    "chart",
    [
        stacked_bars(HEADING, (), ()),
        bars(HEADING, ()),
    ],
    ids=["over time", "bars"],
)
def test_without_figures_nothing_is_drawn(chart: Chart) -> None:
    assert not chart.svg
    assert chart.table.rows == ()


def test_more_than_five_series_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 5 series"):
        lines(HEADING, YEARS, SERIES * 3)


def test_drawings_fit_the_page_s_rules() -> None:
    svg = stacked_bars(HEADING, YEARS, SERIES).svg
    assert "style=" not in svg
    assert "<script" not in svg
    assert "role=" not in svg
    assert "var(--cl-c1)" in svg
    assert "#" not in svg
    assert svg == stacked_bars(HEADING, YEARS, SERIES).svg


def test_the_axis_is_scaled_to_short_numbers() -> None:
    assert scale([Decimal(-3_000_000)], "EUR") == (Decimal(10**6), "EUR million")
    assert scale([Decimal(1_900_000)], "EUR") == (Decimal(1000), "EUR thousand")
    assert scale([], "loans") == (Decimal(1), "loans")


def test_labels_that_would_collide_are_moved_apart() -> None:
    ends = (("a", 10.0), ("b", 10.0), ("c", 9.9), ("d", 0.0))
    rows = end_labels(ends, 0.0, 10.0, "EUR")["data"]["values"]
    places = [row["at"] for row in rows]
    assert places == sorted(places)
    assert all(later - sooner >= 0.6 for sooner, later in pairwise(places))
    assert max(places) <= 10.0


def test_words_lean_away_from_the_edges() -> None:
    assert leaning(0, "early") == "left"
    assert leaning(WIDTH_PX, "late") == "right"
    assert leaning(WIDTH_PX / 2, "middle") == "center"


def test_words_take_the_first_level_on_which_they_meet_no_others() -> None:
    assert free_levels(((200, "one"), (205, "two"), (60, "far"), (210, "three"))) == (0, 1, 0, 2)
    assert free_levels(()) == ()
