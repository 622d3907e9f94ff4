from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from appraisal.simulation_assumptions import (
    DEFAULT_REASONS,
    Correlation,
    SimulationAssumptions,
    semidefinite_factor,
)


def correlation(*rows: tuple[float, ...], inputs: tuple[str, ...] = ()) -> dict[str, Any]:
    names = ("investment", "savings", "price_growth")
    return {"inputs": inputs or names[: len(rows)], "matrix": rows}


def test_every_input_has_a_default_and_a_reason() -> None:
    inputs = dict(SimulationAssumptions().inputs())
    assert list(inputs) == list(DEFAULT_REASONS)
    assert inputs["investment"].bounds() == (-0.10, 0.25)
    assert inputs["savings"].bounds() == (-0.25, 0.10)
    assert inputs["delay_months"].bounds() == (0, 6)


def test_json_gives_the_same_back() -> None:
    given_assumptions = SimulationAssumptions.model_validate(
        {
            "prices": [{"measure": "M1", "line": "R04", "change": {"kind": "constant"}}],
            "correlation": correlation((1, 0.5), (0.5, 1), inputs=("savings", "M1/R04")),
        }
    )
    text = given_assumptions.model_dump_json()
    assert SimulationAssumptions.model_validate_json(text) == given_assumptions


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (correlation((1, 0.5), (0.5, 1), inputs=("savings", "savings")), "named twice"),
        (correlation((1, 0.5), (0.5,)), "not square"),
        (correlation((1, 0.5), (0.4, 1)), "not symmetric"),
        (correlation((1, 0.5), (0.5, 0.9)), "Enter 1 on the diagonal"),
        (correlation((1, 1.5), (1.5, 1)), "less than or equal to 1"),
        (correlation((1, 0.9, -0.9), (0.9, 1, 0.9), (-0.9, 0.9, 1)), "contradict one another"),
        (correlation((1, 1, 0.0), (1, 1, 0.5), (0.0, 0.5, 1)), "contradict one another"),
        (correlation((1, 0.5), (0.5, 1), inputs=("savings", "weather")), "not known"),
        (correlation((1, float("nan")), (float("nan"), 1)), "Enter a number"),
    ],
)
def test_a_matrix_that_cannot_be_is_refused_in_words(matrix: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SimulationAssumptions.model_validate({"correlation": matrix})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"delay_months": {"kind": "constant", "value": -1}}, "A delay is not within"),
        ({"life_change_years": {"kind": "constant", "value": 41}}, "more than 40 years"),
        ({"wind": {"kind": "constant"}}, "Extra inputs"),
        (
            {"prices": [{"measure": "M1", "line": "R04", "change": {"kind": "constant"}}] * 2},
            "named twice",
        ),
    ],
)
def test_other_contradictions_are_refused_in_words(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SimulationAssumptions.model_validate(changes)


@given(st.lists(st.lists(st.floats(-1, 1), min_size=4, max_size=4), min_size=2, max_size=4))
def test_a_matrix_of_real_inputs_is_taken_and_its_factor_gives_it_back(
    loadings: list[list[float]],
) -> None:
    vectors = np.array(loadings) + np.eye(len(loadings), 4) * 3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    matrix = vectors @ vectors.T
    rows = tuple(tuple(row) for row in matrix.tolist())
    factor = np.array(semidefinite_factor(rows))
    assert factor @ factor.T == pytest.approx(matrix, abs=1e-4)


@pytest.mark.parametrize("coefficient", [1.0, -1.0])
def test_inputs_may_move_together_fully(coefficient: float) -> None:
    rows = ((1, coefficient), (coefficient, 1))
    assert Correlation.model_validate(correlation(*rows)).matrix == rows
    assert semidefinite_factor(rows) == [[1, 0], [coefficient, 0]]
