"""Runs the machine over some examples of one seed, on one database."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.proofs.books_machine import Beginnings, BooksMachine
from tests.proofs.books_world import TALLY

STEPS = 20
ACTS = (
    *("contribute", "close month", "accrue", "sign", "prepare pay-out", "charge", "pay off"),
    *("receive due", "receive next", "receive part", "receive all", "receive over", "receive odd"),
    *("backdated receipt", "prepayment", "use credit", "ask for refund", "ask for new terms"),
    *("ask for holiday", "ask for giving up", "ask for write-off", "recover"),
    *("agree to pay-out", "agree to refund", "agree to new terms", "agree to holiday"),
    *("agree to giving up", "agree to write-off"),
    *("send back pay-out", "send back refund", "send back new terms", "send back holiday"),
    *("send back giving up", "send back write-off"),
    *("reverse Received", "reverse Recovered", "reverse Charged", "reverse CreditUsed"),
    *("retry", "remember"),
)
"""Every act of the machine: a proof in which one of them was never done has not shown it.

A refund alone is never reversed: what comes back of it is a receipt.
"""


@dataclass(frozen=True)
class Lived:
    """What was lived through, act by act, and the first fault with the steps that lead to it."""

    dialect: str
    examples: int
    acts: Counter[str]
    fault: str | None

    @property
    def steps(self) -> int:
        """Steps after which everything was checked."""
        return self.acts["steps"]


def lived(beginnings: Beginnings, *, examples: int, start: int, shrinks: bool = True) -> Lived:
    """Let ``examples`` lives happen, drawn from the seed ``start``; ends at the first fault."""
    TALLY.clear()
    machine = type("Lives", (BooksMachine,), {"beginnings": beginnings})
    phases = (Phase.generate, Phase.shrink) if shrinks else (Phase.generate,)
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    run = seed(start)(get_state_machine_test(machine, settings=chosen, _min_steps=STEPS))
    fault = None
    try:
        run()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        fault = "".join(traceback.format_exception_only(error))
        fault += "\n".join(getattr(error, "__notes__", ()))
    return Lived(beginnings.template.databases.dialect, TALLY["examples"], Counter(TALLY), fault)
