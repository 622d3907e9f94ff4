from fractions import Fraction
from math import lcm, log, log1p

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.irr_exact import certain_roots
from appraisal.irr_roots import Root, all_roots
from appraisal.irr_terms import Term

RATES = st.integers(-8, 30).map(lambda step: Fraction(step, 10))
PLANTED = st.dictionaries(RATES, st.integers(1, 3), min_size=1, max_size=3)


def _with_roots(planted: dict[Fraction, int], spread: int = 1) -> list[Term]:
    """Whole flows whose rates are those, each so many times; ``spread`` periods apart."""
    polynomial = [Fraction(-1)]
    for rate in [rate for rate, times in planted.items() for _ in range(times)]:
        shifted = [Fraction(0), *polynomial]
        unshifted = [*polynomial, Fraction(0)]
        polynomial = [a - (1 + rate) * b for a, b in zip(unshifted, shifted, strict=True)]
    unit = lcm(*(amount.denominator for amount in polynomial))
    return [(float(amount * unit), float(time * spread)) for time, amount in enumerate(polynomial)]


@given(PLANTED)
def test_multiple_roots_are_found_counted_and_certain(planted: dict[Fraction, int]) -> None:
    roots, certified = certain_roots(_with_roots(planted))
    assert certified
    expected = sorted(log1p(rate) for rate in planted)
    assert [root.log_rate for root in roots] == pytest.approx(expected, abs=1e-7)
    touching = [planted[rate] % 2 == 0 for rate in sorted(planted)]
    assert [root.touches for root in roots] == touching


def test_a_double_root_is_exact_to_the_last_digits() -> None:
    (root,), _ = certain_roots([(-100.0, 0.0), (220.0, 1.0), (-121.0, 2.0)])
    assert root.log_rate == pytest.approx(log(1.1), abs=1e-15)


def test_a_double_root_three_periods_apart() -> None:
    """(1 - x ** 3) ** 2: what its division by the slope leaves falls by several powers at once."""
    roots, certified = certain_roots([(1.0, 0.0), (-2.0, 3.0), (1.0, 6.0)])
    assert roots == [Root(0.0, touches=True)]
    assert certified


@pytest.mark.parametrize(
    "terms",
    [
        _with_roots({Fraction("0.1"): 2}, spread=31),
        [(-100.0, 0.0), (220.0, 0.5), (-121.0, 1.0)],
        [(-100.0, 0.0), (220.0, 1.0), (-121.0, 2.0), (2.0**-900, 3.0)],
    ],
    ids=["too long", "not at whole periods", "amounts too far apart"],
)
def test_what_is_not_decided_exactly_keeps_its_doubt(terms: list[Term]) -> None:
    assert certain_roots(terms) == all_roots(terms)
    assert not certain_roots(terms)[1]


def test_two_roots_closer_than_floating_point_can_part_stay_in_doubt() -> None:
    below = 2.0**60 - 2.0**8
    roots, certified = certain_roots([(-(2.0**60), 0.0), (2.0**61, 1.0), (-below, 2.0)])
    assert len(roots) == 1
    assert roots[0].log_rate == pytest.approx(0, abs=1e-6)
    assert not certified


def test_no_root_that_floating_point_takes_for_one_stays_in_doubt() -> None:
    above = 2.0**60 + 2.0**8
    assert not certain_roots([(-(2.0**60), 0.0), (2.0**61, 1.0), (-above, 2.0)])[1]
