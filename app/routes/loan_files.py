"""What pages of loans show, as files: the list, a schedule, a statement.

A day that cannot be read is refused: a file does not say that it shows another.
"""

from fastapi.responses import Response

from app import clock
from app.as_of import asked_days, readable, refuse_unreadable
from app.dependencies import Reading, SignedIn
from app.exports.csv_answer import csv_answer
from app.exports.view_sheet import view_sheet
from app.forms import filled
from app.loan_forms import DaysForm
from app.router import Router
from loans.fund import the_facility
from loans.lending.loan_list import LoanFilter, LoanLine, LoanOrder
from loans.lending.loan_list import loans as loan_list
from loans.lending.schedule_views import ScheduleLine, schedule_view
from loans.lending.statement import StatementLine, statement
from loans.people import STAFF

router = Router()
MOST_LOANS = 100_000


@router.get("/loans.csv")
def take_list(session: Reading, actor: SignedIn, as_of: str = "", known_on: str = "") -> Response:
    """Every loan that exists for the actor, for the fund's people as of a day and as known."""
    days = readable(asked_days(as_of, known_on)) if actor.role in STAFF else asked_days("")
    found = loan_list(
        session,
        actor,
        status=LoanFilter.ALL,
        search="",
        order=LoanOrder.REFERENCE,
        descending=False,
        page_number=1,
        page_size=MOST_LOANS,
        on=days.as_of,
        known_on=days.known_on,
        is_past=days.is_past,
    )
    sheet = view_sheet("loans", found.lines, LoanLine, found.currency)
    return csv_answer(sheet, days.as_of, days.known_on)


@router.get("/loans/{loan_id}/schedule.csv")
def take_schedule(session: Reading, actor: SignedIn, loan_id: str) -> Response:
    """The schedule in force today."""
    view = schedule_view(session, actor, loan_id, as_of=clock.today())
    name = f"schedule-{view.reference}"
    return csv_answer(view_sheet(name, view.lines, ScheduleLine, view.currency), view.as_of)


@router.get("/loans/{loan_id}/statement.csv")
def take_statement(
    session: Reading, actor: SignedIn, loan_id: str, as_of: str = "", known_on: str = ""
) -> Response:
    """The statement of a day, for the fund's people as it was known on another."""
    form = filled(DaysForm, {"as_of": as_of, "known_on": known_on if actor.role in STAFF else ""})
    refuse_unreadable(form)
    days = form.value or DaysForm()
    on = days.as_of or clock.today()
    view = statement(session, actor, loan_id, as_of=on, known_on=days.known_on)
    currency = the_facility(session).currency
    lines = view_sheet(
        f"statement-{view.reference}", view.lines, StatementLine, currency, without=("change",)
    )
    return csv_answer(lines, on, days.known_on)
