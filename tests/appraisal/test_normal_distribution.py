import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.normal_distribution import SMALLEST_PROBABILITY, cumulative, quantile

STANDARD = NormalDist()


@given(st.floats(min_value=SMALLEST_PROBABILITY, max_value=1 - 2**-53))
def test_quantile_is_that_of_single_numbers(probability: float) -> None:
    found = quantile(np.array([probability]))[0]
    assert found == pytest.approx(STANDARD.inv_cdf(probability), abs=2e-12)


@given(st.floats(min_value=-9, max_value=9))
def test_cumulative_is_that_of_single_numbers(deviation: float) -> None:
    found = cumulative(np.array([deviation]))[0]
    assert found == pytest.approx(0.5 * math.erfc(-deviation / math.sqrt(2)), rel=1e-12)


def test_the_ends_stay_finite() -> None:
    assert quantile(np.array([0.0, 1.0])) == pytest.approx([-8.7733, 8.7733], abs=1e-4)
    assert cumulative(np.array([-50.0, 50.0])) == pytest.approx([0, 1], abs=1e-18)


def test_the_middle_is_zero_and_what_is_given_is_left_alone() -> None:
    given_values = np.array([0.5, 0.25])
    assert quantile(given_values)[0] == pytest.approx(0, abs=1e-12)
    cumulative(given_values)
    assert given_values.tolist() == [0.5, 0.25]
