"""Closing days of the books, what each close found, and the reminders to borrowers."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Ask, Filled, FormModel, as_form, filled
from app.page_number import page_number
from app.rendering import page
from app.router import Router
from loans.books.closed_months import last_closed_day
from loans.closing.closed_days import (
    REMINDERS_A_PAGE,
    NoSuchDay,
    closed_day,
    count_reminders,
    newest_days,
    reminder,
    reminders,
)
from loans.closing.days import Closing, yesterday
from loans.closing.reminding import ReminderStatus, drop_reminder, mark_sent
from loans.closing.run import close_day
from loans.fund import the_facility
from loans.people import Role, need_role

router = Router()


class CloseDayForm(FormModel):
    """The day up to which days are closed."""

    day: Annotated[date, Ask("the last day to close")]


class OutcomeForm(FormModel):
    """What became of a reminder."""

    outcome: Annotated[Literal["sent", "dropped"], Ask("what became of the letter")]
    reason: Annotated[str | None, Ask("why no letter goes out")] = None


@router.get("/ledger/days")
def show_days(request: Request, session: Reading, actor: SignedIn, before: str = "") -> Response:
    """The days that are closed, the newest first."""
    facility = the_facility(session)
    days = newest_days(session, facility, before=_day_in(before))
    return page(
        request,
        "closing/days.html",
        days=days,
        is_later=bool(_day_in(before)),
        may_close=actor.role is Role.MANAGER,
        reminders_due=count_reminders(session, facility),
        currency=facility.currency,
    )


@router.get("/ledger/days/close")
def ask_close(request: Request, session: Reading) -> Response:
    """Up to which day to close, before it is done."""
    form = as_form(CloseDayForm, {"day": yesterday(clock.today())})
    return _ask_close(request, session, form)


@router.post("/ledger/days/close")
def close(request: Request, desk: AtDesk, sent: Sent) -> Response:
    """Close the days that are missing up to a day."""

    def work(session: Session, form: CloseDayForm) -> str:
        need_role(desk.actor, Role.MANAGER)
        closing = Closing(the_facility(session), desk.actor, desk.moment)
        close_day(session, closing, form.day)
        return f"/ledger/days/{form.day.isoformat()}"

    def again(form: Filled[CloseDayForm]) -> Response:
        with desk.database.reading() as session:
            return _ask_close(request, session, form)

    return desk.submit(sent, filled(CloseDayForm, sent.form), work, again, done="days-closed")


def _ask_close(request: Request, session: Session, form: Filled[CloseDayForm]) -> Response:
    facility = the_facility(session)
    newest = newest_days(session, facility, limit=1)
    closed_to = last_closed_day(session, facility.facility_id)
    return page(
        request,
        "closing/close.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        form=form,
        newest=newest[0] if newest else None,
        closed_to=closed_to if newest and closed_to and newest[0].closed_on < closed_to else None,
        key=new_key(),
    )


@router.get("/ledger/days/{day}")
def show_day(request: Request, session: Reading, day: str) -> Response:
    """What the close of one day found and booked."""
    wanted = _day_in(day)
    if wanted is None:
        raise NoSuchDay
    facility = the_facility(session)
    view = closed_day(session, facility, wanted)
    return page(request, "closing/day.html", view=view, currency=facility.currency)


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_SHOWN = {"due": "Due", "sent": "Sent", "dropped": "Not sent"}


@router.get("/reminders")
def show_reminders(
    request: Request, session: Reading, status: str = "", number: str = ""
) -> Response:
    """The letters that are due, or what became of the others."""
    facility = the_facility(session)
    chosen = ReminderStatus(status) if status in _SHOWN else ReminderStatus.DUE
    count = count_reminders(session, facility, chosen)
    page_count = max(1, -(-count // REMINDERS_A_PAGE))
    shown = min(page_number(number), page_count)
    return page(
        request,
        "closing/reminders.html",
        lines=reminders(
            session,
            facility,
            today=clock.today(),
            status=chosen,
            offset=(shown - 1) * REMINDERS_A_PAGE,
        ),
        chosen=chosen.value,
        statuses=_SHOWN,
        count=count,
        number=shown,
        page_count=page_count,
        currency=facility.currency,
    )


@router.get("/reminders/{reminder_id}")
def show_reminder(
    request: Request, session: Reading, actor: SignedIn, reminder_id: str
) -> Response:
    """One letter, to be printed, and what became of it."""
    return _show_reminder(request, session, actor.role, reminder_id, as_form(OutcomeForm))


@router.post("/reminders/{reminder_id}")
def decide(request: Request, desk: AtDesk, sent: Sent, reminder_id: str) -> Response:
    """Keep that the letter was sent, or why it was not."""

    def work(session: Session, form: OutcomeForm) -> str:
        if form.outcome == "sent":
            mark_sent(session, desk.actor, desk.moment, reminder_id)
        else:
            reason = form.reason or ""
            drop_reminder(session, desk.actor, desk.moment, reminder_id, reason=reason)
        return "/reminders"

    def again(form: Filled[OutcomeForm]) -> Response:
        with desk.database.reading() as session:
            return _show_reminder(request, session, desk.actor.role, reminder_id, form)

    return desk.submit(sent, filled(OutcomeForm, sent.form), work, again, done="reminder-kept")


def _show_reminder(
    request: Request, session: Session, role: Role, reminder_id: str, form: Filled[OutcomeForm]
) -> Response:
    view = reminder(session, reminder_id, today=clock.today())
    return page(
        request,
        "closing/reminder.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        view=view,
        form=form,
        may_decide=role is Role.OFFICER and view.line.status == ReminderStatus.DUE,
        statuses=_SHOWN,
        key=new_key(),
    )
