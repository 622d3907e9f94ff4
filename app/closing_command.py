"""``cleanloop close-day``: every running loan's books brought to a day, each day once, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from sqlalchemy.orm import Session

from app import clock
from app.opened_database import opened_database
from appraisal.money import as_text
from loans.books.closed_months import counts_late
from loans.closing import days as of_days
from loans.closing.closed_days import closed_day
from loans.closing.days import Closing
from loans.closing.run import close_days, waiting_count
from loans.day_words import shown_day
from loans.fund import the_facility
from loans.storage.database import Database

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_ON_DAYS = ["%Y-%m-%d"]

On = Annotated[
    datetime | None,
    typer.Option(
        formats=_ON_DAYS,
        help="Day to close, with the missing days before it; yesterday without it.",
    ),
]
Through = Annotated[
    datetime | None, typer.Option(formats=_ON_DAYS, help="Go on up to and including this day.")
]


@app.command(name="close-day")
def close_day(*, on: On = None, through: Through = None) -> None:
    """Bring the books of every running loan to a day, and notice who is to be reminded.

    A day is closed once; what was stopped goes on where it was. Run it each night.
    """
    first, last = on and on.date(), through and through.date()
    with opened_database() as database:
        with database.reading() as session:
            closing = Closing(the_facility(session), None, clock.moment())
            days = of_days.days_to_close(
                session, closing.facility, closing.moment.on, on=first, through=last
            )
        if not days:
            _say(_closed_before(last or first))
            return
        _close(database, closing, days)
        with database.reading() as session:
            for day in days:
                _say(_line(session, closing, day))


def _closed_before(day: date | None) -> str:
    named = "Every day up to yesterday" if day is None else shown_day(day)
    return f"{named} was closed before. Nothing was changed."


def _close(database: Database, closing: Closing, days: Sequence[date]) -> None:
    """Close the days under a progress bar, which only a terminal shows."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} loans"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        for day in days:
            with database.reading() as session:
                waiting = waiting_count(session, closing, day)
            task = bar.add_task(day.isoformat(), total=waiting)
            close_days(database, closing, [day], progress=partial(_advance, bar, task))


def _advance(bar: Progress, task: TaskID, _day: date, looked_at: int) -> None:
    bar.update(task, advance=looked_at)


def _line(session: Session, closing: Closing, day: date) -> str:
    view = closed_day(session, closing.facility, day)
    totals, currency = view.totals, closing.facility.currency
    interest = as_text(totals.earned_minor, currency)
    here, moment = closing.facility.facility_id, closing.moment
    late = counts_late(session, here, day, moment, what="its interest")
    line = (
        f"{shown_day(day)} is closed: {view.running_count:,} running loans, "
        f"{totals.posted_count:,} booked, interest {interest}, {view.late_count:,} late with "
        f"{as_text(view.overdue_minor, currency)}, {totals.reminder_count:,} reminders."
    )
    return line if late is None else f"{line} {late}"


def _say(sentence: str) -> None:
    Console(soft_wrap=True).print(sentence, markup=False, highlight=False)
