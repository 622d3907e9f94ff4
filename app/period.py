"""The period that a page of the books is for, this year up to today where none is asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from pydantic import model_validator

from app import clock
from app.forms import Ask, FieldProblem, Filled, FormModel, as_form, filled
from loans.day_words import shown_day

MISORDERED = "The last day lies before the first. Enter a later last day, or an earlier first one."


class PeriodForm(FormModel):
    """The first and the last day of a period, and one account where only that is asked for."""

    from_on: Annotated[date | None, Ask("the first day of the period")] = None
    to_on: Annotated[date | None, Ask("the last day of the period")] = None
    account: Annotated[str | None, Ask("one account")] = None

    @model_validator(mode="after")
    def _in_order(self) -> "PeriodForm":
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise FieldProblem(field="to_on", message=MISORDERED)
        return self


@dataclass(frozen=True)
class AskedPeriod:
    """A period, both days included, and the form to show; ``query`` carries it on.

    ``account`` is blank for all accounts.
    """

    from_on: date
    to_on: date
    account: str
    form: Filled[PeriodForm]
    query: str

    @property
    def status(self) -> int:
        """The HTTP status: 422 where a day could not be read."""
        return 422 if self.form.errors else 200


def period_of(from_on: date | None, to_on: date | None) -> tuple[date, date]:
    """Both days: up to today, and from the first of January of the last day's year."""
    last = to_on or clock.today()
    return from_on or last.replace(month=1, day=1), last


def asked_period(from_on: str, to_on: str, account: str = "") -> AskedPeriod:
    """Read the period of an address; days to come are in no books yet."""
    today = clock.today()
    form = filled(PeriodForm, {"from_on": from_on, "to_on": to_on, "account": account})
    for name in ("from_on", "to_on"):
        if form.value is not None and (getattr(form.value, name) or today) > today:
            form = form.with_error(name, f"Enter a day up to today, {shown_day(today)}.")
    asked = form.value or PeriodForm()
    first, last = period_of(asked.from_on, asked.to_on)
    days = {"from_on": first, "to_on": last}
    chosen = asked.account or ""
    if form.value is not None:
        form = as_form(PeriodForm, {**days, "account": asked.account})
    kept = {name: day.isoformat() for name, day in days.items()}
    query = urlencode({**kept, "account": chosen} if chosen else kept)
    return AskedPeriod(first, last, chosen, form, query)
