"""What a bank's file states, before anything of it is kept; minor units, money in is positive."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.money import as_text
from loans.refusal import WrongValue

LONGEST_REFERENCE, LONGEST_NAME, LONGEST_TEXT = 120, 200, 500
TABLE = "table"
"""The kind of a statement that a table tells."""


class BalancesDiffer(WrongValue):
    """Opening balance and entries do not add up to the closing balance."""


@dataclass(frozen=True)
class StatedLine:
    """One movement as the bank states it; ``bank_reference`` is the bank's own, or blank."""

    booked_on: date
    amount_minor: int
    bank_reference: str
    counterparty: str
    text: str


@dataclass(frozen=True)
class StatedStatement:
    """One statement: balances at the start of ``from_on`` and at the end of ``to_on``.

    ``holder`` is the account number at the bank, blank where the file states none.
    """

    kind: str
    holder: str
    from_on: date
    to_on: date
    opening_minor: int
    closing_minor: int
    lines: tuple[StatedLine, ...]
    is_opening_counted: bool = False
    """Whether nobody states the opening balance: it is the closing one less the lines."""


def check_balances(statement: StatedStatement, currency: str) -> None:
    """Refuse a statement in which entries are missing or stand twice.

    Raises:
        BalancesDiffer: opening + sum of entries is not closing; the message names the difference.
    """
    counted = statement.opening_minor + sum(line.amount_minor for line in statement.lines)
    if counted != statement.closing_minor:
        message = (
            f"The opening balance {as_text(statement.opening_minor, currency)} and "
            f"the sum of the entries give {as_text(counted, currency)}, but the statement closes "
            f"with {as_text(statement.closing_minor, currency)}: a difference of "
            f"{as_text(statement.closing_minor - counted, currency)}. "
            "Ask the bank for a complete file."
        )
        raise BalancesDiffer(message, field="file")


def line_keys(lines: Sequence[StatedLine]) -> tuple[str, ...]:
    """By what each line is known again in another file of the same account.

    Day, amount and the bank's own reference (the text where there is none), and which of those
    that are alike it is.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    keys = []
    for line in lines:
        own = line.bank_reference or line.text
        alike = (line.booked_on.isoformat(), str(line.amount_minor), own.casefold())
        seen[alike] += 1
        keys.append(hashlib.sha256("\n".join((*alike, str(seen[alike]))).encode()).hexdigest())
    return tuple(keys)


def key_again(key: str) -> str:
    """The key of the same file or line once an import of it was undone."""
    return hashlib.sha256(f"{key} again".encode()).hexdigest()
