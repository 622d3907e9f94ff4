from decimal import Decimal
from typing import Any

from app.ladder_view import LadderView, ladder_view
from appraisal.ladder import ladder
from appraisal.proposal import Measure
from loans.assessing.offer import Offer
from tests.app.drawings import drawn_marks, words
from tests.appraisal.proposals import simple_measure
from tests.loans.proposals import NEFCO


def built(
    *measures: dict[str, Any],
    own: str = "3000",
    covered: Decimal | None = None,
    **changes: Any,
) -> LadderView:
    offer = Offer(
        eligible=True,
        currency="EUR",
        maximum_maturity_months=28,
        cover_limited_amount=covered,
    )
    plan = ladder(
        [Measure.model_validate(one) for one in measures],
        Decimal(own),
        Decimal("0.9"),
        minor_investment=Decimal(5000),
        discount_rate=0.1,
        **changes,
    )
    return ladder_view(plan, offer, NEFCO)


A = simple_measure("3000", "6000", code="A1", life_years=10)
B = simple_measure("15000", "18000", code="B1", life_years=10)
C = simple_measure("90000", "40000", code="C1", life_years=10)


def test_the_ladder_tells_by_how_much_the_loan_falls() -> None:
    view = built(A, B, C)
    assert "The loan falls from EUR 81,000.00" in view.sentences[1]
    assert "to EUR 66,000.00 in month 42, after 12 months of saving." in view.sentences[1]
    assert "Waiting costs EUR" in view.sentences[2]
    assert view.warning is None
    assert [step.code for step in view.steps] == ["A1", "B1", "C1"]


def test_the_chart_has_a_line_at_each_start_and_the_months_as_a_table() -> None:
    chart = built(A, B, C).chart
    assert chart is not None
    assert {"A1 starts", "B1 starts", "C1 starts"} <= set(words(chart))
    assert drawn_marks(chart, "rule") == 1 + 3
    assert len(chart.table.rows) == 43
    assert chart.table.rows[30][0] == "30"
    assert "B1" in chart.table.rows[30][-1]
    assert "The savings pay EUR" in chart.sentence


def test_a_loan_that_begins_later_is_smaller_until_none_is_needed() -> None:
    rows = built(A, B, C).if_later
    assert [row.month for row in rows][:3] == [0, 6, 12]
    assert rows[0].note
    assert rows[-1].loan < rows[0].loan


def test_a_loan_under_the_smallest_is_warned_of() -> None:
    view = built(A, B, C, minimum_loan=Decimal(70_000))
    assert view.warning is not None
    assert "under EUR 70,000.00" in view.warning
    assert "Under the fund's smallest loan" in {row.note for row in view.if_later}


def test_a_loan_that_the_savings_do_not_cover_is_warned_of() -> None:
    view = built(A, B, C, covered=Decimal(60_000))
    assert view.warning == (
        "The rules allow a loan of at most EUR 60,000.00 over 28 months, the largest with a "
        "savings cover of 1: pay EUR 6,000.00 more from own money, or save until month 45."
    )
    later = {row.note: row.month for row in view.if_later}
    assert later["More than the savings cover"] < later[""]
    assert built(A, B, C, covered=Decimal(66_000)).warning is None


def test_without_quick_measures_there_is_nothing_to_draw() -> None:
    view = built(C, own="20000")
    assert view.sentences == ("No measure comes before the loan: none pays back within a year.",)
    assert view.chart is None
    assert view.if_later == ()


def test_quick_measures_alone_need_no_loan() -> None:
    view = built(A, B)
    assert view.sentences[-1] == "No long measure starts, so that no loan is needed."


def test_what_is_never_reached_is_named_with_the_reason() -> None:
    view = built(A, simple_measure("9000", "0", code="X1"))
    assert view.out_of_reach == ("X1: Not recovered: the net yearly saving is not above zero.",)
    assert view.chart is not None
    assert view.chart.sentence == "The savings of the quick measures pay for no other measure."
