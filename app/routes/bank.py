"""Accounts at banks: what the bank states, held against the books, and months signed off."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.as_of import asked_days
from app.bank_forms import AcceptForm, BankFileForm, SignForm, UndoImportForm, Uploaded
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, as_form, filled
from app.ledger_words import event_names
from app.page_number import page_number
from app.rendering import page
from app.router import Router
from loans.banking.importing import import_statements, remembered_columns
from loans.banking.line_views import UNMATCHED
from loans.banking.matching import accept_proposals
from loans.banking.signed_months import last_day_of, sign_month, signed_months, what_is_missing
from loans.banking.undoing import import_to_undo, undo_import
from loans.banking.views import STATES, account_summaries, bank_view, reconciliation_of
from loans.books.bank_accounts import bank_account
from loans.books.cash_accounts import CashAccount
from loans.books.ledger_views import events
from loans.fund import the_facility
from loans.people import Role
from loans.refusal import Refusal

router = Router()
_LINES_A_PAGE = 50
_ALL = "all"


@router.get("/ledger/bank")
def show_accounts(request: Request, session: Reading) -> Response:
    """Every account at a bank, and how far it is reconciled."""
    return page(request, "ledger/banks.html", accounts=account_summaries(session))


@router.get("/ledger/bank/{account_code}")
def show_account(
    request: Request,
    session: Reading,
    actor: SignedIn,
    *,
    account_code: str,
    state: str = UNMATCHED,
    number: str = "",
) -> Response:
    """The lines of an account, what each may stand for, and the statements they came with."""
    shown = state if state in STATES else None
    view = bank_view(session, account_code, shown)
    last = max(1, -(-len(view.lines) // _LINES_A_PAGE))
    chosen = min(page_number(number), last)
    first = (chosen - 1) * _LINES_A_PAGE
    return page(
        request,
        "ledger/bank.html",
        view=view,
        lines=view.lines[first : first + _LINES_A_PAGE],
        state=shown or _ALL,
        states=(*STATES, _ALL),
        number=chosen,
        page_count=last,
        is_officer=actor.role is Role.OFFICER,
        key=new_key(),
        words=event_names(events(session, the_facility(session))),
    )


@router.get("/ledger/bank/{account_code}/import")
def ask_file(request: Request, session: Reading, account_code: str) -> Response:
    """The form for a file of the bank, with the columns of the last table."""
    account = bank_account(session, account_code)
    form = as_form(BankFileForm, remembered_columns(session, account))
    return _ask_file(request, account, form)


@router.post("/ledger/bank/{account_code}/import")
def take_file(request: Request, desk: AtDesk, uploaded: Uploaded, account_code: str) -> Response:
    """Take a statement in, or say what is wrong with the file."""
    with desk.database.reading() as session:
        account = bank_account(session, account_code)
    form = filled(BankFileForm, uploaded.fields, currency=account.currency)
    if form.value is None:
        return _ask_file(request, account, form)
    try:
        found = form.value.read(uploaded.content, account.currency)
    except Refusal as refusal:
        field = refusal.field if refusal.field in BankFileForm.model_fields else "file"
        return _ask_file(request, account, form.with_error(field or "file", refusal.message))

    def work(writing: Session, value: BankFileForm) -> str:
        import_statements(
            writing,
            desk.actor,
            desk.moment,
            account.code,
            statements=found.statements,
            file_hash=sha256(uploaded.content).hexdigest(),
            file_name=value.file,
            columns=None if found.columns is None else found.columns.kept(),
            has_gap=value.has_gap,
        )
        return f"/ledger/bank/{account.code}"

    def again(shown: Filled[BankFileForm]) -> Response:
        return _ask_file(request, account, shown)

    return desk.submit(uploaded.submission, form, work, again, done="statement-imported")


@router.get("/ledger/bank-statements/{statement_id}/undo")
def ask_undo(request: Request, session: Reading, statement_id: str) -> Response:
    """What undoing an import takes with it, or what stands against it."""
    return _ask_undo(request, session, statement_id, as_form(UndoImportForm))


@router.post("/ledger/bank-statements/{statement_id}/undo")
def undo(request: Request, desk: AtDesk, sent: Sent, statement_id: str) -> Response:
    """Undo the import of a file; the same file may come again."""

    def work(writing: Session, value: UndoImportForm) -> str:
        code = undo_import(writing, desk.actor, desk.moment, statement_id, reason=value.reason)
        return f"/ledger/bank/{code}"

    def again(shown: Filled[UndoImportForm]) -> Response:
        with desk.database.reading() as session:
            return _ask_undo(request, session, statement_id, shown)

    return desk.submit(sent, filled(UndoImportForm, sent.form), work, again, done="import-undone")


@router.post("/ledger/bank/{account_code}/match")
def accept(request: Request, desk: AtDesk, sent: Sent, account_code: str) -> Response:
    """Match everything that the bank's own words name."""

    def work(writing: Session, _value: AcceptForm) -> str:
        accept_proposals(writing, desk.actor, desk.moment, account_code)
        return f"/ledger/bank/{account_code}"

    def again(_form: Filled[AcceptForm]) -> Response:
        with desk.database.reading() as session:
            return show_account(request, session, desk.actor, account_code=account_code)

    return desk.submit(sent, filled(AcceptForm, sent.form), work, again, done="matched")


@router.get("/ledger/bank/{account_code}/reconciliation")
def show_reconciliation(
    request: Request, session: Reading, actor: SignedIn, account_code: str, as_of: str = ""
) -> Response:
    """Both balances on a day, and every item between them."""
    return _show(request, session, account_code, as_of, as_form(SignForm), role=actor.role)


@router.post("/ledger/bank/{account_code}/sign")
def sign(request: Request, desk: AtDesk, sent: Sent, account_code: str) -> Response:
    """Sign a month off; its figures are kept."""
    form = filled(SignForm, sent.form)

    def work(writing: Session, value: SignForm) -> str:
        sign_month(writing, desk.actor, desk.moment, account_code, month=value.month)
        last = last_day_of(value.month)
        return f"/ledger/bank/{account_code}/reconciliation?as_of={last.isoformat()}"

    def again(shown: Filled[SignForm]) -> Response:
        with desk.database.reading() as session:
            return _show(request, session, account_code, "", shown, role=desk.actor.role)

    return desk.submit(sent, form, work, again, done="month-signed")


def _ask_file(request: Request, account: CashAccount, form: Filled[BankFileForm]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    has_columns = any(form.typed.get(name) for name in ("day", "amount", "debit", "decimal"))
    return page(
        request,
        "ledger/bank_import.html",
        status,
        account=account,
        form=form,
        key=new_key(),
        shows_columns=has_columns or "day" in form.errors,
    )


def _ask_undo(
    request: Request, session: Session, statement_id: str, form: Filled[UndoImportForm]
) -> Response:
    return page(
        request,
        "ledger/bank_undo.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        statement_id=statement_id,
        found=import_to_undo(session, statement_id),
        form=form,
        key=new_key(),
    )


def _show(
    request: Request,
    session: Session,
    account_code: str,
    as_of: str,
    sign_form: Filled[Any],
    *,
    role: Role,
) -> Response:
    today = clock.today()
    days = asked_days(as_of)
    account, found = reconciliation_of(session, account_code, days.as_of)
    month = f"{days.as_of:%Y-%m}"
    signed = signed_months(session, account).get(month)
    is_end = days.as_of == last_day_of(month)
    obstacle = what_is_missing(found, days.as_of, today, account.currency)
    return page(
        request,
        "ledger/reconciliation.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if sign_form.errors else days.status,
        account=account,
        days=days,
        form=sign_form if sign_form.errors else days.form,
        days_form=days.form,
        found=found,
        signed=signed if is_end else None,
        month=month,
        is_end=is_end,
        obstacle=obstacle,
        may_sign=role is Role.MANAGER,
        key=new_key(),
        words=event_names(events(session, the_facility(session))),
    )
