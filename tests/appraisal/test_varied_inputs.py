from decimal import Decimal

import pytest

from appraisal.varied_inputs import InputKind, delay_input, life_input, scalable_inputs
from tests.appraisal.proposals import measure_document, proposal

POWER = {"quantity_before": "900", "quantity_after": "400", "unit": "kWh", "unit_price": "0.10"}


def test_the_inputs_of_the_golden_proposal_in_their_own_units() -> None:
    found = [(each.label, each.unit, each.base) for each in scalable_inputs(proposal())]
    assert found == [
        ("Investment", "EUR", Decimal("120000.00")),
        ("Net saving", "EUR a year", Decimal("60000.00")),
        ("Quantities saved", "EUR a year", Decimal("60000.00")),
        ("Price: M1 R04", "EUR per m3", Decimal("0.20")),
    ]
    assert life_input(proposal()).base == 5


def test_one_price_of_one_resource_is_one_input_wherever_it_stands() -> None:
    cost = {"quantity": "50", "unit": "kWh", "unit_price": "0.10"}
    first = measure_document(
        savings=[{"code": "R1", "indicator": "electricity", "label": "Pumps", **POWER}],
        added_costs=[{"code": "C1", "indicator": "electricity", **cost}],
    )
    second = measure_document(
        "M2",
        savings=[
            {"code": "R1", "indicator": "electricity", "label": "Fans", **POWER},
            {"code": "R2", "indicator": "electricity", **POWER, "unit_price": "0.12"},
            {"code": "R3", "label": "Less repair", "annual_amount": "700"},
            {"code": "R4", "annual_amount": "9", "tier": 2, "evidence": "invoice"},
        ],
    )
    prices = [e for e in scalable_inputs(proposal(first, second)) if e.kind is InputKind.PRICE]
    assert [(price.label, price.unit, price.base, price.lines) for price in prices] == [
        (
            "Price: M1 R1 electricity",
            "EUR per kWh",
            Decimal("0.10"),
            (("M1", "R1"), ("M1", "C1"), ("M2", "R1")),
        ),
        ("Price: M2 R2 electricity", "EUR per kWh", Decimal("0.12"), (("M2", "R2"),)),
        ("Less repair", "EUR a year", Decimal(700), (("M2", "R3"),)),
    ]


def test_of_two_lines_of_one_code_each_has_its_own_price() -> None:
    twice = [{"code": "R1", **POWER}, {"code": "R1", "annual_amount": "50"}]
    prices = scalable_inputs(proposal(measure_document(savings=twice)))[3:]
    assert [price.lines for price in prices] == [(("M1", "R1"),), (("M1", "R1 #2"),)]


def test_what_is_zero_is_no_input() -> None:
    free = measure_document(investment=[], savings=[{"code": "R1", **POWER, "unit_price": "0"}])
    assert scalable_inputs(proposal(free)) == ()


def test_a_delay_has_no_factor() -> None:
    with pytest.raises(ValueError, match="delay has no factor"):
        delay_input().scaled(Decimal(2))


def test_of_very_many_prices_those_with_the_most_money_are_varied() -> None:
    lines = [{"code": f"R{n}", "annual_amount": str(100 + n % 60)} for n in range(60)]
    inputs = scalable_inputs(proposal(measure_document(savings=lines)))
    prices = [each for each in inputs if each.kind is InputKind.PRICE]
    assert [price.base for price in prices] == list(range(120, 160))
