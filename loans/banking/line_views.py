"""Lines of the bank as pages and programs show them: what each may stand for, and its history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loans.banking.facts import BankFacts, BooksEntry, Line
from loans.banking.matching import reference_of
from loans.banking.proposals import Proposal, propose
from loans.banking.reading import bank_facts
from loans.banking.tables import LINE_STANDS, BankLineRow, BankMatchRow, BankUnmatchRow
from loans.books.bank_accounts import bank_account
from loans.books.cash_accounts import CashAccount
from loans.cases.case_status import TAKES_MONEY, LoanStatus
from loans.lending.loan_case import RELEASED
from loans.people import fold
from loans.refusal import Missing
from loans.tables import Enterprise, Loan, User, WriteOff

UNMATCHED, MATCHED, EXPLAINED = "unmatched", "matched", "explained"
_MOST_CANDIDATES, _MOST_LOANS = 25, 3
_SHORTEST_NAME = 4
_LOAN = re.compile(r"\bl-\d{4}-\d{3,}\b")


@dataclass(frozen=True)
class NamedLoan:
    """A loan that a line may name; ``lost_on`` is the day on which it was written off."""

    loan_id: str
    reference: str
    borrower: str
    status: LoanStatus
    lost_on: date | None

    def act(self, on: date) -> str:
        """The act that records money that came on a day."""
        if self.status is LoanStatus.WRITTEN_OFF and self.lost_on is not None:
            return "receipt" if on < self.lost_on else "recovery"
        return "receipt"


@dataclass(frozen=True)
class ProposalView:
    """What a line could be matched to, and why."""

    entries: tuple[BooksEntry, ...]
    line_count: int
    days_apart: int
    is_named: bool


@dataclass(frozen=True)
class BankLineView:
    """A line of the bank; ``state`` is unmatched, matched or explained."""

    line_id: str
    account_code: str
    booked_on: date
    amount_minor: int
    open_minor: int
    state: str
    bank_reference: str
    counterparty: str
    text: str
    proposal: ProposalView | None
    loans: tuple[NamedLoan, ...]


@dataclass(frozen=True)
class MatchView:
    """A match or a note, whether it still counts, and who undid it why."""

    match_id: str
    kind: str
    entry_id: str | None
    entry_words: str
    amount_minor: int
    note: str
    made_by: str
    made_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    reason: str
    counts: bool


@dataclass(frozen=True)
class LineDetail:
    """One line with its history, and the entries that it may stand for."""

    line: BankLineView
    currency: str
    matches: tuple[MatchView, ...]
    candidates: tuple[tuple[BooksEntry, int], ...]


def line_detail(session: Session, line_id: str) -> LineDetail:
    """One line of the bank with everything that it may stand for.

    Raises:
        Missing: there is no such line, or its import was undone.
    """
    account = bank_account(session, _line(session, line_id).account_code)
    facts = bank_facts(session, account)
    views = line_views(session, account, facts, propose(facts))
    view = next(one for one in views if one.line_id == line_id)
    return LineDetail(
        view,
        account.currency,
        _match_views(session, line_id, facts),
        _candidates(facts, view),
    )


def _line(session: Session, line_id: str) -> BankLineRow:
    # It may come from a query, and PostgreSQL takes no text with NUL.
    wanted = select(BankLineRow).where(BankLineRow.id == line_id, LINE_STANDS)
    row = session.scalar(wanted) if line_id.isprintable() else None
    if row is None:
        raise Missing
    return row


def first_values(session: Session, line_id: str) -> tuple[int, date, str, str]:
    """What a line says for the form of a receipt: open minor units, day, reference, account.

    Raises:
        Missing: there is no such line, or its import was undone.
    """
    row = _line(session, line_id)
    facts = bank_facts(session, bank_account(session, row.account_code))
    return facts.open_lines[row.id], row.booked_on, reference_of(row), row.account_code


def state_of(line: Line, open_minor: int) -> str:
    """Where a line stands: nothing of it open, open with a reason, or open."""
    if not open_minor:
        return EXPLAINED if line.is_charge else MATCHED
    return EXPLAINED if line.is_noted else UNMATCHED


def line_views(
    session: Session, account: CashAccount, facts: BankFacts, proposals: Sequence[Proposal]
) -> list[BankLineView]:
    """Every line of the account, the oldest first."""
    left = facts.open_lines
    entries = {entry.entry_id: entry for entry in facts.entries}
    proposed = {line_id: one for one in proposals for line_id in one.line_ids}
    loans = _loans(session, account)
    views = []
    for line in facts.lines:
        one, open_minor = proposed.get(line.line_id), left[line.line_id]
        is_asked = bool(open_minor > 0 and one is None)
        views.append(
            BankLineView(
                line.line_id,
                account.code,
                line.booked_on,
                line.amount_minor,
                open_minor,
                state_of(line, open_minor),
                line.bank_reference,
                line.counterparty,
                line.text,
                None if one is None else _proposal(one, entries),
                named_loans(line, loans) if is_asked else (),
            )
        )
    return views


def _proposal(one: Proposal, entries: Mapping[str, BooksEntry]) -> ProposalView:
    return ProposalView(
        tuple(entries[entry_id] for entry_id in one.entry_ids),
        len(one.line_ids),
        one.days_apart,
        one.is_named,
    )


def _loans(session: Session, account: CashAccount) -> tuple[NamedLoan, ...]:
    lost = (
        select(WriteOff.loan_id, func.max(WriteOff.confirmed_on).label("lost_on"))
        .where(WriteOff.status == RELEASED)
        .group_by(WriteOff.loan_id)
        .subquery()
    )
    rows = session.execute(
        select(Loan.id, Loan.reference, Enterprise.name, Loan.status, lost.c.lost_on)
        .join(Enterprise, Enterprise.id == Loan.enterprise_id)
        .outerjoin(lost, lost.c.loan_id == Loan.id)
        .where(Loan.facility_id == account.facility_id, Loan.status.in_(TAKES_MONEY))
        .order_by(Loan.reference)
    )
    return tuple(
        NamedLoan(loan_id, reference, name, LoanStatus(status), lost_on)
        for loan_id, reference, name, status, lost_on in rows
    )


def named_loans(line: Line, loans: Iterable[NamedLoan]) -> tuple[NamedLoan, ...]:
    """The loans whose reference, or else whose borrower, the bank's words name.

    By the borrower alone, loans that are repaid are named only where there are no others.
    """
    words = line.words
    references = set(_LOAN.findall(words))
    by_reference = [one for one in loans if fold(one.reference) in references]
    by_name = [
        one for one in loans if len(one.borrower) >= _SHORTEST_NAME and fold(one.borrower) in words
    ]
    unpaid = [one for one in by_name if one.status is not LoanStatus.REPAID]
    return tuple((by_reference or unpaid or by_name)[:_MOST_LOANS])


def _match_views(session: Session, line_id: str, facts: BankFacts) -> tuple[MatchView, ...]:
    names = {row[0]: row[1] for row in session.execute(select(User.id, User.name))}
    entries = {entry.entry_id: entry for entry in facts.entries}
    rows = session.execute(
        select(BankMatchRow, BankUnmatchRow)
        .outerjoin(BankUnmatchRow, BankUnmatchRow.match_id == BankMatchRow.id)
        .where(BankMatchRow.line_id == line_id)
        .order_by(BankMatchRow.id)
    )
    return tuple(_match_view(row, undone, names, entries) for row, undone in rows)


def _match_view(
    row: BankMatchRow,
    undone: BankUnmatchRow | None,
    names: Mapping[str, str],
    entries: Mapping[str, BooksEntry],
) -> MatchView:
    entry = entries.get(row.entry_id or "")
    return MatchView(
        row.id,
        row.kind,
        row.entry_id,
        entry.memo if entry else "",
        row.amount_minor,
        row.note,
        names[row.made_by],
        row.made_at,
        names[undone.undone_by] if undone else None,
        undone.undone_at if undone else None,
        undone.reason if undone else "",
        undone is None and (row.entry_id is None or entry is not None),
    )


def _candidates(facts: BankFacts, view: BankLineView) -> tuple[tuple[BooksEntry, int], ...]:
    """Open entries of the line's direction, the nearest in amount and day first."""
    left = facts.open_entries
    fitting = [
        (entry, left[entry.entry_id])
        for entry in facts.entries
        if left[entry.entry_id] and (left[entry.entry_id] > 0) == (view.open_minor > 0)
    ]
    fitting.sort(
        key=lambda one: (
            one[1] != view.open_minor,
            abs((one[0].effective_on - view.booked_on).days),
            one[0].entry_id,
        )
    )
    return tuple(fitting[:_MOST_CANDIDATES]) if view.open_minor else ()
