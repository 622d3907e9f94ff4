"""What pages of the books show, as files: trial balance, general ledger, principal rolled forward.

A day that cannot be read is refused: a file does not say that it shows another.
"""

from datetime import timedelta

from fastapi.responses import Response

from app.as_of import asked_days, readable
from app.dependencies import Reading
from app.exports.csv_answer import csv_answer
from app.exports.sheet import Cell, Sheet
from app.exports.view_sheet import view_sheet
from app.ledger_words import KIND
from app.period import asked_period
from app.router import Router
from appraisal.money import from_minor
from loans.books.general_ledger import LedgerRow, ledger_rows
from loans.books.ledger_views import trial
from loans.books.roll_forward import PrincipalMoved, roll_forward
from loans.fund import the_facility

router = Router()

_MOVED = ("disbursed", "capitalised", "paid", "written_off")


@router.get("/ledger/trial-balance.csv")
def take_trial_balance(
    session: Reading, as_of: str = "", known_on: str = "", compare_on: str = ""
) -> Response:
    """Every account on a day, beside another day where one is asked for."""
    days = readable(asked_days(as_of, known_on, compare_on))
    facility = the_facility(session)
    asked_on = [day for day in (days.as_of, days.compare_on) if day is not None]
    found = [trial(session, facility, as_of=day, known_on=days.known_on).rows for day in asked_on]
    columns = [f"{side} on {day.isoformat()}" for day in asked_on for side in ("debit", "credit")]
    rows = (
        (
            both[0].code,
            both[0].name,
            KIND[both[0].kind],
            both[0].currency,
            *(
                from_minor(amount, one.currency)
                for one in both
                for amount in (one.debit_minor, one.credit_minor)
            ),
        )
        for both in zip(*found, strict=True)
    )
    sheet = Sheet("trial-balance", ("account", "name", "kind", "currency", *columns), rows)
    return csv_answer(sheet, days.as_of, days.known_on)


@router.get("/ledger/general.csv")
def take_general(
    session: Reading, from_on: str = "", to_on: str = "", account: str = ""
) -> Response:
    """The general ledger of a period, one account or all."""
    days = readable(asked_period(from_on, to_on, account))
    facility = the_facility(session)
    rows = ledger_rows(session, facility, days.from_on, days.to_on, account=days.account)
    sheet = view_sheet("general-ledger", rows, LedgerRow, facility.currency)
    return csv_answer(sheet, days.to_on)


@router.get("/ledger/roll-forward.csv")
def take_roll_forward(session: Reading, from_on: str = "", to_on: str = "") -> Response:
    """Principal rolled forward, loan by loan; the last row is all of it against the account."""
    days = readable(asked_period(from_on, to_on))
    facility = the_facility(session)
    view = roll_forward(session, facility, days.from_on, days.to_on)
    before, last = days.from_on - timedelta(days=1), days.to_on
    columns = (
        "loan",
        "borrower",
        f"opening on {before}",
        *_MOVED,
        f"closing on {last}",
        f"in the books on {before}",
        f"in the books on {last}",
        "difference at the opening",
        "difference at the closing",
    )
    rows = [_row((one.reference, one.borrower), one.moved, view.currency) for one in view.loans]
    rows.append(_row(("All loans", ""), view.total, view.currency))
    return csv_answer(Sheet("roll-forward", columns, rows), last)


def _row(names: tuple[str, str], moved: PrincipalMoved, currency: str) -> tuple[Cell, ...]:
    amounts = (
        moved.opening_minor,
        moved.disbursed_minor,
        moved.capitalised_minor,
        moved.paid_minor,
        moved.written_off_minor,
        moved.closing_minor,
        moved.booked_opening_minor,
        moved.booked_closing_minor,
        moved.opening_difference_minor,
        moved.closing_difference_minor,
    )
    return (*names, *(from_minor(amount, currency) for amount in amounts))
