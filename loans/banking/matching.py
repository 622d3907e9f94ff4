"""Saying that a line of the bank and an entry of the books are the same money, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.banking.facts import BankFacts
from loans.banking.importing import MonthSigned
from loans.banking.proposals import propose
from loans.banking.reading import bank_facts
from loans.banking.signed_months import signed_months
from loans.banking.tables import LINE_STANDS, BankLineRow, BankMatchRow, BankUnmatchRow
from loans.banking.turn import take_turn
from loans.books.bank_accounts import bank_account
from loans.books.cash_accounts import CashAccount
from loans.day_words import shown_month
from loans.entered_text import entered_text
from loans.history import Moment
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, OutOfStep, WrongValue
from loans.storage.database import new_id

LONGEST_NOTE = 500
MATCH, BOOKED_CHARGE, NOTE = "match", "charge", "note"


class MatchedBefore(OutOfStep):
    """Nothing is left of the line or of the entry to match."""


class OtherDirection(WrongValue):
    """Money that came in is not money that went out."""


class UndoneBefore(OutOfStep):
    """The match, or the import, was undone already."""


def match_line(
    session: Session, actor: Actor, moment: Moment, line_id: str, *, entry_ids: Sequence[str]
) -> tuple[str, ...]:
    """Match a line to entries, each as far as both are open; answer the ids of the matches.

    Raises:
        WrongPerson: the actor is no officer.
        Missing: there is no such line, or no such entry on its account.
        MatchedBefore: nothing is open of the line or of an entry.
        OtherDirection: one is money in, the other money out.
    """
    need_role(actor, Role.OFFICER)
    line = locked_line(session, line_id)
    facts = _facts(session, line)
    if not entry_ids:
        message = "Choose the entry that the line stands for."
        raise WrongValue(message, field="entry")
    if len(set(entry_ids)) < len(entry_ids):
        message = "An entry is named twice. Name each entry once."
        raise WrongValue(message, field="entry")
    lines, entries = dict(facts.open_lines), dict(facts.open_entries)
    return _match(session, actor, moment, line, entry_ids=entry_ids, left=(lines, entries))


def _match(
    session: Session,
    actor: Actor,
    moment: Moment,
    line: BankLineRow,
    *,
    entry_ids: Sequence[str],
    left: tuple[dict[str, int], dict[str, int]],
) -> tuple[str, ...]:
    """Match a line to entries, and take what is matched off what is ``left`` of lines, entries."""
    lines, entries = left
    ids = []
    for entry_id in entry_ids:
        if entry_id not in entries:
            raise Missing
        part = _common(lines[line.id], entries[entry_id])
        ids.append(keep_match(session, actor, moment, line, MATCH, entry_id=entry_id, amount=part))
        lines[line.id] -= part
        entries[entry_id] -= part
    return tuple(ids)


def _common(line_minor: int, entry_minor: int) -> int:
    """How much of both is the same money."""
    if not line_minor or not entry_minor:
        message = "It is matched already. Undo the earlier match first."
        raise MatchedBefore(message, field="entry")
    if (line_minor > 0) != (entry_minor > 0):
        message = "One is money that came in, the other money that went out. Choose another entry."
        raise OtherDirection(message, field="entry")
    return min(line_minor, entry_minor, key=abs)


def accept_proposals(
    session: Session, actor: Actor, moment: Moment, account_code: str
) -> tuple[str, ...]:
    """Match everything that is proposed and named in the bank's own words; answer the matches.

    Raises:
        WrongPerson: the actor is no officer.
    """
    need_role(actor, Role.OFFICER)
    account = bank_account(session, account_code)
    take_turn(session, account.facility_id, account.code)
    facts = bank_facts(session, account)
    left = (dict(facts.open_lines), dict(facts.open_entries))
    return tuple(
        match_id
        for one in propose(facts)
        if one.is_named
        for line_id in one.line_ids
        for match_id in _match(
            session,
            actor,
            moment,
            locked_line(session, line_id),
            entry_ids=one.entry_ids,
            left=left,
        )
    )


def unmatch(session: Session, actor: Actor, moment: Moment, match_id: str, *, reason: str) -> None:
    """Undo a match or a note; both stay in the history. An entry that was booked stays booked.

    Raises:
        WrongPerson: the actor is no officer.
        Missing: there is no such match.
        UndoneBefore: it was undone.
        MonthSigned: the line's month was signed off with it.
    """
    need_role(actor, Role.OFFICER)
    row = session.get(BankMatchRow, match_id)
    if row is None:
        raise Missing
    line = locked_line(session, row.line_id)
    if session.get(BankUnmatchRow, match_id) is not None:
        message = "This match was undone before."
        raise UndoneBefore(message)
    month = f"{line.booked_on:%Y-%m}"
    if month in signed_months(session, bank_account(session, line.account_code)):
        message = f"{shown_month(month)} was signed off with this match. It stays."
        raise MonthSigned(message)
    ask = "Write why the match is undone."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_NOTE)
    session.add(
        BankUnmatchRow(match_id=match_id, reason=note, undone_by=actor.user_id, undone_at=moment.at)
    )
    session.flush()


def note_line(session: Session, actor: Actor, moment: Moment, line_id: str, *, note: str) -> str:
    """Write why the books do not have a line; it stays an item between bank and books.

    Raises:
        WrongPerson: the actor is no officer.
        Missing: there is no such line.
        MatchedBefore: nothing of the line is open.
    """
    need_role(actor, Role.OFFICER)
    line = locked_line(session, line_id)
    open_rest(session, line)
    return keep_match(session, actor, moment, line, NOTE, note=note)


def match_recorded(
    session: Session,
    actor: Actor,
    moment: Moment,
    account: CashAccount,
    *,
    entry_id: str,
    amount_minor: int,
    on: date,
    bank_reference: str,
) -> str | None:
    """Match money just recorded to the account's one line of the same day, amount, reference.

    Where none, or more than one, says so, nothing is matched; the id of the match otherwise.
    Whoever records the money takes the account's turn before it is posted.
    """
    take_turn(session, account.facility_id, account.code)
    rows = session.scalars(
        select(BankLineRow)
        .where(
            BankLineRow.facility_id == account.facility_id,
            BankLineRow.account_code == account.code,
            BankLineRow.booked_on == on,
            BankLineRow.amount_minor == amount_minor,
            LINE_STANDS,
        )
        .order_by(BankLineRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    named = [row for row in rows if reference_of(row) == bank_reference.strip()]
    fitting = [row for row in named if _are_open(session, row, entry_id, amount_minor)]
    if len(fitting) != 1:
        return None
    return keep_match(
        session, actor, moment, fitting[0], MATCH, entry_id=entry_id, amount=amount_minor
    )


def _are_open(session: Session, line: BankLineRow, entry_id: str, amount_minor: int) -> bool:
    """Whether the line and the entry are of one account and wholly open."""
    facts = _facts(session, line)
    return facts.open_lines[line.id] == facts.open_entries.get(entry_id) == amount_minor


def reference_of(line: BankLineRow) -> str:
    """What a receipt names as the reference of the payment on the statement."""
    return line.bank_reference or line.text[:120].strip() or f"Statement {line.booked_on:%Y-%m-%d}"


def locked_line(session: Session, line_id: str) -> BankLineRow:
    """A line that nobody else touches until the end of the transaction, nor matches beside it.

    The account's turn comes before the row, on every path, so that no two wait for each other.

    Raises:
        Missing: there is no such line, or its import was undone.
    """
    kept_on = select(BankLineRow.facility_id, BankLineRow.account_code)
    account = session.execute(kept_on.where(BankLineRow.id == line_id)).first()
    if account is None:
        raise Missing
    take_turn(session, account.facility_id, account.account_code)
    line = session.scalar(
        select(BankLineRow)
        .where(BankLineRow.id == line_id, LINE_STANDS)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if line is None:
        raise Missing
    return line


def _facts(session: Session, line: BankLineRow) -> BankFacts:
    return bank_facts(session, bank_account(session, line.account_code))


def open_rest(session: Session, line: BankLineRow) -> int:
    """What of a line is matched to nothing, in minor units.

    Raises:
        MatchedBefore: nothing of it.
    """
    left = _facts(session, line).open_lines[line.id]
    if not left:
        message = "The line is matched already. Undo the match first."
        raise MatchedBefore(message)
    return left


def keep_match(
    session: Session,
    actor: Actor,
    moment: Moment,
    line: BankLineRow,
    kind: str,
    *,
    entry_id: str | None = None,
    amount: int = 0,
    note: str = "",
) -> str:
    """Keep what a line stands for; answer the id. All but a plain match have their words."""
    text = note
    if kind != MATCH:
        ask = (
            "Write what it is." if kind == BOOKED_CHARGE else "Write why the books do not have it."
        )
        field = "purpose" if kind == BOOKED_CHARGE else "note"
        text = entered_text(note, field=field, ask=ask, longest=LONGEST_NOTE)
    row = BankMatchRow(
        id=new_id(),
        line_id=line.id,
        kind=kind,
        entry_id=entry_id,
        amount_minor=amount,
        note=text,
        made_by=actor.user_id,
        made_at=moment.at,
    )
    session.add(row)
    session.flush()
    return row.id
