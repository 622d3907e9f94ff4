"""The books as auditors read them: trial balance, an account line by line, an entry, the months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books.ledger_balances import TrialBalanceRow, find_account, trial_balance
from loans.books.ledger_entries import EntryPage, EntryView, count_entries, entry
from loans.books.ledger_lines import AccountLine, account_lines
from loans.books.ledger_periods import bounds_of, is_closed, totals_between
from loans.books.tables import AccountRow, journal_entry, period
from loans.chart import AccountKind
from loans.fund import Facility
from loans.ledger_refusals import NoSuchEntry, UnknownAccount, UnknownMonth
from loans.refusal import Missing
from loans.tables import Loan, User

LINES_A_PAGE = 100
_ID_LENGTH = 36


class NoSuchAccount(Missing):
    """The facility has no account with this number."""


class NoSuchMonth(Missing):
    """The address names no month."""


@dataclass(frozen=True)
class CurrencyTotal:
    """The sums of both columns over the accounts of one currency, in its minor units."""

    currency: str
    debits_minor: int
    credits_minor: int


@dataclass(frozen=True)
class TrialBalance:
    """Every account with its balance, and the sums of each currency, which are never added."""

    rows: tuple[TrialBalanceRow, ...]

    @property
    def totals(self) -> tuple[CurrencyTotal, ...]:
        """The sums by currency, in the order in which the accounts name them."""
        return tuple(
            CurrencyTotal(
                currency,
                sum(row.debit_minor for row in self.rows if row.currency == currency),
                sum(row.credit_minor for row in self.rows if row.currency == currency),
            )
            for currency in dict.fromkeys(row.currency for row in self.rows)
        )

    @property
    def is_balanced(self) -> bool:
        """Whether debits equal credits in every currency."""
        return all(total.debits_minor == total.credits_minor for total in self.totals)


@dataclass(frozen=True)
class RunningLine:
    """One posting of an account; the balance after it has the sign usual for the account."""

    line: AccountLine
    loan_reference: str | None
    debit_minor: int
    credit_minor: int
    balance_minor: int


@dataclass(frozen=True)
class AccountPage:
    """A page of the general ledger of an account, oldest first, with its sum over all pages.

    ``loan`` is the id and reference of the one loan whose postings are shown, if only one is.
    """

    code: str
    name: str
    kind: AccountKind
    loan: tuple[str, str] | None
    lines: tuple[RunningLine, ...]
    line_count: int
    page_number: int
    page_count: int
    brought_forward_minor: int
    balance_minor: int


@dataclass(frozen=True)
class ClosedMonth:
    """A month that was closed: by whom, when, and what it held."""

    month: str
    closed_at: datetime
    closed_by: str
    entry_count: int
    debits_minor: int


@dataclass(frozen=True)
class NamedEntry:
    """An entry with the names of the people and loans in it."""

    entry: EntryView
    actor_name: str
    loan_references: Mapping[str, str]


def trial(
    session: Session, facility: Facility, *, as_of: date | None, known_on: date | None
) -> TrialBalance:
    """The trial balance as of a value date, and as it was known on a day."""
    rows = trial_balance(session, facility_id=facility.facility_id, as_of=as_of, known_on=known_on)
    return TrialBalance(rows)


def account_page(
    session: Session,
    facility: Facility,
    code: str,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    event: str = "",
    loan_id: str = "",
    page_number: int = 1,
) -> AccountPage:
    """The postings of an account with the running sum; of one event or loan only, if named.

    Raises:
        NoSuchAccount: the facility has no account with this code.
    """
    account = _account(session, facility, code)
    chosen_loan = references_of(session, (loan_id,)) if loan_id.isprintable() else {}
    lines = account_lines(
        session,
        facility_id=facility.facility_id,
        account=code,
        loan_id=loan_id if chosen_loan else None,
        as_of=as_of,
        known_on=known_on,
    )
    chosen = [line for line in lines if not event or line.event == event]
    kind = AccountKind(account.kind)
    page_count = max(1, -(-len(chosen) // LINES_A_PAGE))
    number = min(max(page_number, 1), page_count)
    first = (number - 1) * LINES_A_PAGE
    sums = list(accumulate((line.amount_minor for line in chosen), initial=0))
    return AccountPage(
        code=code,
        name=account.name,
        kind=kind,
        loan=next(iter(chosen_loan.items()), None),
        lines=running(session, kind, chosen[first : first + LINES_A_PAGE], sums[first]),
        line_count=len(chosen),
        page_number=number,
        page_count=page_count,
        brought_forward_minor=kind.shown_minor(sums[first]),
        balance_minor=kind.shown_minor(sums[-1]),
    )


def _account(session: Session, facility: Facility, code: str) -> AccountRow:
    if not code.isprintable():
        raise NoSuchAccount
    try:
        return find_account(session, facility.facility_id, code)
    except UnknownAccount:
        raise NoSuchAccount from None


def running(
    session: Session, kind: AccountKind, lines: Sequence[AccountLine], forward_minor: int
) -> tuple[RunningLine, ...]:
    """The lines with the balance after each, from what was brought forward."""
    references = references_of(session, (line.loan_id for line in lines))
    balances = accumulate((line.amount_minor for line in lines), initial=forward_minor)
    return tuple(
        RunningLine(
            line,
            references.get(line.loan_id or ""),
            max(line.amount_minor, 0),
            max(-line.amount_minor, 0),
            kind.shown_minor(balance),
        )
        for line, balance in zip(lines, islice(balances, 1, None), strict=True)
    )


def entry_view(session: Session, facility: Facility, entry_id: str) -> NamedEntry:
    """One entry with names.

    Raises:
        NoSuchEntry: the facility has none with this id.
    """
    if len(entry_id) != _ID_LENGTH or not entry_id.isprintable():
        raise NoSuchEntry
    found = entry(session, facility_id=facility.facility_id, entry_id=entry_id)
    return NamedEntry(
        found,
        names_of(session, (found.actor_id,)).get(found.actor_id, "The program"),
        references_of(session, (line.loan_id for line in found.postings)),
    )


def names_on(session: Session, shown: EntryPage) -> Mapping[str, str]:
    """The names of the people who booked the entries of a page, by their ids."""
    return names_of(session, (one.actor_id for one in shown.entries))


def names_of(session: Session, user_ids: Iterable[str]) -> Mapping[str, str]:
    """Names of people by their ids."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(user_ids))))
    return {row.id: row.name for row in rows}


def references_of(session: Session, loan_ids: Iterable[str | None]) -> Mapping[str, str]:
    """References of loans by their ids."""
    wanted = {loan_id for loan_id in loan_ids if loan_id}
    rows = session.execute(select(Loan.id, Loan.reference).where(Loan.id.in_(wanted)))
    return {row.id: row.reference for row in rows}


def events(session: Session, facility: Facility) -> tuple[str, ...]:
    """The events of which the journal has entries, in alphabetical order."""
    rows = session.scalars(
        select(journal_entry.c.event)
        .where(journal_entry.c.facility_id == facility.facility_id)
        .distinct()
        .order_by(journal_entry.c.event)
    )
    return tuple(rows)


def closed_months(session: Session, facility: Facility) -> tuple[ClosedMonth, ...]:
    """The months that were closed, newest first. Closing one closed all before it."""
    rows = session.execute(
        select(
            period.c.month,
            period.c.closed_at,
            User.name,
            period.c.entry_count,
            period.c.debits_minor,
        )
        .outerjoin(User, User.id == period.c.closed_by)
        .where(period.c.facility_id == facility.facility_id)
        .order_by(period.c.month.desc())
    )
    return tuple(
        ClosedMonth(month, closed_at, name or "The program", count, debits)
        for month, closed_at, name, count, debits in rows
    )


@dataclass(frozen=True)
class Closing:
    """What closing a month would do; amounts in minor units.

    The books close by the day of booking. ``dated_count`` has the entries whose value date lies in
    the month, whenever they were booked.
    """

    month: str
    entry_count: int
    debits_minor: int
    dated_count: int
    is_closed: bool
    is_over: bool


def closing(session: Session, facility: Facility, month: str, at: datetime) -> Closing:
    """What closing a month at an instant would do.

    Raises:
        NoSuchMonth: not written as year and month.
    """
    try:
        start, end = bounds_of(month)
    except UnknownMonth:
        raise NoSuchMonth from None
    totals = totals_between(session, facility.facility_id, start, end)
    here, last = facility.facility_id, end.date() - timedelta(days=1)
    return Closing(
        month,
        totals["entry_count"],
        totals["debits_minor"],
        count_entries(session, facility_id=here, from_on=start.date(), to_on=last),
        is_closed=is_closed(session, facility_id=facility.facility_id, month=month),
        is_over=at >= end,
    )
