"""The run after tax, against a table worked out line by line as a spreadsheet does it."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.after_tax import AfterTax
from appraisal.appraise import appraise
from appraisal.prices import nominal_rate, real_rate
from appraisal.proposal import Proposal
from tests.appraisal.proposals import measure_document, numbers, proposal

TAX = {"rate": "0.40", "depreciation": "declining_balance", "depreciation_years": 5}


def _after_tax(figures: Proposal) -> AfterTax:
    appraisal = appraise(figures, minor_investment=Decimal(5000), finance_rate=0.06)
    assert appraisal.after_tax is not None
    return appraisal.after_tax


def _solvent_recovery(**changes: Any) -> dict[str, Any]:
    """Equipment for 100,000 that saves 30,000 a year for eight years and is sold for 5,000."""
    return measure_document(
        **{
            "investment": [
                {"code": "I01", "amount": "100000.00"},
                {"code": "I02", "amount": "8000.00", "kind": "working_capital"},
            ],
            "savings": [{"code": "R01", "annual_amount": "36000"}],
            "added_costs": [{"code": "C01", "annual_amount": "6000"}],
            "life_years": 8,
            "residual_value": "5000.00",
            **changes,
        }
    )


def _worked_by_hand() -> tuple[list[dict[str, Decimal]], Decimal]:
    """Total cost assessment after tax, in money of the day, year by year as in a spreadsheet.

    Tax 40 %, double declining balance over five years with a switch to equal parts, inflation
    5 %, real rate 10 %: a nominal rate of 15.5 %.
    """
    inflation, tax, rate = Decimal("1.05"), Decimal("0.40"), Decimal("1.155")
    book, rows, value = Decimal(100000), [], Decimal(-108000)
    for year in range(1, 9):
        saving = 30000 * inflation**year
        left = 6 - year
        depreciation = max(book * 2 / 5, book / left) if left > 0 else Decimal(0)
        book -= depreciation
        sale = 5000 * inflation**year if year == 8 else Decimal(0)
        released = 8000 * inflation**year if year == 8 else Decimal(0)
        taxable = saving - depreciation + sale
        flow = saving - tax * taxable + sale + released
        value += flow / rate**year
        rows.append({"depreciation": depreciation, "taxable": taxable, "flow": flow})
    assert book == 0
    return rows, value


def test_the_table_after_tax_is_that_of_a_spreadsheet() -> None:
    figures = proposal(
        _solvent_recovery(), horizon_years=8, discount_rate=0.10, inflation=0.05, tax=TAX
    )
    found = _after_tax(figures)
    rows, value = _worked_by_hand()
    assert numbers(row.depreciation for row in found.years[1:6]) == [
        40000,
        24000,
        14400,
        10800,
        10800,
    ]
    for row, expected in zip(found.years[1:], rows, strict=True):
        assert float(row.depreciation) == pytest.approx(float(expected["depreciation"]))
        assert float(row.taxable) == pytest.approx(float(expected["taxable"]))
        assert float(row.flow) == pytest.approx(float(expected["flow"]), abs=1e-9)
    assert found.years[0].flow == Fraction(-108000)
    assert found.discount_rate == pytest.approx(0.155)
    assert found.net_present_value == pytest.approx(float(value), abs=1e-6)
    rate = found.internal_rate_of_return.rate
    assert rate is not None
    at_the_rate = sum(float(row.flow) / (1 + rate) ** row.year for row in found.years)
    assert at_the_rate == pytest.approx(0, abs=1e-6)
    assert found.real_internal_rate_of_return == pytest.approx(real_rate(rate, 0.05))


def test_a_loss_lowers_the_tax_on_other_income() -> None:
    small = _solvent_recovery(savings=[{"code": "R01", "annual_amount": "16000"}])
    first = _after_tax(proposal(small, horizon_years=8, tax=TAX)).years[1]
    assert first.taxable == 10000 - 40000
    assert first.tax == -12000
    assert first.flow == 10000 + 12000


def test_equipment_that_is_not_written_off_at_the_horizon_is_relieved_there() -> None:
    """Three years of a depreciation over five: 21,600 of 100,000 are left, sold for 5,000."""
    found = _after_tax(proposal(_solvent_recovery(), horizon_years=3, tax=TAX))
    last = found.years[3]
    assert last.disposal_gain == 5000 - 21600
    assert last.tax == Fraction(2, 5) * (30000 - 14400 + 5000 - 21600)
    assert last.tax_before_disposal == Fraction(2, 5) * (30000 - 14400)
    assert sum(row.depreciation for row in found.years) == 100000 - 21600


def test_a_replacement_is_written_off_from_its_own_month_and_working_capital_never() -> None:
    replaced = _solvent_recovery(
        investment=[
            {"code": "I01", "amount": "50000.00"},
            {"code": "I02", "amount": "9000.00", "kind": "working_capital"},
            {"code": "I03", "amount": "10000.00", "month": 30, "kind": "replacement"},
        ],
    )
    straight = {"rate": "0.2", "depreciation_years": 5}
    found = _after_tax(proposal(replaced, horizon_years=8, tax=straight))
    assert numbers(row.depreciation for row in found.years) == [
        0,
        10000,
        10000,
        12000,
        12000,
        12000,
        2000,
        2000,
        0,
    ]
    assert found.years[8].taxable == 30000 + 5000, "the working capital comes back untaxed"


def test_payback_after_tax_counts_no_tax_on_disposal() -> None:
    straight = {"rate": "0.5", "depreciation_years": 10}
    plain = measure_document(
        investment=[{"code": "I01", "amount": "100000.00"}],
        savings=[{"code": "R01", "annual_amount": "50000"}],
        life_years=10,
    )
    found = _after_tax(proposal(plain, horizon_years=10, tax=straight))
    # 50,000 a year less half of 50,000 - 10,000 leaves 30,000; the tax falls at the year's end.
    assert numbers(row.flow for row in found.years[1:3]) == [30000, 30000]
    assert found.payback_years is not None
    assert found.payback_years == pytest.approx(3 + 10000 / 50000)
    assert found.discounted_payback_years is not None
    assert found.discounted_payback_years > found.payback_years


def test_monthly_timing_pays_the_tax_at_the_end_of_each_year() -> None:
    figures = proposal(_solvent_recovery(), horizon_years=8, timing="monthly", tax=TAX)
    found = _after_tax(figures)
    monthly = [Fraction(-108000)] + [Fraction(2500)] * 96
    monthly[96] += 13000
    for row in found.years:
        monthly[12 * row.year] -= row.tax
    expected = sum(float(flow) * 1.1 ** (-month / 12) for month, flow in enumerate(monthly))
    assert found.net_present_value == pytest.approx(expected, abs=1e-6)


@given(
    saving=st.integers(1_000, 90_000),
    inflation=st.floats(-0.05, 0.3),
    real=st.floats(0, 0.4),
    timing=st.sampled_from(["annual", "monthly"]),
)
def test_without_tax_the_run_after_tax_is_worth_what_the_project_is(
    saving: int, inflation: float, real: float, timing: str
) -> None:
    document = _solvent_recovery(savings=[{"code": "R01", "annual_amount": str(saving)}])
    figures = proposal(
        document,
        horizon_years=6,
        timing=timing,
        discount_rate=real,
        inflation=inflation,
        tax={"rate": "0"},
    )
    appraisal = appraise(figures, minor_investment=Decimal(5000), finance_rate=None)
    assert appraisal.after_tax is not None
    project = appraisal.project
    assert appraisal.after_tax.discount_rate == pytest.approx(nominal_rate(real, inflation))
    assert appraisal.after_tax.net_present_value == pytest.approx(
        project.net_present_value, rel=1e-12, abs=1e-7
    )


@given(rate=st.integers(1, 99), inflation=st.floats(0.01, 0.2))
def test_inflation_makes_depreciation_worth_less(rate: int, inflation: float) -> None:
    tax = {"rate": str(Decimal(rate) / 100), "depreciation_years": 5}
    steady, rising = (
        _after_tax(proposal(_solvent_recovery(), horizon_years=8, inflation=level, tax=tax))
        for level in (0.0, inflation)
    )
    assert rising.net_present_value < steady.net_present_value


def test_inflation_does_not_unmake_the_rate_that_is_meant() -> None:
    """Rates of -1 and 40 %; at 3 % inflation both are above zero in money of the day."""
    restored = measure_document(
        investment=[
            {"code": "I01", "amount": "1000.00"},
            {"code": "I02", "amount": "1386.00", "month": 24, "kind": "replacement"},
        ],
        savings=[{"code": "R01", "annual_amount": "2390"}],
        life_years=1,
    )
    figures = proposal(restored, inflation=0.03, tax={"rate": "0"})
    appraisal = appraise(figures, minor_investment=Decimal(5000), finance_rate=0.06)
    found = appraisal.project.internal_rate_of_return
    assert found.roots == pytest.approx((-0.01, 0.40))
    assert found.rate == pytest.approx(0.40)
    assert appraisal.nominal is not None
    assert appraisal.nominal.internal_rate_of_return.rate == pytest.approx(1.40 * 1.03 - 1)
    assert appraisal.after_tax is not None
    assert appraisal.after_tax.real_internal_rate_of_return == pytest.approx(0.40)
    taxed = appraisal.after_tax.internal_rate_of_return
    assert taxed.rate == pytest.approx(1.40 * 1.03 - 1)
    assert (
        taxed.reason == "In constant prices: the only rate that is not negative; 1 more below zero."
    )
