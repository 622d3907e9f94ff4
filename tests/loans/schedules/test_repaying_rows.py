"""The one place where payments bring a balance down, held against the definitions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import mortgagemath
from hypothesis import given
from hypothesis import strategies as st

from appraisal.money import round_half_up
from loans.schedules.day_position import InterestRate
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
    rows = repaying_rows(of, Method.LEVEL, balloon_minor=balloon, step_minor=step)
    if paid == 1 or balloon == of.balance_minor:
        return
    interest, principal, after = rows[0]
    assert principal == max(
        0, min(round_half_up(exact, step) - interest, of.balance_minor - balloon)
    )
    assert after == of.balance_minor - principal


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
