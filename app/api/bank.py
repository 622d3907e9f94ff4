"""Accounts at banks over JSON: statements, lines, matches, bank against books, months signed."""

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy.orm import Session

from app.api.acting import Act, BookedOnDay, OnDay, api_router
from app.api.bank_answers import (
    AccountsAtBanks,
    BankFileAsked,
    BankLinesAnswer,
    ChargeOfBankAsked,
    ImportedAnswer,
    ImportUndone,
    InterestOfBankAsked,
    LinesAsked,
    MatchAsked,
    MatchesAnswer,
    NoteAsked,
    ReconciliationAnswer,
    SignedAnswer,
    StatementsAnswer,
    UndoAsked,
    Undone,
)
from app.api.values import Id, Month, in_minor
from app.api.views import answer_of
from app.calculator_answers import major_text
from app.dependencies import Reading, SignedIn
from app.imports.bank_csv import Columns, StatedEnd
from app.imports.bank_file import read_bank_file
from app.imports.grid import FileUnread
from loans.banking import importing, matching
from loans.banking.line_bookings import book_charge as book_line_charge
from loans.banking.line_bookings import book_interest as book_line_interest
from loans.banking.reconciliation import Reconciliation
from loans.banking.signed_months import last_day_of, sign_month, signed_months
from loans.banking.undoing import undo_import
from loans.banking.views import account_summaries, bank_view, reconciliation_of
from loans.books.bank_accounts import bank_account
from loans.books.closed_months import entry_counts_late
from loans.fund import the_facility
from loans.refusal import WrongValue

router = api_router("Bank")


class ContentUnread(WrongValue):
    """The content is not in base64, or no file of a bank."""


@router.get("/bank", response_model=AccountsAtBanks)
def list_accounts(session: Reading, _actor: SignedIn) -> Mapping[str, Any]:
    """Every account at a bank, and how far it is reconciled."""
    return {"accounts": [answer_of(one, one.currency) for one in account_summaries(session)]}


@router.post(
    "/bank/{account_code}/statements",
    status_code=HTTPStatus.CREATED,
    response_model=ImportedAnswer,
)
def take_in(account_code: str, body: BankFileAsked, act: Act) -> Mapping[str, Any]:
    """Take a file of the bank in; its balances must add up, and known lines come once."""
    with act.desk.database.reading() as session:
        currency = bank_account(session, account_code).currency
    content = _content(body.content_base64)
    end = None
    if body.closing_balance is not None:
        closing = in_minor(body.closing_balance, currency, "closing_balance")
        end = StatedEnd(closing, body.closing_on)
    columns = Columns.of(body.columns.model_dump())
    try:
        found = read_bank_file(content, body.file_name, currency, columns, end)
    except FileUnread as refusal:
        if refusal.field != "file":
            raise
        raise ContentUnread(refusal.message, field="content_base64") from None

    def work(writing: Session) -> Mapping[str, Any]:
        done = importing.import_statements(
            writing,
            act.desk.actor,
            act.desk.moment,
            account_code,
            statements=found.statements,
            file_hash=sha256(content).hexdigest(),
            file_name=body.file_name,
            columns=None if found.columns is None else found.columns.kept(),
            has_gap=body.has_gap,
        )
        return {
            "statement_ids": list(done.statement_ids),
            "new_count": done.new_count,
            "known_count": done.known_count,
        }

    return act.once(body, work)


def _content(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        message = "Send the content of the file in base64."
        raise ContentUnread(message, field="content_base64") from None


@router.get("/bank/{account_code}/statements", response_model=StatementsAnswer)
def list_statements(account_code: str, session: Reading, _actor: SignedIn) -> Mapping[str, Any]:
    """The statements that were imported."""
    view = bank_view(session, account_code)
    currency = view.summary.currency
    return {"statements": [answer_of(one, currency) for one in view.statements]}


@router.get("/bank/{account_code}/lines", response_model=BankLinesAnswer)
def list_lines(
    account_code: str, session: Reading, _actor: SignedIn, asked: Annotated[LinesAsked, Query()]
) -> Mapping[str, Any]:
    """Lines of the bank with their state and what each may stand for."""
    view = bank_view(session, account_code, asked.state)
    return {
        "page": asked.page,
        "page_size": asked.page_size,
        "count": len(view.lines),
        "lines": [answer_of(one, view.summary.currency) for one in asked.of(view.lines)],
    }


@router.get("/bank/{account_code}/reconciliation", response_model=ReconciliationAnswer)
def show_reconciliation(
    account_code: str, session: Reading, _actor: SignedIn, asked: Annotated[OnDay, Query()]
) -> Mapping[str, Any]:
    """Both balances at the end of a day, and every item between them."""
    account, found = reconciliation_of(session, account_code, asked.day)
    month = f"{asked.day:%Y-%m}"
    is_end = asked.day == last_day_of(month)
    signed = signed_months(session, account).get(month) if is_end else None
    return {
        **_reconciled(found, account.currency, asked.day),
        "signed_by": None if signed is None else signed.signed_by,
        "changed_since_signed": signed is not None and signed.differs_from(found),
    }


def _reconciled(found: Reconciliation | None, currency: str, on: date) -> Mapping[str, Any]:
    def shown(minor: int | None) -> str | None:
        return None if minor is None else major_text(minor, currency)

    return {
        "as_of": on,
        "stated_to_on": found.stated_to_on if found else None,
        "bank": shown(found.bank_minor if found else None),
        "books": shown(found.books_minor if found else None),
        "only_bank_total": shown(found.only_bank_minor if found else None),
        "only_books_total": shown(found.only_books_minor if found else None),
        "before": shown(found.before_minor if found else None),
        "missing": shown(found.missing_minor if found else None),
        "is_explained": bool(found and found.is_explained),
        "only_bank": [answer_of(one, currency) for one in (found.only_bank if found else ())],
        "only_books": [answer_of(one, currency) for one in (found.only_books if found else ())],
    }


@router.post(
    "/bank-lines/{line_id}/matches", status_code=HTTPStatus.CREATED, response_model=MatchesAnswer
)
def match(line_id: Id, body: MatchAsked, act: Act) -> Mapping[str, Any]:
    """Match a line to entries, each as far as both are open."""

    def work(session: Session) -> Mapping[str, Any]:
        found = matching.match_line(
            session, act.desk.actor, act.desk.moment, line_id, entry_ids=body.entry_ids
        )
        return {"match_ids": list(found)}

    return act.once(body, work)


@router.post(
    "/bank-lines/{line_id}/note", status_code=HTTPStatus.CREATED, response_model=MatchesAnswer
)
def note(line_id: Id, body: NoteAsked, act: Act) -> Mapping[str, Any]:
    """Write why the books do not have a line."""

    def work(session: Session) -> Mapping[str, Any]:
        match_id = matching.note_line(
            session, act.desk.actor, act.desk.moment, line_id, note=body.note
        )
        return {"match_ids": [match_id]}

    return act.once(body, work)


@router.post(
    "/bank-lines/{line_id}/charge", status_code=HTTPStatus.CREATED, response_model=BookedOnDay
)
def book_charge(line_id: Id, body: ChargeOfBankAsked, act: Act) -> Mapping[str, Any]:
    """Book a charge of the bank as administration, and match it."""
    return act.once(body, lambda session: _booked(session, act, book_line_charge, line_id, body))


@router.post(
    "/bank-lines/{line_id}/interest", status_code=HTTPStatus.CREATED, response_model=BookedOnDay
)
def book_interest(line_id: Id, body: InterestOfBankAsked, act: Act) -> Mapping[str, Any]:
    """Book interest that the bank paid on the balance, and match it."""
    return act.once(body, lambda session: _booked(session, act, book_line_interest, line_id, body))


def _booked(
    session: Session,
    act: Act,
    book: Callable[..., str],
    line_id: str,
    body: ChargeOfBankAsked | InterestOfBankAsked,
) -> Mapping[str, Any]:
    actor, moment = act.desk.actor, act.desk.moment
    entry_id = book(session, actor, moment, line_id, purpose=body.purpose, key=act.key)
    here = the_facility(session).facility_id
    notice = entry_counts_late(session, here, entry_id, moment, what="the entry")
    return {"entry_id": entry_id, "notice": notice}


@router.post("/bank-matches/{match_id}/undo", response_model=Undone)
def undo(match_id: Id, body: UndoAsked, act: Act) -> Mapping[str, Any]:
    """Undo a match; the history keeps it."""

    def work(session: Session) -> Mapping[str, Any]:
        matching.unmatch(session, act.desk.actor, act.desk.moment, match_id, reason=body.reason)
        return {"match_id": match_id, "status": "undone"}

    return act.once(body, work)


@router.post("/bank-statements/{statement_id}/undo", response_model=ImportUndone)
def undo_statement(statement_id: Id, body: UndoAsked, act: Act) -> Mapping[str, Any]:
    """Undo the import of a file, all its statements together; the same file may come again."""

    def work(session: Session) -> Mapping[str, Any]:
        undo_import(session, act.desk.actor, act.desk.moment, statement_id, reason=body.reason)
        return {"statement_id": statement_id, "status": "undone"}

    return act.once(body, work)


@router.post("/bank/{account_code}/months/{period}/sign", response_model=SignedAnswer)
def sign(account_code: str, period: Month, act: Act) -> Mapping[str, Any]:
    """Sign a month off; its figures are kept."""

    def work(session: Session) -> Mapping[str, Any]:
        found = sign_month(session, act.desk.actor, act.desk.moment, account_code, month=period)
        return {"period": period, "reconciliation_id": found}

    return act.once({"account": account_code, "period": period}, work)
