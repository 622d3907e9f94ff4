from decimal import Decimal
from fractions import Fraction

from loans.level_service import LevelService
from loans.offer_result import Offer

SAVINGS = [Fraction(0)] * 2 + [Fraction(amount) for amount in (500, 400, 300, 600)]


def service(**more: int) -> LevelService:
    window = {"grace_months": 2, "instalments": 4} | more
    return LevelService(SAVINGS, Decimal("0.06"), "EUR", **window)


def test_the_weakest_month_is_the_first_with_the_smallest_saving() -> None:
    assert service().weakest() == (5, Fraction(300))
    assert service(instalments=6).weakest() == (7, Fraction(0))


def test_the_largest_loan_follows_the_weakest_month_and_the_capacity_all_of_them() -> None:
    largest, capacity = service().largest(Fraction(1)), service().capacity(Fraction(1))
    assert service().payment(largest) == 300
    assert largest < capacity < 1800
    assert service().capacity(Fraction(2)) * 2 <= capacity


def test_service_of_a_loan() -> None:
    served = service().serve(Offer(eligible=True, currency="EUR"), Decimal("1000.00"))
    assert str(served.indicative_level_payment) == "253.13"
    assert str(served.grace_interest_payment) == "5.00"
    assert [round(float(cover), 3) for cover in served.covers] == [1.975, 1.58, 1.185, 2.37]
    assert served.minimum_cover == served.covers[2]
    expected = sum(saving * Fraction(200, 201) ** (k + 1) for k, saving in enumerate(SAVINGS[2:]))
    assert served.loan_life_cover == expected / 1000
    at_once = service(grace_months=0)
    assert at_once.serve(Offer(eligible=True, currency="EUR"), Decimal(10)).covers[0] == 0
    assert (
        at_once.serve(Offer(eligible=True, currency="EUR"), Decimal(10)).grace_interest_payment
        is None
    )
