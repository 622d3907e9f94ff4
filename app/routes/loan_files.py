"""What pages of loans show, as files: the list, a schedule, a statement."""

from fastapi.responses import Response

from app import clock
from app.as_of import asked_days
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
    days = asked_days(as_of, known_on) if actor.role in STAFF else asked_days("")
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
    return csv_answer(view_sheet("loans", found.lines, LoanLine, found.currency), days.as_of)


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
    days = filled(DaysForm, {"as_of": as_of, "known_on": known_on}).value or DaysForm()
    on = days.as_of or clock.today()
    known = days.known_on if actor.role in STAFF else None
    view = statement(session, actor, loan_id, as_of=on, known_on=known)
    currency = the_facility(session).currency
    lines = view_sheet(
        f"statement-{view.reference}", view.lines, StatementLine, currency, without=("change",)
    )
    return csv_answer(lines, on)
