from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from appraisal.money import round_half_up
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount
from tests.loans.accrued import accrued_interest

BEGIN, END = date(2026, 1, 1), date(2027, 1, 1)
CHANGES = st.lists(
    st.builds(BalanceChange, st.dates(BEGIN, END), st.integers(-(10**8), 10**8)), max_size=6
)


def interest(changes: list[BalanceChange], since: date, until: date) -> Fraction:
    return accrued_interest(
        changes,
        annual_rate=Decimal("0.06"),
        day_count=DayCount.ACT_365_FIXED,
        since=since,
        until=until,
    )


def test_a_year_of_150_000_at_six_percent_is_9_000() -> None:
    assert interest([BalanceChange(BEGIN, 15_000_000)], BEGIN, END) == 900_000


def test_interest_starts_with_the_day_money_goes_out_and_stops_before_it_returns() -> None:
    out, back = date(2026, 3, 1), date(2026, 3, 11)
    changes = [BalanceChange(out, 365_000), BalanceChange(back, -365_000)]
    assert interest(changes, BEGIN, END) == Fraction(365_000 * 10 * 6, 365 * 100)


def test_money_that_moves_on_the_last_day_earns_nothing() -> None:
    assert interest([BalanceChange(END, 100_000)], BEGIN, END) == 0


@given(CHANGES, st.dates(BEGIN, END))
def test_interest_to_a_day_and_after_it_is_the_whole(
    changes: list[BalanceChange], middle: date
) -> None:
    parts = interest(changes, BEGIN, middle) + interest(changes, middle, END)
    assert parts == interest(changes, BEGIN, END)


def test_a_half_cent_is_rounded_up_once_by_the_caller() -> None:
    exact = interest([BalanceChange(BEGIN, 3_650)], BEGIN, date(2026, 7, 20))
    assert exact == Fraction(120)
    assert round_half_up(exact + Fraction(1, 2)) == 121
