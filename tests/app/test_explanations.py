"""Every figure is explained down to the rows of the form, and its numbers give its result."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from app.explanations import explanations
from app.project_explanations import exact_percent
from app.row_explanations import Explanation
from loans import profile
from loans.assessment import assess
from tests.appraisal.proposals import measure_document, proposal

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
    found = explanations(assessment)
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
