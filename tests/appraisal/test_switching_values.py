from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from appraisal.appraise import Appraisal, appraise
from appraisal.changed_proposal import Adjustment, changed_proposal
from appraisal.exact_effects import project_effects
from appraisal.linear_crossings import NO_EFFECT, STAYS_BAD, STAYS_GOOD, LinearResults, Target
from appraisal.proposal import Proposal
from appraisal.scenario_model import LevelLoan
from appraisal.switching_values import PaybackLimit, SwitchingValue, switching_values
from appraisal.varied_inputs import InputKind
from tests.appraisal.proposals import measure_document, proposal, simple_measure
from tests.appraisal.random_proposals import proposals

LOAN = LevelLoan(Decimal("4143.06"), 0, 28)
LIMIT = PaybackLimit(Fraction(5, 2), "36 months, of which a fifth beyond the ROI period")
SEARCHED = (InputKind.DELAY, InputKind.LIFE)
DIGITS = Context(prec=80)


def appraised(proposal: Proposal) -> Appraisal:
    return appraise(proposal, minor_investment=Decimal(0), finance_rate=None)


def values_of(proposal: Proposal, loan: LevelLoan | None = LOAN) -> tuple[SwitchingValue, ...]:
    rates = appraised(proposal).project.internal_rate_of_return
    return switching_values(proposal, rates, loan, LIMIT)


def value(found: tuple[SwitchingValue, ...], target: Target, kind: InputKind) -> SwitchingValue:
    return next(v for v in found if (v.target, v.input.kind) == (target, kind))


GOLDEN = [
    (Target.NET_PRESENT_VALUE, InputKind.INVESTMENT, "227447.21"),
    (Target.NET_PRESENT_VALUE, InputKind.NET_SAVING, "31655.70"),
    (Target.NET_PRESENT_VALUE, InputKind.VOLUME, "31655.70"),
    (Target.NET_PRESENT_VALUE, InputKind.PRICE, "0.105519"),
    (Target.NET_PRESENT_VALUE, InputKind.DISCOUNT_RATE, "0.410415"),
    (Target.NET_PRESENT_VALUE, InputKind.DELAY, "24"),
    (Target.NET_PRESENT_VALUE, InputKind.LIFE, "3"),
    (Target.MINIMUM_COVER, InputKind.NET_SAVING, "49716.72"),
    (Target.MINIMUM_COVER, InputKind.PRICE, "0.165722"),
    (Target.MINIMUM_COVER, InputKind.DELAY, "0"),
    (Target.MINIMUM_COVER, InputKind.LIFE, "3"),
    (Target.PAYBACK, InputKind.INVESTMENT, "150000.00"),
    (Target.PAYBACK, InputKind.VOLUME, "48000.00"),
]


@pytest.mark.parametrize(("target", "kind", "expected"), GOLDEN)
def test_golden_values(target: Target, kind: InputKind, expected: str) -> None:
    found = value(values_of(proposal()), target, kind)
    assert str(found.value) == expected
    assert (found.holds, found.note) == (True, None)


def test_the_change_is_a_part_of_the_value_as_entered() -> None:
    found = values_of(proposal())
    investment = value(found, Target.PAYBACK, InputKind.INVESTMENT)
    assert investment.exact == 150_000
    assert investment.change == 0.25
    assert value(found, Target.NET_PRESENT_VALUE, InputKind.DELAY).change is None


def test_what_does_not_change_a_result_says_so() -> None:
    found = values_of(proposal())
    silent = {(v.target, v.input.kind) for v in found if v.note == NO_EFFECT}
    assert silent == {
        (Target.MINIMUM_COVER, InputKind.INVESTMENT),
        (Target.MINIMUM_COVER, InputKind.DISCOUNT_RATE),
        (Target.PAYBACK, InputKind.DELAY),
        (Target.PAYBACK, InputKind.LIFE),
        (Target.PAYBACK, InputKind.DISCOUNT_RATE),
    }


def test_without_loan_or_limit_only_the_net_present_value_is_asked() -> None:
    rates = appraised(proposal()).project.internal_rate_of_return
    found = switching_values(proposal(), rates, None, None)
    assert {each.target for each in found} == {Target.NET_PRESENT_VALUE}


def test_a_line_that_is_not_needed_never_switches() -> None:
    lines = [{"code": "R1", "annual_amount": "60000"}, {"code": "R2", "annual_amount": "1"}]
    found = values_of(proposal(measure_document(savings=lines)))
    small = [each for each in found if each.input.lines == (("M1", "R2"),)]
    assert [each.note for each in small] == [STAYS_GOOD] * 3


def test_a_bad_project_says_what_it_would_need() -> None:
    found = values_of(proposal(simple_measure("120000", "20000", life_years=5), horizon_years=10))
    needed = value(found, Target.NET_PRESENT_VALUE, InputKind.VOLUME)
    assert (needed.holds, str(needed.value)) == (False, "31655.70")
    assert needed.change == pytest.approx(0.582785, abs=1e-6)
    assert value(found, Target.NET_PRESENT_VALUE, InputKind.LIFE).value == 10
    assert value(found, Target.NET_PRESENT_VALUE, InputKind.DELAY).note == STAYS_BAD
    assert value(found, Target.MINIMUM_COVER, InputKind.LIFE).note == STAYS_BAD
    assert str(value(found, Target.MINIMUM_COVER, InputKind.VOLUME).value) == "49716.72"


def test_seasonal_savings_cannot_cover_the_months_without_them() -> None:
    seasonal = [{"code": "R1", "annual_amount": "90000", "active_months": [1, 2, 3]}]
    found = values_of(proposal(measure_document(savings=seasonal)))
    assert value(found, Target.MINIMUM_COVER, InputKind.VOLUME).note == STAYS_BAD


def test_a_cost_alone_can_only_be_bad() -> None:
    cost = [{"code": "C1", "annual_amount": "10"}]
    found = values_of(proposal(measure_document(savings=[], added_costs=cost)))
    price = value(found, Target.NET_PRESENT_VALUE, InputKind.PRICE)
    assert (price.holds, price.note) == (False, STAYS_BAD)
    rate = value(found, Target.NET_PRESENT_VALUE, InputKind.DISCOUNT_RATE)
    assert rate.note == "Nothing comes back, so no rate can be stated."


@pytest.mark.parametrize(("price", "expected"), [("1.00", "0.166667"), ("5.00", "5.500000")])
def test_of_two_prices_at_which_the_cover_is_just_enough_the_nearer_counts(
    price: str, expected: str
) -> None:
    """The same price is saved in two months and spent in the third: both ends are too far."""
    power = {"label": "Power", "unit": "kWh", "unit_price": price}
    saved = {"quantity_before": "12000", "quantity_after": "0", "active_months": [1, 2]}
    document = measure_document(
        savings=[
            {"code": "R1", **power, **saved},
            {"code": "R2", "annual_amount": "12000", "active_months": [3]},
        ],
        added_costs=[{"code": "C1", **power, "quantity": "2000", "active_months": [3]}],
    )
    loan = LevelLoan(Decimal(1_000), 0, 3)
    found = value(values_of(proposal(document), loan), Target.MINIMUM_COVER, InputKind.PRICE)
    assert (str(found.value), found.holds) == (expected, True)


def test_several_rates_give_the_one_nearest_to_the_discount_rate() -> None:
    """Closing costs after the savings: two rates, and the project is worth it between them."""
    document = measure_document(
        investment=[
            {"code": "I1", "amount": "100000"},
            {"code": "I2", "amount": "132000", "month": 24, "kind": "replacement"},
        ],
        savings=[{"code": "R1", "annual_amount": "230000", "active_months": [12]}],
        life_years=1,
    )
    found = values_of(proposal(document, discount_rate=0.19, horizon_years=2))
    rate = value(found, Target.NET_PRESENT_VALUE, InputKind.DISCOUNT_RATE)
    assert (rate.value, rate.holds) == (Decimal("0.200000"), True)
    assert rate.note == "There are 2 such rates; this is the nearest."


@settings(max_examples=30)
@given(proposals(2))
def test_the_value_put_back_brings_the_result_to_its_limit(proposal: Proposal) -> None:
    loan = LevelLoan(Decimal(1_000), 2, 20)
    effects = project_effects(proposal.financed_measures, proposal.assumptions, loan)
    linear = LinearResults(effects, loan, LIMIT.years)
    for found in values_of(proposal, loan):
        if found.exact is not None and found.input.kind not in (*SEARCHED, InputKind.DISCOUNT_RATE):
            part = linear.part(found.input)
            steepest = max(
                abs(part.effect.present_value),
                abs(effects.investment_value),
                *map(abs, part.effect.by_instalment),
            )
            half_step = Fraction(1, 2 * 10**found.input.digits)
            bound = float(steepest * half_step / abs(Fraction(found.input.base))) + 0.03
            changed = changed_proposal(proposal, found.input.scaled(_factor(found)))
            assert abs(_distance(found.target, appraised(changed))) <= bound


def _factor(found: SwitchingValue) -> Decimal:
    assert found.value is not None
    return DIGITS.divide(found.value, found.input.base)


def _distance(target: Target, result: Appraisal) -> float:
    """How far a result is from its limit, in money."""
    project = result.project
    match target:
        case Target.NET_PRESENT_VALUE:
            return project.net_present_value
        case Target.MINIMUM_COVER:
            window = [*result.nominal_monthly_net_savings, *[Fraction(0)] * 30][2:22]
            return float(min(window)) - 1_000
        case Target.PAYBACK:
            excess = LIMIT.years * Fraction(project.net_annual_saving)
            return float(excess - Fraction(project.investment)) / 50


@settings(max_examples=25)
@given(proposals(1))
def test_a_whole_number_next_to_the_value_is_on_the_other_side(proposal: Proposal) -> None:
    for found in values_of(proposal, None):
        is_searched = found.target is Target.NET_PRESENT_VALUE and found.input.kind in SEARCHED
        if is_searched and found.value is not None:
            assert _worth(proposal, _moved(found)) >= -1e-6
            beside = [_moved(found, step) for step in (-1, 1)]
            assert any(_worth(proposal, one) < 1e-6 for one in beside if one.delay_months >= 0)


def test_a_delay_can_make_a_loss_good_where_it_puts_off_the_costs() -> None:
    """24 months of cost lose 2 more than the residual value brings; one month less is enough."""
    document = measure_document(
        investment=[{"code": "I1", "amount": "0"}],
        savings=[],
        added_costs=[{"code": "C1", "annual_amount": "3501"}],
        life_years=2,
        residual_value="7000",
    )
    found = values_of(proposal(document, discount_rate=0.0, horizon_years=2))
    delay = value(found, Target.NET_PRESENT_VALUE, InputKind.DELAY)
    assert (delay.value, delay.holds) == (Decimal(1), False)


def test_a_longer_life_can_spoil_a_project_whose_costs_outgrow_its_savings() -> None:
    """The costs double every year: the fourth takes all that the first three brought."""
    document = measure_document(
        investment=[{"code": "I1", "amount": "1000"}],
        savings=[{"code": "R1", "annual_amount": "4000"}],
        added_costs=[{"code": "C1", "annual_amount": "1000", "growth": 1.0}],
        life_years=2,
    )
    found = values_of(proposal(document, discount_rate=0.0, horizon_years=10))
    life = value(found, Target.NET_PRESENT_VALUE, InputKind.LIFE)
    assert (str(life.value), life.holds) == ("4", True)


def _moved(found: SwitchingValue, beyond: int = 0) -> Adjustment:
    assert found.value is not None
    moved = int(found.value - found.input.base) + beyond
    if found.input.kind is InputKind.DELAY:
        return Adjustment(delay_months=moved)
    return Adjustment(life_change_years=moved)


def _worth(proposal: Proposal, adjustment: Adjustment) -> Any:
    return appraised(changed_proposal(proposal, adjustment)).project.net_present_value


def test_the_price_of_a_line_leaves_another_line_of_its_code_alone() -> None:
    """100,000 needs 26,379.75 a year for 5 years at 10 %: 6,379.75 beside the 20,000 of steam."""
    water = {"quantity_before": "100000", "quantity_after": "0", "unit_price": "0.30"}
    savings = [
        {"code": "R1", "label": "Water", "unit": "m3", **water},
        {"code": "R1", "label": "Steam", "annual_amount": "20000"},
    ]
    plant = measure_document(
        investment=[{"code": "I1", "amount": "100000"}], savings=savings, life_years=5
    )
    found = value(values_of(proposal(plant), None), Target.NET_PRESENT_VALUE, InputKind.PRICE)
    assert found.input.label == "Price: Water"
    assert found.value == Decimal("0.063797")
    back = Adjustment(prices={key: found.value / Decimal("0.30") for key in found.input.lines})
    changed = appraised(changed_proposal(proposal(plant), back)).project
    assert changed.net_present_value == pytest.approx(0, abs=0.5)
