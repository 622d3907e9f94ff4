"""Runs the machine over some examples of one seed, on one database."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.proofs.books_fund import Template
from tests.proofs.books_machine import BooksMachine
from tests.proofs.books_world import TALLY

STEPS = 20


@dataclass(frozen=True)
class Lived:
    """What was lived through, act by act, and the first fault with the steps that lead to it."""

    examples: int
    acts: Counter[str]
    fault: str | None

    @property
    def steps(self) -> int:
        """Steps after which everything was checked."""
        return self.acts["steps"]


def lived(template: Template, *, examples: int, start: int, shrinks: bool = True) -> Lived:
    """Let ``examples`` lives happen, drawn from the seed ``start``; ends at the first fault."""
    TALLY.clear()
    machine = type("Lives", (BooksMachine,), {"template": template})
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
    return Lived(TALLY["examples"], Counter(TALLY), fault)
