"""The gate before money goes out: every condition that applies is met or waived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from loans.conditions.standing import ConditionStanding, standings
from loans.refusal import OutOfStep
from loans.tables import Loan


class ConditionsOpen(OutOfStep):
    """A pay-out cannot be released while conditions are open; each is named with who must act."""

    def __init__(self, blocking: tuple[str, ...]) -> None:
        super().__init__(f"The pay-out cannot be released yet. {' '.join(blocking)}")
        self.blocking = blocking

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each open condition with its sentence."""
        return tuple(("conditions", sentence) for sentence in self.blocking)


def blocking_sentences(standing: Iterable[ConditionStanding]) -> tuple[str, ...]:
    """A sentence for each condition that stands in the way of the next pay-out."""
    return tuple(f"{one.condition.words}: {one.remedy}" for one in standing if one.blocks)


def check_conditions(session: Session, loan: Loan, on: date) -> None:
    """Refuse a release while a condition that applies is open.

    Raises:
        ConditionsOpen: naming each, with what would meet it and who has to act.
    """
    sentences = blocking_sentences(standings(session, loan, on))
    if sentences:
        raise ConditionsOpen(sentences)
