"""Letters to borrowers: noticed by the close of a day, sent by an officer, kept as sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import insert
from sqlalchemy.orm import Session

from loans.closing.days import Closing
from loans.closing_tables import Reminder
from loans.entered_text import entered_text
from loans.fund import Facility, the_facility
from loans.history import Moment, record
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, OutOfStep
from loans.reminder_rules import Notice, letter
from loans.storage.database import new_id
from loans.tables import Enterprise, Loan
from loans.versions.profile_versions import profile_in_force

LONGEST_REASON = 500


class ReminderStatus(StrEnum):
    """What became of a reminder."""

    DUE = "due"
    SENT = "sent"
    DROPPED = "dropped"


class ReminderDecided(OutOfStep):
    """The letter was sent, or left unsent, before."""


def reminder_days(session: Session, facility: Facility, day: date) -> Sequence[int]:
    """The days on which the fund reminds its borrowers, counted from the due day.

    They are those in force on ``day``; a loan that waits for its next look takes them up then.
    """
    here = facility.facility_id
    return (
        profile_in_force(session, here, facility.profile_code, day).terms.reminder_days.value or ()
    )


def add_reminders(
    session: Session, closing: Closing, day: date, notices: Mapping[str, Notice]
) -> None:
    """Enter what is noticed on a day, by the ids of the loans."""
    if not notices:
        return
    rows = [
        {
            "id": new_id(),
            "facility_id": closing.facility.facility_id,
            "loan_id": loan_id,
            "noticed_on": day,
            "days": notice.days,
            "instalment_number": notice.number,
            "due_on": notice.due_on,
            "amount_minor": notice.amount_minor,
            "overdue_minor": notice.overdue_minor,
            "status": ReminderStatus.DUE.value,
            "reason": "",
        }
        for loan_id, notice in notices.items()
    ]
    session.execute(insert(Reminder), rows)


def letter_of(session: Session, reminder: Reminder) -> str:
    """The text of a letter: as it was sent, or as it would be sent now."""
    if reminder.letter is not None:
        return reminder.letter
    loan = session.get_one(Loan, reminder.loan_id)
    facility = the_facility(session)
    notice = Notice(
        reminder.days,
        reminder.instalment_number,
        reminder.due_on,
        reminder.amount_minor,
        reminder.overdue_minor,
    )
    return letter(
        notice,
        borrower=session.get_one(Enterprise, loan.enterprise_id).name,
        reference=loan.reference,
        fund=facility.name,
        currency=facility.currency,
    )


def mark_sent(session: Session, actor: Actor, moment: Moment, reminder_id: str) -> None:
    """Keep that the letter went out, with its text.

    Raises:
        WrongPerson: the actor is no officer.
        Missing: there is no such reminder.
        ReminderDecided: it was sent or left unsent before.
    """
    row = _to_decide(session, actor, reminder_id)
    row.letter = letter_of(session, row)
    _decide(session, actor, moment, row, ReminderStatus.SENT)


def drop_reminder(
    session: Session, actor: Actor, moment: Moment, reminder_id: str, *, reason: str
) -> None:
    """Keep that no letter goes out, and why.

    Raises:
        WrongPerson, Missing, ReminderDecided: as ``mark_sent`` refuses.
        TextMissing: without a reason.
    """
    row = _to_decide(session, actor, reminder_id)
    ask = "Write why no letter goes out."
    row.reason = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    _decide(session, actor, moment, row, ReminderStatus.DROPPED)


def _to_decide(session: Session, actor: Actor, reminder_id: str) -> Reminder:
    row = session.get(Reminder, reminder_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing
    need_role(actor, Role.OFFICER)
    if row.status != ReminderStatus.DUE:
        message = f"This reminder was {row.status} before. Nothing was changed."
        raise ReminderDecided(message)
    return row


def _decide(
    session: Session, actor: Actor, moment: Moment, row: Reminder, status: ReminderStatus
) -> None:
    row.status = status.value
    row.decided_by, row.decided_on, row.decided_at = actor.user_id, moment.on, moment.at
    record(
        session,
        actor,
        moment,
        subject=("loan", row.loan_id),
        action=f"reminder_{status.value}",
        facility_id=row.facility_id,
        note=row.reason,
        details={"instalment": row.instalment_number, "days": row.days},
    )
    session.flush()
