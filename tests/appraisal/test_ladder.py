from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.ladder import LONGEST_HORIZON_MONTHS, Ladder, LadderStep, ladder
from appraisal.proposal import Measure
from tests.appraisal.proposals import measure_document, numbers, simple_measure

NINETY_PERCENT = Decimal("0.90")
A_MEASURE = ("A", "3000", "6000")
B_MEASURE = ("B", "15000", "18000")
C_MEASURE = ("C", "90000", "40000")


def measures(*figures: tuple[str, str, str], **more: Any) -> list[Measure]:
    return [
        Measure.model_validate(simple_measure(cost, saving, code=code, title=code, **more))
        for code, cost, saving in figures
    ]


def plan(*figures: tuple[str, str, str], own: str = "3000", **more: Any) -> Ladder:
    life = {"life_years": more.pop("life_years", 10)}
    return climb(measures(*figures, **life), own=own, **more)


def climb(options: list[Measure], *, own: str = "3000", **more: Any) -> Ladder:
    limits: dict[str, Any] = {
        "minor_investment": Decimal(5000),
        "discount_rate": 0.10,
        "minimum_loan": Decimal(50000),
        "maximum_loan": Decimal(200000),
    }
    return ladder(options, Decimal(own), NINETY_PERCENT, **(limits | more))


def of_outlays(outlays: list[dict[str, Any]], saving: str) -> Measure:
    savings = [{"code": "R1", "annual_amount": saving}]
    return Measure.model_validate(
        measure_document("M", investment=outlays, savings=savings, life_years=10)
    )


def paid(step: LadderStep) -> list[float]:
    """From own funds, from savings, by the loan."""
    return numbers((step.paid_from_own_funds, step.paid_from_savings, step.loan))


def test_housekeeping_pays_for_the_next_and_both_reduce_the_loan() -> None:
    planned = plan(C_MEASURE, B_MEASURE, A_MEASURE)
    assert [(s.code, s.type, s.start_month) for s in planned.steps] == [
        ("A", "A", 0),
        ("B", "B", 30),
        ("C", "C", 42),
    ]
    a, b, c = planned.steps
    assert paid(a) == [3000, 0, 0]
    assert paid(b) == [0, 15000, 0]
    assert paid(c) == [0, 24000, 66000]
    assert [step.monthly_saving_after * 3 for step in planned.steps] == [1500, 6000, 16000]
    assert planned.loan == 66000
    assert planned.loan_month == 42
    assert planned.at_once.loan == 81000
    assert planned.reduction == 15000
    assert planned.at_once.own_money_missing == 24000
    assert planned.out_of_reach == ()


def test_the_money_at_hand_is_shown_month_by_month_until_the_loan() -> None:
    months = plan(C_MEASURE, B_MEASURE, A_MEASURE).months
    assert [month.month for month in months] == list(range(43))
    shown = {m.month: numbers((m.saved, m.spent, m.cash)) for m in months}
    assert {month: shown[month] for month in (0, 29, 30, 41, 42)} == {
        0: [0, 3000, 0],
        29: [500, 0, 14500],
        30: [500, 15000, 0],
        41: [2000, 0, 22000],
        42: [2000, 24000, 0],
    }
    assert [m.month for m in months if m.started] == [0, 30, 42]
    assert months[42].started == ("C",)


def test_the_loan_is_known_for_each_month_in_which_the_long_measure_could_start() -> None:
    planned = plan(C_MEASURE, B_MEASURE, A_MEASURE)
    loans = {point.month: point.loan for point in planned.curve}
    assert len(loans) == 121
    chosen = numbers(loans[month] for month in (0, 30, 42, 50, 51))
    assert chosen == [81000, 81000, 66000, 50000, 48000]
    assert planned.curve[0].own_money_missing == 9000
    assert planned.under_minimum_from_month == 51
    assert planned.no_loan_from_month == 75
    assert planned.curve[75].loan == 0


def test_saving_longer_pushes_the_loan_under_what_the_facility_gives() -> None:
    assert not plan(C_MEASURE, B_MEASURE, A_MEASURE, saving_months=20).falls_under_minimum
    longer = plan(C_MEASURE, B_MEASURE, A_MEASURE, saving_months=21)
    assert longer.loan == 48000
    assert longer.falls_under_minimum
    without = plan(C_MEASURE, B_MEASURE, A_MEASURE, saving_months=45)
    assert without.loan == 0
    assert not without.falls_under_minimum


def test_waiting_costs_present_value_over_the_whole_life() -> None:
    planned = plan(C_MEASURE, B_MEASURE, A_MEASURE, discount_rate=0.0)
    assert planned.net_present_value_lost == pytest.approx(0)
    at_ten = plan(C_MEASURE, B_MEASURE, A_MEASURE)
    by_hand = [
        -cost + sum(saving / 12 * 1.1 ** (-month / 12) for month in range(1, 121))
        for cost, saving in ((3000, 6000), (15000, 18000), (90000, 40000))
    ]
    later = [
        value * 1.1 ** (-month / 12) for value, month in zip(by_hand, (0, 30, 42), strict=True)
    ]
    assert at_ten.at_once.net_present_value == pytest.approx(sum(by_hand))
    assert at_ten.net_present_value == pytest.approx(sum(later))
    assert at_ten.net_present_value_lost == pytest.approx(sum(by_hand) - sum(later))


def test_nil_measures_start_without_any_money_and_pay_for_the_rest() -> None:
    planned = plan(("N", "0", "2400"), A_MEASURE, own="0")
    assert [(step.code, step.start_month) for step in planned.steps] == [("N", 0), ("A", 15)]
    assert planned.loan is None
    assert planned.reduction is None
    assert planned.curve == ()
    assert planned.no_loan_from_month is None
    assert not planned.falls_under_minimum
    assert len(planned.months) == 15 + 12 + 1


def test_a_dear_measure_does_not_hold_up_a_cheaper_one_behind_it() -> None:
    planned = plan(("B1", "40000", "80000"), ("B2", "6000", "7200"), own="6000")
    assert [(step.code, step.start_month) for step in planned.steps] == [("B2", 0), ("B1", 67)]


def test_what_starts_with_the_money_at_hand_is_ordered_by_payback() -> None:
    options = (("A1", "2000", "3000"), ("A2", "2000", "5000"), ("B1", "6000", "60000"))
    planned = plan(*options, own="10000")
    assert [step.code for step in planned.steps] == ["A2", "A1", "B1"]
    assert numbers(step.paid_from_own_funds for step in planned.steps) == [2000, 2000, 6000]


def test_a_long_measure_by_itself_starts_when_its_own_part_is_at_hand() -> None:
    at_once = plan(C_MEASURE, own="9000")
    assert at_once.loan == 81000
    assert at_once.loan_month == 0
    assert at_once.reduction == 0
    assert at_once.months[0].cash == 0
    short_of_money = plan(C_MEASURE, own="8999.99")
    assert short_of_money.loan is None
    assert [lost.code for lost in short_of_money.out_of_reach] == ["C"]
    assert "no loan pays" in short_of_money.out_of_reach[0].reason


def test_the_loan_waits_for_the_own_part_beyond_the_months_of_saving() -> None:
    planned = plan(C_MEASURE, A_MEASURE, saving_months=1)
    assert planned.loan_month == 18
    assert planned.loan == 81000


def test_long_measures_share_the_loan_and_money_at_hand_pays_the_shortest_payback_first() -> None:
    planned = plan(("C2", "100000", "25000"), C_MEASURE, own="100000")
    assert {s.code: paid(s) for s in planned.steps} == {
        "C": [90000, 0, 0],
        "C2": [10000, 0, 90000],
    }
    assert planned.loan == 90000


def test_the_facility_s_largest_loan_leaves_more_to_pay() -> None:
    planned = plan(("C", "400000", "100000"), own="200000")
    assert paid(planned.steps[0]) == [200000, 0, 200000]
    unlimited = plan(("C", "400000", "100000"), own="200000", maximum_loan=None)
    assert unlimited.at_once.loan == 200000
    assert plan(("C", "400000", "100000"), own="40000", maximum_loan=None).loan == 360000


def test_what_is_not_recovered_or_never_paid_is_named() -> None:
    planned = plan(("L", "1000", "0"), ("B", "15000", "18000"), ("A", "100", "200"), own="50")
    assert {lost.code: lost.reason.split()[0] for lost in planned.out_of_reach} == {
        "L": "Not",
        "B": "The",
        "A": "The",
    }
    assert planned.steps == ()
    assert planned.net_present_value == 0
    assert len(planned.months) == 1


def test_installation_ramp_and_seasons_delay_what_is_put_aside() -> None:
    line = {"code": "R1", "annual_amount": "12000", "ramp_months": 2, "active_months": [1, 2, 3, 4]}
    seasonal = Measure.model_validate(
        simple_measure("3000", "0", savings=[line], implementation_months=1, life_years=2)
    )
    saved = numbers(month.saved for month in climb([seasonal], saving_months=26).months)
    assert saved[:6] == [0, 0, 750, 2250, 3000, 0]
    assert sum(saved) == 750 + 2250 + 3000 + 4 * 3000 + 3000


def test_prices_grow_by_the_calendar_and_not_from_the_start_of_a_measure() -> None:
    line = {"code": "R1", "annual_amount": "12000", "growth": 0.10}
    growing = Measure.model_validate(simple_measure("3000", "0", code="G", savings=[line]))
    planned = climb([growing, *measures(("N", "0", "2400"), life_years=10)], own="0")
    assert planned.steps[1].start_month == 15
    assert planned.months[16].saved == 200 + 1100


def test_replacements_are_paid_when_they_fall_due_and_working_capital_at_once() -> None:
    outlays: list[dict[str, Any]] = [
        {"code": "I1", "amount": "2000"},
        {"code": "I2", "amount": "500", "kind": "working_capital"},
        {"code": "I3", "amount": "900", "month": 5, "kind": "replacement"},
        {"code": "I4", "amount": "900", "month": 300, "kind": "replacement"},
    ]
    measure = of_outlays(outlays, "6000")
    months = climb([measure]).months
    assert numbers((months[0].spent, months[0].cash)) == [2500, 500]
    assert numbers(month.saved for month in months[4:7]) == [500, -400, 500]


def test_working_capital_is_not_lent() -> None:
    outlays = [
        {"code": "I1", "amount": "90000"},
        {"code": "I2", "amount": "10000", "kind": "working_capital"},
    ]
    measure = of_outlays(outlays, "40000")
    planned = climb([measure], own="19000")
    assert paid(planned.steps[0]) == [19000, 0, 81000]
    assert climb([measure], own="18999").loan is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"own": "-1"}, "own funds"),
        ({"horizon_months": 0}, "months ahead"),
        ({"horizon_months": LONGEST_HORIZON_MONTHS + 1}, "months ahead"),
        ({"saving_months": -1}, "months of saving"),
        ({"saving_months": 121}, "months of saving"),
    ],
)
def test_refusals(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plan(C_MEASURE, **changes)
    with pytest.raises(ValueError, match="from 0 to 1"):
        ladder([], Decimal(0), Decimal("1.1"), minor_investment=Decimal(0), discount_rate=0.1)


FIGURES = st.lists(
    st.tuples(st.integers(0, 120_000), st.integers(-5_000, 90_000)), min_size=1, max_size=5
)


@given(FIGURES, st.integers(0, 60_000), st.integers(0, 30))
def test_no_money_is_made_or_lost_on_the_ladder(
    figures: list[tuple[int, int]], own: int, saving_months: int
) -> None:
    options = [
        Measure.model_validate(
            simple_measure(
                str(cost),
                str(max(saving, 0)),
                code=f"M{number}",
                added_costs=[{"code": "K1", "annual_amount": str(max(-saving, 0))}],
            )
        )
        for number, (cost, saving) in enumerate(figures)
    ]
    planned = climb(options, own=str(own), saving_months=saving_months)
    saved = sum(month.saved for month in planned.months)
    spent = sum(month.spent for month in planned.months)
    assert planned.months[-1].cash == own + saved - spent
    paid = sum(step.paid_from_own_funds + step.paid_from_savings for step in planned.steps)
    assert spent == paid
    assert all(month.cash >= 0 for month in planned.months)
    assert sum(step.loan for step in planned.steps) == (planned.loan or 0)
    for step in planned.steps:
        assert step.investment == step.paid_from_own_funds + step.paid_from_savings + step.loan
        assert min(step.paid_from_own_funds, step.paid_from_savings, step.loan) >= 0
        assert step.loan <= Fraction(9, 10) * step.investment
    named = [step.code for step in planned.steps] + [lost.code for lost in planned.out_of_reach]
    assert sorted(named) == sorted(option.code for option in options)
