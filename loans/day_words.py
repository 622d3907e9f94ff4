"""A day as people write it; what programs read is written as 2026-01-15 instead."""

from __future__ import annotations

import calendar
from datetime import date


def shown_day(day: date) -> str:
    """``day`` in words: "15 January 2026"."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
