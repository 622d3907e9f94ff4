"""A measure read back in words: nothing that was answered is left out."""

from __future__ import annotations

from app.measure_answers import indicator_words, measure_answers
from appraisal.proposal import Measure
from tests.drafts import golden_measure

FULL = Measure.model_validate(
    golden_measure(
        technique=None,
        residual_value="1000",
        alternative_group="boiler",
        investment=[
            {"code": "I01", "label": "Boiler", "amount": "90000", "evidence": "quote"},
            {"code": "I02", "amount": "5000", "kind": "working_capital"},
            {"code": "I03", "label": "Grate", "amount": "7000", "kind": "replacement", "month": 1},
        ],
        savings=[
            {
                "code": "R01",
                "label": "Gas",
                "item": "R09",
                "indicator": "natural_gas",
                "unit": "1,000 m3",
                "quantity_before": "120",
                "quantity_after": "20",
                "unit_price": "350",
                "growth": -0.015,
                "start_month": 1,
                "ramp_months": 6,
                "active_months": [1, 2, 12],
                "emission_factor_kg": "1900",
                "emission_factor_source": "Supplier 2025",
            },
            {"code": "R02", "label": "More", "annual_amount": "5", "counts_as_output": True},
            {
                "code": "R03",
                "label": "Spill",
                "annual_amount": "40000",
                "tier": 3,
                "probability": "0.025",
                "year": 4,
            },
        ],
        added_costs=[
            {
                "code": "C01",
                "label": "Ash",
                "unit": "t",
                "quantity": "3",
                "unit_price": "0.1234567",
            },
            {"code": "C02", "label": "Noise", "tier": 4, "score": -1},
            {
                "code": "C03",
                "label": "Fine",
                "annual_amount": "10",
                "tier": 3,
                "probability": "0.5",
                "emission_factor_kg": "2",
            },
        ],
        results=[
            {"indicator": "dust", "unit": "t", "reduction": "1.5", "label": "Dust"},
            {"indicator": "grit", "unit": "kg", "reduction": "-20"},
        ],
    )
)
RIVAL = Measure.model_validate(golden_measure(code="M2", alternative_group="boiler"))


def test_the_head_tells_only_what_was_answered() -> None:
    told = measure_answers(FULL, (FULL, RIVAL), "EUR").answers
    assert told == (
        ("How it prevents waste", None, "technique"),
        ("Months until it runs", "0", "implementation_months"),
        ("Life, in years", "5", "life_years"),
        ("Value at the end of its life", "EUR 1,000.00", "residual_value"),
        ("Alternative", f"M2 {RIVAL.title}", "alternative_to"),
    )
    plain = Measure.model_validate(golden_measure())
    assert len(measure_answers(plain, (plain,), "EUR").answers) == 3


def test_every_row_is_told_with_its_place_in_the_form() -> None:
    told = [
        (row.label, row.figure, row.notes, row.evidence, row.anchor)
        for row in measure_answers(FULL, (FULL,), "EUR").rows
    ]
    assert told == [
        ("Investment I01: Boiler", "EUR 90,000.00", (), "A quotation", "investment-0-line"),
        (
            "Investment I02",
            "EUR 5,000.00",
            ("Stocks and the like, whose money comes back at the end",),
            None,
            "investment-1-line",
        ),
        (
            "Investment I03: Grate",
            "EUR 7,000.00",
            ("A part that has to be renewed later", "Paid 1 month after the first payment"),
            None,
            "investment-2-line",
        ),
        (
            "Saving R01: Gas",
            "EUR 35,000.00 a year: from 120 1,000 m3 to 20 1,000 m3 at EUR 350.00",
            (
                "Resource: natural gas",
                "Item: natural gas",
                "Price growth of \N{MINUS SIGN}1.5 % a year beyond inflation",
                "Begins 1 month after the measure runs",
                "Reaches its full size after 6 months",
                "Runs in these of every twelve months, counted from the first payment: 1, 2, 12",
                "CO2e of one unit: 1,900 kg (Supplier 2025)",
            ),
            None,
            "savings-0-line",
        ),
        ("Money from producing more R02: More", "EUR 5.00 a year", (), None, "savings-1-line"),
        (
            "Saving R03: Spill",
            "EUR 40,000.00 a year",
            (
                "It could happen",
                "Likelihood of 2.5 % in year 4",
            ),
            None,
            "savings-2-line",
        ),
        (
            "Added cost C01: Ash",
            "EUR 0.3703701 a year: 3 t at EUR 0.1234567",
            (),
            None,
            "costs-0-line",
        ),
        (
            "Added cost C02: Noise",
            "No money",
            (
                "It cannot be put in money",
                "What becomes of it: worse",
            ),
            None,
            "costs-1-line",
        ),
        (
            "Added cost C03: Fine",
            "EUR 10.00 a year",
            (
                "It could happen",
                "Likelihood of 50 % in any year",
                "CO2e of one unit: 2 kg",
            ),
            None,
            "costs-2-line",
        ),
        ("Result: Dust", "1.5 t less a year", ("Resource: dust",), None, "results-0-line"),
        ("Result: grit", "20 kg more a year", ("Resource: grit",), None, "results-1-line"),
    ]


def test_an_indicator_that_nobody_knows_stays_as_written() -> None:
    assert indicator_words("residual_fuel_oil") == "Heavy fuel oil"
    assert indicator_words("sawdust of oak") == "sawdust of oak"
