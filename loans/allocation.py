"""Which instalments a receipt pays: the oldest first, in the contract's order inside each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loans.component import Component
from loans.schedule import Instalment


@dataclass(frozen=True, slots=True)
class Part:
    """Minor units of one component of one instalment: paid, or charged on top of the schedule."""

    instalment_number: int
    component: Component
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OpenInstalment:
    """What is still to be paid of one instalment, in minor units by component."""

    number: int
    due_on: date
    open_minor: Mapping[Component, int]

    @property
    def total_minor(self) -> int:
        """Everything still open."""
        return sum(self.open_minor.values())


def open_instalments(
    instalments: Iterable[Instalment], *, paid: Iterable[Part], charges: Iterable[Part] = ()
) -> tuple[OpenInstalment, ...]:
    """What is open of each instalment, in the order of the due dates.

    Schedule + charges (fees, late interest) - paid. An instalment paid in full stays in the list
    with nothing open.
    """
    settled: Counter[tuple[int, Component]] = Counter()
    for part in charges:
        settled[part.instalment_number, part.component] -= part.amount_minor
    for part in paid:
        settled[part.instalment_number, part.component] += part.amount_minor
    return tuple(
        OpenInstalment(
            row.number,
            row.due_on,
            {part: _scheduled(row, part) - settled[row.number, part] for part in Component},
        )
        for row in sorted(instalments, key=lambda row: row.due_on)
    )


def _scheduled(row: Instalment, component: Component) -> int:
    if component is Component.PRINCIPAL:
        return row.principal_minor
    return row.interest_minor if component is Component.INTEREST else 0


def allocate(
    instalments: Iterable[OpenInstalment],
    amount_minor: int,
    *,
    order: Sequence[Component],
    due_by: date | None = None,
) -> tuple[tuple[Part, ...], int]:
    """The parts that a receipt pays, and what is left over; together they are the receipt.

    Instalments are paid in the order of their due dates, each in ``order``, and nothing later is
    paid while something earlier is open. With ``due_by`` only instalments due by that day are
    paid, and the rest stays with the borrower until it decides.

    Raises:
        ValueError: the amount is negative.
    """
    if amount_minor < 0:
        message = "A receipt is not negative."
        raise ValueError(message)
    parts: list[Part] = []
    rest = amount_minor
    for instalment in sorted(instalments, key=lambda one: (one.due_on, one.number)):
        if due_by is not None and instalment.due_on > due_by:
            break
        for component in order:
            taken = min(rest, instalment.open_minor.get(component, 0))
            if taken > 0:
                parts.append(Part(instalment.number, component, taken))
                rest -= taken
    return tuple(parts), rest
