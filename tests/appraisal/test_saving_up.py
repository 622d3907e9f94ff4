from decimal import Decimal
from fractions import Fraction

from appraisal.proposal import Measure
from appraisal.saving_up import Candidate, delayed, save_up
from tests.appraisal.proposals import measure, numbers, simple_measure


def candidate(cost: str, saving: str) -> Candidate | None:
    return Candidate.of(Measure.model_validate(simple_measure(cost, saving)), Decimal(5000))


def test_a_measure_that_is_not_recovered_is_no_candidate() -> None:
    assert candidate("1000", "0") is None


def test_a_measure_starts_in_the_month_in_which_the_money_at_hand_just_pays_for_it() -> None:
    one = candidate("1200", "12000")
    assert one is not None
    just = save_up([one], Fraction(1200), 2)
    assert just.starts == {"M1": 0}
    assert numbers(month.cash for month in just.months) == [0, 1000, 2000]
    short = save_up([one], Fraction("1199.99"), 2)
    assert short.starts == {}
    assert numbers(month.cash for month in short.months) == [1199.99, 1199.99, 1199.99]


def test_a_delay_moves_outlays_and_savings_and_leaves_the_measure_as_it_was() -> None:
    golden = measure(implementation_months=2)
    later = delayed(golden, 30)
    assert (later.implementation_months, later.investment[0].month) == (32, 30)
    assert (golden.implementation_months, golden.investment[0].month) == (2, 0)
    assert later.savings == golden.savings
