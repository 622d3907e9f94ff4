"""JSON as it arrives, read so that nothing in it can do harm: numbers stay exact and bounded."""

import json
import math
from decimal import Decimal

from loans.refusal import WrongValue

_LONGEST_INTEGER = 40


class Unreadable(WrongValue):
    """A body that is not JSON."""

    code = "unreadable"


def read_json(body: bytes) -> object:
    """The JSON value in ``body``; numbers with a point are exact decimals.

    NaN, Infinity and integers of more than 40 digits become values that every field refuses, so
    that one bad request among many does not spoil the others.

    Raises:
        Unreadable: the body is not JSON in UTF-8, or nested too deeply.
    """
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_int=_bounded,
            parse_constant=lambda _name: math.nan,
        )
    except RecursionError:
        message = "The request is nested too deeply. Send the fields that the calculator documents."
        raise Unreadable(message) from None
    except ValueError:
        message = "The request cannot be read. Send one JSON object, or a list of them, in UTF-8."
        raise Unreadable(message) from None


def _bounded(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else math.nan
