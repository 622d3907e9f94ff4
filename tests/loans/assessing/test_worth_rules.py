from typing import Any

import pytest

from loans.assessing.finding import Outcome, Subject
from tests.loans.proposals import measure
from tests.loans.sheets import GOOD, needed, of


def test_a_project_worth_less_than_it_costs_says_which_saving_would_do() -> None:
    poor = of(measure(cost="120000", saving="30000"))["net_present_value"]
    assert (poor.outcome, poor.subject) == (Outcome.WARN, Subject.WORTH)
    assert poor.value == "net present value EUR \N{MINUS SIGN}6,276"
    assert "at least EUR 31,655.70 in place of EUR 30,000.00" in needed(poor)
    assert of(GOOD)["net_present_value"].outcome is Outcome.PASS
    assert of(GOOD)["net_present_value"].limit == "zero or more within 5 years at 10 % a year"


@pytest.mark.parametrize("changes", [{"saving": "0"}, {"saving": "900", "start_month": 59}])
def test_savings_that_never_count_have_no_figure_that_would_do(changes: dict[str, Any]) -> None:
    line = {"code": "S1", "annual_amount": changes.pop("saving"), "growth": -0.9, **changes}
    found = of(GOOD | {"savings": [line], "added_costs": [{"code": "K", "annual_amount": "9"}]})
    assert needed(found["net_present_value"]) == (
        "A net yearly saving above zero within the horizon."
    )


def test_of_several_rates_none_is_meant_and_the_present_value_decides() -> None:
    outlays = [
        {"code": "I1", "amount": "100000", "evidence": "quote"},
        {"code": "I2", "amount": "132000", "month": 24, "kind": "replacement", "evidence": "quote"},
    ]
    line = {"code": "S1", "annual_amount": "230000", "evidence": "invoice"}
    short = GOOD | {"investment": outlays, "savings": [line], "life_years": 1}
    found = of(short, assumptions={"horizon_years": 2})["one_rate_of_return"]
    assert found.outcome is Outcome.WARN
    assert found.value.startswith("10 %, 20 %.")
    assert "not by a rate" in needed(found)


def test_no_rate_is_no_fault() -> None:
    found = of(measure(cost="0", saving="6000"))["one_rate_of_return"]
    assert found.outcome is Outcome.PASS
    assert found.value


def test_paybacks_that_differ_by_more_than_a_tenth_are_a_warning() -> None:
    late = of(GOOD | {"implementation_months": 3})["payback_methods"]
    assert late.outcome is Outcome.WARN
    assert late.value == "simple 2.00 years, cumulative 2.25 years"
    assert "1.80 to 2.20 years" in needed(late)
    assert of(GOOD | {"implementation_months": 2})["payback_methods"].outcome is Outcome.PASS


def test_an_outlay_not_recovered_within_the_horizon_is_a_warning() -> None:
    slow = of(measure(cost="120000", saving="20000"))["payback_methods"]
    assert (slow.outcome, slow.value) == (Outcome.WARN, "simple 6.00 years, cumulative never")
    assert of(measure(cost="120000", saving="0"))["payback_methods"].outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("life", "horizon", "longest"), [(5, 6, 5), (15, 11, 10), (1, 2, 1), (5, 5, None)]
)
def test_the_horizon_ends_with_the_life_of_the_equipment(
    life: int, horizon: int, longest: int | None
) -> None:
    sheet = of(GOOD | {"life_years": life}, assumptions={"horizon_years": horizon})
    found = sheet["horizon"]
    unit = "year" if longest == 1 else "years"
    expected = "" if longest is None else f"A horizon of at most {longest} {unit}."
    assert needed(found) == expected


RIVALS = [
    measure("C1", cost="90000", saving="40000", alternative_group="G"),
    measure("C2", cost="120000", saving="60000", alternative_group="G"),
]


def test_the_alternative_that_is_worth_less_is_a_warning() -> None:
    chosen = of(*RIVALS, finance={"measures": ["C1"]})["alternative_G"]
    assert chosen.outcome is Outcome.WARN
    assert chosen.value == "C1 chosen"
    assert chosen.limit == "C1 EUR 61,631; C2 EUR 107,447"
    assert needed(chosen).startswith("Finance C2 instead.")
    best = of(*RIVALS, finance={"measures": ["C2"]})["alternative_G"]
    assert best.outcome is Outcome.PASS


def test_alternatives_of_which_none_is_financed_are_shown() -> None:
    found = of(GOOD, *RIVALS, finance={"measures": ["M1"]})["alternative_G"]
    assert (found.outcome, found.value) == (Outcome.PASS, "none of them is to be financed")


def test_of_alternatives_that_all_lose_none_passes() -> None:
    losing = [one | {"savings": measure("X", cost="1", saving="9000")["savings"]} for one in RIVALS]
    found = of(*losing, finance={"measures": ["C1"]})["alternative_G"]
    assert found.outcome is Outcome.WARN
    assert needed(found).endswith("doing none of them is worth more.")


def test_alternatives_of_different_life_are_held_by_the_year() -> None:
    short = RIVALS[0] | {"life_years": 3}
    found = of(short, RIVALS[1], finance={"measures": ["C2"]})["alternative_G"]
    assert found.limit.endswith(" a year")
