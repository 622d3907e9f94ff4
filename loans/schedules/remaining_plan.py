"""What is still to be paid, from any day of a loan on: the plan for the due dates that remain.

A plan begins in the middle of a period: part of the next interest was earned already, on a balance
that may have changed since. Nothing is rounded but the interest of each row and the level payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from loans.schedules.day_position import InterestRate
from loans.schedules.repaying_rows import Repaying, Savings, repaying_rows, up_to_the_last
from loans.schedules.repayment_shape import IN_PARTS, GraceInterest, Method


class PlanRow(NamedTuple):
    """What is to fall due on one day, in minor units; ``capitalised`` is added instead of due."""

    due_on: date
    principal_minor: int
    interest_minor: int
    capitalised_minor: int

    def all_due(self) -> PlanRow:
        """The same row with all of its interest due, and nothing added."""
        interest = self.interest_minor + self.capitalised_minor
        return PlanRow(self.due_on, self.principal_minor, interest, 0)


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a plan begins: the balance on a day, and what earned interest since the last due day.

    ``balance_time`` is the sum of minor units x positions of the running period so far.
    """

    on: date
    balance_minor: int
    balance_time: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """How principal is spread over the remaining due dates; the grace counts from the next one."""

    method: Method = Method.LEVEL
    grace_instalments: int = 0
    grace_interest: GraceInterest = GraceInterest.PAID
    balloon_minor: int = 0
    rounding_step_minor: int = 1
    savings_minor: tuple[int, ...] | None = None
    """One for each remaining instalment, those of the grace included."""


def spread(
    opening: Opening, due_on: Sequence[date], *, rate: InterestRate, shape: Shape
) -> tuple[PlanRow, ...]:
    """The plan that repays the balance over the due dates by the method of ``shape``.

    The last row clears what is left, the balloon with it; due dates behind it fall away. At least
    one row repays principal: a grace as long as the plan is shortened by one.
    """
    dates = tuple(due_on)
    rows, balance, opens_at, carried = _grace(opening, dates, rate, shape)
    repaying = dates[len(rows) :]
    of = Repaying(balance, _spans(repaying, opens_at, rate), rate, carried)
    balloon = min(shape.balloon_minor, balance)
    savings = None
    matched = shape.savings_minor if shape.method is Method.SAVINGS_MATCHED else None
    if matched is not None and balloon < balance:
        savings = Savings.repaying(of, matched[len(rows) :], balloon)
    repaid = repaying_rows(
        of,
        shape.method,
        balloon_minor=balloon,
        step_minor=shape.rounding_step_minor,
        savings=savings,
    )
    rows += [
        PlanRow(day, principal, interest, 0)
        for day, (interest, principal, _) in zip(repaying, up_to_the_last(repaid), strict=False)
    ]
    return tuple(rows)


def _grace(
    opening: Opening, dates: Sequence[date], rate: InterestRate, shape: Shape
) -> tuple[list[PlanRow], int, int, int]:
    """The rows without principal; then the balance, the position and what is carried over."""
    rows: list[PlanRow] = []
    balance, carried = opening.balance_minor, opening.balance_time
    at = rate.position(opening.on)
    for day in dates[: min(shape.grace_instalments, len(dates) - 1)]:
        ends = rate.position(day)
        interest = rate.earned(carried + balance * (ends - at))
        added = interest if shape.grace_interest is GraceInterest.CAPITALISED else 0
        rows.append(PlanRow(day, 0, interest - added, added))
        balance, carried, at = balance + added, 0, ends
    return rows, balance, at, carried


def _spans(dates: Sequence[date], opens_at: int, rate: InterestRate) -> list[int]:
    spans = []
    for day in dates:
        ends = rate.position(day)
        spans.append(ends - opens_at)
        opens_at = ends
    return spans


def keep_instalments(
    opening: Opening, plan: Sequence[PlanRow], *, rate: InterestRate, method: Method
) -> tuple[PlanRow, ...]:
    """The plan after a prepayment that shortens the term: each row keeps what its method decides.

    That is its part of principal where the method is in parts, otherwise what it brings in all.
    The row that would bring more than is owed brings what is owed, and those behind it fall away.
    """
    rows: list[PlanRow] = []
    balance, carried = opening.balance_minor, opening.balance_time
    at = rate.position(opening.on)
    for place, old in enumerate(plan):
        ends = rate.position(old.due_on)
        interest = rate.earned(carried + balance * (ends - at))
        carried, at = 0, ends
        added = interest if old.capitalised_minor else 0
        principal = old.principal_minor
        if principal and method not in IN_PARTS:
            principal += old.interest_minor - (interest - added)
        principal = max(0, min(principal, balance))
        if place == len(plan) - 1:
            principal = balance + added
        balance += added - principal
        rows.append(PlanRow(old.due_on, principal, interest - added, added))
        if not balance:
            break
    return tuple(rows)
