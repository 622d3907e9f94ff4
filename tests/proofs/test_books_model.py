"""The engine against the model: every figure of a loan, on any day of any life."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.component import Component
from loans.schedules.schedule import Method
from loans.subledger.contract import Contract
from loans.subledger.events import Event
from loans.subledger.replay import replay
from tests.loans.subledger.lives import contracts, days, events_of
from tests.proofs.books_model import ModelLoan

MODELLED = contracts().filter(lambda one: one.method is not Method.SAVINGS_MATCHED)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Contract, list[Event]]:
    contract = draw(MODELLED)
    return contract, draw(events_of(contract))


def figures_of_model(loan: ModelLoan) -> dict[str, int]:
    return {
        "principal": loan.principal,
        "interest": loan.owed(Component.INTEREST) + loan.running,
        "late interest": loan.owed(Component.LATE_INTEREST),
        "fees and costs": loan.owed(Component.FEES, Component.COSTS),
        "credit": loan.credit,
        "disbursed": loan.disbursed,
        "given up": loan.given_up,
        "recovered": loan.recovered,
        "written off": loan.lost,
    }


@settings(max_examples=80)
@given(lives(), days())
def test_the_engine_owes_what_the_model_owes(
    life: tuple[Contract, list[Event]], until: date
) -> None:
    contract, events = life
    state = replay(contract, events, until=until)
    assert figures_of_model(ModelLoan(contract, events, until)) == {
        "principal": state.principal_minor,
        "interest": state.open.interest + state.accrued_minor,
        "late interest": state.open.late_interest,
        "fees and costs": state.open.fees + state.open.costs,
        "credit": state.credit_minor,
        "disbursed": state.disbursed_minor,
        "given up": state.given_up_minor,
        "recovered": state.recovered.total,
        "written off": state.written_off.total,
    }
