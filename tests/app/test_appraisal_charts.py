from app.appraisal_charts import cover_chart, profile_chart, recovery_chart
from app.cash_flow_table import cash_flow_table
from app.chart_drawing import WIDTH_PX
from app.charts import Chart
from app.cover_table import cover_rows
from appraisal.npv_profile import npv_profile
from loans.cases.assessment import Assessment
from tests.app.appraised import assessed, golden
from tests.app.drawings import drawn_marks, place_of, words
from tests.appraisal.proposals import measure_document, proposal, simple_measure


def recovery(assessment: Assessment) -> Chart:
    return recovery_chart(assessment, cash_flow_table(assessment))


def test_the_chart_says_when_the_investment_is_recovered_and_marks_it() -> None:
    chart = recovery(golden())
    assert chart.sentence == (
        "The savings have recovered the investment after 2.00 years; discounted, after 2.35 years."
    )
    assert {"After 2.00 years", "Discounted 2.35 years", "Sum of flows"} <= set(words(chart))
    assert [row[1] for row in chart.table.rows][:3] == [
        "\N{MINUS SIGN}120,000.00",
        "\N{MINUS SIGN}60,000.00",
        "0.00",
    ]


def test_what_is_not_recovered_has_no_mark() -> None:
    slow = recovery(assessed(proposal(simple_measure("120000", "12000"))))
    assert slow.sentence == "The savings do not recover the investment within 5 years."
    assert drawn_marks(slow, "symbol") == 0
    late = recovery(assessed(proposal(simple_measure("120000", "26000"))))
    assert late.sentence.endswith("; discounted, not within 5 years.")
    assert drawn_marks(late, "symbol") == 1


def test_a_long_horizon_is_drawn_with_fewer_points_and_to_its_end() -> None:
    long = recovery(assessed(proposal(measure_document(life_years=30), horizon_years=30)))
    assert len(long.table.rows) == 31
    assert len(long.svg) < 12_000


def test_each_instalment_is_held_against_target_and_least() -> None:
    assessment = golden()
    chart = cover_chart(assessment, cover_rows(assessment))
    assert chart.sentence == "Each of 28 instalments is covered at least 1.2 times."
    assert drawn_marks(chart, "rect") == 28
    assert {"target 1.2", "least 1.0"} <= set(words(chart))


def test_instalments_under_the_target_are_counted() -> None:
    thin = assessed(proposal(simple_measure("120000", "45000")))
    chart = cover_chart(thin, cover_rows(thin))
    count = thin.offer.instalments
    assert chart.sentence == f"{count} of {count} instalments are covered less than 1.2 times."


def test_without_a_loan_no_cover_is_drawn() -> None:
    lost = assessed(proposal(simple_measure("10000", "0")))
    assert not cover_chart(lost, cover_rows(lost)).svg


def profile_of(assessment: Assessment) -> Chart:
    irr = assessment.appraisal.project.internal_rate_of_return
    return profile_chart(npv_profile(assessment.figures, irr), "EUR")


def test_the_profile_marks_the_rate_of_return_and_the_rate_asked() -> None:
    chart = profile_of(golden())
    assert chart.sentence == (
        "The net present value (NPV) is zero at 41.0 % a year; at 10.0 %, the rate asked, it is "
        "EUR 107,447."
    )
    assert {"IRR 41.0 %", "at 10.0 %", "40"} <= set(words(chart))
    assert 0 < place_of(chart, "at 10.0 %")[0] < place_of(chart, "IRR 41.0 %")[0] < WIDTH_PX
    named = {row[2]: row[0] for row in chart.table.rows if row[2]}
    assert named == {
        "The discount rate": "10.0 %",
        "Internal rate of return (IRR)": "41.0 %",
    }


def test_several_rates_of_return_are_all_marked() -> None:
    restoration = measure_document(
        investment=[
            {"code": "I01", "amount": "100000"},
            {"code": "I02", "amount": "132000", "month": 24, "kind": "replacement"},
        ],
        savings=[{"code": "R01", "annual_amount": "230000"}],
        life_years=1,
    )
    chart = profile_of(assessed(proposal(restoration)))
    assert "10.0 % and 20.0 % a year, so that no single rate of return decides" in chart.sentence
    assert drawn_marks(chart, "symbol") == 3


def test_without_a_rate_of_return_the_profile_says_so() -> None:
    chart = profile_of(assessed(proposal(simple_measure("120000", "0"))))
    assert "is zero at no rate" in chart.sentence
