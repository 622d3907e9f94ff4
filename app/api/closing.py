"""Closed days and reminders over JSON."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy.orm import Session

from app import clock
from app.api.acting import Act, Answer, PageAnswer, PageAsked, Reason, api_router
from app.api.values import Day, DayInPath, Id
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from loans.books.closed_months import counts_late
from loans.closing.closed_days import (
    DayView,
    ReminderLine,
    closed_day,
    count_reminders,
    newest_days,
    reminders,
)
from loans.closing.days import Closing
from loans.closing.reminding import ReminderStatus, drop_reminder, mark_sent
from loans.closing.run import close_day
from loans.fund import the_facility
from loans.people import Role, need_role

router = api_router("Closed days")


class DaysAnswer(Answer):
    """Closed days, the newest first."""

    days: tuple[answer_model(DayView), ...]  # type: ignore[valid-type]  # made from the view


class DayClosed(Answer):
    """The day; ``was_closed_before`` where nothing was changed.

    ``notice`` says so where it lies in a month that is closed.
    """

    day: Day
    status: str
    was_closed_before: bool
    notice: str | None


class RemindersAsked(PageAsked):
    """Which reminders."""

    status: Literal["due", "sent", "dropped"] = "due"


class RemindersAnswer(PageAnswer):
    """Reminders, the newest first."""

    reminders: tuple[answer_model(ReminderLine), ...]  # type: ignore[valid-type]  # from the view


class ReminderKept(Answer):
    """What became of a reminder."""

    reminder_id: str
    status: str


@router.get("/ledger/days", response_model=DaysAnswer)
def list_days(session: Reading, _actor: SignedIn) -> Mapping[str, Any]:
    """The newest closed days."""
    facility = the_facility(session)
    days = newest_days(session, facility)
    return {"days": [answer_of(view, facility.currency) for view in days]}


@router.get("/ledger/days/{day}", response_model=answer_model(DayView))
def show_day(session: Reading, _actor: SignedIn, day: DayInPath) -> Mapping[str, Any]:
    """What the close of a day found and booked."""
    facility = the_facility(session)
    return answer_of(closed_day(session, facility, day), facility.currency)


@router.post("/ledger/days/{day}/close", response_model=DayClosed)
def close(day: DayInPath, act: Act) -> Mapping[str, Any]:
    """Close a day and the missing ones before it; a day that is closed stays as it is."""
    desk = act.desk

    def work(session: Session) -> Mapping[str, Any]:
        need_role(desk.actor, Role.MANAGER)
        closing = Closing(the_facility(session), desk.actor, desk.moment)
        is_new = close_day(session, closing, day)
        here = closing.facility.facility_id
        return {
            "day": day.isoformat(),
            "status": "closed",
            "was_closed_before": not is_new,
            "notice": counts_late(session, here, day, desk.moment, what="its interest")
            if is_new
            else None,
        }

    return act.once({"day": day.isoformat()}, work)


@router.get("/reminders", response_model=RemindersAnswer)
def list_reminders(
    session: Reading, _actor: SignedIn, asked: Annotated[RemindersAsked, Query()]
) -> Mapping[str, Any]:
    """Letters to borrowers that are due, were sent or were not."""
    facility = the_facility(session)
    status = ReminderStatus(asked.status)
    lines = reminders(
        session,
        facility,
        today=clock.today(),
        status=status,
        limit=asked.page_size,
        offset=(asked.page - 1) * asked.page_size,
    )
    return {
        "page": asked.page,
        "page_size": asked.page_size,
        "count": count_reminders(session, facility, status),
        "reminders": [answer_of(line, facility.currency) for line in lines],
    }


@router.post("/reminders/{reminder_id}/send", response_model=ReminderKept)
def send(reminder_id: Id, act: Act) -> Mapping[str, Any]:
    """Keep that the letter went out, with its text."""

    def work(session: Session) -> Mapping[str, Any]:
        mark_sent(session, act.desk.actor, act.desk.moment, reminder_id)
        return {"reminder_id": reminder_id, "status": ReminderStatus.SENT.value}

    return act.once({"reminder_id": reminder_id}, work)


@router.post("/reminders/{reminder_id}/drop", response_model=ReminderKept)
def drop(reminder_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Keep that no letter goes out, and why."""

    def work(session: Session) -> Mapping[str, Any]:
        desk = act.desk
        drop_reminder(session, desk.actor, desk.moment, reminder_id, reason=body.reason)
        return {"reminder_id": reminder_id, "status": ReminderStatus.DROPPED.value}

    return act.once(body, work)
