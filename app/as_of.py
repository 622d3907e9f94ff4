"""The value date that a page of the fund or the books is for, and what was known by which day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Protocol, TypeVar
from urllib.parse import urlencode

from app import clock
from app.forms import Ask, Filled, FormModel, as_form, filled
from loans.day_words import shown_day
from loans.refusal import WrongValue


class DaysForm(FormModel):
    """A value date, the day up to which records count, and a day to compare with."""

    as_of: Annotated[date | None, Ask("the day of the figures")] = None
    known_on: Annotated[date | None, Ask("the day up to which records count")] = None
    compare_on: Annotated[date | None, Ask("the day to compare with")] = None


@dataclass(frozen=True)
class AskedDays:
    """The days that an address asks for, today where it asks for none, and the form to show.

    ``query`` carries the value date and what was known on to the next page.
    """

    as_of: date
    known_on: date | None
    compare_on: date | None
    form: Filled[DaysForm]
    query: str

    @property
    def is_past(self) -> bool:
        """Whether another day than today was asked for."""
        return self.known_on is not None or self.as_of < clock.today()

    @property
    def status(self) -> int:
        """The HTTP status: 422 where a day could not be read."""
        return 422 if self.form.errors else 200


class DayUnreadable(WrongValue):
    """A file was asked for with a day that cannot be read, or has not come."""


class _AskedForm(Protocol):
    @property
    def form(self) -> Filled[Any]: ...


_Asked = TypeVar("_Asked", bound=_AskedForm)


def readable(asked: _Asked) -> _Asked:
    """What an address asks for, where all of it could be read.

    Raises:
        DayUnreadable: the first that could not, in words.
    """
    refuse_unreadable(asked.form)
    return asked


def refuse_unreadable(form: Filled[Any]) -> None:
    """Refuse the days of an address of which one cannot be read.

    Raises:
        DayUnreadable: the first that could not, in words.
    """
    if form.errors:
        field, message = next(iter(form.errors.items()))
        raise DayUnreadable(message, field=field)


def asked_days(as_of: str, known_on: str = "", compare_on: str = "") -> AskedDays:
    """Read the days of an address; a day to come has no figures yet."""
    today = clock.today()
    form = filled(DaysForm, {"as_of": as_of, "known_on": known_on, "compare_on": compare_on})
    for name in DaysForm.model_fields:
        if form.value is not None and (getattr(form.value, name) or today) > today:
            form = form.with_error(name, f"Enter a day up to today, {shown_day(today)}.")
    days = form.value or DaysForm()
    chosen = {"as_of": days.as_of or today, "known_on": days.known_on}
    compared = {**chosen, "compare_on": days.compare_on}
    shown = as_form(DaysForm, compared) if form.value is not None else form
    query = urlencode({name: day.isoformat() for name, day in chosen.items() if day is not None})
    return AskedDays(days.as_of or today, days.known_on, days.compare_on, shown, query)
