"""The types of columns, alike on SQLite and PostgreSQL.

Money is a whole number of minor units, instants are UTC, a document is canonical JSON.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Date, DateTime, Dialect, Text, TypeDecorator

from appraisal.money import LARGEST_MINOR

Day = Date
"""A day without a time; names end in ``_on``."""


def storable_minor(value: int) -> int:
    """The same amount, if the database can keep it.

    Raises:
        TypeError, ValueError: it is no whole number, or larger than any single amount may be.
    """
    if type(value) is not int:
        message = f"Money is stored as whole minor units, not as {type(value).__name__}."
        raise TypeError(message)
    if abs(value) > LARGEST_MINOR:
        message = "The amount is larger than any single amount may be."
        raise ValueError(message)
    return value


def storable_instant(value: datetime) -> datetime:
    """The same instant in UTC; one without its time zone is refused (``ValueError``)."""
    if value.tzinfo is None:
        message = "An instant needs its time zone."
        raise ValueError(message)
    return value.astimezone(UTC)


class Minor(TypeDecorator[int]):
    """Whole minor units of a currency, at most ``LARGEST_MINOR`` either way.

    A float or Decimal is refused: PostgreSQL would round it without a word.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Refuse anything but a whole number within the bound."""
        del dialect
        return None if value is None else storable_minor(value)

    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Answer a whole number; PostgreSQL sums whole numbers into a decimal."""
        del dialect
        return None if value is None else int(value)


class Instant(TypeDecorator[datetime]):
    """An instant, kept and answered in UTC; a time without its zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC."""
        del dialect
        return None if value is None else storable_instant(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Answer in UTC; SQLite keeps no zone."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[object]):
    """A JSON value as canonical text: sorted keys, no spaces, so that equal values are equal."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Write; NaN and infinities are refused."""
        del dialect
        if value is None:
            return None
        return json.dumps(
            value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Read."""
        del dialect
        return None if value is None else json.loads(value)
