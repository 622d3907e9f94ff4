from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.cost_lines import Evidence
from appraisal.environment import IndicatorResult, environment_report
from appraisal.indicator import INDICATORS
from appraisal.line_effects import Gap
from tests.appraisal.environments import added, project, report_on, result, saving, saving_measure

WATER = saving("R1", "fresh_water", "m3", "400000", "100000", unit_price="0.20")
POWER = saving("R2", "electricity", "MWh", "100", "40", unit_price="100")
GAS = saving("R3", "natural gas", "1,000 m3", "50", "30", unit_price="300")


def only(code: str, *measures: dict[str, Any], **more: Any) -> IndicatorResult:
    found = report_on(*measures, **more).of(code)
    assert found is not None
    return found


def test_one_line_gives_one_result() -> None:
    water = only("water", saving_measure(WATER))
    assert [water.before, water.after, water.reduction] == [400_000, 100_000, 300_000]
    assert (water.unit, water.label, water.lines) == ("m3", "Water", ("M1 R1",))
    assert water.evidence is Evidence.METER
    assert water.lifetime_reduction == 1_500_000
    assert water.stated is None
    assert water.funded_reduction is None


def test_lines_of_one_unit_are_added_in_it_and_others_in_the_canonical_one() -> None:
    same = only("water", saving_measure(WATER), saving_measure(WATER, code="M2"))
    assert (same.reduction, same.unit) == (Fraction(600_000), "m3")
    thousands = saving("R9", "water", "1,000 m3", "4", "1", evidence="calculation")
    mixed = only("water", saving_measure(WATER), saving_measure(thousands, code="M2"))
    assert [mixed.reduction, mixed.before, mixed.unit] == [303_000, 404_000, "m3"]
    assert mixed.evidence is Evidence.CALCULATION
    gas = saving("R4", "natural gas", "MWh", "10", "9")
    assert only("natural_gas", saving_measure(GAS, gas)).unit == "GJ"


def test_what_the_measure_uses_more_is_taken_off() -> None:
    power = only(
        "electricity",
        saving_measure(POWER, added_costs=[added("C1", "electricity", "kWh", "9000")]),
    )
    assert power.reduction == 51
    assert power.lines == ("M1 R2", "M1 C1")
    assert power.evidence is Evidence.INVOICE


def test_different_substances_are_never_added() -> None:
    lines = (
        saving("R1", "chemicals", "t", "9", "5", label="Caustic soda"),
        saving("R2", "chemicals", "kg", "900", "100", label="caustic SODA"),
        saving("R3", "chemicals", "t", "4", "3", label="Acid"),
    )
    rows = report_on(saving_measure(*lines)).results
    assert [(row.label, float(row.reduction)) for row in rows] == [
        ("Chemicals: Acid", 1.0),
        ("Chemicals: Caustic soda", 4.8),
    ]


def test_tonnes_and_cubic_metres_of_waste_have_rows_of_their_own() -> None:
    lines = (
        saving("R1", "hazardous_waste", "t", "9", "5"),
        saving("R2", "hazardous_waste", "m3", "9", "6"),
    )
    assert {(row.unit, row.reduction) for row in report_on(saving_measure(*lines)).results} == {
        ("t", Fraction(4)),
        ("m3", Fraction(3)),
    }


def test_carbon_cites_each_factor_and_conversion() -> None:
    report = report_on(saving_measure(POWER, GAS))
    power, gas = report.carbon
    assert power.tonnes_a_year == Fraction("9.6")
    assert (power.factor.country, power.factor.year, power.conversion) == ("LT", 2023, None)
    assert float(gas.tonnes_a_year) == pytest.approx(20 * 1.89736, rel=1e-5)
    assert "33.82 MJ per m3" in (gas.conversion or "")
    carbon = report.of("co2e")
    assert carbon is not None
    assert carbon.reduction == power.tonnes_a_year + gas.tonnes_a_year
    assert carbon.before is not None
    assert carbon.after is not None
    assert carbon.before - carbon.after == carbon.reduction
    assert carbon.lifetime_reduction == 5 * carbon.reduction
    assert report.carbon_is_complete


def test_carbon_of_biomass_is_a_memo() -> None:
    report = report_on(saving_measure(saving("R1", "wood", "t", "100", "0"), POWER))
    fossil, memo = report.of("co2e"), report.of("co2_biogenic")
    assert fossil is not None
    assert memo is not None
    assert fossil.reduction == Fraction("9.6")
    assert float(memo.reduction) == pytest.approx(174.72)


def test_heat_has_no_factor_until_the_line_brings_one() -> None:
    heat = saving("R1", "heat", "Gcal", "1000", "400")
    report = report_on(saving_measure(heat))
    assert report.of("co2e") is None
    assert not report.carbon_is_complete
    assert [(gap.line, gap.gap) for gap in report.left_out] == [("R1", Gap.FACTOR)]
    local = heat | {"emission_factor_kg": "250", "emission_factor_source": "Heat supplier"}
    assert only("co2e", saving_measure(local)).reduction == 150


def test_a_stated_result_stands_beside_the_lines_and_is_not_added() -> None:
    stated = result("electricity", "MWh", "70", evidence="estimate")
    power = only("electricity", saving_measure(POWER, results=[stated]))
    assert [power.from_lines, power.stated, power.reduction] == [60, 70, 60]
    assert power.evidence is Evidence.METER
    carbon = only("co2e", saving_measure(POWER, results=[stated, result("CO2", "t", "12")]))
    computed = Fraction("9.6")
    assert [carbon.from_lines, carbon.stated, carbon.reduction] == [computed, 12, computed]


def test_a_stated_result_counts_where_no_line_shows_it() -> None:
    bod = only("bod", saving_measure(WATER, results=[result("BOD", "kg", "1200")]))
    assert [bod.from_lines, bod.stated, bod.reduction] == [None, 1200, 1200]
    assert bod.before is None
    assert bod.after is None
    only_stated = saving_measure(results=[result("electricity", "MWh", "60")])
    assert only("co2e", only_stated).from_lines == Fraction("9.6")
    other = saving_measure(code="M2", results=[result("CO2", "t", "5")])
    assert only("co2e", saving_measure(POWER), other).reduction == Fraction("14.6")


def test_only_what_is_financed_counts() -> None:
    figures = project(saving_measure(WATER), saving_measure(POWER, code="M2"))
    chosen = figures.model_copy(
        update={"finance": figures.finance.model_copy(update={"measures": ("M2",)})}
    )
    assert {row.indicator.code for row in environment_report(chosen).results} == {
        "electricity",
        "co2e",
    }


def test_the_funds_share_of_each_result() -> None:
    share = Fraction(9, 10)
    report = environment_report(project(saving_measure(WATER)), funded_share=share)
    assert report.results[0].funded_reduction == 270_000


def test_the_cost_of_a_saved_unit_leaves_out_its_own_money() -> None:
    """24,000 a year without interest, less 6,000 saved on electricity, for 300,000 m3."""
    measure = saving_measure(WATER, POWER)
    water = only("water", measure, discount_rate=0.0)
    assert water.cost is not None
    assert water.cost.levelised == pytest.approx((24_000 - 6_000) / 300_000)
    carbon = only("co2e", measure, discount_rate=0.0)
    assert carbon.cost is not None
    assert carbon.cost.levelised == pytest.approx((24_000 - 66_000) / 9.6)
    assert carbon.cost.investment_per_unit == Fraction(120_000) / Fraction("9.6")
    assert carbon.partial is None


def test_a_resource_carries_only_the_measures_that_save_it() -> None:
    water = only("water", saving_measure(WATER), saving_measure(POWER, code="M2"))
    assert water.cost is not None
    assert water.cost.investment == 120_000
    assert water.cost.other_savings == 0


def test_what_grows_has_no_cost_of_a_saved_unit() -> None:
    measure = saving_measure(WATER, added_costs=[added("C1", "diesel", "l", "10")])
    assert only("gas_diesel_oil", measure).cost is None


def test_carbon_of_some_lines_only_has_no_cost_and_says_so() -> None:
    heat = saving("R1", "heat", "Gcal", "1000", "400")
    report = report_on(saving_measure(heat, POWER))
    carbon = report.of("co2e")
    assert carbon is not None
    assert carbon.reduction == Fraction("9.6")
    assert carbon.cost is None
    assert carbon.partial == "of M1 R2 only; no emission factor: M1 R1"
    power = report.of("electricity")
    assert power is not None
    assert power.partial is None
    assert power.cost is not None


def test_carbon_of_biomass_beside_heat_without_a_factor_has_no_cost_either() -> None:
    heat, wood = saving("R1", "heat", "Gcal", "9", "4"), saving("R2", "wood", "t", "100", "0")
    memo = only("co2_biogenic", saving_measure(heat, wood))
    assert memo.cost is None
    assert memo.partial


def test_results_follow_the_catalogue() -> None:
    rows = report_on(saving_measure(WATER, POWER, GAS)).results
    order = list(INDICATORS)
    assert [row.indicator.code for row in rows] == sorted(
        (row.indicator.code for row in rows), key=order.index
    )


def test_the_conventions_are_stated() -> None:
    report = report_on(saving_measure(WATER))
    assert "net calorific value" in report.conventions["carbon"]
    assert "Extra output" in report.conventions["left_out"]


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=10**6))
def test_the_unit_on_the_bill_changes_no_carbon(before_kwh: int, saved_kwh: int) -> None:
    use = (before_kwh + saved_kwh, before_kwh)
    in_kwh = saving("R1", "natural gas", "kWh", *map(str, use))
    in_mj = saving("R1", "natural gas", "MJ", *(str(Decimal(kwh) * 36 / 10) for kwh in use))
    tonnes = [only("co2e", saving_measure(line)).reduction for line in (in_kwh, in_mj)]
    assert tonnes[0] == tonnes[1]
