"""The only reader of the clock: everything else is told the day and the instant."""

from datetime import UTC, date, datetime

from loans.history import Moment


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # here, and nowhere else


def today() -> date:
    """The present business day, in UTC."""
    return now().date()


def moment() -> Moment:
    """Today and now, for an act that happens as it is entered."""
    instant = now()
    return Moment(instant.date(), instant)
