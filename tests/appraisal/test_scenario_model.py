import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.appraise import Appraisal, appraise
from appraisal.changed_proposal import Adjustment, changed_proposal
from appraisal.irr import IrrStatus
from appraisal.proposal import Proposal
from appraisal.scenario_changes import Changes
from appraisal.scenario_model import BLOCK, Figure, LevelLoan, ScenarioModel, ScenarioResults
from tests.appraisal.proposals import measure_document, proposal
from tests.appraisal.random_proposals import proposals

LOAN = LevelLoan(payment=Decimal(1_000), grace_months=3, instalments=20)
GOLDEN = proposal(horizon_years=5)
SEASONAL = [
    {"code": "R1", "annual_amount": "60000", "active_months": [1, 2, 12], "growth": 0.02},
    {"code": "R2", "annual_amount": "9000", "ramp_months": 5},
]


def model_of(proposal: Proposal, loan: LevelLoan | None = LOAN) -> ScenarioModel:
    return ScenarioModel.of(proposal.financed_measures, proposal.assumptions, loan)


def exact(proposal: Proposal) -> Appraisal:
    return appraise(proposal, minor_investment=Decimal(0), finance_rate=None)


adjustments = st.builds(
    Adjustment,
    investment=st.sampled_from([Decimal(1), Decimal("1.5"), Decimal("0.5")]),
    savings=st.sampled_from([Decimal(1), Decimal("0.75"), Decimal(2)]),
    prices=st.dictionaries(
        st.tuples(st.sampled_from(["M0", "M1"]), st.sampled_from(["R1", "R2", "C1"])),
        st.sampled_from([Decimal("0.5"), Decimal(3)]),
        max_size=2,
    ),
    added_costs=st.sampled_from([Decimal(1), Decimal("1.25")]),
    price_growth=st.sampled_from([0.0, 0.0, 0.01, -0.02]),
    delay_months=st.sampled_from([0, 3, 14]),
    life_change_years=st.sampled_from([0, -2, 3]),
    discount_rate=st.sampled_from([None, 0.05]),
)


def assert_column_is(results: ScenarioResults, column: int, expected: Appraisal) -> None:
    project = expected.project
    moved = math.fsum(abs(float(flow)) for flow in expected.yearly_flows) + 1.0
    value = _at(results.net_present_value, column)
    assert value == pytest.approx(project.net_present_value, rel=1e-12, abs=1e-12 * moved)
    status = IrrStatus.of_code(int(_at(results.rate_status, column)))
    assert status == project.internal_rate_of_return.status
    _same(_at(results.internal_rate_of_return, column), project.internal_rate_of_return.rate)
    ratio = project.payback_ratio
    _same(_at(results.simple_payback, column), None if ratio is None else float(ratio))
    _same(_at(results.cumulative_payback, column), project.cumulative_payback_years)
    _same(_at(results.discounted_payback, column), project.discounted_payback_years)
    window = [*map(float, expected.nominal_monthly_net_savings), *[0.0] * 40][3:23]
    assert _at(results.minimum_cover, column) == pytest.approx(min(window) / 1_000, abs=1e-9)
    average = sum(window) / len(window) / 1_000
    assert _at(results.average_cover, column) == pytest.approx(average, rel=1e-9, abs=1e-9)


def _at(array: Any, column: int) -> float:
    return float(array[column])


def _same(found: float, expected: float | None) -> None:
    if expected is None:
        assert not math.isfinite(found)
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=60)
@given(proposals())
def test_without_changes_every_figure_is_that_of_the_exact_appraisal(proposal: Proposal) -> None:
    assert_column_is(model_of(proposal).results(Changes(), 1), 0, exact(proposal))


@settings(max_examples=40)
@given(proposals(2), st.lists(adjustments, min_size=2, max_size=3))
def test_each_scenario_is_the_exact_appraisal_of_the_changed_proposal(
    proposal: Proposal, chosen: list[Adjustment]
) -> None:
    results = model_of(proposal).results(stacked(chosen, proposal), len(chosen))
    for column, adjustment in enumerate(chosen):
        assert_column_is(results, column, exact(changed_proposal(proposal, adjustment)))


def stacked(chosen: list[Adjustment], proposal: Proposal) -> Changes:
    """One scenario for each adjustment."""
    each = [adjustment.as_changes() for adjustment in chosen]
    keys = {key for changes in each for key in changes.prices}
    own = proposal.assumptions.discount_rate
    return Changes(
        prices={key: np.array([c.prices.get(key, 1.0) for c in each]) for key in keys},
        discount_rate=np.array([own if c.discount_rate is None else 0.05 for c in each]),
        **{
            name: np.array([getattr(changes, name) for changes in each])
            for name in (
                "investment",
                "savings",
                "added_costs",
                "price_growth",
                "delay_months",
                "life_change_years",
            )
        },
    )


def test_golden_scenario_and_one_without_savings() -> None:
    results = model_of(GOLDEN, LevelLoan(Decimal("4143.06"), 0, 28)).results(
        Changes(savings=np.array([1.0, 0.0])), 2
    )
    assert _at(results.net_present_value, 0) == pytest.approx(107_447.206165, abs=1e-6)
    assert _at(results.internal_rate_of_return, 0) == pytest.approx(0.4104149650094)
    assert _at(results.simple_payback, 0) == 2.0
    assert _at(results.cumulative_payback, 0) == pytest.approx(2.0)
    assert _at(results.discounted_payback, 0) == pytest.approx(2.352)
    assert _at(results.minimum_cover, 0) == pytest.approx(1.2068, abs=5e-5)
    assert _at(results.net_present_value, 1) == -120_000
    assert math.isnan(_at(results.internal_rate_of_return, 1))
    assert IrrStatus.of_code(int(_at(results.rate_status, 1))) is IrrStatus.NONE
    never = (results.simple_payback, results.cumulative_payback, results.discounted_payback)
    assert [_at(payback, 1) for payback in never] == [math.inf] * 3
    assert _at(results.minimum_cover, 1) == 0


def test_the_loan_stays_as_agreed_when_the_savings_come_later() -> None:
    results = model_of(GOLDEN, LevelLoan(Decimal(4_000), 2, 24)).results(
        Changes(delay_months=np.array([0, 2, 3])), 3
    )
    assert results.minimum_cover is not None
    assert results.minimum_cover.tolist() == [1.25, 1.25, 0.0]


def test_a_result_does_not_depend_on_the_block_it_is_computed_in() -> None:
    n = BLOCK + 3
    factors = np.linspace(0.5, 1.5, n)
    delays = np.arange(n) % 7
    wanted = {Figure.NET_PRESENT_VALUE, Figure.DISCOUNTED_PAYBACK}
    model = model_of(proposal(measure_document(savings=SEASONAL), horizon_years=3))
    together = model.results(Changes(savings=factors, delay_months=delays), n, wanted)
    last = Changes(savings=factors[-3:], delay_months=delays[-3:])
    alone = model.results(last, 3, wanted)
    assert together.net_present_value is not None
    assert together.net_present_value.shape == (n,)
    assert together.net_present_value[-3:] == pytest.approx(alone.net_present_value, rel=1e-14)
    assert together.discounted_payback is not None
    assert together.discounted_payback[-3:] == pytest.approx(alone.discounted_payback, rel=1e-14)


def test_only_what_is_wanted_is_computed() -> None:
    results = model_of(GOLDEN, None).results(Changes(), 2, {Figure.SIMPLE_PAYBACK})
    assert results == ScenarioResults(simple_payback=results.simple_payback)
    assert model_of(GOLDEN, None).results(Changes(), 1).minimum_cover is None
    with pytest.raises(KeyError):
        results[Figure.NET_PRESENT_VALUE]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (Changes(investment=np.ones(3)), "investment: give one number for each of the 2"),
        (Changes(savings=-0.1), "savings: a value is not between 0 and inf"),
        (Changes(added_costs=math.nan), "added costs: a value is not a finite number"),
        (Changes(prices={("M1", "R04"): np.array([1.0, math.inf])}), "a price"),
        (
            Changes(delay_months=np.array([0, 121])),
            "delay months: a value is not between 0 and 120",
        ),
        (Changes(life_years=0), "life years"),
        (Changes(price_growth=-1.0), "growth or discount rate is not above -100 %"),
        (Changes(discount_rate=np.array([0.1, -1.0])), "growth or discount rate"),
    ],
)
def test_what_cannot_be_computed_is_refused(changes: Changes, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        model_of(GOLDEN).results(changes, 2)


@pytest.mark.parametrize("outlays", [[0], [0, 5], [0, 30], [4]])
@pytest.mark.parametrize("cost", [0, 50_000])
def test_payback_and_cover_are_the_same_on_the_short_way_and_on_the_long_one(
    outlays: list[int], cost: int
) -> None:
    """Later outlays, or costs above the savings of a line, need every month to be looked at."""
    document = measure_document(
        investment=[{"code": f"I{month}", "amount": "60000", "month": month} for month in outlays],
        savings=[{"code": "R1", "annual_amount": "40000", "active_months": [1, 2, 6, 9, 12]}],
        added_costs=[{"code": "C1", "annual_amount": str(cost), "active_months": [3]}],
        life_years=9,
    )
    found = proposal(document, horizon_years=8)
    factors = [Decimal("0.9"), Decimal(1), Decimal("2.5")]
    changes = Changes(savings=np.array([float(factor) for factor in factors]))
    results = model_of(found).results(changes, len(factors))
    for column, factor in enumerate(factors):
        changed = changed_proposal(found, Adjustment(savings=factor))
        assert_column_is(results, column, exact(changed))


def test_without_any_outlay_every_payback_is_nothing() -> None:
    results = model_of(GOLDEN).results(Changes(investment=np.array([0.0, 1.0])), 2)
    assert _at(results.cumulative_payback, 0) == 0
    assert _at(results.cumulative_payback, 1) == pytest.approx(2.0)
