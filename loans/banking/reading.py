"""Reading an account's statements, entries and matches, in a few queries however much there is.

An entry and its reversal on the same day say nothing together, and a match to an entry that was
reversed counts no more: both are left out. What was undone stays stored and is left out too.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from loans.banking.facts import BankFacts, BooksEntry, Line, Match, Period
from loans.banking.following import closes_day
from loans.banking.tables import (
    LINE_STANDS,
    STATEMENT_STANDS,
    BankLineRow,
    BankMatchRow,
    BankStatementRow,
    BankUnmatchRow,
)
from loans.books.cash_accounts import CashAccount
from loans.books.ledger_balances import entry_of_posting
from loans.books.tables import AccountRow, journal_entry, posting
from loans.people import fold
from loans.tables import Enterprise, Loan, Receipt


def bank_facts(session: Session, account: CashAccount) -> BankFacts:
    """Everything about an account."""
    entries = _entries(session, account)
    matches, noted, charged = _matches(session, account)
    known = {entry.entry_id for entry in entries}
    return BankFacts(
        _periods(session, account),
        _lines(session, account, noted, charged),
        entries,
        tuple(match for match in matches if match.entry_id in known),
    )


def _periods(session: Session, account: CashAccount) -> tuple[Period, ...]:
    """The statements by their last day; of one day, the one that closes it last."""
    rows = session.scalars(
        select(BankStatementRow)
        .where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
            STATEMENT_STANDS,
        )
        .order_by(BankStatementRow.to_on, BankStatementRow.imported_at, BankStatementRow.id)
    )
    found: list[Period] = []
    for _, group in groupby(rows, key=lambda row: row.to_on):
        of_day = [
            Period(row.from_on, row.to_on, row.opening_minor, row.closing_minor) for row in group
        ]
        found += sorted(of_day, key=lambda one: closes_day(one, of_day))
    return tuple(found)


def _lines(
    session: Session, account: CashAccount, noted: frozenset[str], charged: frozenset[str]
) -> tuple[Line, ...]:
    rows = session.scalars(
        select(BankLineRow)
        .where(
            BankLineRow.facility_id == account.facility_id,
            BankLineRow.account_code == account.code,
            LINE_STANDS,
        )
        .order_by(BankLineRow.booked_on, BankLineRow.id)
    )
    return tuple(
        Line(
            row.id,
            row.booked_on,
            row.amount_minor,
            row.bank_reference,
            row.counterparty,
            row.text,
            row.id in noted,
            row.id in charged,
        )
        for row in rows
    )


def _matches(
    session: Session, account: CashAccount
) -> tuple[list[Match], frozenset[str], frozenset[str]]:
    """The matches not undone, the lines with a note, and those booked as a charge."""
    rows = session.execute(
        select(
            BankMatchRow.line_id,
            BankMatchRow.kind,
            BankMatchRow.entry_id,
            BankMatchRow.amount_minor,
        )
        .join(BankLineRow, BankLineRow.id == BankMatchRow.line_id)
        .outerjoin(BankUnmatchRow, BankUnmatchRow.match_id == BankMatchRow.id)
        .where(
            BankLineRow.facility_id == account.facility_id,
            BankLineRow.account_code == account.code,
            BankUnmatchRow.match_id.is_(None),
            LINE_STANDS,
        )
        .order_by(BankMatchRow.id)
    ).all()
    return (
        [Match(line_id, entry_id, amount) for line_id, _, entry_id, amount in rows if entry_id],
        frozenset(line_id for line_id, kind, _, _ in rows if kind == "note"),
        frozenset(line_id for line_id, kind, _, _ in rows if kind == "charge"),
    )


def _entries(session: Session, account: CashAccount) -> tuple[BooksEntry, ...]:
    amount = func.sum(posting.c.amount_minor)
    rows = session.execute(
        select(
            journal_entry.c.id,
            journal_entry.c.event,
            journal_entry.c.effective_on,
            journal_entry.c.memo,
            journal_entry.c.reversal_of,
            amount,
            func.min(posting.c.loan_id),
        )
        .join(posting, entry_of_posting())
        .join(
            AccountRow,
            and_(
                AccountRow.facility_id == posting.c.facility_id,
                AccountRow.id == posting.c.account_id,
            ),
        )
        .where(journal_entry.c.facility_id == account.facility_id, AccountRow.code == account.code)
        .group_by(*(journal_entry.c[name] for name in _HEADER))
        .order_by(journal_entry.c.effective_on, journal_entry.c.id)
    ).all()
    days = {row[0]: row[2] for row in rows}
    silent = {one for row in rows if days.get(row[4]) == row[2] for one in (row[0], row[4])}
    names = _names(session, account)
    references = _receipt_references(session, account)
    return tuple(
        BooksEntry(
            entry_id,
            event,
            on,
            int(total),
            memo,
            loan_id,
            tuple(
                filter(None, (references.get(entry_id, ""), *names.get(loan_id or "", ("", ""))))
            ),
        )
        for entry_id, event, on, memo, _, total, loan_id in rows
        if total and entry_id not in silent
    )


_HEADER = ("facility_id", "id", "event", "effective_on", "memo", "reversal_of")


def _names(session: Session, account: CashAccount) -> Mapping[str, tuple[str, str]]:
    """By loan what a payer might write: the loan's reference and the borrower's name, folded."""
    rows = session.execute(
        select(Loan.id, Loan.reference, Enterprise.name)
        .join(Enterprise, Enterprise.id == Loan.enterprise_id)
        .where(Loan.facility_id == account.facility_id)
    )
    return {loan_id: (fold(reference), fold(name)) for loan_id, reference, name in rows}


def _receipt_references(session: Session, account: CashAccount) -> Mapping[str, str]:
    rows = session.execute(
        select(Receipt.entry_id, Receipt.bank_reference)
        .join(Loan, Loan.id == Receipt.loan_id)
        .where(Loan.facility_id == account.facility_id)
    )
    return {entry_id: fold(reference) for entry_id, reference in rows}
