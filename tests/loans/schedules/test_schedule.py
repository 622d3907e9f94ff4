import itertools
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mortgagemath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.money import round_half_up
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.schedule import GraceInterest, Method, Schedule, build_schedule
from tests.loans.accrued import accrued_interest

PAID_OUT_ON = date(2026, 1, 15)
RATES = st.decimals(0, 1, places=5)
ANY_CONTRACT = {
    "principal": st.integers(1, 10**10),
    "annual_rate": RATES,
    "day_count": st.sampled_from(DayCount),
    "method": st.sampled_from(Method),
    "instalments": st.integers(1, 48),
    "grace": st.integers(0, 47),
    "grace_interest": st.sampled_from(GraceInterest),
    "step": st.sampled_from([1, 100, 1_000]),
    "savings_seed": st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
}


def schedule(
    principal: int = 9_000_000,
    *,
    parts: Sequence[BalanceChange] = (),
    rate: str = "0.06",
    due_on: Sequence[date] = due_dates(date(2026, 2, 15), 24),
    **terms: Any,
) -> Schedule:
    return build_schedule(
        disbursements=parts or [BalanceChange(PAID_OUT_ON, principal)],
        annual_rate=Decimal(rate),
        due_on=due_on,
        **terms,
    )


@given(**ANY_CONTRACT)
def test_every_schedule_repays_exactly_what_was_paid_out(
    *,
    principal: int,
    annual_rate: Decimal,
    day_count: DayCount,
    method: Method,
    instalments: int,
    grace: int,
    grace_interest: GraceInterest,
    step: int,
    savings_seed: list[int],
) -> None:
    savings = [*itertools.islice(itertools.cycle(savings_seed), instalments - 1), 1]
    built = schedule(
        principal,
        rate=str(annual_rate),
        due_on=due_dates(date(2026, 2, 28), instalments),
        day_count=day_count,
        method=method,
        grace_instalments=min(grace, instalments - 1),
        grace_interest=grace_interest,
        rounding_step_minor=step,
        savings_minor=savings,
    )
    rows = built.instalments
    assert built.disbursed_minor == principal
    assert rows[-1].balance_minor == 0
    balance = principal
    for row in rows:
        balance += row.capitalised_minor - row.principal_minor
        assert row.balance_minor == balance >= 0
        assert row.principal_minor >= 0
        assert row.interest_minor >= 0
    assert built.total_minor == principal + built.interest_minor


@given(
    st.integers(10**6, 10**9),
    st.decimals(0, Decimal("0.3"), places=5),
    st.sampled_from(DayCount),
    st.integers(1, 60),
)
def test_level_payments_are_equal_and_the_last_differs_little(
    principal: int, annual_rate: Decimal, day_count: DayCount, instalments: int
) -> None:
    built = schedule(
        principal,
        rate=str(annual_rate),
        due_on=due_dates(date(2026, 2, 15), instalments),
        day_count=day_count,
    )
    totals = [row.total_minor for row in built.instalments]
    assert len(set(totals[:-1])) <= 1
    # Each rounding is worth at most half a cent, grown at the loan's rate to the end.
    growth = (1 + annual_rate / 11) ** instalments
    assert abs(totals[-1] - totals[0]) <= instalments * growth + 1


@given(st.integers(10**6, 10**9), st.integers(100, 2_000), st.integers(1, 120))
def test_level_payment_agrees_with_an_independent_program(
    principal: int, basis_points: int, instalments: int
) -> None:
    terms = mortgagemath.LoanParams(
        principal=Decimal(principal) / 100,
        annual_rate=Decimal(basis_points) / 100,
        term_months=instalments,
        payment_rounding=mortgagemath.PaymentRounding.ROUND_HALF_UP,
    )
    built = schedule(
        principal,
        rate=str(Decimal(basis_points) / 10_000),
        due_on=due_dates(date(2026, 2, 15), instalments),
        day_count=DayCount.MONTHLY_NOMINAL,
    )
    if instalments > 1:
        expected = int(100 * mortgagemath.periodic_payment(terms))
        assert built.instalments[0].total_minor == expected


def test_the_golden_loan_pays_4_143_06_a_month() -> None:
    built = schedule(
        10_800_000, due_on=due_dates(date(2026, 2, 15), 28), day_count=DayCount.MONTHLY_NOMINAL
    )
    assert {row.total_minor for row in built.instalments[:-1]} == {414_306}


def test_interest_is_the_accrued_interest_at_the_due_date() -> None:
    built = schedule()
    balance, since = 9_000_000, PAID_OUT_ON
    for row in built.instalments:
        exact = accrued_interest(
            [BalanceChange(since, balance)],
            annual_rate=Decimal("0.06"),
            day_count=DayCount.ACT_365_FIXED,
            since=since,
            until=row.due_on,
        )
        assert row.interest_minor == round_half_up(exact)
        balance, since = row.balance_minor, row.due_on


def test_grace_pays_interest_and_leaves_the_principal() -> None:
    built = schedule(grace_instalments=3, day_count=DayCount.MONTHLY_NOMINAL)
    grace = built.instalments[:3]
    assert [(row.principal_minor, row.interest_minor) for row in grace] == [(0, 45_000)] * 3
    assert built.instalments[3].principal_minor > 0


def test_capitalised_grace_adds_its_interest_to_the_loan() -> None:
    built = schedule(
        grace_instalments=2,
        grace_interest=GraceInterest.CAPITALISED,
        day_count=DayCount.MONTHLY_NOMINAL,
    )
    assert [row.total_minor for row in built.instalments[:2]] == [0, 0]
    assert [row.balance_minor for row in built.instalments[:2]] == [9_045_000, 9_090_225]
    assert built.disbursed_minor == 9_000_000


def test_tranches_earn_interest_from_the_day_each_goes_out() -> None:
    parts = [BalanceChange(PAID_OUT_ON, 5_000_000), BalanceChange(date(2026, 2, 25), 4_000_000)]
    built = schedule(parts=parts, grace_instalments=2)
    first, second = built.instalments[:2]
    assert first.interest_minor == round_half_up(Fraction(5_000_000 * 31 * 6, 36_500))
    assert second.interest_minor == round_half_up(
        Fraction((5_000_000 * 28 + 4_000_000 * 18) * 6, 36_500)
    )
    assert second.balance_minor == 9_000_000
    assert built.disbursed_minor == 9_000_000


def test_a_tranche_inside_the_first_repaying_period_is_in_the_level_payment() -> None:
    parts = [BalanceChange(PAID_OUT_ON, 5_000_000), BalanceChange(date(2026, 2, 1), 4_000_000)]
    built = schedule(parts=parts)
    totals = [row.total_minor for row in built.instalments]
    assert abs(totals[-1] - totals[0]) <= len(totals)


def test_a_balloon_is_paid_with_the_last_instalment() -> None:
    built = schedule(balloon_minor=1_000_000)
    level, last = built.instalments[0].total_minor, built.instalments[-1].total_minor
    assert abs(last - level - 1_000_000) <= 24


def test_a_lease_of_100_000_with_a_residual_of_10_000_costs_4_137_12_a_month() -> None:
    built = schedule(
        10_000_000,
        rate="0.08",
        balloon_minor=1_000_000,
        day_count=DayCount.MONTHLY_NOMINAL,
    )
    assert built.instalments[0].total_minor == 413_712


def test_a_large_rounding_step_repays_early_and_never_more_than_is_owed() -> None:
    built = schedule(
        10_000, rate="0", due_on=due_dates(date(2026, 2, 15), 12), rounding_step_minor=3_000
    )
    assert [row.total_minor for row in built.instalments][:4] == [0, 0, 0, 0]
    built = schedule(
        10_000, rate="0", due_on=due_dates(date(2026, 2, 15), 6), rounding_step_minor=3_000
    )
    assert [row.total_minor for row in built.instalments] == [3_000, 3_000, 3_000, 1_000]


def test_flat_savings_give_the_annuity() -> None:
    matched = schedule(method=Method.SAVINGS_MATCHED, savings_minor=[500_000] * 24)
    level = schedule()
    assert [row.total_minor for row in matched.instalments] == [
        row.total_minor for row in level.instalments
    ]


def test_months_without_savings_pay_their_interest_only() -> None:
    savings = [0, 0, 0, 900_000, 900_000, 900_000] * 4
    built = schedule(method=Method.SAVINGS_MATCHED, savings_minor=savings)
    quiet = [row for row, saving in zip(built.instalments, savings, strict=True) if not saving]
    assert all(row.principal_minor == 0 < row.interest_minor for row in quiet)
    busy = [
        Fraction(saving, row.total_minor)
        for row, saving in zip(built.instalments, savings, strict=True)
        if saving
    ]
    assert built.divisor is not None
    assert all(abs(cover - built.divisor) < Fraction(1, 10_000) for cover in busy)
    assert built.cover is not None
    assert built.cover.minimum == 0


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=36), RATES)
def test_a_savings_matched_cover_is_one_number_where_savings_exceed_the_interest(
    savings: list[int], annual_rate: Decimal
) -> None:
    savings[-1] += 1_000_000
    built = schedule(
        rate=str(annual_rate),
        due_on=due_dates(date(2026, 2, 15), len(savings)),
        method=Method.SAVINGS_MATCHED,
        savings_minor=savings,
    )
    assert built.divisor is not None
    for row, saving in zip(built.instalments[:-1], savings, strict=False):
        expected = max(row.interest_minor, round_half_up(saving / built.divisor))
        assert row.total_minor == expected


def test_no_savings_no_cover_and_no_capacity() -> None:
    built = schedule()
    assert built.cover is None
    assert built.divisor is None
    assert built.debt_capacity_minor(Decimal("1.2")) is None


def test_cover_of_a_level_schedule_leaves_the_grace_out() -> None:
    built = schedule(
        grace_instalments=4,
        day_count=DayCount.MONTHLY_NOMINAL,
        savings_minor=[0] * 4 + [600_000] * 20,
    )
    assert built.cover is not None
    payment = built.instalments[4].total_minor
    last = built.instalments[-1].total_minor
    assert built.cover.minimum == Fraction(600_000, max(payment, last))
    assert built.cover.average == pytest.approx(600_000 / payment, rel=1e-5)
    assert float(built.cover.loan_life) == pytest.approx(600_000 / payment, rel=1e-6)
