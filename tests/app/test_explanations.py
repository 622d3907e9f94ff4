"""Every figure is explained down to the rows of the form, and its numbers give its result."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from app.environment_explanations import result_code
from app.explanations import explanations
from app.project_explanations import exact_percent
from app.row_explanations import Explanation
from loans import profile
from loans.assessing.study import Study, study
from loans.cases.assessment import assess
from tests.appraisal.proposals import measure_document, proposal
from tests.loans.sheets import with_terms

RICH = measure_document(
    "M2",
    investment=[
        {"code": "I01", "amount": "80000.00", "evidence": "quote"},
        {"code": "I02", "amount": "5000.00", "kind": "working_capital", "evidence": "quote"},
        {"code": "I03", "amount": "9000.00", "month": 30, "kind": "replacement"},
    ],
    savings=[
        {"code": "R01", "annual_amount": "45000", "growth": 0.03, "ramp_months": 6},
        {"code": "R01", "annual_amount": "12000", "tier": 2, "evidence": "invoice"},
        {"code": "R03", "annual_amount": "50000", "tier": 3, "probability": "0.1", "year": 2},
        {"code": "R04", "annual_amount": "7000", "counts_as_output": True},
    ],
    added_costs=[{"code": "C01", "quantity": "100", "unit_price": "25.5", "unit": "h"}],
    residual_value="4000.00",
    implementation_months=3,
)


def _explained(*measures: dict[str, Any], **assumptions: Any) -> Mapping[str, Explanation]:
    assessment = assess(proposal(*measures, **assumptions), profile.load("nefco-1998"))
    found = explanations(assessment, study(assessment))
    assert len({one.code for one in found}) == len(found)
    return {one.code: one for one in found}


@pytest.mark.parametrize("assumptions", [{}, {"timing": "monthly", "discount_rate": 0.1055}])
def test_every_figure_leads_down_to_the_rows_of_the_form(assumptions: dict[str, Any]) -> None:
    explained = _explained(measure_document(), RICH, **assumptions)
    for one in explained.values():
        assert set(one.rests_on) <= set(explained), one.code
    leaves = {code for code, one in explained.items() if not one.rests_on}
    assert {"M1.I01", "M1.R04", "M2.R01", "M2.R01.2"} <= leaves
    for figure in ("net_present_value", "internal_rate_of_return", "minimum_cover"):
        reached = _below(explained, figure)
        assert {"M1.I01", "M1.R04", "M2.I03", "M2.C01"} <= reached, figure
        assert "M2.R04" not in reached, "extra output is in no figure"


def _below(explained: Mapping[str, Explanation], code: str) -> set[str]:
    parts = explained[code].rests_on
    return set(parts).union(*(_below(explained, part) for part in parts))


@pytest.mark.parametrize("assumptions", [{}, {"timing": "monthly", "discount_rate": 0.1055}])
def test_the_numbers_of_a_sum_add_up_to_its_result(assumptions: dict[str, Any]) -> None:
    explained = _explained(measure_document(), RICH, **assumptions)
    sums = [
        one
        for code, one in explained.items()
        if re.fullmatch(r"(M\d\.)?(investment|net_annual_saving)|flow\.\d|net_present_value", code)
    ]
    assert len(sums) == 13
    for one in sums:
        addends = re.findall("\N{MINUS SIGN}?[0-9,]+[.][0-9]{2}", one.with_numbers)
        assert sum(map(_number, addends)) == pytest.approx(_number(one.result), abs=0.05), one.code


def _number(text: str) -> float:
    return float(text.removeprefix("EUR ").replace("\N{MINUS SIGN}", "-").replace(",", ""))


def test_rows_say_how_far_they_count() -> None:
    explained = _explained(RICH)
    assert explained["M2.R01"].note.startswith("Counted provisionally")
    assert "second line" in explained["M2.R01.2"].note
    assert explained["M2.R03"].with_numbers == "10.0 % x 50,000.00, in year 2"
    assert "counted in no figure" in explained["M2.R04"].note
    assert explained["M2.C01"].with_numbers == "-100 h x 25.5"
    assert explained["M2.C01"].result == "EUR \N{MINUS SIGN}2,550.00"


def test_the_golden_case_is_worked_out_in_full() -> None:
    explained = _explained()
    assert explained["M1.R04"].with_numbers == "(400,000 - 100,000) m3 x 0.20"
    assert explained["payback_years"].with_numbers == "120,000.00 / 60,000.00"
    assert explained["present_value.3"].with_numbers == "60,000.00 / (1 + 10 %) ^ 3"
    assert "15,867.77 / 45,078.89" in explained["discounted_payback_years"].with_numbers
    assert explained["profitability_index"].result == "1.8954"
    assert explained["maximum_maturity_months"].result == "28 months"
    assert explained["maximum_amount"].result == "EUR 108,000.00"
    assert explained["indicative_level_payment"].result == "EUR 4,143.06"


@pytest.mark.parametrize(
    "changes",
    [
        {"savings": [{"code": "R01", "annual_amount": "0"}]},
        {"investment": []},
        {"savings": [], "added_costs": [{"code": "C01", "annual_amount": "500"}]},
    ],
)
def test_odd_projects_are_explained_without_a_number_that_is_none(changes: dict[str, Any]) -> None:
    for one in _explained(measure_document(**changes)).values():
        for text in (one.name, one.formula, one.with_numbers, one.result, one.note):
            assert not re.search(r"\b(nan|None|inf)\b", text), one


@pytest.mark.parametrize(("rate", "shown"), [(0.1, "10 %"), (0.1055, "10.55 %"), (0.0, "0 %")])
def test_a_rate_shows_the_digits_it_has(rate: float, shown: str) -> None:
    assert exact_percent(rate) == shown


def _studied(
    *measures: dict[str, Any], **assumptions: Any
) -> tuple[Study, Mapping[str, Explanation]]:
    assessment = assess(proposal(*measures, **assumptions), profile.load("nefco-1998"))
    studied = study(assessment)
    found = explanations(assessment, studied)
    return studied, {one.code: one for one in found}


TAXED = {"inflation": 0.03, "tax": {"rate": "0.2", "depreciation_years": 4}}


def test_the_wider_lines_are_the_line_before_and_what_they_add() -> None:
    explained = _explained(measure_document(), RICH)
    for prefix, added in (("tiers_1_2", "M2.R01.2"), ("with_tier_3", "M2.R03")):
        worth = explained[f"{prefix}.net_present_value"]
        addends = re.findall("\N{MINUS SIGN}?[0-9,]+[.][0-9]{2}", worth.with_numbers)
        assert sum(map(_number, addends)) == pytest.approx(_number(worth.result), abs=0.05)
        assert added in worth.rests_on
    saving = explained["tiers_1_2.net_annual_saving"]
    assert saving.with_numbers.endswith(" + R01 12,000.00")
    once = explained["with_tier_3.net_annual_saving"]
    assert once.result == saving.result
    assert "one year only" in once.note


def test_flows_of_the_day_and_after_tax_lead_to_the_rows() -> None:
    explained = _explained(measure_document(), RICH, **TAXED)
    for figure in ("nominal.net_present_value", "after_tax.net_present_value"):
        assert {"M1.I01", "M1.R04", "M2.I03", "M2.C01"} <= _below(explained, figure), figure
    assert explained["nominal.discount_rate"].with_numbers == "(1 + 10 %) x (1 + 3 %) - 1"
    assert explained["nominal.discount_rate"].result == "13.30 %"
    total = explained["nominal.net_present_value"]
    parts = re.findall(r"(\N{MINUS SIGN}?[0-9,.]+) / ([0-9.]+)", total.with_numbers)
    worth = sum(_number(flow) / float(divisor) for flow, divisor in parts)
    assert worth == pytest.approx(_number(total.result), rel=1e-3)
    assert total.result == explained["net_present_value"].result
    for year in range(1, 6):
        flow = explained[f"after_tax.flow.{year}"]
        addends = re.findall("\N{MINUS SIGN}?[0-9,]+[.][0-9]{2}", flow.with_numbers)
        assert sum(map(_number, addends)) == pytest.approx(_number(flow.result), abs=0.03)


def test_without_inflation_tax_rests_on_the_flows_themselves() -> None:
    explained = _explained(measure_document(), tax={"rate": "0.2"}, timing="monthly")
    assert "flow.1" in explained["after_tax.flow.1"].rests_on
    assert not any(code.startswith("nominal.") for code in explained)
    assert "in their months" in explained["after_tax.net_present_value"].with_numbers
    monthly = _explained(measure_document(), timing="monthly", **TAXED)
    assert "in its months" in monthly["nominal.flow.1"].with_numbers


def test_a_project_without_a_rate_of_return_explains_that_too() -> None:
    saving = measure_document()["savings"][0] | {"quantity_after": "400000"}
    explained = _explained(measure_document(savings=[saving]), **TAXED)
    assert explained["nominal.internal_rate_of_return"].with_numbers == "There is no single IRR"
    idle = _explained(measure_document(savings=[saving], investment=[]), **TAXED)
    real = idle["after_tax.real_internal_rate_of_return"]
    assert (real.with_numbers, real.result) == ("There is no single rate", "\N{EN DASH}")
    assert explained["after_tax.payback_years"].result.startswith("Not recovered")
    assert explained["tiers_1_2.payback_years"].result == "Not recovered"
    assert "limit.cover" not in explained


def test_the_loan_rests_on_each_of_its_limits() -> None:
    explained = _explained(measure_document())
    loan = explained["maximum_amount"]
    assert set(loan.rests_on) == {"limit.financed_share", "limit.facility_maximum", "limit.cover"}
    assert explained["limit.financed_share"].with_numbers == "90 % x 120,000.00"
    assert explained["limit.financed_share"].rests_on == ("M1.I01",)
    assert explained["limit.financed_share"].result == "EUR 108,000.00"
    # 5,000 a month for 28 months at 0.5 % a month are worth 130,338.45.
    assert explained["loan_life_cover"].with_numbers == "130,338.45 / 108,000.00"
    assert explained["loan_life_cover"].result == "1.21"
    assert explained["debt_capacity"].with_numbers.startswith("130,338.45 / 1.2 = 108,615.37")
    assert explained["average_cover"].with_numbers == "140,000.00 / (28 x 4,143.06)"


@pytest.mark.parametrize(
    ("begins", "named", "numbers"),
    [
        ("first_disbursement", "ROI period from the first pay-out", "3 + 24.0"),
        ("commissioning", "ROI period from commissioning", "0 + 24.0"),
    ],
)
def test_the_roi_period_says_where_it_begins(begins: str, named: str, numbers: str) -> None:
    document = proposal(measure_document(implementation_months=3))
    assessment = assess(document, with_terms(roi_period_from=begins))
    found = explanations(assessment, study(assessment))
    roi = next(one for one in found if one.code == "roi_period_months")
    assert (roi.name, roi.with_numbers) == (named, numbers)


def test_interest_during_installation_is_explained_where_there_is_some() -> None:
    waiting = measure_document(implementation_months=1)
    explained = _explained(waiting)
    assert explained["grace_interest_payment"].with_numbers == "108,000.00 x 6.0 % / 12"
    assert explained["grace_interest_payment"].result == "EUR 540.00"
    assert explained["indicative_level_payment"].note == "1 month of interest only come first."
    assert "grace_interest_payment" not in _explained(measure_document())


POWER = {
    "code": "R05",
    "indicator": "electricity",
    "unit": "MWh",
    "quantity_before": "1000",
    "quantity_after": "600",
    "unit_price": "80",
    "evidence": "meter",
}


def test_results_for_the_environment_lead_to_their_rows_and_factors() -> None:
    stated = [
        {"indicator": "waste_water", "unit": "m3", "reduction": "250000", "evidence": "meter"}
    ]
    document = measure_document(savings=[*measure_document()["savings"], POWER], results=stated)
    studied, explained = _studied(document)
    assert {part for one in explained.values() for part in one.rests_on} <= set(explained)
    power = explained["environment.electricity.MWh"]
    assert (power.with_numbers, power.result) == ("M1 R05 400", "400 MWh")
    assert power.rests_on == ("M1.R05",)
    carbon = explained["carbon.M1.R05"]
    assert "kg CO2e per" in carbon.with_numbers
    tonnes = explained["environment.co2e.t"]
    assert tonnes.rests_on == ("carbon.M1.R05",)
    assert tonnes.result.split(" ")[0] == carbon.result.split(" ")[0]
    told = explained["environment.wastewater.m3"]
    assert told.rests_on == ("M1.result 1",)
    assert explained["M1.result 1"].result == "250,000 m3"
    for result in studied.environment.results:
        code = next(
            one for one in explained if one.endswith(".cost") and result.indicator.code in one
        )
        assert set(explained[code].rests_on) >= {"M1.investment", "M1.net_annual_saving"}
    funded = explained["environment.electricity.MWh.funded"]
    assert funded.with_numbers == "400 x 108,000.00 / 120,000.00"
    assert funded.result == "360 MWh"


def test_the_loan_of_the_ladder_is_explained_where_a_quick_measure_comes_before() -> None:
    quick = measure_document(
        "M0", investment=[{"code": "I01", "amount": "500", "evidence": "quote"}]
    )
    studied, explained = _studied(quick, measure_document())
    assert studied.ladder is not None
    assert studied.ladder.loan is not None
    loan = explained["ladder.loan"]
    first, second = (_number(part) for part in loan.with_numbers.split(" - "))
    assert first - second == pytest.approx(_number(loan.result), abs=0.02)
    assert {"M0.net_annual_saving", "M1.investment"} <= set(loan.rests_on)
    lost = explained["ladder.net_present_value_lost"]
    assert _number(lost.result) == pytest.approx(studied.ladder.net_present_value_lost, abs=0.01)
    for alone in (quick, measure_document()):
        assert not any(code.startswith("ladder.") for code in _studied(alone)[1])


def test_lines_in_different_units_are_added_in_the_unit_of_the_result() -> None:
    more = POWER | {"code": "R06", "unit": "kWh", "quantity_before": "9000", "quantity_after": "0"}
    studied, explained = _studied(measure_document(savings=[POWER, more]))
    result = studied.environment.of("electricity")
    assert result is not None
    power = explained[result_code(result)]
    addends = [_number(part.split(" ")[-1]) for part in power.with_numbers.split(" + ")]
    assert sum(addends) == pytest.approx(float(result.reduction))
    assert _number(power.result.split(" ")[0]) == pytest.approx(float(result.reduction))
