"""Old loans from a spreadsheet: sent, checked row by row, and then recorded."""

from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from app import clock
from app.dependencies import AtDesk, Reading, Sent, SignedIn, new_key
from app.forms import Ask, Filled, FormModel, Reads, as_form, filled
from app.imports.old_loan_file import read_old_loans
from app.imports.old_loan_values import old_loans_of
from app.imports.template import template
from app.rendering import page
from app.router import Router
from appraisal.money import to_minor
from loans.books import ledger
from loans.chart import CASH
from loans.fund import the_facility
from loans.importing.loan_imports import keep_file, record_file
from loans.importing.views import ImportView, import_view, imports
from loans.people import Actor
from loans.refusal import Missing, Refusal, WrongValue

router = Router()
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_FILES = 3


class FileForm(FormModel):
    """The file itself is read apart; only what is wrong with it is shown here."""


class RecordForm(FormModel):
    """What the fund had before the first of the loans, and that doubtful ones were looked at."""

    opening: Annotated[
        Decimal | None, Ask("the cash before the first of these loans", Reads.AMOUNT), Field(ge=0)
    ] = None
    looked_at: Annotated[Literal["yes"] | None, Ask("that the loans were looked at")] = None


class NoFile(WrongValue):
    """The form came without a file."""


@router.get("/imports")
def ask(request: Request, session: Reading) -> Response:
    """Every file so far, and the form for another one."""
    return _ask(request, session, as_form(FileForm))


@router.get("/imports/template.xlsx")
def take_template() -> Response:
    """The workbook to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="old-loans.xlsx"'}
    return Response(template(), media_type=_XLSX, headers=headers)


@router.post("/imports")
def send(request: Request, desk: AtDesk, sent: Sent) -> Response:
    """Read and check a file; nothing is recorded yet."""
    with desk.database.reading() as session:
        currency = the_facility(session).currency
    try:
        files = _files(sent.form.getlist("file"))
        old, unread = old_loans_of(read_old_loans(files, currency), currency)
        outcome = desk.carry_out(
            sent.key,
            {"files": [[name, content.hex()] for name, content in files]},
            lambda writing: {"import_id": keep_file(writing, desk.actor, desk.moment, old, unread)},
        )
    except Missing:
        raise
    except Refusal as refusal:
        with desk.database.reading() as session:
            return _ask(request, session, as_form(FileForm, errors={"file": refusal.message}))
    return RedirectResponse(f"/imports/{outcome.answer['import_id']}", status_code=303)


def _files(sent: list[Any]) -> list[tuple[str, bytes]]:
    files = [one for one in sent if isinstance(one, UploadFile) and one.filename]
    if not 1 <= len(files) <= MOST_FILES:
        message = "Choose one workbook, or the three CSV files loans, pay-outs and receipts."
        raise NoFile(message, field="file")
    return [(one.filename or "", one.file.read()) for one in files]


def _ask(request: Request, session: Session, form: Filled[FileForm]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(
        request,
        "imports/list.html",
        status,
        form=form,
        key=new_key(),
        imports=imports(session),
        role=request.state.actor.role,
    )


@router.get("/imports/{import_id}")
def show(request: Request, session: Reading, actor: SignedIn, import_id: str) -> Response:
    """What the file says, row by row, and what came of it."""
    return _show(request, _view(session, actor, import_id), as_form(RecordForm))


@router.post("/imports/{import_id}/record")
def record(request: Request, desk: AtDesk, sent: Sent, import_id: str) -> Response:
    """Take the loans over."""
    with desk.database.reading() as session:
        view = _view(session, desk.actor, import_id)
    form = filled(RecordForm, sent.form, currency=view.currency)

    def work(session: Session, value: RecordForm) -> str:
        opening_minor = to_minor(value.opening or Decimal(0), view.currency)
        record_file(
            *(session, desk.actor, desk.moment, import_id),
            opening_minor=opening_minor,
            is_looked_at=value.looked_at == "yes",
            key=sent.key,
        )
        return f"/imports/{import_id}"

    def again(shown: Filled[RecordForm]) -> Response:
        return _show(request, view, shown)

    return desk.submit(sent, form, work, again, done="imported")


def _view(session: Session, actor: Actor, import_id: str) -> ImportView:
    facility = the_facility(session)
    available = ledger.available(session, facility_id=facility.facility_id, account=CASH)
    return import_view(session, actor, import_id, today=clock.today(), available_minor=available)


def _show(request: Request, view: ImportView, form: Filled[RecordForm]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    role = request.state.actor.role
    return page(
        request, "imports/show.html", status, view=view, form=form, key=new_key(), role=role
    )
