from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from loans.schedules.repayment_shape import RepaymentPeriods, savings_share

RATE = st.fractions(0, Fraction(1, 10), max_denominator=500)


@given(
    st.integers(1, 10**9),
    st.lists(st.tuples(RATE, st.integers(0, 10**6)), min_size=1, max_size=30),
)
def test_paying_the_share_of_savings_or_the_interest_ends_at_zero(
    principal: int, months: list[tuple[Fraction, int]]
) -> None:
    rates, savings = [rate for rate, _ in months], [saving for _, saving in months]
    savings[-1] += 1
    periods = RepaymentPeriods(principal, principal * rates[0], tuple(rates[1:]))
    share = savings_share(periods, savings, 0)
    balance = Fraction(principal)
    for rate, saving in zip(rates, savings, strict=True):
        interest = balance * rate
        balance += interest - max(share * saving, interest)
    assert abs(balance) < Fraction(1, 10**20)


def test_present_cover_of_one_payment() -> None:
    periods = RepaymentPeriods(1_000, Fraction(100), ())
    assert periods.present_cover([2_200]) == 2
    assert periods.count == 1
