"""The number of an account at a bank, as written on its statements: an IBAN or the bank's own."""

from __future__ import annotations

import re

from loans.refusal import WrongValue

LONGEST_NUMBER = 40
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_OWN = re.compile(r"[A-Z0-9][A-Z0-9./-]{2,39}", re.ASCII)


class WrongAccountNumber(WrongValue):
    """Not a number that an account at a bank can have."""


def account_number(text: str) -> str:
    """The number in capitals and without blanks; the check digits of an IBAN must be right.

    Raises:
        WrongAccountNumber: other signs than letters, digits, dots, dashes and strokes, fewer than
            3 or more than 40 of them, or an IBAN whose check digits are wrong.
    """
    number = "".join(text.split()).upper()
    if _IBAN.fullmatch(number) and not _adds_up(number):
        message = "The check digits of this IBAN are wrong. Compare it with the bank's statement."
        raise WrongAccountNumber(message, field="account_number")
    if not _OWN.fullmatch(number):
        message = (
            "Enter the number of the account as on the bank's statement: 3 to "
            f"{LONGEST_NUMBER} letters and digits, such as LT12 1000 0111 0100 1000."
        )
        raise WrongAccountNumber(message, field="account_number")
    return number


def _adds_up(iban: str) -> bool:
    """ISO 13616: with the first four signs last and letters as 10 to 35, 1 is left over by 97."""
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1
