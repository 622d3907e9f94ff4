"""The instalments of a loan that fell due, and what of them new terms took up again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from loans.schedules.schedule import Instalment
from loans.subledger.running_item import INTEREST, PRINCIPAL


class Billed:
    """``rows`` are as they fell due, in their order; amounts in minor units."""

    def __init__(self) -> None:
        self.rows: list[Instalment] = []
        self._taken_up: defaultdict[int, Counter[int]] = defaultdict(Counter)

    def take_up(self, number: int, place: int, amount_minor: int) -> None:
        """Note that so much of an instalment is not due on its old day any more."""
        self._taken_up[number][place] += amount_minor

    def standing(self) -> Sequence[Instalment]:
        """The rows without what was taken up: principal that the balance has again."""
        if not self._taken_up:
            return self.rows
        rows, principal = [], 0
        for row in self.rows:
            less = self._taken_up.get(row.number, Counter())
            principal += less[PRINCIPAL]
            rows.append(
                replace(
                    row,
                    principal_minor=row.principal_minor - less[PRINCIPAL],
                    interest_minor=row.interest_minor - less[INTEREST],
                    balance_minor=row.balance_minor + principal,
                )
            )
        return rows
