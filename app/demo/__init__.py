"""The demonstration fund, made by calling the use cases with dates, never by inserting rows."""

from app.demo.cast import ACCOUNTS, PASSWORD
from app.demo.story import is_interrupted, load

__all__ = ["ACCOUNTS", "PASSWORD", "is_interrupted", "load"]
