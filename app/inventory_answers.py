"""The cost inventory in the answer: every line by tier, how far it counts, and why."""

from collections.abc import Iterator
from typing import Self

from app.calculator_answers import AnswerModel
from app.project_answers import money_text
from appraisal.cost_inventory import CountedAs, Entry, InventoryLine, inventory
from appraisal.cost_lines import Evidence
from appraisal.proposal import Proposal


class InventoryAnswer(AnswerModel):
    """One line; amounts are positive, ``amount`` an outlay or the money of a full year.

    ``expected`` is probability x amount of a contingent item, else the amount; both are null
    where a line tells no money.
    """

    measure: str
    entry: Entry
    code: str
    label: str
    tier: int
    amount: str | None
    probability: float | None
    year: int | None
    expected: str | None
    score: int | None
    evidence: Evidence
    counted: CountedAs
    reason: str

    @classmethod
    def of(cls, line: InventoryLine, currency: str) -> Self:
        """The line with amounts to the minor unit."""
        return cls(
            measure=line.measure,
            entry=line.entry,
            code=line.code,
            label=line.label,
            tier=line.tier,
            amount=None if line.amount is None else money_text(line.amount, currency),
            probability=None if line.probability is None else float(line.probability),
            year=line.year,
            expected=None if line.expected is None else money_text(line.expected, currency),
            score=line.score,
            evidence=line.evidence,
            counted=line.counted,
            reason=line.reason,
        )


def inventory_answers(proposal: Proposal) -> Iterator[InventoryAnswer]:
    """All lines of the proposal, tier by tier."""
    for lines in inventory(proposal.measures).values():
        for line in lines:
            yield InventoryAnswer.of(line, proposal.currency)
