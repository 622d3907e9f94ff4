"""Taking old loans over: read and checked first, then recorded whole or not at all.

Every loan is signed, paid out and repaid by the code of today's loans, on its own days. The books
know all of it from the day of the import on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.banking.turn import take_turn
from loans.books import ledger
from loans.chart import CASH
from loans.day_words import shown_day
from loans.fund import the_facility
from loans.history import Moment
from loans.importing.foreseen import foreseen_loans
from loans.importing.old_loans import OldLoans, RowProblem, problems_of, shortfall
from loans.importing.tables import LoanImport
from loans.importing.taking_over import TakingOver
from loans.own_money import record_contribution
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, NotYours, OutOfStep, WrongValue
from loans.storage.database import new_id
from loans.tables import Loan

OPENING_SOURCE = "Opening balance"
_CONTENT = TypeAdapter(OldLoans)
_REPORT = TypeAdapter(tuple[RowProblem, ...])


class ImportedBefore(OutOfStep):
    """The same file was recorded already."""


class NotForFund(NotYours):
    """The file is for the fund's own people to send."""


class OwnFile(NotYours):
    """Who sent the file asks for its loans to be taken over by another person."""


class RowsToCorrect(WrongValue):
    """Rows of the file cannot be taken over."""


class Doubtful(WrongValue):
    """Loans of the file differ from what it states, or look like others, and nobody said yes."""


class CashMissing(WrongValue):
    """The fund would have lent money that the books do not show."""


def keep_file(
    session: Session, actor: Actor, moment: Moment, old: OldLoans, unread: Sequence[RowProblem]
) -> str:
    """Keep what a file tells, with what is wrong with it; answer its id. Nothing is booked.

    ``unread`` are the rows that could not be read at all.

    Raises:
        NotForFund: the actor is neither officer nor manager.
    """
    if actor.role not in (Role.OFFICER, Role.MANAGER):
        message = f"This is for loan officers and fund managers. Your role is {actor.role.value}."
        raise NotForFund(message)
    content = _CONTENT.dump_python(old, mode="json")
    row = LoanImport(
        id=new_id(),
        facility_id=the_facility(session).facility_id,
        file_hash=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
        content=content,
        report=[asdict(one) for one in (*unread, *_problems(session, moment.on, old))],
        checked_by=actor.user_id,
        checked_at=moment.at,
    )
    session.add(row)
    session.flush()
    return row.id


def record_file(
    session: Session,
    actor: Actor,
    moment: Moment,
    import_id: str,
    *,
    opening_minor: int = 0,
    is_looked_at: bool = False,
    key: str,
    done: Callable[[str], None] = lambda _reference: None,
) -> int:
    """Take over every loan of a kept file; answer how many they are.

    ``opening_minor`` is booked as a contribution on the day of the first movement: the cash that
    the fund had then. ``is_looked_at`` says that doubtful loans are to be recorded all the same.
    ``done`` hears the reference of each movement's loan.

    Raises:
        WrongPerson, Missing: the actor is no manager, or there is no such file.
        OwnFile: the actor sent the file.
        ImportedBefore: it was recorded, or one with the same content.
        RowsToCorrect: a row cannot be taken over.
        Doubtful: loans that somebody has to look at.
        CashMissing: naming the day and what is missing.
    """
    need_role(actor, Role.MANAGER)
    row = session.get(LoanImport, import_id, with_for_update=True)
    if row is None:
        raise Missing
    if row.checked_by == actor.user_id:
        message = "You sent this file yourself. Another person, a manager, takes its loans over."
        raise OwnFile(message)
    _refuse_again(session, row)
    old = content_of(row)
    if report_of(row) or _problems(session, moment.on, old):
        message = "Some rows cannot be taken over. Correct them in the file and send it again."
        raise RowsToCorrect(message, field="file")
    if not is_looked_at:
        _refuse_doubtful(session, moment, old)
    # Before anything is posted: each receipt asks for it.
    take_turn(session, row.facility_id, CASH)
    _check_cash(session, row.facility_id, old, opening_minor)
    if opening_minor:
        record_contribution(
            session,
            actor,
            moment,
            source=OPENING_SOURCE,
            amount_minor=opening_minor,
            paid_on=min(movement_days(old), default=moment.on),
            key=f"{key} opening",
            is_opening=True,
        )
    taking = TakingOver(session, actor, moment, row.id, key)
    for reference in taking.steps(old):
        done(reference)
    row.recorded_by, row.recorded_at = actor.user_id, moment.at
    session.flush()
    return len(old.loans)


def content_of(row: LoanImport) -> OldLoans:
    """What the file told."""
    return _CONTENT.validate_python(row.content)


def report_of(row: LoanImport) -> tuple[RowProblem, ...]:
    """What was wrong with it when it was checked."""
    return _REPORT.validate_python(row.report)


def _problems(session: Session, today: date, old: OldLoans) -> tuple[RowProblem, ...]:
    known = set(session.scalars(select(Loan.reference)))
    return problems_of(old, today=today, known_references=known)


def _refuse_again(session: Session, row: LoanImport) -> None:
    same = session.scalars(
        select(LoanImport.recorded_at).where(
            LoanImport.file_hash == row.file_hash, LoanImport.recorded_at.is_not(None)
        )
    ).first()
    if same is not None:
        message = f"A file with this content was recorded on {shown_day(same.date())}."
        raise ImportedBefore(message, field="file")


def _refuse_doubtful(session: Session, moment: Moment, old: OldLoans) -> None:
    names = [one.reference for one in foreseen_loans(session, old, moment.on) if one.is_doubtful]
    if names:
        message = (
            "The rows give another principal than the file states, or a loan looks like another "
            f"one: {', '.join(names)}. Look at them, then confirm that they are to be recorded."
        )
        raise Doubtful(message, field="looked_at")


def _check_cash(session: Session, facility_id: str, old: OldLoans, opening_minor: int) -> None:
    available = ledger.available(session, facility_id=facility_id, account=CASH)
    missing = shortfall(old, available_minor=available + opening_minor)
    if missing is not None:
        amount = as_text(missing.amount_minor, the_facility(session).currency)
        message = (
            f"On {shown_day(missing.on)} the fund would lack {amount} for these loans. "
            "Enter the cash that it had before the first of them as the opening balance."
        )
        raise CashMissing(message, field="opening")


def movement_days(old: OldLoans) -> Iterator[date]:
    """The days of signatures and of everything that moved."""
    yield from (one.paid_on for one in old.pay_outs)
    yield from (one.signed_on for one in old.loans)
