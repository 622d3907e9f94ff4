"""The demonstration fund, made by calling the use cases with dates, never by inserting rows."""

from app.demo.cast import ACCOUNTS, PASSWORD
from app.demo.story import load

__all__ = ["ACCOUNTS", "PASSWORD", "load"]
