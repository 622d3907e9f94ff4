import re
from decimal import Decimal

import pytest

from app.charts import Heading
from app.tornado_chart import Swing, tornado
from tests.app.drawings import drawn_marks, place_of, words

HEADING = Heading("What moves the NPV most?", "The savings do.", "EUR", places=0)
BASE = Decimal(100_000)
SAVINGS = Swing("Savings", Decimal(-5_000), Decimal(150_000), "20 % less", "20 % more")
DELAY = Swing("Start", Decimal(80_000), Decimal(60_000), "3 months later", "6 months later")
LIFE = Swing("Life of all the measures together", Decimal(70_000), None, "4 years")


def test_each_input_has_a_bar_a_side_with_the_changed_input_beside_it() -> None:
    chart = tornado(HEADING, BASE, (SAVINGS, DELAY, LIFE))
    assert drawn_marks(chart, "rect") == 5
    shown = set(words(chart))
    assert {"20 % less", "20 % more", "6 months later", "4 years"} <= shown
    assert {"zero", "as entered", "EUR thousand"} <= shown


def test_the_table_has_the_results_and_the_inputs_that_led_to_them() -> None:
    table = tornado(HEADING, BASE, (SAVINGS, LIFE)).table
    assert table.headers == ("Input", "Lower", "Then, EUR", "Higher", "Then, EUR")
    assert table.rows == (
        ("Savings", "20 % less", "\N{MINUS SIGN}5,000", "20 % more", "150,000"),
        ("Life of all the measures together", "4 years", "70,000", "", ""),
    )


def test_the_drawing_has_the_ten_widest_and_the_table_all() -> None:
    many = tuple(
        Swing(f"Input {number}", Decimal(90_000), Decimal(110_000), "less", "more")
        for number in range(12)
    )
    chart = tornado(HEADING, BASE, many)
    assert drawn_marks(chart, "rect") == 20
    assert len(chart.table.rows) == 12


def test_a_name_stands_above_its_bars_and_a_long_one_is_cut() -> None:
    chart = tornado(HEADING, BASE, (LIFE, SAVINGS))
    assert "Life of all the measures together" in words(chart)
    below = [place_of(chart, text)[1] for text in ("Savings", "20 % less", "20 % more")]
    assert below == sorted(set(below))
    long = tornado(HEADING, BASE, (Swing("Price: " + 9 * "water ", None, Decimal(0), "", "1"),))
    assert "Price: water water water water wa…" in words(long)
    assert long.table.rows[0][0] == "Price: " + 9 * "water "


def test_the_drawing_fits_the_narrowest_screen() -> None:
    chart = tornado(HEADING, BASE, (SAVINGS, DELAY, LIFE))
    width = re.search(r'<svg [^>]*width="(\d+)', chart.svg)
    assert width is not None
    assert int(width[1]) <= 268


@pytest.mark.parametrize(("base", "higher"), [(0, 15), (100_000, 0)])
def test_the_line_of_the_result_is_named_above_that_of_zero_where_they_are_close(
    base: int, higher: int
) -> None:
    chart = tornado(HEADING, Decimal(base), (SAVINGS,))
    assert place_of(chart, "zero")[1] - place_of(chart, "as entered")[1] == higher


def test_words_beside_bars_stay_inside_the_drawing() -> None:
    even = Swing("Savings", Decimal(-40_000), Decimal(40_000), "1,184,000", "1,276,000")
    chart = tornado(HEADING, Decimal(64), (even,))
    assert place_of(chart, "1,184,000")[0] > len("1,184,000") * 7.6


def test_an_input_that_moves_nothing_stands_in_the_table_only() -> None:
    still = Swing("Growth", BASE, BASE, "less", "more")
    chart = tornado(HEADING, BASE, (SAVINGS, still))
    assert drawn_marks(chart, "rect") == 2
    assert len(chart.table.rows) == 2
    assert not tornado(HEADING, BASE, (still,)).svg


def test_without_inputs_nothing_is_drawn() -> None:
    assert not tornado(HEADING, BASE, ()).svg


def test_two_inputs_of_one_name_keep_their_own_bars() -> None:
    later = Swing("Delay", None, Decimal(90_000), "", "3 months")
    latest = Swing("Delay", None, Decimal(80_000), "", "6 months")
    chart = tornado(HEADING, BASE, (latest, later))
    assert words(chart).count("Delay") == 2
    assert drawn_marks(chart, "rect") == 2


def test_bars_reach_from_the_result_as_entered_to_the_results_when_changed() -> None:
    chart = tornado(HEADING, BASE, (SAVINGS, DELAY))
    less, more = place_of(chart, "20 % less")[0], place_of(chart, "20 % more")[0]
    zero, entered = place_of(chart, "zero")[0], place_of(chart, "as entered")[0]
    assert less < zero < place_of(chart, "6 months later")[0] < entered < more
    assert entered - less == pytest.approx(2 * (more - entered), abs=25)
