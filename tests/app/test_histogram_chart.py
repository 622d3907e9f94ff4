from decimal import Decimal

from app.charts import Heading
from app.histogram_chart import Bin, Percentile, histogram
from tests.app.drawings import drawn_marks, place_of, words

HEADING = Heading("How long is the payback?", "Most under two years.", "years", places=0)
BINS = (Bin(Decimal(0), Decimal(1), 3), Bin(Decimal(1), Decimal(2), 5))


def test_each_class_is_a_bar() -> None:
    chart = histogram(HEADING, BINS, "loans")
    assert drawn_marks(chart, "rect") == 2
    assert chart.table.rows == (("0 to 1", "3"), ("1 to 2", "5"))
    assert {"years", "Number of loans"} <= set(words(chart))


def test_percentiles_are_lines_named_above_and_stand_in_the_row_of_their_class() -> None:
    marks = (
        Percentile("P5", Decimal(0)),
        Percentile("P50", Decimal(1)),
        Percentile("P95", Decimal(2)),
    )
    chart = histogram(HEADING, BINS, "runs", marks)
    assert drawn_marks(chart, "rule") == 3
    assert {"P5", "P50", "P95"} <= set(words(chart))
    assert chart.table.headers[-1] == "Marks"
    assert chart.table.rows == (("0 to 1", "3", "P5 0"), ("1 to 2", "5", "P50 1, P95 2"))


def test_a_value_below_all_classes_is_noted_with_the_lowest() -> None:
    chart = histogram(HEADING, BINS, "runs", (Percentile("P1", Decimal(-4)),))
    assert chart.table.rows[0][-1] == "P1 \N{MINUS SIGN}4"
    assert chart.table.rows[1][-1] == ""


def test_large_amounts_get_a_short_axis() -> None:
    heading = Heading("How likely is a loss?", "Rather unlikely.", "EUR", places=0)
    chart = histogram(heading, (Bin(Decimal(0), Decimal(30_000), 4),), "runs")
    assert "EUR thousand" in words(chart)
    assert chart.table.rows == (("0 to 30,000", "4"),)


def test_without_classes_nothing_is_drawn() -> None:
    chart = histogram(HEADING, (), "loans", (Percentile("P5", Decimal(0)),))
    assert not chart.svg
    assert chart.table.rows == ()


def test_percentiles_stand_in_the_order_of_their_values() -> None:
    marks = (Percentile("P95", Decimal("1.9")), Percentile("P5", Decimal("0.1")))
    chart = histogram(HEADING, BINS, "runs", marks)
    assert place_of(chart, "P5")[0] < place_of(chart, "P95")[0]
