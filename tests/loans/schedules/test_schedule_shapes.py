"""The invariants of a schedule for every method, frequency, grace, day count and tranche.

What the loan is planned to owe by its replay is the schedule, and the interest of each row is what
``accrued_interest``, the one function that is written from the definition, says on its due day.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from appraisal.money import round_half_up
from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount, due_day_of, month_after
from loans.schedules.instalment_periods import LastPeriod, period_lengths, spaced_days
from loans.schedules.schedule import GraceInterest, Method, build_schedule
from loans.subledger.contract import Contract
from loans.subledger.events import PaidOut
from loans.subledger.replay import replay
from tests.loans.accrued import accrued_interest

STARTS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    start = draw(STARTS)
    lengths = period_lengths(
        draw(st.integers(1, 36)),
        draw(st.sampled_from((1, 2, 3, 6))),
        draw(st.sampled_from(LastPeriod)),
    )
    latest = (month_after(start, lengths[0]) - start).days
    first = start + timedelta(draw(st.integers(1, latest)))
    method = draw(st.sampled_from(Method))
    count = len(lengths)
    savings = draw(st.lists(st.integers(0, 900_000), min_size=count, max_size=count))
    savings[-1] = max(1, savings[-1])
    principal = draw(st.integers(100, 20_000_000))
    return Contract(
        principal_minor=principal,
        annual_rate=Decimal(draw(st.integers(0, 3_000))) / 10_000,
        day_count=draw(st.sampled_from(DayCount)),
        method=method,
        planned_pay_out_on=start,
        due_on=spaced_days(first, lengths, start=start),
        grace_instalments=draw(st.integers(0, count - 1)),
        grace_interest=draw(st.sampled_from(GraceInterest)),
        balloon_minor=0 if method is Method.BULLET else draw(st.integers(0, principal - 1)),
        savings_minor=tuple(savings) if method is Method.SAVINGS_MATCHED else None,
    )


@given(contracts(), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=3))
def test_every_shape_keeps_the_invariants_and_earns_by_one_function(
    contract: Contract, tranches: list[tuple[float, float]]
) -> None:
    start, due_on = contract.planned_pay_out_on, contract.due_on
    repays_from = due_on[contract.grace_instalments]
    rest, parts = contract.principal_minor, []
    for share, when in tranches:
        amount = int(share * (rest - 1))
        later = start + timedelta(int(when * ((repays_from - start).days - 1)))
        if amount > 0:
            parts.append(BalanceChange(later, amount))
            rest -= amount
    paid_out = [BalanceChange(start, rest), *sorted(parts, key=lambda part: part.on)]
    rows = build_schedule(
        disbursements=paid_out,
        annual_rate=contract.annual_rate,
        due_on=due_on,
        day_count=contract.day_count,
        method=contract.method,
        grace_instalments=contract.grace_instalments,
        grace_interest=contract.grace_interest,
        balloon_minor=contract.balloon_minor,
        savings_minor=contract.savings_minor,
    ).instalments
    assert [row.due_on for row in rows] == list(due_on)[: len(rows)]
    # A due date behind the last row has nothing left to bring; the last row brings something.
    assert len(rows) == len(due_on) or rows[-1].total_minor > 0
    assert all(before < after for before, after in pairwise((start, *due_on)))
    added = sum(row.capitalised_minor for row in rows)
    assert sum(row.principal_minor for row in rows) == contract.principal_minor + added
    assert rows[-1].balance_minor == 0
    balance, opens = 0, start
    due_day = due_day_of(start, due_on)
    for row in rows:
        inside = [part for part in paid_out if opens <= part.on < row.due_on]
        exact = accrued_interest(
            [BalanceChange(opens, balance), *inside],
            annual_rate=contract.annual_rate,
            day_count=contract.day_count,
            since=opens,
            until=row.due_on,
            due_day=due_day,
        )
        assert row.interest_minor + row.capitalised_minor == round_half_up(exact)
        assert min(row.principal_minor, row.interest_minor, row.balance_minor) >= 0
        balance, opens = row.balance_minor, row.due_on


@given(contracts())
def test_the_plan_of_a_loan_is_the_schedule_of_its_contract(contract: Contract) -> None:
    start = contract.planned_pay_out_on
    built = build_schedule(
        disbursements=[BalanceChange(start, contract.principal_minor)],
        annual_rate=contract.annual_rate,
        due_on=contract.due_on,
        day_count=contract.day_count,
        method=contract.method,
        grace_instalments=contract.grace_instalments,
        grace_interest=contract.grace_interest,
        balloon_minor=contract.balloon_minor,
        savings_minor=contract.savings_minor
        if contract.savings_minor and any(contract.savings_minor[contract.grace_instalments :])
        else None,
    ).instalments
    planned = replay(contract, (), until=start).schedule
    paid = replay(contract, [PaidOut(start, "p", contract.principal_minor)], until=start).schedule
    assert planned == built
    assert paid == built


@given(contracts(), st.integers(-40, 400))
def test_a_pay_out_on_another_day_keeps_the_instalments_and_the_first_distance(
    contract: Contract, later: int
) -> None:
    paid_on = contract.planned_pay_out_on + timedelta(later)
    due_on = contract.due_dates_for(paid_on)
    assert len(due_on) == len(contract.due_on)
    assert all(before < after for before, after in pairwise((paid_on, *due_on)))
    assert due_on[0] <= month_after(paid_on, contract.months_to_first, due_day=31)
