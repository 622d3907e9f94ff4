from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.cash_flow import cash_flow, investment_of, net_annual_saving_of, yearly
from appraisal.cost_inventory import Level
from tests.appraisal.proposals import measure, numbers

MONTHS = st.integers(0, 24)


def _savings(
    last_month: int = 60, implementation_months: int = 0, **line: Any
) -> tuple[Fraction, ...]:
    saving = {"code": "R01", "annual_amount": "1200", **line}
    one = measure(savings=[saving], implementation_months=implementation_months)
    return cash_flow([one], last_month).net_savings


def test_without_delay_each_year_has_one_full_saving() -> None:
    flow = cash_flow([measure()], 60)
    assert numbers(flow.monthly[:3]) == [-120000, 5000, 5000]
    assert numbers(yearly(flow.monthly)) == [-120000, *[60000] * 5]


def test_savings_begin_after_commissioning_and_start_month() -> None:
    series = _savings(implementation_months=3, start_month=2)
    assert series[5] == 0
    assert series[6] == 100
    assert sum(series[:13]) == 700


def test_savings_end_with_the_life_counted_from_commissioning() -> None:
    one = measure(life_years=1, implementation_months=6, residual_value="700")
    flow = cash_flow([one], 60)
    assert [month for month, saving in enumerate(flow.net_savings) if saving] == list(range(7, 19))
    assert flow.residual_value[18] == 700
    assert sum(flow.monthly) == -120000 + 60000 + 700
    assert sum(flow.monthly_without_residual) == -60000


def test_the_horizon_cuts_savings_and_brings_the_residual_value_forward() -> None:
    flow = cash_flow([measure(life_years=10, residual_value="700")], 24)
    assert len(flow.monthly) == 25
    assert sum(flow.net_savings) == 120000
    assert flow.residual_value[24] == 700


def test_the_ramp_is_a_straight_line() -> None:
    series = _savings(ramp_months=4)
    assert numbers(series[1:6]) == [12.5, 37.5, 62.5, 87.5, 100]


def test_active_months_hold_the_whole_year() -> None:
    series = _savings(active_months=(1, 2, 11, 12))
    assert numbers(series[1:13]) == [300, 300, *[0] * 8, 300, 300]
    later = _savings(active_months=(1, 2, 11, 12), implementation_months=6)
    assert numbers(later[7:15]) == [0, 0, 0, 0, 300, 300, 300, 300]


def test_prices_grow_after_each_full_year_from_month_0() -> None:
    series = _savings(growth=0.1)
    assert numbers([series[12], series[13], series[25]]) == [100, 110, 121]
    assert _savings(growth=0.1, implementation_months=6)[13] == 110


def test_added_costs_run_alike() -> None:
    costs = [{"code": "K1", "quantity": "12", "unit_price": "10", "start_month": 1}]
    flow = cash_flow([measure(added_costs=costs)], 60)
    assert numbers(flow.net_savings[1:3]) == [5000, 4990]
    assert net_annual_saving_of([measure(added_costs=costs)]) == 59880


def test_investment_falls_in_its_month() -> None:
    lines = [{"code": "I1", "amount": "100"}, {"code": "I2", "amount": "50", "month": 3}]
    one = measure(investment=lines)
    assert numbers(cash_flow([one], 12).investment[:4]) == [100, 0, 0, 50]
    assert investment_of([one, measure()]) == 120150


@pytest.mark.parametrize(
    ("changes", "direct", "with_indirect"),
    [
        ({}, 160, 160),
        ({"tier": 2, "evidence": "invoice"}, 100, 160),
        ({"tier": 2, "evidence": "estimate"}, 100, 100),
        ({"tier": 2}, 100, 100),
        ({"tier": 3, "evidence": "invoice"}, 100, 100),
        ({"tier": 4, "evidence": "invoice"}, 100, 100),
        ({"counts_as_output": True, "evidence": "meter"}, 100, 100),
        ({"counts_as_output": True, "tier": 2, "evidence": "meter"}, 100, 100),
    ],
)
def test_what_counts(changes: dict[str, Any], direct: int, with_indirect: int) -> None:
    lines = [
        {"code": "R1", "annual_amount": "100"},
        {"code": "R2", "annual_amount": "60", **changes},
    ]
    one = measure(savings=lines)
    assert net_annual_saving_of([one]) == direct
    assert net_annual_saving_of([one], level=Level.TIERS_1_2) == with_indirect
    assert sum(cash_flow([one], 12).net_savings) == direct


def test_long_decimals_stay_exact() -> None:
    line = {
        "code": "R1",
        "quantity_before": "123456789.1234567890123456789",
        "quantity_after": "0.0000000000000000001",
        "unit_price": "0.1234567890123456789",
    }
    exact = (
        Fraction(Decimal(line["quantity_before"])) - Fraction(Decimal(line["quantity_after"]))
    ) * Fraction(Decimal(line["unit_price"]))
    assert Fraction(net_annual_saving_of([measure(savings=[line])])) == exact


def test_years_of_a_part_year() -> None:
    assert numbers(yearly([Fraction(5), *[Fraction(1)] * 14])) == [5, 12, 2]


@given(MONTHS, MONTHS, st.integers(0, 12), st.integers(1, 6))
def test_a_line_earns_its_life_whatever_the_delay(
    delay: int, start: int, ramp: int, life_years: int
) -> None:
    start = min(start, 12 * life_years - 1)
    one = measure(
        savings=[
            {"code": "R1", "annual_amount": "1200", "start_month": start, "ramp_months": ramp}
        ],
        implementation_months=delay,
        life_years=life_years,
    )
    flow = cash_flow([one], 200)
    run = 12 * life_years - start
    lost = sum(
        (1 - Fraction(2 * month - 1, 2 * ramp) for month in range(1, min(ramp, run) + 1)),
        Fraction(0),
    )
    assert sum(flow.net_savings) == 100 * (run - lost)
    assert sum(yearly(flow.monthly)) == sum(flow.monthly)


@given(st.sets(st.integers(1, 12), min_size=1), MONTHS)
def test_a_season_moves_money_but_keeps_the_year(months: set[int], delay: int) -> None:
    series = _savings(84, delay, active_months=sorted(months))
    assert sum(series) == 1200 * 5
    assert sum(series[delay + 1 : delay + 13]) == 1200
