from fractions import Fraction

from app.charts import Heading
from app.column_chart import Limit, columns
from tests.app.drawings import drawn_marks, place_of, words

HEADING = Heading("Do the savings carry the loan?", "Not in month 2.", "times")
LIMITS = (Limit("target 1.2", Fraction("1.2")), Limit("least 1.0", Fraction(1)))
VALUES = (Fraction("1.2"), Fraction("0.9"), Fraction("1.1"))


def test_each_period_is_a_column_and_each_limit_a_named_line() -> None:
    chart = columns(HEADING, ("1", "2", "3"), VALUES, LIMITS, "Month of the loan")
    assert drawn_marks(chart, "rect") == 3
    assert drawn_marks(chart, "rule") == 2
    assert {"target 1.2", "least 1.0", "Month of the loan", "times", "0.0"} <= set(words(chart))


def test_a_column_under_a_limit_says_so_in_the_table_and_by_its_colour() -> None:
    chart = columns(HEADING, ("1", "2", "3"), VALUES, LIMITS)
    assert chart.table.headers == ("Period", "times", "Under")
    assert chart.table.rows == (
        ("1", "1.20", ""),
        ("2", "0.90", "target 1.2, least 1.0"),
        ("3", "1.10", "target 1.2"),
    )
    assert chart.svg.count("var(--cl-c2)") == 2
    assert chart.svg.count("var(--cl-c1)") == 1


def test_columns_without_limits_are_all_alike() -> None:
    chart = columns(HEADING, ("1",), (Fraction(1),), ())
    assert drawn_marks(chart, "rule") == 0
    assert chart.table.rows == (("1", "1.00", ""),)


def test_without_periods_nothing_is_drawn() -> None:
    assert not columns(HEADING, (), (), LIMITS).svg


def test_a_value_just_under_a_limit_is_under_it_whatever_is_shown() -> None:
    chart = columns(HEADING, ("1",), (Fraction(1199, 1000),), LIMITS)
    assert chart.table.rows == (("1", "1.20", "target 1.2"),)


def test_a_higher_limit_is_drawn_higher() -> None:
    chart = columns(HEADING, ("1", "2", "3"), VALUES, LIMITS)
    assert place_of(chart, "target 1.2")[1] < place_of(chart, "least 1.0")[1]
