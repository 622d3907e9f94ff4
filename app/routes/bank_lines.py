"""One line of the bank: matched, explained, undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app import clock
from app.bank_forms import ChargeOfBankForm, InterestOfBankForm, MatchForm, NoteForm, UndoForm
from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, new_key
from app.forms import Filled, FormModel, as_form, filled
from app.ledger_words import event_name
from app.rendering import money, page
from app.router import Router
from loans.banking import line_bookings, matching
from loans.banking.line_views import LineDetail, line_detail
from loans.books.closed_months import counts_late
from loans.day_words import shown_day
from loans.fund import the_facility
from loans.people import Role
from loans.refusal import Missing

router = Router()


@dataclass(frozen=True)
class _Act:
    form: type[FormModel]
    work: Callable[[Session, Desk, str, Any, str], object]
    done: str


def _match(session: Session, desk: Desk, line_id: str, form: MatchForm, _key: str) -> object:
    return matching.match_line(session, desk.actor, desk.moment, line_id, entry_ids=form.entry)


def _undo(session: Session, desk: Desk, _line_id: str, form: UndoForm, _key: str) -> None:
    matching.unmatch(session, desk.actor, desk.moment, form.match, reason=form.reason)


def _note(session: Session, desk: Desk, line_id: str, form: NoteForm, _key: str) -> object:
    return matching.note_line(session, desk.actor, desk.moment, line_id, note=form.note)


def _charge(session: Session, desk: Desk, line_id: str, form: ChargeOfBankForm, key: str) -> object:
    return line_bookings.book_charge(
        session, desk.actor, desk.moment, line_id, purpose=form.purpose, key=key
    )


def _interest(
    session: Session, desk: Desk, line_id: str, form: InterestOfBankForm, key: str
) -> object:
    return line_bookings.book_interest(
        session, desk.actor, desk.moment, line_id, purpose=form.purpose, key=key
    )


_ACTS: Mapping[str, _Act] = {
    "match": _Act(MatchForm, _match, "matched"),
    "undo": _Act(UndoForm, _undo, "match-undone"),
    "note": _Act(NoteForm, _note, "line-explained"),
    "charge": _Act(ChargeOfBankForm, _charge, "line-explained"),
    "interest": _Act(InterestOfBankForm, _interest, "matched"),
}


@router.get("/ledger/bank-lines/{line_id}")
def show(request: Request, session: Reading, actor: SignedIn, line_id: str) -> Response:
    """One line, what it may stand for, and its history."""
    return _show(request, session, actor.role, line_id, {})


@router.post("/ledger/bank-lines/{line_id}/{act}")
def send(request: Request, desk: AtDesk, sent: Sent, line_id: str, act: str) -> Response:
    """Match, explain or undo; or show the line again with what was typed."""
    if act not in _ACTS:
        raise Missing
    chosen = _ACTS[act]

    def work(writing: Session, value: FormModel) -> str:
        chosen.work(writing, desk, line_id, value, sent.key)
        return f"/ledger/bank-lines/{line_id}"

    def again(shown: Filled[Any]) -> Response:
        with desk.database.reading() as session:
            return _show(request, session, desk.actor.role, line_id, {act: shown})

    return desk.submit(sent, filled(chosen.form, sent.form), work, again, done=chosen.done)


def _show(
    request: Request,
    session: Session,
    role: Role,
    line_id: str,
    sent: Mapping[str, Filled[Any]],
) -> Response:
    detail = line_detail(session, line_id)
    forms = {name: sent.get(name) or as_form(act.form) for name, act in _ACTS.items()}
    here, on = the_facility(session).facility_id, detail.line.booked_on
    wrong = next((form for form in sent.values() if form.errors), None)
    return page(
        request,
        "ledger/bank_line.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        detail=detail,
        line=detail.line,
        notice=counts_late(session, here, on, clock.moment(), what="what is booked"),
        currency=detail.currency,
        form=wrong or forms["match"],
        forms=forms,
        entries=_choices(detail),
        undoable=_undoable(detail),
        is_officer=role is Role.OFFICER,
        is_manager=role is Role.MANAGER,
        key=new_key(),
    )


def _choices(detail: LineDetail) -> tuple[tuple[str, str], ...]:
    """The entries that the line may stand for, in words."""
    return tuple(
        (
            entry.entry_id,
            f"{shown_day(entry.effective_on)}, {event_name(entry.event)}, "
            f"{money(left, detail.currency)}" + (f": {entry.memo}" if entry.memo else ""),
        )
        for entry, left in detail.candidates
    )


def _undoable(detail: LineDetail) -> tuple[tuple[str, str], ...]:
    """The matches and notes that still count, in words."""
    return tuple(
        (
            one.match_id,
            one.note or f"{one.entry_words} {money(one.amount_minor, detail.currency)}".strip(),
        )
        for one in detail.matches
        if one.counts
    )
