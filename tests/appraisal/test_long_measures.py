from decimal import Decimal
from fractions import Fraction

from appraisal.long_measures import LongMeasures
from appraisal.proposal import Measure
from appraisal.saving_up import Candidate
from tests.appraisal.proposals import numbers, simple_measure

SHARE = Decimal("0.9")


def long_measures(*costs: str, maximum: Decimal | None = None) -> LongMeasures:
    candidates = [
        Candidate.of(
            Measure.model_validate(simple_measure(cost, "1000", code=f"C{number}")), Decimal(5000)
        )
        for number, cost in enumerate(costs, start=1)
    ]
    return LongMeasures.of([one for one in candidates if one is not None], SHARE, maximum)


def test_the_loan_is_what_the_money_at_hand_does_not_pay_and_at_most_the_share() -> None:
    one = long_measures("90000")
    loans = [one.start(0, Fraction(cash)) for cash in (-5, 0, 9000, 24000, 90000, 95000)]
    assert numbers(at.loan for at in loans) == [81000, 81000, 81000, 66000, 0, 0]
    assert numbers(at.own_money_missing for at in loans) == [9000, 9000, 0, 0, 0, 0]


def test_the_largest_loan_of_the_facility_is_for_all_of_them_together() -> None:
    two = long_measures("100000", "200000", maximum=Decimal(200000))
    assert numbers((two.investment, two.largest_loan)) == [300000, 200000]
    assert two.codes == ("C1", "C2")
    assert two.loans(Fraction(200000)) == {"C1": 20000, "C2": 180000}


def test_none_of_them_needs_nothing() -> None:
    none = long_measures()
    assert numbers((none.investment, none.largest_loan)) == [0, 0]
    assert none.loans(Fraction(0)) == {}
