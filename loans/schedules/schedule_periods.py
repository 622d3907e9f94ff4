"""The periods of a schedule, from due day to due day, and what a balance earns in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loans.schedules.accrual import BalanceChange
from loans.schedules.day_count import DayCount, due_day_of
from loans.schedules.day_position import InterestRate, time_axis


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods count from 1; positions are whole numbers on the loan's time axis.

    ``spans`` are their lengths. ``tranches`` has for each period the amounts paid out in it and
    how much of the period each of them earns.
    """

    rate: InterestRate
    due_day: int
    spans: tuple[int, ...]
    tranches: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def of(
        cls,
        paid_out: Sequence[BalanceChange],
        due_on: tuple[date, ...],
        annual_rate: Decimal,
        day_count: DayCount,
    ) -> Periods:
        """The periods that begin with the first of ``paid_out``, which is in order."""
        due_day = due_day_of(paid_out[0].on, due_on)
        rate = InterestRate.of(annual_rate, time_axis(day_count, due_day))
        ends = [rate.position(day) for day in due_on]
        begins = [rate.position(paid_out[0].on), *ends[:-1]]
        tranches: list[list[tuple[int, int]]] = [[] for _ in due_on]
        place = 0
        for part in paid_out:
            while due_on[place] <= part.on:
                place += 1
            tranches[place].append((part.amount_minor, ends[place] - rate.position(part.on)))
        spans = tuple(end - begin for begin, end in zip(begins, ends, strict=True))
        return cls(rate, due_day, spans, tuple(map(tuple, tranches)))

    def balance_time(self, balance_minor: int, number: int) -> int:
        """Minor units x positions of period ``number``, which opens with the balance."""
        earning = balance_minor * self.spans[number - 1]
        for amount_minor, span in self.tranches[number - 1]:
            earning += amount_minor * span
        return earning

    def interest(self, balance_minor: int, number: int) -> int:
        """The interest of period ``number`` in minor units: what has accrued on its due day."""
        return self.rate.earned(self.balance_time(balance_minor, number))

    def paid_out_minor(self, number: int) -> int:
        """What is paid out in period ``number``."""
        return sum(amount_minor for amount_minor, _ in self.tranches[number - 1])
