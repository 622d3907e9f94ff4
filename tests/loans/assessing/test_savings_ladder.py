from typing import Any

import pytest

from loans.assessing.offer import make_offer
from loans.assessing.savings_ladder import ladder_measures, savings_ladder
from tests.loans.proposals import NEFCO, appraised, measure, proposal

A = measure("A", cost="3000", saving="6000")
B = measure("B", cost="15000", saving="18000")
C = measure("C", cost="90000", saving="40000")


def test_the_ladder_of_the_three_types_and_the_maturity_of_the_smaller_loan() -> None:
    finance: dict[str, Any] = {"measures": ["C"], "own_contribution": "3000"}
    planned = savings_ladder(proposal(A, B, C, finance=finance), NEFCO)
    assert [(step.code, step.start_month) for step in planned.steps] == [
        ("A", 0),
        ("B", 30),
        ("C", 42),
    ]
    assert planned.loan == 66000
    smaller = proposal(C, finance={"requested_amount": "66000.00"})
    offer = make_offer(smaller, appraised(smaller), NEFCO)
    assert offer.maximum_amount == 66000
    assert offer.maximum_maturity_months == 32


def test_own_funds_that_are_not_stated_are_what_no_loan_pays() -> None:
    alone = savings_ladder(proposal(C), NEFCO)
    assert alone.own_funds == 9000
    assert alone.loan == 81000
    assert alone.loan_month == 0
    large = savings_ladder(proposal(measure(cost="400000", saving="100000")), NEFCO)
    assert large.own_funds == 200000
    assert savings_ladder(proposal(A, B), NEFCO).own_funds == 0


def test_months_of_saving_and_the_horizon_are_a_choice() -> None:
    planned = savings_ladder(proposal(A, C), NEFCO, saving_months=6, horizon_months=24)
    assert planned.loan_month == 6
    assert planned.loan == 81000
    assert len(planned.curve) == 25


@pytest.mark.parametrize(
    ("finance", "kept"),
    [({"measures": ["C2", "A"]}, ["A", "C2"]), ({"measures": ["A"]}, ["A", "C1"])],
)
def test_of_alternatives_the_financed_one_is_planned_or_the_best(
    finance: dict[str, Any], kept: list[str]
) -> None:
    rivals = [
        measure("C1", cost="90000", saving="40000", alternative_group="G"),
        measure("C2", cost="90000", saving="30000", alternative_group="G"),
    ]
    chosen = ladder_measures(proposal(A, *rivals, finance=finance))
    assert [one.code for one in chosen] == kept
    backwards = ladder_measures(proposal(*reversed(rivals), A, finance=finance))
    assert sorted(one.code for one in backwards) == kept
