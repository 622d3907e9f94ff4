from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import FormData

from app.simulation_form import USUAL, SimulationSheet, sent_ranges
from app.simulation_inputs import input_rows
from app.simulation_ranges import assumptions_of
from app.simulation_view import SimulationView, simulated
from appraisal.distributions import Constant, Normal, Triangular, Uniform, WholeConstant
from appraisal.scenario_model import Figure
from appraisal.simulation import simulate
from appraisal.simulation_assumptions import SimulationAssumptions
from loans.assessing.study import offered_loan
from loans.cases.assessment import Assessment
from loans.storage.database import Database
from tests import builders
from tests.app.appraised import assessed, golden, rich
from tests.app.visiting import errors_of, signed_in, text_of
from tests.appraisal.proposals import measure_document, proposal
from tests.builders import Fund, open_fund


def sheet_of(assessment: Assessment, **sent: str) -> SimulationSheet:
    names = {name.replace("__", "-"): text for name, text in sent.items()}
    return sent_ranges(FormData(names), assessment.figures)


def drawn(assessment: Assessment, **sent: str) -> SimulationView:
    sheet, found = simulated(sheet_of(assessment, **{"draws": "1000", **sent}), assessment)
    assert found is not None, sheet.head.errors
    return found


def assumed(assessment: Assessment, **sent: str) -> SimulationAssumptions:
    sheet = sheet_of(assessment, **sent)
    assert sheet.head.value is not None, sheet.head.errors
    return assumptions_of(sheet.head.value, sheet.prices)


def test_an_opened_page_draws_the_usual_ranges_and_shows_them() -> None:
    sheet = sheet_of(golden())
    assert sheet.head.value is not None
    assert assumptions_of(sheet.head.value, sheet.prices) == SimulationAssumptions()
    typed = sheet.head.typed
    assert (typed["draws"], typed["seed"]) == ("10000", "1")
    assert (typed["investment_low"], typed["investment_high"]) == ("-10", "25")
    assert (typed["savings_low"], typed["savings_high"]) == ("-25", "10")
    assert set(USUAL["added_costs"]) == {Decimal(0)}


def test_what_the_page_shows_is_what_the_simulation_says() -> None:
    assessment = golden()
    result = simulate(assessment.figures, draws=1_000, seed=7, loan=offered_loan(assessment.offer))
    found = drawn(assessment, seed="7")
    chances = {chance.name: chance.share for chance in found.chances}
    share = f"{100 * result.npv_is_positive.value:.1f} %"
    assert chances["The project gains (NPV above zero)"] == share
    npv = next(row for row in found.rows if row.name.startswith("Net present value"))
    assert npv.entered == "107,447"
    middle = result.figures[Figure.NET_PRESENT_VALUE].percentiles[50]
    assert npv.percentiles[found.percents.index(50)] == f"{middle:,.0f}"
    assert len(npv.percentiles) == len(found.percents) == 9
    assert found == drawn(assessment, seed="7")
    assert found != drawn(assessment, seed="8")


def test_three_histograms_with_their_marks() -> None:
    worth, payback, cover = drawn(golden()).charts
    for chart in (worth, payback, cover):
        assert "<svg" in chart.svg
        assert sum(int(row[1].replace(",", "")) for row in chart.table.rows) > 900
    marks = " ".join(row[2] for row in worth.table.rows)
    assert "P5" in marks
    assert "Middle" in marks
    assert "One 1.00" in " ".join(row[2] for row in cover.table.rows)


def test_own_ranges_take_the_place_of_the_usual_ones() -> None:
    sent = {
        "investment_low": "5",
        "investment_likely": "5",
        "investment_high": "5",
        "savings_high": "30",
        "price_drift": "2",
        "latest_months": "0",
    }
    found = assumed(golden(), **sent)
    assert found.investment == Constant(value=0.05)
    assert found.savings == Triangular(low=-0.25, mode=0.0, high=0.3)
    assert found.price_growth == Normal(standard_deviation=0.02, low=-0.06, high=0.06)
    assert found.delay_months == WholeConstant()
    words = {row.name: (row.spread, row.reason) for row in drawn(golden(), **sent).inputs}
    assert words["Investment"] == ("5.0 %", "As entered on this page.")
    assert words["Delay of the installation"][0] == "Always on the day"
    assert words["Added costs"][0] == "As entered"


def test_delays_and_lives_are_less_likely_the_farther_they_are() -> None:
    found = assumed(
        golden(), on_the_day="25", latest_months="3", shorter_years="2", longer_years="0"
    )
    delay, life = found.delay_months, found.life_change_years
    assert not isinstance(delay, WholeConstant)
    assert not isinstance(life, WholeConstant)
    assert delay.values == (0, 1, 2, 3)
    assert delay.probabilities == pytest.approx((0.25, 0.375, 0.25, 0.125))
    assert life.values == (-2, -1, 0)
    assert life.probabilities == pytest.approx((0.1, 0.2, 0.7))


def test_a_price_varies_in_all_its_lines_alike() -> None:
    second = measure_document("M2", savings=measure_document()["savings"])
    both = assessed(proposal(measure_document(), second))
    found = assumed(both, price__0__low="-30", together="0.5")
    assert [price.name for price in found.prices] == ["M1/R04", "M2/R04"]
    assert found.correlation is not None
    assert found.correlation.inputs == ("savings", "price_growth", "M1/R04", "M2/R04")
    assert found.correlation.matrix[0] == (1, 0.5, 0, 0)
    assert found.correlation.matrix[2] == (0, 0, 1, 1)
    words = {
        row.name: row.spread for row in drawn(both, price__0__low="-30", together="0.5").inputs
    }
    assert words["Price of line M1/R04"].startswith("From \N{MINUS SIGN}30.0 % to 0.0 %")
    assert words["Savings and prices together"] == "Coefficient 0.50"


def test_too_many_lines_of_one_price_are_refused_in_words() -> None:
    line = measure_document()["savings"][0]
    lines = [line | {"code": f"R{number:02}", "indicator": "fresh_water"} for number in range(21)]
    many = assessed(proposal(measure_document(savings=lines)))
    sheet, found = simulated(sheet_of(many, price__0__high="10"), many)
    assert found is None
    assert "share these prices" in sheet.head.errors[""]


@pytest.mark.parametrize(
    ("sent", "field", "part"),
    [
        ({"draws": "999"}, "draws", "Enter 1,000 or more"),
        ({"draws": "100001"}, "draws", "Enter 100,000 or less"),
        ({"seed": "-1"}, "seed", "seed"),
        ({"investment_low": "30"}, "investment_low", "not in ascending order"),
        ({"savings_low": "-100"}, "savings_low", "too small"),
        ({"together": "2"}, "together", "too large"),
        ({"moon": "1"}, "", "does not have"),
        ({"price-7-low": "-1"}, "", "no such price"),
    ],
)
def test_bad_input_is_named_at_its_field(sent: dict[str, str], field: str, part: str) -> None:
    assessment = golden()
    sheet, found = simulated(sheet_of(assessment, **sent), assessment)
    assert found is None
    assert part in sheet.head.errors[field]


def test_the_ends_of_a_price_are_in_order() -> None:
    sheet = sheet_of(golden(), price__0__low="10")
    assert "Enter the lower one first" in sheet.rows[0].errors["low"]
    assert sheet.has_errors
    assert not sheet_of(golden(), price__0__low="10", price__0__high="20").has_errors


def test_a_project_without_a_loan_has_no_cover() -> None:
    saving = measure_document()["savings"][0] | {"quantity_after": "400000"}
    never = assessed(proposal(measure_document(savings=[saving])))
    found = drawn(never)
    assert len(found.charts) == 2
    assert not found.charts[1].svg
    assert "In 100.0 % of the draws not within the horizon" in found.charts[1].sentence
    assert not any("instalment" in chance.name for chance in found.chances)


def test_a_project_with_everything_is_simulated_too() -> None:
    found = drawn(rich(inflation=0.02))
    assert len(found.rows) >= 5
    assert found.notes


NUMBER = st.integers(-99, 200).map(str) | st.text(max_size=4)


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "investment_low",
                "investment_high",
                "savings_likely",
                "price_drift",
                "on_the_day",
                "latest_months",
                "shorter_years",
                "longer_years",
                "together",
                "price-0-low",
                "price-0-high",
            ]
        ),
        NUMBER,
        max_size=4,
    )
)
def test_whatever_is_typed_is_drawn_or_refused(sent: dict[str, str]) -> None:
    assessment = golden()
    sheet, found = simulated(sheet_of(assessment, draws="1000", **sent), assessment)
    assert (found is None) is sheet.has_errors


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_the_page_gives_the_same_result_at_the_same_address(fund: Fund) -> None:
    application_id = builders.submitted_application(fund)
    client = signed_in(fund.database, fund.officer)
    address = f"/applications/{application_id}/simulation?draws=2000&seed=3&investment_high=40"
    first, second = (client.get(address) for _ in range(2))
    assert first.status_code == 200
    words = text_of(first.text)
    assert words == text_of(second.text)
    assert "2,000 draws, seed 3" in words
    assert "40.0 %, most likely 0.0 %" in words
    assert first.text.count("<svg") == 3


def test_bad_input_of_the_page_loses_nothing(fund: Fund) -> None:
    application_id = builders.submitted_application(fund)
    client = signed_in(fund.database, fund.manager)
    address = f"/applications/{application_id}/simulation"
    refused = client.get(address, params={"draws": "5", "seed": "12", "price-0-low": "x"})
    assert refused.status_code == 422
    assert set(errors_of(refused.text)) == {"draws", "price-0-low"}
    assert 'value="12"' in refused.text
    assert signed_in(fund.database, fund.enterprise).get(address).status_code == 403


def test_zero_correlation_is_none() -> None:
    assert assumed(golden(), together="0").correlation is None
    assert assumed(golden(), together="0.3").correlation is not None
    assert Decimal(0) in USUAL["investment"]


def test_any_other_spread_is_named_by_its_ends() -> None:
    rows = {
        row.name: row.spread
        for row in input_rows(SimulationAssumptions(savings=Uniform(low=-0.2, high=0.1)))
    }
    assert rows["Quantities saved"] == "From \N{MINUS SIGN}20.0 % to 10.0 %"
