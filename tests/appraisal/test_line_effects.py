from fractions import Fraction
from typing import Any

import pytest

from appraisal.line_effects import Effect, Gap, LeftOut, effects_of
from tests.appraisal.environments import added, project, result, saving, saving_measure


def effects(*savings: dict[str, Any], **more: Any) -> tuple[Effect, ...]:
    found, left_out = effects_of(project(saving_measure(*savings, **more)))
    assert not left_out
    return found


def gaps(*savings: dict[str, Any], **more: Any) -> tuple[LeftOut, ...]:
    found, left_out = effects_of(project(saving_measure(*savings, **more)))
    assert not found
    return left_out


def test_a_saving_is_before_less_after_in_its_unit() -> None:
    (water,) = effects(saving("R1", "fresh_water", "1,000 m3", "400", "100"))
    assert [water.before, water.reduction] == [400, 300]
    assert water.scale.size == 1000
    assert water.scale.canonical.symbol == "m3"
    assert water.carbon_t is None
    assert not water.lacks_factor


def test_an_added_use_is_a_negative_reduction() -> None:
    (power,) = effects(added_costs=[added("C1", "electricity", "MWh", "100")])
    assert [power.before, power.reduction] == [0, -100]
    assert power.carbon_t == -16


def test_fuel_is_added_in_energy() -> None:
    (oil,) = effects(saving("R1", "mazut", "t", "300", "200"))
    assert oil.scale.canonical.symbol == "GJ"
    assert oil.reduction * oil.scale.size == 4040
    assert float(oil.carbon_t or 0) == pytest.approx(312.696)


def test_the_countrys_electricity_and_a_local_factor_that_wins() -> None:
    line = saving("R1", "electricity", "MWh", "100", "40")
    local = {"emission_factor_kg": "500", "emission_factor_source": "Own power station"}
    national, own = effects(line, line | local | {"code": "R2"})
    assert national.carbon_t == Fraction("9.6")
    assert own.carbon_t == 30
    assert own.scale.factor is not None
    assert own.scale.factor.source == "Own power station"


def test_heat_and_a_country_without_data_have_no_factor() -> None:
    figures = project(
        saving_measure(
            saving("R1", "heat", "Gcal", "10", "5"), saving("R2", "electricity", "kWh", "9", "1")
        ),
        country="FR",
    )
    assert [effect.lacks_factor for effect in effects_of(figures)[0]] == [True, True]


def test_wood_is_biogenic() -> None:
    wood, gas = effects(
        saving("R1", "wood", "t", "10", "5"), saving("R2", "natural gas", "m3", "10", "5")
    )
    assert wood.is_biogenic
    assert not gas.is_biogenic


def test_delay_ramp_season_life_and_horizon_are_in_the_full_years() -> None:
    line = saving("R1", "water", "m3", "10", "5")
    (plain,) = effects(line)
    assert plain.full_years == 5
    (short,) = effects(line, life_years=3, implementation_months=6)
    assert short.full_years == 3
    (cut,) = effects(line, implementation_months=6)
    assert cut.full_years == Fraction(9, 2)
    (ramped,) = effects(line | {"ramp_months": 12, "start_month": 12})
    assert ramped.full_years == Fraction(7, 2)
    (winter,) = effects(line | {"active_months": [1, 2], "start_month": 1})
    assert winter.full_years == Fraction(9, 2)
    (grown,) = effects(line | {"growth": 0.1})
    assert grown.full_years == 5


def test_a_stated_result_has_no_baseline() -> None:
    (bod,) = effects(results=[result("BOD", "kg", "1200", evidence="calculation")])
    assert bod.is_stated
    assert bod.before is None
    assert bod.reduction * bod.scale.size == Fraction("1.2")
    assert bod.full_years == 5


def test_carbon_on_a_saving_is_stated_and_never_added() -> None:
    (price,) = effects(saving("R1", "CO2", "t", "50", "20"))
    assert price.is_stated


def test_substances_keep_their_names() -> None:
    caustic, water = effects(
        saving("R1", "chemicals", "kg", "10", "5", label=" Caustic soda "),
        saving("R2", "water", "m3", "10", "5", label="Rinsing"),
    )
    assert caustic.substance == "Caustic soda"
    assert water.substance == ""
    (fibre,) = effects(results=[result("raw_materials", "t", "4", label="Fibre")])
    assert fibre.substance == "Fibre"


@pytest.mark.parametrize(
    ("line", "gap", "words"),
    [
        (saving("R1", "water", "m3", "9", "5", counts_as_output=True), Gap.OUTPUT, "Extra output"),
        (saving("R1", "output", "t", "9", "5"), Gap.OUTPUT, "Output is what"),
        (saving("R1", None, "m3", "9", "5"), Gap.INDICATOR, "choose an indicator"),
        (saving("R1", "magic", "m3", "9", "5"), Gap.INDICATOR, "one of the list"),
        ({"code": "R1", "indicator": "heat", "annual_amount": "9"}, Gap.QUANTITY, "quantities"),
        (saving("R1", "water", "barrels", "9", "5"), Gap.UNIT, "one of l, hl, m3"),
        (saving("R1", "water", "kWh", "9", "5"), Gap.UNIT, "does not measure this"),
        (saving("R1", "wood", "m3", "9", "5"), Gap.UNIT, "turns m3 of wood into energy"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: dict[str, Any], gap: Gap, words: str) -> None:
    (left_out,) = gaps(line)
    assert (left_out.measure, left_out.line, left_out.gap) == ("M1", "R1", gap)
    assert words in left_out.reason


def test_an_added_cost_in_money_names_no_result() -> None:
    cost = {"code": "C1", "indicator": "electricity", "annual_amount": "100"}
    (left_out,) = gaps(added_costs=[cost])
    assert left_out.gap is Gap.QUANTITY


def test_a_stated_result_that_cannot_be_read_is_named() -> None:
    (left_out,) = gaps(results=[result("BOD", "m3", "4")])
    assert (left_out.line, left_out.gap) == ("result 1", Gap.UNIT)
    assert "SECRET" not in gaps(results=[result("SECRET", "t", "4")])[0].reason


def test_money_without_a_result_is_not_asked_for_one() -> None:
    lines = [{"code": "R1", "annual_amount": "9"}, saving("R2", None, "hours", "9", "5")]
    assert gaps(*lines, added_costs=[added("C1", None, "kWh", "3")]) == ()


def test_contingent_and_less_tangible_lines_have_no_effect() -> None:
    avoided = saving("R1", "water", "m3", "9", "5", tier=3, probability="0.1")
    image = saving("R2", "water", "m3", "9", "5", tier=4)
    assert gaps(avoided, image) == ()
    indirect = saving("R3", "water", "m3", "9", "5", tier=2)
    assert len(effects(indirect)) == 1
