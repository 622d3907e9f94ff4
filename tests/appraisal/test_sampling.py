import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from appraisal.sampling import sample
from appraisal.simulation_assumptions import SimulationAssumptions

DRAWS = 4_000


def drawn(changes: dict[str, Any] | None = None, **where: int) -> Any:
    assumptions = SimulationAssumptions.model_validate(changes or {})
    return sample(assumptions, **{"seed": 1, "chunk": 0, "draws": DRAWS} | where)


def rank_correlation(first: NDArray[Any], second: NDArray[Any]) -> float:
    ranks = np.stack([np.argsort(np.argsort(values)) for values in (first, second)])
    return float(np.asarray(np.corrcoef(ranks))[0, 1])


def test_the_same_seed_and_chunk_give_the_same_draws() -> None:
    assert np.array_equal(drawn().investment, drawn().investment)
    assert not np.array_equal(drawn().investment, drawn(chunk=1).investment)
    assert not np.array_equal(drawn().investment, drawn(seed=2).investment)


def test_fewer_draws_are_the_first_ones() -> None:
    assert np.array_equal(drawn(draws=10).savings, drawn().savings[:10])


def test_the_range_of_one_input_leaves_the_draws_of_the_others() -> None:
    changed = drawn({"investment": {"kind": "constant", "value": 0.1}})
    assert changed.investment == 1.1
    assert np.array_equal(changed.savings, drawn().savings)
    assert np.array_equal(changed.delay_months, drawn().delay_months)


def test_inputs_are_independent_unless_they_are_said_not_to_be() -> None:
    free = drawn()
    rows = np.stack([free.investment, free.savings, free.price_growth, free.delay_months])
    assert np.abs(np.corrcoef(rows) - np.eye(4)).max() < 5 / math.sqrt(DRAWS)


@pytest.mark.parametrize("coefficient", [-1.0, -0.5, 0.3, 0.8, 1.0])
def test_the_correlation_asked_for_is_reached(coefficient: float) -> None:
    """Rank correlation of a Gaussian copula: 6 / pi x arcsin(coefficient / 2)."""
    matrix = [[1, coefficient], [coefficient, 1]]
    pair = {"inputs": ["investment", "price_growth"], "matrix": matrix}
    together = drawn({"correlation": pair})
    reached = rank_correlation(together.investment, together.price_growth)
    expected = 6 / math.pi * math.asin(coefficient / 2)
    assert reached == pytest.approx(expected, abs=4 / math.sqrt(DRAWS))
    assert together.investment.mean() == pytest.approx(1.05, abs=0.006)
    assert np.array_equal(together.savings, drawn().savings)


def test_a_price_is_drawn_by_its_line_and_may_be_correlated() -> None:
    spread = {"kind": "uniform", "low": -0.2, "high": 0.2}
    together = drawn(
        {
            "prices": [{"measure": "M1", "line": "R04", "change": spread}],
            "correlation": {"inputs": ["M1/R04", "savings"], "matrix": [[1, 0.9], [0.9, 1]]},
        }
    )
    price = together.prices["M1", "R04"]
    assert 0.8 <= price.min() < price.max() <= 1.2
    assert rank_correlation(price, together.savings) > 0.85
