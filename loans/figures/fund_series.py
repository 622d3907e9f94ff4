"""The fund over time: contributions by source, principal outstanding and cash at period ends."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import accumulate

from sqlalchemy import FromClause, and_, func, select
from sqlalchemy.orm import Session

from loans.books.ledger_balances import booked_by, entry_of_posting
from loans.books.tables import AccountRow, account_balance_day, journal_entry, posting
from loans.chart import CONTRIBUTION_PREFIX, LOANS, is_cash, is_restricted, source_code
from loans.fund import Facility

MOST_PERIODS = 32
_MONTHS_A_YEAR = 12
_STEPS_MONTHS = (1, 3, 12)

Changes = Sequence[tuple[date, int]]
"""Days on which an account moved, with the balance after each, oldest first."""


@dataclass(frozen=True)
class Period:
    """A month, quarter or year, shown by its last day or by ``as_of`` while it runs."""

    label: str
    ends_on: date


@dataclass(frozen=True)
class FundSeries:
    """Balances in minor units at the end of each period, oldest first."""

    periods: tuple[Period, ...]
    contributions: tuple[tuple[str, tuple[int, ...]], ...]
    outstanding: tuple[int, ...]
    cash: tuple[int, ...]


def fund_series(
    session: Session, facility: Facility, as_of: date, known_on: date | None = None
) -> FundSeries:
    """The fund from its first money to ``as_of``, in one query; no periods before any money."""
    changes = changes_by_account(session, facility, as_of, known_on)
    first = min((days[0][0] for days in changes.values()), default=None)
    ends = () if first is None else periods(first, as_of)
    names = _sources(session, facility)
    return FundSeries(
        periods=ends,
        contributions=tuple(
            (name, tuple(-level for level in _levels(changes, ends, partial(_is_of, code))))
            for code, name in names
            if any(_is_of(code, moved) for moved in changes)
        ),
        outstanding=_levels(changes, ends, lambda code: code == LOANS),
        cash=_levels(changes, ends, is_cash),
    )


def changes_by_account(
    session: Session, facility: Facility, as_of: date, known_on: date | None = None
) -> Mapping[str, Changes]:
    """The balance of each account in the facility's currency after each day on which it moved."""
    days = _moves(facility, known_on).c
    rows = session.execute(
        select(AccountRow.code, days.day, days.delta_minor)
        .join(
            AccountRow,
            and_(AccountRow.facility_id == days.facility_id, AccountRow.id == days.account_id),
        )
        .where(
            days.facility_id == facility.facility_id,
            days.day <= as_of,
            AccountRow.currency == facility.currency,
        )
        .order_by(AccountRow.code, days.day)
    )
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for code, day, delta in rows:
        found[code].append((day, delta))
    return {code: _running(moves) for code, moves in found.items()}


def _moves(facility: Facility, known_on: date | None) -> FromClause:
    """What moved each account on each day: kept day by day, or summed from what was known."""
    if known_on is None:
        return account_balance_day
    columns = (posting.c.facility_id, posting.c.account_id, posting.c.effective_on.label("day"))
    return (
        select(*columns, func.sum(posting.c.amount_minor).label("delta_minor"))
        .join(journal_entry, entry_of_posting())
        .where(posting.c.facility_id == facility.facility_id, booked_by(known_on))
        .group_by(posting.c.facility_id, posting.c.account_id, posting.c.effective_on)
        .subquery()
    )


def _running(moves: Changes) -> Changes:
    levels = accumulate(delta for _, delta in moves)
    return tuple((day, level) for (day, _), level in zip(moves, levels, strict=True))


def balance_on(changes: Changes, on: date) -> int:
    """The balance at the end of a day, in minor units, debit positive."""
    count = bisect_right(changes, on, key=lambda change: change[0])
    return changes[count - 1][1] if count else 0


def periods(first: date, as_of: date) -> tuple[Period, ...]:
    """Months, quarters or years from ``first`` to ``as_of``: the finest that stay few enough."""
    choices = [_periods(first, as_of, months) for months in _STEPS_MONTHS]
    few = [found for found in choices if len(found) <= MOST_PERIODS]
    return few[0] if few else choices[-1][-MOST_PERIODS:]


def _periods(first: date, as_of: date, months: int) -> tuple[Period, ...]:
    start = _month_number(first) // months * months
    numbers = range(start, _month_number(as_of) + 1, months)
    return tuple(
        Period(_label(number, months), min(_last_day(number + months - 1), as_of))
        for number in numbers
    )


def _month_number(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month - 1


def _last_day(month_number: int) -> date:
    year, month = divmod(month_number + 1, _MONTHS_A_YEAR)
    return date(year, month + 1, 1) - timedelta(days=1)


def _label(month_number: int, months: int) -> str:
    year, month = divmod(month_number, _MONTHS_A_YEAR)
    if months == 1:
        return f"{date(year, month + 1, 1):%b %Y}"
    return str(year) if months == _MONTHS_A_YEAR else f"{year} Q{month // 3 + 1}"


def _levels(
    changes: Mapping[str, Changes], ends: Sequence[Period], is_counted: Callable[[str], bool]
) -> tuple[int, ...]:
    """The balance of all accounts that the rule counts together, at the end of each period."""
    counted = [days for code, days in changes.items() if is_counted(code)]
    return tuple(sum(balance_on(days, period.ends_on) for days in counted) for period in ends)


def _is_of(source: str, code: str) -> bool:
    """Whether an account is a source's own or one of its sub-accounts."""
    return source_code(code) == source


def _sources(session: Session, facility: Facility) -> Sequence[tuple[str, str]]:
    rows = session.execute(
        select(AccountRow.code, AccountRow.name)
        .where(
            AccountRow.facility_id == facility.facility_id,
            AccountRow.code.startswith(CONTRIBUTION_PREFIX),
            AccountRow.currency == facility.currency,
        )
        .order_by(AccountRow.code)
    )
    return [(code, name) for code, name in rows if not is_restricted(code)]
