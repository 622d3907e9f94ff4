"""The general ledger: every account over a period, from its opening balance to its closing one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from loans.books.ledger_balances import TrialBalanceRow, trial_balance
from loans.books.ledger_lines import account_lines
from loans.books.ledger_views import NoSuchAccount, RunningLine, running
from loans.books.tables import posting
from loans.chart import AccountKind
from loans.fund import Facility

LINES_A_PAGE = 100


@dataclass(frozen=True)
class LedgerAccount:
    """One account over the period, in minor units; its balances have the sign usual for its kind.

    A long account goes on over several pages: ``forward_minor`` is the balance before the first
    line of this one. The sums and balances are those of the whole period.
    """

    code: str
    name: str
    kind: AccountKind
    currency: str
    opening_minor: int
    forward_minor: int
    lines: tuple[RunningLine, ...]
    debits_minor: int
    credits_minor: int
    closing_minor: int
    begins_here: bool
    ends_here: bool


@dataclass(frozen=True)
class GeneralLedger:
    """A page of the accounts that have a balance or a line; ``line_count`` is of all pages."""

    from_on: date
    to_on: date
    currency: str
    accounts: tuple[LedgerAccount, ...]
    line_count: int
    page_number: int
    page_count: int


@dataclass(frozen=True)
class LedgerRow:
    """A row of the ledger to take away: an opening balance, a line, or a closing balance."""

    account: str
    name: str
    currency: str
    row: str
    value_date: date
    number: int | None
    event: str
    memo: str
    loan: str | None
    debit_minor: int | None
    credit_minor: int | None
    balance_minor: int


@dataclass(frozen=True)
class _Sums:
    """How many lines an account has in the period, and what they sum to."""

    count: int = 0
    debits_minor: int = 0
    credits_minor: int = 0


@dataclass(frozen=True)
class _Span:
    """An account with its balances on both sides of the period (debit positive)."""

    row: TrialBalanceRow
    opening_minor: int
    sums: _Sums

    @property
    def length(self) -> int:
        """The places that it takes on pages: its lines, or one for its balance alone."""
        return max(1, self.sums.count)


def general_ledger(
    session: Session,
    facility: Facility,
    from_on: date,
    to_on: date,
    *,
    account: str = "",
    page_number: int = 1,
    page_size: int = LINES_A_PAGE,
) -> GeneralLedger:
    """One account, or all, from the morning of ``from_on`` to the evening of ``to_on``.

    Raises:
        NoSuchAccount: the facility has no account with this number.
    """
    spans = _spans(session, facility, from_on, to_on, account)
    page_count = max(1, -(-sum(span.length for span in spans) // page_size))
    number = min(max(page_number, 1), page_count)
    first = (number - 1) * page_size
    shown = []
    passed = 0
    for span in spans:
        start, end = max(first - passed, 0), min(first + page_size - passed, span.length)
        if start < end:
            shown.append(_account(session, facility, span, (from_on, to_on), slice(start, end)))
        passed += span.length
    line_count = sum(span.sums.count for span in spans)
    return GeneralLedger(
        from_on, to_on, facility.currency, tuple(shown), line_count, number, page_count
    )


def ledger_rows(
    session: Session, facility: Facility, from_on: date, to_on: date, *, account: str = ""
) -> Iterator[LedgerRow]:
    """The whole ledger row by row; only one account at a time is in memory.

    Raises:
        NoSuchAccount: the facility has no account with this number.
    """
    for span in _spans(session, facility, from_on, to_on, account):
        one = _account(session, facility, span, (from_on, to_on), slice(0, span.length))
        yield _balance_row(one, "opening", from_on, one.opening_minor)
        for found in one.lines:
            yield LedgerRow(
                one.code,
                one.name,
                one.currency,
                "line",
                found.line.effective_on,
                found.line.number,
                found.line.event,
                found.line.memo,
                found.loan_reference,
                found.debit_minor,
                found.credit_minor,
                found.balance_minor,
            )
        yield _balance_row(one, "closing", to_on, one.closing_minor)


def _balance_row(one: LedgerAccount, row: str, on: date, balance_minor: int) -> LedgerRow:
    return LedgerRow(
        one.code, one.name, one.currency, row, on, None, "", "", None, None, None, balance_minor
    )


def _spans(
    session: Session, facility: Facility, from_on: date, to_on: date, account: str
) -> tuple[_Span, ...]:
    """The accounts that have something to show, by code; the one asked for in any case."""
    here = facility.facility_id
    rows = trial_balance(session, facility_id=here, as_of=from_on - timedelta(days=1))
    if account and account not in {row.code for row in rows}:
        raise NoSuchAccount
    sums = _sums(session, here, from_on, to_on)
    return tuple(
        _Span(row, row.balance_minor, sums.get(row.account_id, _Sums()))
        for row in rows
        if row.code == account or (not account and (row.balance_minor or row.account_id in sums))
    )


def _sums(session: Session, facility_id: str, from_on: date, to_on: date) -> Mapping[str, _Sums]:
    amount = posting.c.amount_minor
    rows = session.execute(
        select(
            posting.c.account_id,
            func.count(),
            func.sum(case((amount > 0, amount), else_=0)),
            func.sum(case((amount < 0, -amount), else_=0)),
        )
        .where(
            posting.c.facility_id == facility_id,
            posting.c.effective_on >= from_on,
            posting.c.effective_on <= to_on,
        )
        .group_by(posting.c.account_id)
    )
    return {
        account_id: _Sums(count, int(debits), int(credits_))
        for account_id, count, debits, credits_ in rows
    }


def _account(
    session: Session, facility: Facility, span: _Span, days: tuple[date, date], shown: slice
) -> LedgerAccount:
    """The account with the lines of the page."""
    row, sums = span.row, span.sums
    lines = account_lines(
        session,
        facility_id=facility.facility_id,
        account=row.code,
        from_on=days[0],
        as_of=days[1],
    )
    forward = span.opening_minor + sum(line.amount_minor for line in lines[: shown.start])
    return LedgerAccount(
        code=row.code,
        name=row.name,
        kind=row.kind,
        currency=row.currency,
        opening_minor=row.kind.shown_minor(span.opening_minor),
        forward_minor=row.kind.shown_minor(forward),
        lines=running(session, row.kind, lines[shown], forward),
        debits_minor=sums.debits_minor,
        credits_minor=sums.credits_minor,
        closing_minor=row.kind.shown_minor(
            span.opening_minor + sums.debits_minor - sums.credits_minor
        ),
        begins_here=shown.start == 0,
        ends_here=shown.stop == span.length,
    )
