"""The one place where payments bring a balance down, held against the definitions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import mortgagemath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appraisal.money import round_half_up
from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.day_position import InterestRate, time_axis
from loans.schedules.remaining_plan import Opening, Shape, spread
from loans.schedules.repaying_rows import Repaying, level_payment, repaying_rows
from loans.schedules.repayment_shape import Method
from tests.loans.equal_months import equal_months

SPANS = st.one_of(
    st.lists(st.integers(0, 120), min_size=1, max_size=30),
    st.builds(lambda span, count: [span] * count, st.integers(0, 120), st.integers(1, 60)),
)
OF = st.builds(
    Repaying,
    st.integers(1, 10**9),
    SPANS,
    st.builds(
        InterestRate, st.just(date.toordinal), st.integers(0, 300), st.integers(36_000, 36_500)
    ),
    st.integers(0, 10**9),
)


@given(OF, st.integers(1, 1_000), st.fractions(0, 1))
def test_the_level_payment_is_the_exact_one_rounded(
    of: Repaying, step: int, part: Fraction
) -> None:
    """Paid every time, the exact payment brings the balance to the balloon."""
    balloon = int(of.balance_minor * part)
    rates = [of.rate.exact(span) for span in of.spans]
    owed, paid = of.balance_minor + of.rate.exact(of.carried) + of.balance_minor * rates[0], 1
    value = Fraction(1)
    for rate in rates[1:]:
        owed, value, paid = owed * (1 + rate), value * (1 + rate) + 1, paid + 1
    exact = (owed - balloon) / value
    assume(all(interest < exact for interest in exact_interest(of, exact)))
    rows = repaying_rows(of, Method.LEVEL, balloon_minor=balloon, step_minor=step)
    if paid == 1 or balloon == of.balance_minor:
        return
    interest, principal, after = rows[0]
    assert principal == max(
        0, min(round_half_up(exact, step) - interest, of.balance_minor - balloon)
    )
    assert after == of.balance_minor - principal


def exact_interest(of: Repaying, paid: Fraction) -> list[Fraction]:
    """Of each period, nothing rounded, where every one pays the same."""
    balance, carried, found = Fraction(of.balance_minor), of.rate.exact(of.carried), []
    for span in of.spans:
        found.append(carried + balance * of.rate.exact(span))
        balance, carried = balance + found[-1] - paid, Fraction(0)
    return found


@given(OF)
def test_a_period_that_earns_more_than_the_level_pays_its_interest(of: Repaying) -> None:
    """The others bring the one level payment that is left by it, and the last one the rest."""
    rows = repaying_rows(of, Method.LEVEL)
    assume(len(rows) > 1)
    totals = [interest + principal for interest, principal, _ in rows]
    level = level_of(of)
    for (interest, _, before), total in zip(rows[:-1], totals[:-1], strict=True):
        assert total == max(interest, min(level, before + total))
    assert rows[-1][2] == 0


def level_of(of: Repaying) -> int:
    """The least whole payment, never under the interest, that leaves nothing: by halving."""

    def left(paid: Fraction) -> Fraction:
        balance, carried = Fraction(of.balance_minor), of.rate.exact(of.carried)
        for span in of.spans:
            interest = carried + balance * of.rate.exact(span)
            balance, carried = balance + interest - max(paid, interest), Fraction(0)
        return balance

    lowest, highest = 0, 2 * of.balance_minor + round_half_up(of.rate.exact(of.carried), 1) + 1
    while lowest < highest:
        middle = (lowest + highest) // 2
        if left(middle + Fraction(1, 2)) < 0:
            highest = middle
        else:
            lowest = middle + 1
    return lowest


@pytest.mark.parametrize("months", [400, 1_200])
def test_as_many_instalments_as_were_asked_for_repay_a_late_loan(months: int) -> None:
    """The first one earned more than the level; in a hundred years, so does every long month."""
    rate = InterestRate.of(Decimal("0.06"), time_axis(DayCount.ACT_365_FIXED))
    opening = Opening(date(2026, 12, 1), 3_000_000, 3_000_000 * 40)
    rows = spread(opening, due_dates(date(2027, 1, 15), months, 1), rate=rate, shape=Shape())
    totals = [row.principal_minor + row.interest_minor for row in rows]
    assert len(rows) == months
    assert sum(row.principal_minor for row in rows) == 3_000_000
    level = min(totals[:-1])
    assert all(
        total == max(level, row.interest_minor)
        for total, row in zip(totals[:-1], rows[:-1], strict=True)
    )


@given(OF, st.sampled_from([Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.BULLET]), st.data())
def test_rows_earn_interest_on_what_is_left_and_clear_it(
    of: Repaying, method: Method, data: st.DataObject
) -> None:
    balloon = data.draw(st.integers(0, of.balance_minor))
    balance, carried = of.balance_minor, of.carried
    rows = repaying_rows(of, method, balloon_minor=balloon)
    for (interest, principal, after), span in zip(rows, of.spans, strict=True):
        assert interest == of.rate.earned(carried + balance * span)
        assert 0 <= principal == balance - after
        balance, carried = after, 0
        assert after >= balloon or not after
    assert balance == 0


@given(st.integers(1, 10**9), st.integers(2, 60), st.integers(0, 10**6))
def test_equal_parts_differ_in_the_last_row_only(amount: int, count: int, balloon: int) -> None:
    of = equal_months(amount, 60_000, count)
    kept = min(balloon, amount)
    rows = repaying_rows(of, Method.EQUAL_PRINCIPAL, balloon_minor=kept)
    part = round_half_up(Fraction(amount - kept, count))
    whole = [principal for _, principal, after in rows[:-1] if after > kept]
    assert whole == [part] * len(whole)


@given(st.integers(10**6, 10**9), st.integers(100, 2_000), st.integers(2, 60))
def test_every_row_is_that_of_an_independent_program(
    principal_minor: int, basis_points: int, instalments: int
) -> None:
    """Mortgagemath, rounding half-up: interest and principal of each row but the last to the cent.

    Its last row clears the balance, as ours does.
    """
    half_up = mortgagemath.PaymentRounding.ROUND_HALF_UP
    terms = mortgagemath.LoanParams(
        principal=Decimal(principal_minor) / 100,
        annual_rate=Decimal(basis_points) / 100,
        term_months=instalments,
        payment_rounding=half_up,
        interest_rounding=half_up,
    )
    theirs = [row for row in mortgagemath.amortization_schedule(terms) if row.number]
    ours = repaying_rows(
        equal_months(principal_minor, 100 * basis_points, instalments), Method.LEVEL
    )
    assert [(int(100 * row.interest), int(100 * row.principal)) for row in theirs] == [
        (interest, principal) for interest, principal, _ in ours
    ]


def test_the_payment_of_a_known_loan() -> None:
    assert level_payment(equal_months(10_800_000, 60_000, 28)) == 414_306
