"""What programs send and get about accounts at banks."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.api.acting import Answer, Asked, PageAnswer, PageAsked
from app.api.values import Day, Id, Label, ShortText, Text
from app.api.views import answer_model
from appraisal.proposal import ExactDecimal
from loans.banking.facts import BooksEntry, Line
from loans.banking.line_views import BankLineView
from loans.banking.views import AccountSummary, BankStatementView

_LONGEST_CODED = 2_000_000


class ColumnsAsked(Asked):
    """Which heading of a table says what; those left out are found by usual names."""

    day: Label = ""
    amount: Label = ""
    debit: Label = ""
    credit: Label = ""
    direction: Label = ""
    reference: Label = ""
    counterparty: Label = ""
    text: Label = ""
    currency: Label = ""
    day_order: Literal["", "dmy", "mdy"] = ""
    decimal: Literal["", ",", "."] = ""


class BankFileAsked(Asked):
    """A file of the bank: camt.053, CSV or XLSX; a table needs the balance at its end.

    ``has_gap`` says that statements between the last one and this table are missing.
    """

    file_name: Label
    content_base64: Annotated[str, Field(max_length=_LONGEST_CODED)]
    closing_balance: ExactDecimal | None = None
    closing_on: Day | None = None
    has_gap: bool = False
    columns: ColumnsAsked = ColumnsAsked()


class ImportedAnswer(Answer):
    """What came in: new lines, and lines that an earlier statement had."""

    statement_ids: tuple[str, ...]
    new_count: int
    known_count: int


class AccountsAtBanks(Answer):
    """Every account at a bank, and how far it is reconciled."""

    accounts: tuple[answer_model(AccountSummary), ...]  # type: ignore[valid-type]  # made from the view


class StatementsAnswer(Answer):
    """The statements imported, the newest first."""

    statements: tuple[answer_model(BankStatementView), ...]  # type: ignore[valid-type]  # made from the view


class LinesAsked(PageAsked):
    """Which lines: of one state, or all."""

    state: Literal["unmatched", "matched", "explained"] | None = None


class BankLinesAnswer(PageAnswer):
    """Lines of the bank, the newest first, each with what it may stand for."""

    lines: tuple[answer_model(BankLineView), ...]  # type: ignore[valid-type]  # made from the view


class OpenLine(Answer):
    """A line of the bank, with what of it the books do not have."""

    line: answer_model(Line)  # type: ignore[valid-type]  # made from the view
    open: str


class OpenEntry(Answer):
    """An entry of the books, with what of it the bank does not have."""

    entry: answer_model(BooksEntry)  # type: ignore[valid-type]  # made from the view
    open: str


class ReconciliationAnswer(Answer):
    """Bank = books + only_bank_total - only_books_total + before + missing."""

    as_of: date
    stated_to_on: date | None
    bank: str | None
    books: str | None
    only_bank_total: str | None
    only_books_total: str | None
    before: str | None
    missing: str | None
    is_explained: bool
    signed_by: str | None
    """Who signed the month off, on its last day."""
    changed_since_signed: bool
    only_bank: tuple[OpenLine, ...]
    only_books: tuple[OpenEntry, ...]


class MatchAsked(Asked):
    """The entries that a line stands for."""

    entry_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]


class MatchesAnswer(Answer):
    """The matches that were made."""

    match_ids: tuple[str, ...]


class NoteAsked(Asked):
    """Why the books do not have a line."""

    note: Text


class ChargeOfBankAsked(Asked):
    """What a charge of the bank was for."""

    purpose: ShortText


class InterestOfBankAsked(Asked):
    """For which time the bank paid interest."""

    purpose: ShortText


class UndoAsked(Asked):
    """Why a match or an import is undone."""

    reason: Text


class Undone(Answer):
    """The match that counts no more."""

    match_id: str
    status: str


class ImportUndone(Answer):
    """The import, named by one of its statements, that counts no more."""

    statement_id: str
    status: str


class SignedAnswer(Answer):
    """The month that is signed off."""

    period: str
    reconciliation_id: str
