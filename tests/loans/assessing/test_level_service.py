from decimal import Decimal
from fractions import Fraction

from loans.assessing.level_service import LevelService
from loans.assessing.offer_result import Offer

SAVINGS = [Fraction(0)] * 2 + [Fraction(amount) for amount in (500, 400, 300, 600)]
NOTHING = Offer(eligible=True, currency="EUR")


def service(
    before_months: int = 2, lengths: tuple[int, ...] = (1,) * 4, grace: int | None = 1
) -> LevelService:
    return LevelService(SAVINGS, Decimal("0.06"), "EUR", before_months, lengths, grace)


def test_the_weakest_month_is_the_first_with_the_smallest_saving() -> None:
    assert service().weakest() == (5, Fraction(300))
    assert service(lengths=(1,) * 6).weakest() == (7, Fraction(0))


def test_the_largest_loan_follows_the_weakest_month_and_the_capacity_all_of_them() -> None:
    largest, capacity = service().largest(Fraction(1)), service().capacity(Fraction(1))
    assert service().payment(largest) == 300
    assert largest < capacity < 1800
    assert service().capacity(Fraction(2)) * 2 <= capacity


def test_service_of_a_loan() -> None:
    served = service().serve(NOTHING, Decimal("1000.00"))
    assert str(served.indicative_level_payment) == "253.13"
    assert str(served.grace_interest_payment) == "5.00"
    assert [round(float(cover), 3) for cover in served.covers] == [1.975, 1.58, 1.185, 2.37]
    assert served.minimum_cover == served.covers[2]
    expected = sum(saving * Fraction(200, 201) ** (k + 1) for k, saving in enumerate(SAVINGS[2:]))
    assert served.loan_life_cover == expected / 1000
    at_once = service(0, grace=None).serve(NOTHING, Decimal(10))
    assert at_once.covers[0] == 0
    assert at_once.grace_interest_payment is None


def test_an_instalment_of_several_months_is_paid_from_the_savings_of_all_of_them() -> None:
    halves = service(lengths=(2, 2), grace=2)
    assert halves.period_savings == [900, 900]
    assert halves.weakest() == (4, Fraction(900))
    served = halves.serve(NOTHING, Decimal("1000.00"))
    assert str(served.indicative_level_payment) == "507.51"
    assert str(served.grace_interest_payment) == "10.00"
    assert served.covers == (Fraction(90000, 50751),) * 2


def test_a_longer_last_period_bears_its_own_interest() -> None:
    uneven = service(lengths=(1, 3))
    payment = Fraction(uneven.payment(Decimal("1000.00")))
    left = (1000 * Fraction(201, 200) - payment) * Fraction(203, 200)
    assert abs(left - payment) < Fraction(1, 100)
