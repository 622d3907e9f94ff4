from fractions import Fraction

from app.environment_table import EnvironmentTable, environment_table
from appraisal.environment import environment_report
from tests.appraisal.proposals import measure_document, proposal

ELECTRICITY = {
    "code": "R01",
    "indicator": "electricity",
    "unit": "MWh",
    "quantity_before": "900",
    "quantity_after": "600",
    "unit_price": "80",
    "evidence": "meter",
}


def shown(*savings: dict[str, str], results: tuple[dict[str, str], ...] = ()) -> EnvironmentTable:
    figures = proposal(measure_document(savings=list(savings), results=list(results)))
    return environment_table(figures, environment_report(figures, funded_share=Fraction(9, 10)))


def test_each_result_stands_in_its_unit_with_what_a_saved_unit_costs() -> None:
    table = shown(ELECTRICITY)
    power = table.results[0]
    assert (power.before, power.after, power.reduction) == ("900", "600", "300")
    assert (power.unit, power.evidence, power.stated) == ("MWh", "Meter readings", "\N{EN DASH}")
    assert power.funded == "270"
    assert power.investment == "400.00"
    assert not table.doubts


def test_carbon_names_its_factor_with_country_year_and_source() -> None:
    row = shown(ELECTRICITY).carbon[0]
    assert row.name == "M1 R01"
    assert "LT" in row.factor
    assert not row.is_biogenic


def test_carbon_without_every_factor_is_of_the_named_lines_and_has_no_cost() -> None:
    heat = {**ELECTRICITY, "code": "R02", "indicator": "heat", "unit": "Gcal"}
    carbon = next(row for row in shown(ELECTRICITY, heat).results if row.name.startswith("CO2e"))
    assert carbon.partial == "of M1 R01 only; no emission factor: M1 R02"
    assert (carbon.cost, carbon.investment) == ("\N{EN DASH}", "\N{EN DASH}")


def test_a_claim_that_cannot_be_is_a_doubt_with_what_would_settle_it() -> None:
    claim = {"indicator": "co2e", "unit": "t", "reduction": "4000"}
    doubts = shown(ELECTRICITY, results=(claim,)).doubts
    assert doubts
    assert all(doubt.needed and doubt.limit for doubt in doubts)


def test_a_saving_without_units_is_said_to_be_left_out_or_shows_no_result() -> None:
    table = shown({"code": "R01", "annual_amount": "60000"})
    assert table.results == ()
    assert table.carbon == ()
