"""Receipts recorded in any order, on their day or later, leave the same loan and the same books."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loans.lending.loan_book import accrue, posted_balances
from loans.servicing import agreements
from loans.subledger.state import AccountState
from loans.tables import Loan
from tests import builders
from tests.databases import Databases
from tests.proofs.books_fund import SHAPES, Template, facility_terms, template_in
from tests.proofs.books_stage import Stage
from tests.proofs.books_world import World

SIGNED_ON = date(2026, 2, 10)
LAST_DAY = SIGNED_ON + timedelta(days=200)
Receipts = Sequence[tuple[int, int]]
"""Days after the pay-out, and minor units."""


@pytest.fixture
def template(sqlite_databases: Databases) -> Template:
    return template_in(sqlite_databases)


def paid_out(world: World, shape: int) -> str:
    with facility_terms(SHAPES[shape]), world.fund.act(SIGNED_ON) as (session, moment):
        loan_id = agreements.sign(
            *(session, world.fund.officer, moment, world.template.application_ids[shape]),
            signed_on=SIGNED_ON,
            first_pay_out_on=SIGNED_ON,
            first_due_on=date(2026, 3, 10),
        )
    builders.meet_conditions(world.fund, loan_id, on=SIGNED_ON)
    builders.pay_out(world.fund, loan_id, amount_minor=SHAPES[shape].amount_minor, pay_on=SIGNED_ON)
    return loan_id


def brought_to_the_end(
    template: Template, shape: int, told: Receipts, *, on_their_day: bool
) -> tuple[Mapping[str, int], AccountState]:
    """What the books and the record say once all receipts are in, told in this order."""
    stage = Stage(template.databases, template.url)
    world = World(template, stage.begin())
    try:
        loan_id = paid_out(world, shape)
        for number, (days, amount) in enumerate(told):
            on = SIGNED_ON + timedelta(days=days)
            entered_on = on if on_their_day else LAST_DAY
            reference = f"{number if on_their_day else len(told) - number}"
            builders.receive(
                *(world.fund, loan_id, amount),
                on=on,
                entered_on=entered_on,
                bank_reference=reference,
            )
        with world.fund.act(LAST_DAY) as (session, moment):
            loan = session.get_one(Loan, loan_id)
            accrue(session, world.fund.manager, moment, loan, key="end")
        with world.database.reading() as session:
            posted = posted_balances(session, session.get_one(Loan, loan_id))
        return posted, world.record(loan_id).at(LAST_DAY)
    finally:
        stage.end(world.database)


@pytest.mark.slow
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    shape=st.integers(0, len(SHAPES) - 1),
    told=st.lists(
        st.tuples(st.integers(1, 190), st.integers(1, 900_000)),
        min_size=2,
        max_size=5,
        unique_by=lambda receipt: receipt[0],
    ),
    chance=st.randoms(use_true_random=False),
)
def test_receipts_told_in_any_order_leave_the_same_books(
    template: Template, shape: int, told: list[tuple[int, int]], chance: random.Random
) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)
    posted, state = brought_to_the_end(template, shape, sorted(told), on_their_day=True)
    posted_late, late = brought_to_the_end(template, shape, shuffled, on_their_day=False)
    assert posted_late == posted
    assert figures(late) == figures(state)


def figures(state: AccountState) -> tuple[object, ...]:
    """All but the ids of the records."""
    return (
        *(state.principal_minor, state.accrued_minor, state.credit_minor, state.open),
        *(state.schedule, state.days_past_due, state.interest_earned_minor),
        state.late_interest_earned_minor,
    )
