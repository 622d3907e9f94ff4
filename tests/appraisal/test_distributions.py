from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from appraisal.distributions import (
    AnyDistribution,
    ChangeDistribution,
    Constant,
    Discrete,
    FloatArray,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    WholeConstant,
    WholeDiscrete,
    WholeDistribution,
)

CHANGE: TypeAdapter[AnyDistribution] = TypeAdapter(ChangeDistribution)
WHOLE: TypeAdapter[AnyDistribution] = TypeAdapter(WholeDistribution)
EVENLY: FloatArray = (np.arange(100_000) + 0.5) / 100_000
"""Numbers so even that a mean over them is as good as an integral."""

ENDS = st.tuples(*[st.floats(min_value=-0.9, max_value=2)] * 3).map(sorted)


@pytest.mark.parametrize(
    ("distribution", "mean", "deviation"),
    [
        (Constant(value=0.25), 0.25, 0.0),
        (Uniform(low=-0.1, high=0.3), 0.1, 0.4 / 12**0.5),
        (Triangular(low=-0.1, mode=0.0, high=0.25), 0.05, 0.07359801),
        (Pert(low=-0.1, mode=0.0, high=0.25), 0.025, 0.06338657),
        (Normal(mean=0.02, standard_deviation=0.01), 0.02, 0.009994645),
        (Normal(standard_deviation=1.0, low=-0.5, high=0.5), 0.0, 0.28388158),
        (Lognormal(log_deviation=0.2), np.exp(0.02) - 1, np.sqrt(np.expm1(0.04) * np.exp(0.04))),
        (Discrete(values=(-0.5, 0.5), probabilities=(0.2, 0.8)), 0.3, 0.4),
        (WholeConstant(value=3), 3, 0.0),
        (WholeDiscrete(values=(0, 2, 6), probabilities=(0.5, 0.25, 0.25)), 2.0, 6**0.5),
    ],
)
def test_moments_are_those_of_the_textbook(
    distribution: AnyDistribution, mean: float, deviation: float
) -> None:
    drawn = distribution.quantile(EVENLY)
    assert drawn.mean() == pytest.approx(mean, abs=2e-6)
    assert drawn.std() == pytest.approx(deviation, rel=2e-4, abs=1e-12)


def test_pert_has_the_moments_of_its_beta_distribution() -> None:
    """Mean (a + 4 m + b) / 6; variance (mean - a)(b - mean) / 7."""
    drawn = Pert(low=0.0, mode=0.3, high=1.0).quantile(EVENLY)
    mean = (0 + 4 * 0.3 + 1) / 6
    assert drawn.mean() == pytest.approx(mean, abs=1e-6)
    assert drawn.var() == pytest.approx(mean * (1 - mean) / 7, rel=1e-5)


@pytest.mark.parametrize("kind", [Uniform, Triangular, Pert])
@given(ends=ENDS)
def test_draws_stay_inside_and_rise(kind: type[Any], ends: list[float]) -> None:
    low, mode, high = ends
    given_mode = {} if kind is Uniform else {"mode": mode}
    distribution = kind(low=low, high=high, **given_mode)
    drawn = distribution.quantile(np.linspace(2**-54, 1 - 2**-53, 201))
    assert distribution.bounds() == (low, high)
    assert np.all(drawn >= low - 1e-12)
    assert np.all(drawn <= high + 1e-12)
    assert np.all(np.diff(drawn) >= -1e-12)


@given(st.floats(0, 0.2), st.floats(-0.3, 0), st.floats(0, 0.3))
def test_a_normal_distribution_is_cut_at_its_bounds(
    deviation: float, low: float, high: float
) -> None:
    drawn = Normal(standard_deviation=deviation, low=low, high=high).quantile(EVENLY[::1000])
    assert np.all((drawn >= low) & (drawn <= high))
    assert np.all(np.diff(drawn) >= -1e-12)


@pytest.mark.parametrize(
    "fixed",
    [
        Uniform(low=0.1, high=0.1),
        Triangular(low=0.1, mode=0.1, high=0.1),
        Pert(low=0.1, mode=0.1, high=0.1),
        Normal(mean=0.1, standard_deviation=0),
        Lognormal(median=0.1, log_deviation=0),
        Discrete(values=(0.1,), probabilities=(1,)),
    ],
)
def test_without_spread_every_draw_is_the_same(fixed: AnyDistribution) -> None:
    assert fixed.quantile(EVENLY[::5000]) == pytest.approx(0.1, abs=1e-15)


def test_a_discrete_value_has_exactly_its_share() -> None:
    drawn = WholeDiscrete(values=(1, 2, 4), probabilities=(0.2, 0.5, 0.3)).quantile(EVENLY)
    assert [int((drawn == value).sum()) for value in (1, 2, 4)] == [20_000, 50_000, 30_000]
    assert drawn.dtype == np.int64


def test_a_share_that_ends_a_value_still_belongs_to_it() -> None:
    spread = WholeDiscrete(values=(1, 2, 4), probabilities=(0.25, 0.5, 0.25))
    assert spread.quantile(np.array([0.25, np.nextafter(0.25, 1), 0.75])).tolist() == [1, 2, 2]


@pytest.mark.parametrize(
    "distribution",
    [
        Constant(value=0.1),
        Uniform(low=-0.1, high=0.1),
        Lognormal(median=0.1, log_deviation=0.3),
        Normal(standard_deviation=0.2, low=-0.5),
        Discrete(values=(-0.1, 0.2), probabilities=(0.5, 0.5)),
        WholeConstant(value=2),
        WholeDiscrete(values=(0, 3), probabilities=(0.9, 0.1)),
    ],
)
def test_bounds_hold_every_draw(distribution: AnyDistribution) -> None:
    low, high = distribution.bounds()
    drawn = distribution.quantile(EVENLY)
    assert low <= drawn.min() <= drawn.max() <= high


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"kind": "uniform", "low": 0.2, "high": 0.1}, "ascending order"),
        ({"kind": "triangular", "low": 0, "mode": 0.3, "high": 0.2}, "ascending order"),
        ({"kind": "pert", "low": 0.4, "mode": 0.3, "high": 0.5}, "ascending order"),
        ({"kind": "normal", "mean": 0.4, "standard_deviation": 0.1, "high": 0.2}, "ascending"),
        ({"kind": "normal", "standard_deviation": 0.3}, "-100 %"),
        ({"kind": "discrete", "values": [1, 2], "probabilities": [1]}, "differ in number"),
        ({"kind": "discrete", "values": [2, 1], "probabilities": [0.5, 0.5]}, "not ascending"),
        ({"kind": "discrete", "values": [1, 1], "probabilities": [0.5, 0.5]}, "not ascending"),
        ({"kind": "discrete", "values": [1, 2], "probabilities": [0.5, 0.4]}, "add up to 1"),
        ({"kind": "constant", "value": float("nan")}, "Enter a number"),
        ({"kind": "constant", "value": True}, "Enter a number"),
        ({"kind": "constant", "value": -1}, "greater than -1"),
        ({"kind": "lognormal", "log_deviation": 2}, "less than or equal to 1"),
        ({"kind": "cauchy"}, "does not match any of the expected tags"),
    ],
)
def test_what_makes_no_distribution_is_refused(document: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        CHANGE.validate_python(document)


@pytest.mark.parametrize(
    "document",
    [
        {"kind": "uniform", "low": 0, "high": 6},
        {"kind": "constant", "value": 1.5},
        {"kind": "discrete", "values": [0, 1.5], "probabilities": [0.5, 0.5]},
        {"kind": "constant", "value": 121},
    ],
)
def test_months_and_years_are_whole(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WHOLE.validate_python(document)


@pytest.mark.parametrize(
    "distribution",
    [Triangular(low=-0.1, mode=0, high=0.2), Normal(standard_deviation=0.01), Constant()],
)
def test_json_gives_the_same_back(distribution: AnyDistribution) -> None:
    assert CHANGE.validate_json(distribution.model_dump_json()) == distribution
