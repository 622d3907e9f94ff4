"""The forms of the pages about accounts at banks, and of the allowance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import Field
from starlette.datastructures import FormData, UploadFile

from app.dependencies import Submission
from app.forms import Ask, FormModel, Reads
from app.imports.bank_csv import Columns, StatedEnd
from app.imports.bank_file import BankFile, read_bank_file
from appraisal.money import to_minor
from loans.banking.matching import LONGEST_NOTE

_Heading = Field(max_length=60)
_Note = Field(max_length=LONGEST_NOTE)


class BankFileForm(FormModel):
    """A file of the bank; what follows ``closing_on`` is for tables only."""

    file: Annotated[str, Ask("the file", missing="Choose the file of the bank.")]
    closing_balance: Annotated[
        Decimal | None, Ask("the balance at the end of the statement", Reads.AMOUNT)
    ] = None
    closing_on: Annotated[date | None, Ask("the last day of the statement")] = None
    has_gap: Annotated[bool, Ask("whether statements in between are missing")] = False
    day: Annotated[str, Ask("the heading of the days"), _Heading] = ""
    amount: Annotated[str, Ask("the heading of the amounts"), _Heading] = ""
    debit: Annotated[str, Ask("the heading of money out"), _Heading] = ""
    credit: Annotated[str, Ask("the heading of money in"), _Heading] = ""
    direction: Annotated[str, Ask("the heading of the direction"), _Heading] = ""
    reference: Annotated[str, Ask("the heading of the bank's reference"), _Heading] = ""
    counterparty: Annotated[str, Ask("the heading of the other party"), _Heading] = ""
    text: Annotated[str, Ask("the heading of the details"), _Heading] = ""
    currency: Annotated[str, Ask("the heading of the currency"), _Heading] = ""
    day_order: Annotated[Literal["", "dmy", "mdy"], Ask("the order in a day")] = ""
    decimal: Annotated[Literal["", ",", "."], Ask("the sign before cents")] = ""

    def read(self, content: bytes, currency: str) -> BankFile:
        """What the file says, by this form.

        Raises:
            FileUnread, BalancesDiffer: it cannot be used; the message says why.
        """
        end = None
        if self.closing_balance is not None:
            end = StatedEnd(to_minor(self.closing_balance, currency), self.closing_on)
        columns = Columns.of(self.model_dump())
        return read_bank_file(content, self.file, currency, columns, end)


class MatchForm(FormModel):
    """The entries that a line stands for."""

    entry: Annotated[
        tuple[str, ...],
        Ask("the entry", missing="Choose the entry that the line stands for."),
        Field(max_length=50),
    ] = ()


class UndoForm(FormModel):
    """Which match is undone, and why."""

    match: Annotated[str, Ask("the match")]
    reason: Annotated[str, Ask("why the match is undone", Reads.LINES), _Note]


class UndoImportForm(FormModel):
    """Why an import is undone."""

    reason: Annotated[str, Ask("why the import is undone", Reads.LINES), _Note]


class NoteForm(FormModel):
    """Why the books do not have a line."""

    note: Annotated[str, Ask("why the books do not have it", Reads.LINES), _Note]


class ChargeOfBankForm(FormModel):
    """What a charge of the bank was for."""

    purpose: Annotated[str, Ask("what the charge was for"), Field(max_length=300)]


class InterestOfBankForm(FormModel):
    """For which time the bank paid interest."""

    purpose: Annotated[str, Ask("for which time the interest is"), Field(max_length=300)]


class SignForm(FormModel):
    """The month that is signed off."""

    month: Annotated[str, Ask("the month"), Field(max_length=7)]


class RunForm(FormModel):
    """The day for which the allowance is set."""

    run_on: Annotated[date, Ask("the day of the allowance")]


class AcceptForm(FormModel):
    """Nothing to fill in: everything that the bank names is matched."""


@dataclass(frozen=True)
class Upload:
    """A file with the form around it; ``submission`` counts the same file once."""

    content: bytes
    fields: FormData
    submission: Submission


async def _upload(request: Request) -> Upload:
    async with request.form() as form:
        sent = form.get("file")
        content = await sent.read() if isinstance(sent, UploadFile) else b""
        name = (sent.filename or "file") if isinstance(sent, UploadFile) and content else ""
        rest = [
            (key, text)
            for key, text in form.multi_items()
            if key not in {"file", "request_key"} and isinstance(text, str)
        ]
        key = form.get("request_key", "")
    fields = FormData([("file", name), *rest])
    hashed = FormData([("file", sha256(content).hexdigest()), *rest])
    return Upload(content, fields, Submission(hashed, key if isinstance(key, str) else ""))


Uploaded = Annotated[Upload, Depends(_upload)]
