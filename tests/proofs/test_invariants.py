"""Which test shows which invariant of the definitions, and the few that no other test shows."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.schedules.day_count import due_dates
from loans.schedules.schedule import Method
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, Rescheduled, WrittenOff
from loans.subledger.replay import replay
from tests.loans.subledger.lives import PAID_ON, contracts, days, events_of

ROOT = Path(__file__).resolve().parent.parent
MACHINE = "proofs/test_books_machine.py::test_a_few_lives_break_nothing_and_stay_with_the_model"
REPLAY = "loans/subledger/test_replay.py::"
HERE = "proofs/test_invariants.py::"

SHOWN: Mapping[str, str] = {
    "principal of a schedule sums to the amount, the balance ends at 0 and is never negative": (
        REPLAY + "test_a_loan_paid_on_time_owes_its_schedule_to_the_cent"
    ),
    "due dates strictly increase, amounts are whole and not negative": (
        HERE + "test_a_schedule_runs_forward_to_a_balance_of_nothing"
    ),
    "same inputs, same rows": REPLAY + "test_the_order_in_which_events_are_told_plays_no_part",
    "a receipt's parts add up to it; nothing later is paid while something earlier is open": (
        REPLAY + "test_the_parts_of_money_add_up_and_nothing_later_is_paid_first"
    ),
    "any order of entry gives the same balances": (
        "proofs/test_books_order.py::test_receipts_told_in_any_order_leave_the_same_books"
    ),
    "a transaction and its reversal are no change": MACHINE,
    "same key and content is one transaction, other content is refused": MACHINE,
    "principal = disbursed + capitalised - paid - written off >= 0": (
        REPLAY + "test_principal_is_what_went_out_and_was_added_less_what_came_back_or_was_lost"
    ),
    "repaid exactly where everything is 0": MACHINE,
    "pay-off(t) paid on t closes the loan": (
        REPLAY + "test_a_pay_off_paid_on_its_day_closes_the_loan"
    ),
    "each entry balances; control accounts = sums over loans; cash - holds >= 0": MACHINE,
    "days past due are 0 exactly where nothing is overdue": REPLAY
    + "test_days_past_due_are_zero_exactly_where_nothing_is_overdue_beyond_the_tolerance",
    "restructuring does not reset history": HERE + "test_new_terms_leave_the_past_as_it_was",
    "a report as of v, as known on k, is the same for ever": MACHINE,
}


@pytest.mark.parametrize("place", sorted(set(SHOWN.values())))
def test_each_invariant_has_its_test(place: str) -> None:
    file, name = place.split("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@st.composite
def lives(draw: st.DrawFn) -> tuple[Contract, list[Event]]:
    contract = draw(contracts())
    return contract, draw(events_of(contract))


@settings(max_examples=40)
@given(contracts())
def test_a_schedule_runs_forward_to_a_balance_of_nothing(contract: Contract) -> None:
    paid = [PaidOut(PAID_ON, "p", contract.principal_minor)]
    rows = replay(contract, paid, until=PAID_ON).schedule
    assert all(one.due_on < other.due_on for one, other in pairwise(rows))
    assert rows[-1].due_on <= contract.due_on[-1]
    assert rows[-1].balance_minor == 0
    for row in rows:
        amounts = (row.principal_minor, row.interest_minor, row.capitalised_minor)
        assert all(isinstance(amount, int) and amount >= 0 for amount in amounts)


@settings(max_examples=40)
@given(lives(), days())
def test_new_terms_leave_the_past_as_it_was(life: tuple[Contract, list[Event]], on: date) -> None:
    contract, events = life
    known = [one for one in events if one.on < on and not isinstance(one, WrittenOff | Rescheduled)]
    before = replay(contract, known, until=on)
    dates = due_dates(on + timedelta(days=30), 3, 1)
    changed = [*known, Rescheduled(on, "~", dates, Method.LEVEL)]
    after = replay(contract, changed, until=on)
    assert replay(contract, changed, until=on - timedelta(days=1)) == replay(
        contract, known, until=on - timedelta(days=1)
    )
    assert after.restructured_on == on
    assert replay(contract, changed, until=on + timedelta(days=90)).restructured_on == on
    # What stays overdue, without its principal, keeps the day since which it is late.
    late = [item for item in before.items if item.on_time_until < on and item.open_minor]
    if late and late[0].open_minor - late[0].open.principal > contract.tolerance_minor:
        assert after.days_past_due == before.days_past_due
