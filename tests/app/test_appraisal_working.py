from decimal import Decimal

import pytest

from app.appraisal_working import irr_words, project_working, type_reason, types_words
from app.cash_flow_table import cash_flow_table, cumulative_chart
from app.offer_working import cover_rows, offer_working
from appraisal.irr import internal_rate_of_return
from appraisal.measure_type import MeasureType
from appraisal.proposal import Proposal
from loans import profile
from loans.assessment import Assessment, assess
from loans.profile import Profile, RoiPeriodFrom
from tests.appraisal.proposals import measure_document, proposal, simple_measure

NEFCO = profile.load("nefco-1998")


def assessed(figures: Proposal, facility: Profile = NEFCO) -> Assessment:
    return assess(figures, facility)


@pytest.mark.parametrize(
    ("flows", "words"),
    [
        ((-100.0, 110.0), "10.0 %"),
        ((-100.0, -10.0), "No rate"),
        ((-100.0, 230.0, -132.0), "Several: 10.0 %, 20.0 %"),
        ((100.0, -110.0), "10.0 %, a cost of finance"),
    ],
)
def test_the_internal_rate_is_worded_honestly(flows: tuple[float, ...], words: str) -> None:
    assert irr_words(internal_rate_of_return(flows)) == words


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        (MeasureType.A, "Payback under one year, investment at most EUR 5,000.00"),
        (MeasureType.B, "Payback under one year, investment above EUR 5,000.00"),
        (MeasureType.C, "Payback of one year or more"),
        (None, "Not recovered: the net yearly saving is not above zero"),
    ],
)
def test_each_type_has_its_reason(letter: MeasureType | None, words: str) -> None:
    assert type_reason(letter, Decimal(5000), "EUR") == words


def test_types_are_those_of_the_financed_measures() -> None:
    quick = simple_measure("10000", "20000", code="M2")
    lost = simple_measure("10000", "0", code="M3")
    assert types_words(assessed(proposal(measure_document(), quick))) == "B and C"
    assert types_words(assessed(proposal(measure_document(), lost))) == "C and not recovered"
    assert types_words(assessed(proposal(lost))) == "Not recovered"


def test_every_result_of_the_golden_case_is_the_one_of_the_engine() -> None:
    assessment = assessed(proposal())
    results = {step.name: step.result for step in project_working(assessment)}
    assert results == {
        "Investment": "EUR 120,000.00",
        "Net saving a year": "EUR 60,000.00",
        "Simple payback (ROI period of the measures)": "2.00 years",
        "Cumulative payback": "2.00 years",
        "Discounted payback": "2.35 years",
        "Net present value (NPV)": "EUR 107,447",
        "Internal rate of return (IRR)": "41.0 %",
        "Modified rate of return (MIRR)": "25.0 %",
        "Profitability index": "1.90",
    }
    offered = {step.name: step.result for step in offer_working(assessment)}
    assert offered["Longest maturity"] == "28 months"
    assert offered["Largest loan"] == "EUR 108,000.00"
    assert offered["Level monthly payment"] == "EUR 4,143.06"


def test_the_roi_period_may_run_from_commissioning() -> None:
    terms = NEFCO.terms
    from_running = terms.roi_period_from.model_copy(update={"value": RoiPeriodFrom.COMMISSIONING})
    facility = NEFCO.model_copy(
        update={"terms": terms.model_copy(update={"roi_period_from": from_running})}
    )
    late = proposal(measure_document(implementation_months=6))
    first = offer_working(assessed(late, facility))[0]
    assert (first.with_numbers, first.note) == ("0 + 24.0", "It runs from commissioning.")
    assert offer_working(assessed(late))[0].with_numbers == "6 + 24.0"


def test_a_project_without_a_loan_has_no_working_for_it() -> None:
    lost = assessed(proposal(simple_measure("10000", "0")))
    assert offer_working(lost) == ()
    assert cover_rows(lost) == ()
    free = project_working(assessed(proposal(simple_measure("0", "100"))))
    assert free[-1].result == "\N{EN DASH}"


def test_a_month_without_savings_leaves_no_loan_to_cover() -> None:
    seasonal = measure_document(
        savings=[{"code": "R1", "annual_amount": "60000", "active_months": [1, 2, 3]}]
    )
    assessment = assessed(proposal(seasonal))
    assert cover_rows(assessment) == ()
    assert offer_working(assessment)[-1].name == "Largest loan"


@pytest.mark.parametrize("timing", ["annual", "monthly"])
def test_present_values_of_the_years_sum_to_the_net_present_value(timing: str) -> None:
    late = measure_document(implementation_months=7, residual_value="5000")
    assessment = assessed(proposal(late, timing=timing))
    table = cash_flow_table(assessment)
    expected = assessment.appraisal.project.net_present_value
    assert table.present_value == pytest.approx(expected, rel=1e-12)
    assert table.net_flow == table.net_saving + table.residual_value - table.investment
    assert sum(row.net_flow for row in table.years) == table.net_flow
    assert table.years[-1].cumulative == table.net_saving - table.investment


def test_the_chart_says_when_the_investment_is_recovered() -> None:
    chart = cumulative_chart(assessed(proposal()))
    assert chart.sentence == "The savings have recovered the investment after 2.00 years."
    assert [row[1] for row in chart.table.rows][:3] == [
        "\N{MINUS SIGN}120,000.00",
        "\N{MINUS SIGN}60,000.00",
        "0.00",
    ]
    slow = cumulative_chart(assessed(proposal(simple_measure("120000", "12000"))))
    assert slow.sentence == "The savings do not recover the investment within 5 years."


def test_a_loan_that_ends_before_the_plant_runs_has_a_maturity_and_no_amount() -> None:
    late = proposal(measure_document(implementation_months=6)).model_dump(mode="json")
    short = Proposal.model_validate({**late, "finance": {"requested_maturity_months": 5}})
    assert [step.name for step in offer_working(assessed(short))] == [
        "ROI period",
        "Longest maturity",
    ]


def test_only_the_months_after_installation_repay() -> None:
    late = assessed(proposal(measure_document(implementation_months=6)))
    payment = next(s for s in offer_working(late) if s.name == "Level monthly payment")
    assert late.offer.maximum_maturity_months == 36
    assert payment.with_numbers.endswith("n = 30")
    assert [row.month for row in cover_rows(late)] == list(range(7, 37))
    assert min(row.cover for row in cover_rows(late)) == late.offer.minimum_cover
