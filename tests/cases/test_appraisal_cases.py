"""Published appraisals: spreadsheets, libraries, textbooks and cleaner-production projects."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy_financial
import pytest

from appraisal.cash_flow import net_annual_saving_of
from appraisal.depreciation import declining_balance, sum_of_years_digits
from appraisal.indicators import (
    discounted_payback_years,
    extended_net_present_value,
    modified_internal_rate_of_return,
    net_present_value,
    payback_years,
    profitability_index,
)
from appraisal.irr import extended_internal_rate_of_return, internal_rate_of_return
from appraisal.measure_type import payback_ratio
from appraisal.money import round_half_up
from appraisal.prices import nominal_rate
from appraisal.savings_cover import exact_level_payment
from tests.appraisal.proposals import measure

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "data" / "appraisal.json").read_text())["cases"]
}

MISPRINTS = {"DPB-CENGEL-14": 9.189, "CP-EG-DAIRY-5": 2}
"""Cases whose source prints a wrong figure, with the right one."""

SPREADSHEET: Any = numpy_financial
"""The annuity functions of a spreadsheet, in a package without types."""

NOT_IN_THE_PRODUCT = {
    "DAX-NPER-1": "the length of an annuity, paid at the beginning of each period",
    "DAX-CUM-1": "the interest of an annuity that is paid at the beginning of each period",
}
"""What no part of the product computes: numpy-financial shows the published figure."""


def _near(identifier: str, figure: str, value: float | None) -> None:
    """The value is the published one, within the case's tolerance."""
    case = CASES[identifier]
    tolerance = case["tolerance"]
    if isinstance(tolerance, dict):
        tolerance = tolerance.get(figure, tolerance.get("*"))
    assert value == pytest.approx(case["expected"][figure], abs=tolerance, rel=0)


def _flows(identifier: str) -> list[float]:
    flows: list[float] = CASES[identifier]["inputs"]["flows"]
    return flows


def _rate_of(flows: list[float]) -> float | None:
    return internal_rate_of_return(flows).rate


def _days(identifier: str) -> list[date]:
    return [date.fromisoformat(day) for day in CASES[identifier]["inputs"]["dates"]]


@pytest.mark.parametrize(
    ("identifier", "figure", "periods"),
    [
        ("XL-IRR-1", "irr_5y", 6),
        ("XL-IRR-1", "irr_4y", 5),
        ("XL-IRR-1", "irr_2y", 3),
        ("NPF-IRR-1", "irr", 6),
        ("FJS-IRR-1", "irr", 6),
        ("CP-BALER", "irr", 11),
    ],
)
def test_internal_rates(identifier: str, figure: str, periods: int) -> None:
    _near(identifier, figure, _rate_of(_flows(identifier)[:periods]))


def test_internal_rates_of_a_library_set() -> None:
    case = CASES["PYX-IRR-SET"]
    sets = zip(case["inputs"]["flow_sets"], case["expected"]["irr"], strict=True)
    for flows, published in sets:
        result = internal_rate_of_return(flows)
        assert min(abs(root - published) for root in result.roots) < case["tolerance"]


def test_rate_and_value_of_a_long_project() -> None:
    flows = _flows("SAM-IRR-1")
    result = internal_rate_of_return(flows)
    assert result.rate is not None
    _near("SAM-IRR-1", "irr_pct", 100 * result.rate)
    rate = CASES["SAM-IRR-1"]["inputs"]["nominal_rate"]
    _near("SAM-IRR-1", "npv", net_present_value(rate, flows))


@pytest.mark.parametrize("identifier", ["XL-XIRR-1", "DAX-XIRR-1", "LO-XIRR-1998"])
def test_dated_rates(identifier: str) -> None:
    result = extended_internal_rate_of_return(_days(identifier), _flows(identifier))
    _near(identifier, "xirr", result.rate)


def test_dated_rate_by_actual_days_over_365() -> None:
    result = extended_internal_rate_of_return(_days("MW-XIRR-DC"), _flows("MW-XIRR-DC"))
    _near("MW-XIRR-DC", "act/365F", result.rate)


def test_dated_value() -> None:
    rate = CASES["DAX-XNPV-1"]["inputs"]["rate"]
    value = extended_net_present_value(rate, _days("DAX-XNPV-1"), _flows("DAX-XNPV-1"))
    _near("DAX-XNPV-1", "xnpv", value)


@pytest.mark.parametrize(
    ("identifier", "figure", "periods", "number"),
    [
        ("XL-MIRR-1", "mirr_5y_12", 6, 0),
        ("XL-MIRR-1", "mirr_3y_12", 4, 0),
        ("XL-MIRR-1", "mirr_5y_14", 6, 1),
        ("MES-MIRR-1", "mirr", 4, 0),
        ("NPF-MIRR-1", "mirr", 10, 0),
        ("NPF-MIRR-2", "mirr", 5, 0),
    ],
)
def test_modified_rates(identifier: str, figure: str, periods: int, number: int) -> None:
    inputs = CASES[identifier]["inputs"]
    reinvested = inputs.get("reinvest_rates") or [inputs["reinvest_rate"]]
    rate = modified_internal_rate_of_return(
        _flows(identifier)[:periods], inputs["finance_rate"], reinvested[number]
    )
    _near(identifier, figure, rate)


@pytest.mark.parametrize(
    ("identifier", "field", "figure", "lead"),
    [
        ("MES-NPV-1", "flows_excel_args", "excel_npv", [0]),
        ("VBA-NPV-1", "flows_excel_args", "excel_npv", [0]),
        ("ADB-NPV-2", "flows_end_of_period", "npv", [0]),
        ("NPF-NPV-1", "flows", "npv", []),
        ("PYX-NPV-1", "flows", "npv_t0", []),
        ("PYX-NPV-1", "flows", "npv_excel", [0]),
        ("PB-ACCA-NEHBY", "flows", "npv", []),
    ],
)
def test_present_values(identifier: str, field: str, figure: str, lead: list[float]) -> None:
    """A spreadsheet's NPV discounts its first value too: the same as an empty time 0 in front."""
    inputs = CASES[identifier]["inputs"]
    _near(identifier, figure, net_present_value(inputs["rate"], [*lead, *inputs[field]]))


def test_a_printed_value_that_discounts_the_outlay() -> None:
    flows, rate = _flows("CP-BALER"), CASES["CP-BALER"]["inputs"]["marr"]
    assert net_present_value(rate, flows) == pytest.approx(35375, abs=1)
    _near("CP-BALER", "npv_printed", net_present_value(rate, [0, *flows]))
    _near("CP-BALER", "payback_years", payback_years(flows))


def test_payback_from_the_first_of_two_outlays() -> None:
    _near("PB-ACCA-NEHBY", "simple_payback", payback_years(_flows("PB-ACCA-NEHBY")))


@pytest.mark.parametrize("identifier", ["DPB-2", "DPB-3", "DPB-4"])
def test_discounted_paybacks(identifier: str) -> None:
    rate = CASES[identifier]["inputs"]["rate"]
    years = discounted_payback_years(rate, _flows(identifier))
    _near(identifier, "discounted_payback", years)


def test_discounted_paybacks_of_level_savings() -> None:
    """The source's closed form bends inside the year; a straight line lies a little later."""
    inputs = CASES["DPB-CENGEL"]["inputs"]
    published = CASES["DPB-CENGEL"]["expected"]["discounted_payback"]
    for rate, years in zip(inputs["rates"], published, strict=True):
        ours = discounted_payback_years(rate, [-inputs["simple_payback"], *[1] * 20])
        assert ours is not None
        assert years - 0.006 <= ours <= years + 0.025


def test_a_discounted_payback_with_its_digits_swapped_in_print() -> None:
    case = CASES["DPB-CENGEL-14"]
    ours = discounted_payback_years(case["inputs"]["rate"], [-5.0, *[1] * 20])
    assert ours == pytest.approx(MISPRINTS["DPB-CENGEL-14"], abs=0.025)
    assert ours != pytest.approx(case["expected"]["discounted_payback"], abs=0.5)


@pytest.mark.parametrize(
    "identifier",
    [
        name
        for name, case in CASES.items()
        if "payback_months_rounded" in case["expected"] and case["reproduced"]
    ],
)
def test_payback_in_months(identifier: str) -> None:
    """The source prints at least one month for a measure that costs anything."""
    inputs = CASES[identifier]["inputs"]
    months = _payback_months(inputs)
    printed = max(1, round_half_up(months)) if inputs["investment"] else round_half_up(months)
    assert printed == CASES[identifier]["expected"]["payback_months_rounded"]


def test_a_payback_that_the_source_rounded_up() -> None:
    case = CASES["CP-EG-DAIRY-5"]
    months = round_half_up(_payback_months(case["inputs"]))
    assert months == MISPRINTS["CP-EG-DAIRY-5"]
    assert months != case["expected"]["payback_months_rounded"]


def test_payback_under_two_months() -> None:
    assert CASES["CP-US-DAIRY"]["expected"]["under_2_months"]
    assert _payback_months(CASES["CP-US-DAIRY"]["inputs"]) < 2


@pytest.mark.parametrize("identifier", ["CP-US-DAS", "CP-US-DOC"])
def test_payback_in_years(identifier: str) -> None:
    _near(identifier, "payback_years", float(_payback_months(CASES[identifier]["inputs"]) / 12))


def _payback_months(inputs: dict[str, Any]) -> Fraction:
    years = payback_ratio(Decimal(inputs["investment"]), Decimal(inputs["annual_saving"]))
    assert years is not None
    return 12 * years


def _net_saving(
    *amounts: float, added: tuple[float, ...] = (), output: tuple[float, ...] = ()
) -> Decimal:
    """Net saving of a measure with these savings, added costs and extra output a year."""
    counted = [{"code": "R", "annual_amount": str(amount)} for amount in amounts]
    shown = [
        {"code": "X", "annual_amount": str(amount), "counts_as_output": True} for amount in output
    ]
    costs = [{"code": "K", "annual_amount": str(amount)} for amount in added]
    return net_annual_saving_of([measure(savings=counted + shown, added_costs=costs)])


def test_parts_add_up_to_the_printed_totals() -> None:
    inputs = CASES["CP-EG-DAIRY-SUM"]["inputs"]
    _near("CP-EG-DAIRY-SUM", "total_saving", float(_net_saving(*inputs["savings"])))
    assert sum(inputs["investments"]) == CASES["CP-EG-DAIRY-SUM"]["expected"]["total_invest"]


def test_costs_that_rise_lower_the_saving() -> None:
    case = CASES["CP-EG-DYE-SUM"]
    for mill, parts in case["inputs"]["per_ton"].items():
        savings = [part for part in parts if part >= 0]
        added = tuple(-part for part in parts if part < 0)
        _near("CP-EG-DYE-SUM", mill, float(_net_saving(*savings, added=added)))


def test_extra_capacity_is_not_counted() -> None:
    first, second, from_capacity = CASES["CP-EG-BLEACH-SUM"]["inputs"]["parts"]
    assert _net_saving(first, second, output=(from_capacity,)) == 28809
    assert first + second + from_capacity == CASES["CP-EG-BLEACH-SUM"]["expected"]["total"]


def test_more_electricity_is_an_added_cost() -> None:
    inputs = CASES["CP-IAC-COMPACT"]["inputs"]
    added = (-inputs["extra_energy"], -inputs["extra_demand"])
    saving = _net_saving(inputs["gross_saving"], added=added)
    _near("CP-IAC-COMPACT", "net_saving", float(saving))
    ratio = payback_ratio(Decimal(inputs["implementation_cost"]), saving)
    assert float(ratio or 0) == pytest.approx(3.60, abs=0.005)


def test_a_table_of_before_and_after_with_one_item_that_gets_dearer() -> None:
    inputs = CASES["CP-US-PLATE"]["inputs"]
    pairs = list(zip(inputs["before"], inputs["after"], strict=True))
    savings = [before - after for before, after in pairs if before >= after]
    added = tuple(after - before for before, after in pairs if before < after)
    _near("CP-US-PLATE", "net_saving", float(_net_saving(*savings, added=added)))
    electricity = {
        "code": "R01",
        "quantity_before": str(inputs["kwh_before"]),
        "quantity_after": str(inputs["kwh_after"]),
        "unit_price": str(inputs["eur_per_kwh"]),
    }
    saved = net_annual_saving_of([measure(savings=[electricity])])
    assert saved == CASES["CP-US-PLATE"]["expected"]["kwh_saved"] * Decimal("0.083")


@pytest.mark.parametrize(("price", "range_name"), [(0, "low"), (1, "high")])
def test_water_is_the_smaller_part_of_a_water_saving(price: int, range_name: str) -> None:
    inputs = CASES["CP-KADANT-WW"]["inputs"]
    thousand_gallons = inputs["gpm"] * 60 * 24 * inputs["days"] // 1000
    _near("CP-KADANT-WW", "kgal_per_year", thousand_gallons)
    water = {
        "code": "R01",
        "quantity_before": str(thousand_gallons),
        "quantity_after": "0",
        "unit_price": str(inputs["water_price_per_kgal"][price]),
    }
    other = [
        {"code": "R02", "annual_amount": str(amount)} for amount in inputs[f"other_{range_name}"]
    ]
    water_saving = net_annual_saving_of([measure(savings=[water])])
    total = net_annual_saving_of([measure(savings=[water, *other])])
    _near("CP-KADANT-WW", f"water_{range_name}", float(water_saving))
    _near("CP-KADANT-WW", f"total_{range_name}", float(total))
    _near("CP-KADANT-WW", f"share_water_{range_name}", float(water_saving / total))


def _arguments(identifier: str) -> list[float]:
    arguments: list[float] = CASES[identifier]["inputs"]["args"]
    return arguments


def test_depreciation() -> None:
    cost, salvage, years, year = (int(number) for number in _arguments("DAX-SYD-2"))
    digits = sum_of_years_digits(Fraction(cost), years, Fraction(salvage))
    _near("DAX-SYD-2", "value", float(digits[year - 1]))
    cost, salvage, years, year = (int(number) for number in _arguments("DAX-DDB-1")[:4])
    declining = declining_balance(
        Fraction(cost), years, Fraction(3, 2), Fraction(salvage), switch=False
    )
    _near("DAX-DDB-1", "value", float(declining[year - 1]))


def test_annuities() -> None:
    rate, periods, _, wanted, _ = _arguments("DAX-PMT-2")
    ones = [0.0] + [1.0] * int(periods)
    at_the_end = [0.0] * int(periods) + [wanted]
    payment = net_present_value(rate, at_the_end) / net_present_value(rate, ones)
    _near("DAX-PMT-2", "value", -payment)
    _, _, months, loan = _arguments("DAX-PPMT-1")
    tenth = Fraction(1, 10)
    first_principal = exact_level_payment(tenth, int(months)) * Fraction(loan) - (
        Fraction(loan) * tenth / 12
    )
    _near("DAX-PPMT-1", "value", -float(first_principal))
    months, payment, loan, _ = _arguments("DAX-RATE-1")
    _near("DAX-RATE-1", "value", _rate_of([loan] + [payment] * int(months)))


def test_annuities_paid_in_advance_are_what_numpy_financial_says() -> None:
    assert set(NOT_IN_THE_PRODUCT) == {"DAX-NPER-1", "DAX-CUM-1"}
    rate, payment, present, future, _ = _arguments("DAX-NPER-1")
    periods = SPREADSHEET.nper(rate, payment, present, future, when="begin")
    _near("DAX-NPER-1", "value", float(periods))
    inputs = CASES["DAX-CUM-1"]["inputs"]
    periods = list(range(inputs["start"], inputs["end"] + 1))
    loan = (inputs["rate"], periods, inputs["nper"], inputs["pv"])
    interest = SPREADSHEET.ipmt(*loan, when="begin")
    _near("DAX-CUM-1", "cumipmt", float(interest.sum()))
    principal = SPREADSHEET.ppmt(*loan, when="begin")
    _near("DAX-CUM-1", "cumprinc", float(principal.sum()))


def test_life_cycle_cost_with_a_year_of_construction_and_mid_year_savings() -> None:
    inputs = CASES["BLCC-ECIP"]["inputs"]
    rate, life, delay = inputs["real_rate"], inputs["life"], inputs["service_delay_years"]
    for year in (6, 12, 18, 5, 10, 15):
        _near("BLCC-ECIP", f"df_{year}", net_present_value(rate, [1.0], [float(year + delay)]))
    amounts = [float(amount) for amount, _ in inputs["non_recurring"]]
    worth = net_present_value(rate, amounts, [float(y + delay) for _, y in inputs["non_recurring"]])
    _near("BLCC-ECIP", "pv_nonrecurring", worth)
    mid_years = [delay + year + 0.5 for year in range(life - delay)]
    # The factor printed is that of costs which rise by 2 % a year beyond inflation.
    factor = net_present_value(rate, [1.02**year for year in mid_years], mid_years)
    _near("BLCC-ECIP", "recurring_factor", factor)
    first_year = inputs["energy_saving_y1"] + inputs["om_saving_y1"] + sum(amounts) / life
    _near("BLCC-ECIP", "first_year_savings", first_year)
    ratio = payback_ratio(Decimal(inputs["investment"]), Decimal(repr(first_year)))
    _near("BLCC-ECIP", "simple_payback", float(ratio or 0))
    total = inputs["discounted_energy_saving"] + inputs["discounted_recurring"] + worth
    _near("BLCC-ECIP", "total_discounted", total)
    at_the_end = [-float(inputs["investment"]), total * (1 + rate) ** life]
    _near("BLCC-ECIP", "sir", profitability_index(rate, at_the_end, [0.0, float(life)]))
    rate_of_return = modified_internal_rate_of_return(at_the_end, rate, rate, [0.0, float(life)])
    _near("BLCC-ECIP", "airr", rate_of_return)


def test_life_cycle_cost_in_money_of_the_day() -> None:
    inputs = CASES["BLCC-FIN"]["inputs"]
    rate = nominal_rate(inputs["real_rate"], inputs["inflation"])
    assert rate == pytest.approx(inputs["nominal_rate"], abs=1e-9)
    for figure, costs in (
        ("lcc_existing", inputs["existing_costs_y1_15"]),
        ("lcc_retrofit", inputs["retrofit_costs_y1_15"]),
        ("pv_contract", [inputs["contract_payment"]] * inputs["contract_years"]),
    ):
        _near("BLCC-FIN", figure, net_present_value(rate, [0, *costs]))
    *_, before, last, with_residual = inputs["retrofit_costs_y1_15"]
    # The last year's cost is not printed by itself: it goes on growing as the year before.
    residual = with_residual - last * last / before
    _near("BLCC-FIN", "pv_residual", net_present_value(rate, [residual], [15.0]))


def test_every_case_is_used_or_left_out_with_a_reason() -> None:
    source = Path(__file__).read_text()
    by_group = {name for name in CASES if "payback_months_rounded" in CASES[name]["expected"]}
    unused = {name for name in CASES if f'"{name}"' not in source} - by_group
    assert not unused
    assert set(NOT_IN_THE_PRODUCT) < set(CASES)
    assert set(MISPRINTS) == {name for name, case in CASES.items() if not case["reproduced"]}
