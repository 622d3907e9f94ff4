"""Days and months as people write them; programs read 2026-01-15 and 2026-01 instead."""

from __future__ import annotations

import calendar
from datetime import date


def shown_day(day: date) -> str:
    """``day`` in words: "15 January 2026"."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def shown_month(month: str) -> str:
    """``month``, such as 2026-01, in words: "January 2026"."""
    year, number = month.split("-")
    return f"{calendar.month_name[int(number)]} {year}"
