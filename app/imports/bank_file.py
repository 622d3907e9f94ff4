"""A bank's file, whatever it is: camt.053, CSV or a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from app.imports.bank_csv import Columns, StatedEnd, read_bank_table
from app.imports.camt import read_camt
from app.imports.grid import FileUnread
from loans.banking.stated import StatedStatement, check_balances


class EndMissing(FileUnread):
    """A table states no balance, and nobody stated it for it."""


@dataclass(frozen=True)
class BankFile:
    """The statements of a file; ``columns`` is the mapping of a table, None for camt.053."""

    statements: tuple[StatedStatement, ...]
    columns: Columns | None


def read_bank_file(
    content: bytes, name: str, currency: str, columns: Columns, end: StatedEnd | None
) -> BankFile:
    """Read a file of an account in ``currency``; its balances add up.

    Raises:
        FileUnread: it cannot be read; the message says what to send.
        EndMissing: a table without the balance at its end.
        BalancesDiffer: entries are missing.
    """
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        statements, used = read_camt(content, currency), None
    elif end is None:
        message = "Enter the balance at the end of the statement; a table does not state it."
        raise EndMissing(message, field="closing_balance")
    else:
        statement, used = read_bank_table(content, name, currency, columns, end)
        statements = (statement,)
    for one in statements:
        check_balances(one, currency)
    return BankFile(statements, used)
