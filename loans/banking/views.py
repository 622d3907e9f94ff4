"""An account at a bank as pages and programs show it: where it stands, lines, statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from loans.banking.facts import BankFacts
from loans.banking.line_views import (
    EXPLAINED,
    MATCHED,
    UNMATCHED,
    BankLineView,
    line_views,
    state_of,
)
from loans.banking.proposals import propose
from loans.banking.reading import bank_facts
from loans.banking.reconciliation import Reconciliation, reconcile
from loans.banking.signed_months import SignedMonth, last_day_of, signed_months
from loans.banking.tables import BankStatementRow, BankStatementUndoRow
from loans.books.bank_accounts import bank_account, bank_accounts
from loans.books.cash_accounts import CashAccount
from loans.tables import User

STATES = (UNMATCHED, MATCHED, EXPLAINED)


@dataclass(frozen=True)
class BankStatementView:
    """A statement as it was imported; ``known_count`` lines had come with an earlier one.

    Of an import that was undone: by whom, when and why.
    """

    statement_id: str
    file_name: str
    kind: str
    from_on: date
    to_on: date
    opening_minor: int
    closing_minor: int
    line_count: int
    known_count: int
    imported_by: str
    imported_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    reason: str


@dataclass(frozen=True)
class AccountSummary:
    """Where an account at a bank stands; the bank's side is None before the first statement."""

    code: str
    name: str
    currency: str
    stated_to_on: date | None
    bank_minor: int | None
    books_minor: int
    open_count: int
    signed_to: str | None


@dataclass(frozen=True)
class BankView:
    """An account at a bank with its statements, lines of one state, and months signed off."""

    summary: AccountSummary
    lines: tuple[BankLineView, ...]
    counts: Mapping[str, int]
    named_count: int
    statements: tuple[BankStatementView, ...]
    signed: tuple[tuple[SignedMonth, Reconciliation | None], ...]
    """The months signed off, the newest first, each with how its end stands now."""


def account_summaries(session: Session) -> tuple[AccountSummary, ...]:
    """Every account at a bank with where it stands."""
    return tuple(
        _summary(session, account, bank_facts(session, account))
        for account in bank_accounts(session)
    )


def bank_view(session: Session, account_code: str, state: str | None = None) -> BankView:
    """An account with its lines, the newest first; of one state where one is named.

    Raises:
        NoSuchBankAccount: there is none.
    """
    account = bank_account(session, account_code)
    facts = bank_facts(session, account)
    proposals = propose(facts)
    views = line_views(session, account, facts, proposals)
    return BankView(
        summary=_summary(session, account, facts),
        lines=tuple(one for one in reversed(views) if state in (None, one.state)),
        counts={one: sum(view.state == one for view in views) for one in STATES},
        named_count=sum(len(one.line_ids) for one in proposals if one.is_named),
        statements=_statements(session, account),
        signed=tuple(
            (one, reconcile(facts, last_day_of(one.month)))
            for one in reversed([*signed_months(session, account).values()])
        ),
    )


def reconciliation_of(
    session: Session, account_code: str, on: date
) -> tuple[CashAccount, Reconciliation | None]:
    """The account and its reconciliation at the end of a day.

    Raises:
        NoSuchBankAccount: there is none.
    """
    account = bank_account(session, account_code)
    return account, reconcile(bank_facts(session, account), on)


def _summary(session: Session, account: CashAccount, facts: BankFacts) -> AccountSummary:
    last = max((one.to_on for one in facts.periods), default=None)
    found = reconcile(facts, last) if last else None
    left = facts.open_lines
    states = [state_of(line, left[line.line_id]) for line in facts.lines]
    return AccountSummary(
        account.code,
        account.name,
        account.currency,
        last,
        found.bank_minor if found else None,
        sum(one.amount_minor for one in facts.entries),
        states.count(UNMATCHED),
        max(signed_months(session, account), default=None),
    )


def _statements(session: Session, account: CashAccount) -> tuple[BankStatementView, ...]:
    undoer = aliased(User)
    rows = session.execute(
        select(
            BankStatementRow,
            User.name,
            undoer.name,
            BankStatementUndoRow.undone_at,
            BankStatementUndoRow.reason,
        )
        .join(User, User.id == BankStatementRow.imported_by)
        .outerjoin(BankStatementUndoRow, BankStatementUndoRow.statement_id == BankStatementRow.id)
        .outerjoin(undoer, undoer.id == BankStatementUndoRow.undone_by)
        .where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
        )
        .order_by(BankStatementRow.to_on.desc(), BankStatementRow.id.desc())
    )
    return tuple(
        BankStatementView(
            row.id,
            row.file_name,
            row.kind,
            row.from_on,
            row.to_on,
            row.opening_minor,
            row.closing_minor,
            row.line_count,
            row.known_count,
            name,
            row.imported_at,
            undone_by,
            undone_at,
            reason or "",
        )
        for row, name, undone_by, undone_at, reason in rows
    )
