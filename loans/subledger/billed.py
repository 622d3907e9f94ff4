"""The instalments of a loan that fell due, and what of them new terms took up again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from loans.schedules.remaining_plan import PlanRow
from loans.schedules.schedule import Instalment
from loans.subledger.running_item import PRINCIPAL


class Billed:
    """``rows`` in their order, amounts in minor units, less what is not due on its old day now."""

    def __init__(self) -> None:
        self.rows: list[Instalment] = []

    def and_planned(
        self, rows: Iterable[PlanRow], number: int, balance_minor: int
    ) -> tuple[Instalment, ...]:
        """These rows, and behind them a plan for the balance, its numbers going on."""
        planned = []
        for place, row in enumerate(rows, start=number + 1):
            balance_minor += row.capitalised_minor - row.principal_minor
            planned.append(Instalment(place, *row, balance_minor))
        return (*self.rows, *planned)

    def take_up(self, number: int, place: int, amount_minor: int) -> None:
        """Take so much out of an instalment; principal is in the balance again from its day on."""
        is_principal = place == PRINCIPAL
        for index, row in enumerate(self.rows):
            if row.number < number:
                continue
            own = amount_minor if row.number == number else 0
            self.rows[index] = replace(
                row,
                principal_minor=row.principal_minor - own * is_principal,
                interest_minor=row.interest_minor - own * (not is_principal),
                balance_minor=row.balance_minor + amount_minor * is_principal,
            )
