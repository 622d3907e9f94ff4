"""The acts on an application: each a page that says what will happen, with its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app import clock
from app.application_forms import (
    AppraiseForm,
    ApproveForm,
    CancelForm,
    CompleteForm,
    OverrideForm,
    RecommendForm,
    RefuseForm,
    ReturnForm,
    SendBackForm,
    SignForm,
)
from app.case_words import CASE_WORDS
from app.dependencies import AtDesk, Desk, Reading, Sent, SignedIn, new_key, requester
from app.forms import Filled, FormModel, as_form, filled
from app.project_explanations import irr_words
from app.rendering import page
from app.router import Router
from app.schedule_forms import (
    days_of_form,
    offered_values,
    preview_from,
    preview_of,
    schedule_boxes,
    terms_of_form,
    usual_days,
)
from app.verdict import types_words
from appraisal.measure_type import MeasureType
from loans.cases import applications, approvals
from loans.cases.applications import REFUSAL_REASONS
from loans.cases.case_acts import standing_obstacle
from loans.cases.case_views import ApplicationView, application_view, fund_effect
from loans.cases.contract_preview import ContractPreview
from loans.people import Actor
from loans.refusal import Missing, WrongValue
from loans.servicing import agreements

router = Router()

_PREVIEW = "preview"
Work = Callable[[Session, Desk, ApplicationView, Any], str | None]
"""Does the act; answers the id of the loan where one comes of it."""


@dataclass(frozen=True)
class _ActPage:
    """One act: its name among the use cases, its form, what does it, and the notice after it."""

    name: str
    form: type[FormModel]
    work: Work
    done: str


@router.get("/applications/{application_id}/acts/{act}")
def ask(
    request: Request, session: Reading, actor: SignedIn, application_id: str, act: str
) -> Response:
    """What the act will do, with its form; or in words why it cannot be done now."""
    chosen = _page_of(act)
    view = application_view(session, actor, application_id, on=clock.today())
    form = as_form(chosen.form, _first_values(view, chosen.name))
    if (obstacle := _obstacle(view, chosen, actor)) is not None:
        return _not_now(request, view, obstacle, as_form(chosen.form))
    preview = None
    if chosen.name == "sign" and "first_due_on" in form.typed:
        days = SignForm.model_validate(_first_values(view, chosen.name))
        preview = preview_of(view, days_of_form(days))
    elif chosen.name == "approve":
        preview = preview_from(view, clock.today())
    return _show(request, view, chosen, form, preview=preview)


@router.post("/applications/{application_id}/acts/{act}")
def send(request: Request, desk: AtDesk, sent: Sent, application_id: str, act: str) -> Response:
    """Do the act once, or show its form again with what was typed."""
    chosen = _page_of(act)
    view = _read(desk, application_id)
    answers = [(name, text) for name, text in sent.form.multi_items() if name != _PREVIEW]
    form = filled(chosen.form, FormData(answers), currency=view.currency)

    def work(session: Session, value: FormModel) -> str:
        loan_id = chosen.work(session, desk, view, value)
        return f"/loans/{loan_id}" if loan_id else f"/applications/{application_id}"

    def again(shown: Filled[FormModel]) -> Response:
        present = _read(desk, application_id)
        if (obstacle := _obstacle(present, chosen, desk.actor)) is not None:
            return _not_now(request, present, obstacle, shown)
        if _PREVIEW in sent.form:
            return _show_with_preview(request, present, chosen, shown)
        return _show(request, present, chosen, shown)

    if _PREVIEW in sent.form:
        return again(form)
    return desk.submit(sent, form, work, again, done=chosen.done)


def _page_of(act: str) -> _ActPage:
    if act not in _PAGES:
        raise Missing
    return _PAGES[act]


def _read(desk: Desk, application_id: str) -> ApplicationView:
    with desk.database.reading() as session:
        return application_view(session, desk.actor, application_id, on=desk.moment.on)


def _obstacle(view: ApplicationView, chosen: _ActPage, actor: Actor) -> str | None:
    state = view.act(chosen.name)
    return state.obstacle if state else standing_obstacle(chosen.name, view.status, actor)


def _not_now(
    request: Request, view: ApplicationView, obstacle: str, form: Filled[FormModel]
) -> Response:
    """Why the act cannot be done, with what was typed, so that it can be kept."""
    typed = tuple(str(form.typed[name]) for name in ("reason", "note") if form.typed.get(name))
    template = "applications/not_now.html"
    return page(request, template, HTTPStatus.CONFLICT, view=view, obstacle=obstacle, typed=typed)


def _show(
    request: Request,
    view: ApplicationView,
    chosen: _ActPage,
    form: Filled[FormModel],
    *,
    preview: ContractPreview | None = None,
) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(
        request,
        f"applications/acts/{chosen.name}.html",
        status,
        view=view,
        form=form,
        key=new_key(),
        slug=chosen.name.replace("_", "-"),
        actor_name=requester(request).name,
        effect=fund_effect(view, chosen.name),
        preview=preview,
        types=types_words(view.assessment),
        irr=irr_words(view.assessment.appraisal.project.internal_rate_of_return),
        boxes=schedule_boxes(view.assessment) if chosen.name == "recommend" else None,
        measures=tuple(
            (one.code, f"{one.code} {one.title}") for one in view.assessment.appraisal.measures
        ),
        letters=tuple((letter.value, f"Type {letter.value}") for letter in MeasureType),
        reasons=tuple(REFUSAL_REASONS.items()),
        words=CASE_WORDS,
    )


def _first_values(view: ApplicationView, name: str) -> Mapping[str, object]:
    """What stands in a form before anybody typed."""
    if name == "sign":
        return usual_days(view, clock.today())
    return offered_values(view) if name == "recommend" else {}


def _show_with_preview(
    request: Request, view: ApplicationView, chosen: _ActPage, form: Filled[FormModel]
) -> Response:
    if not isinstance(form.value, SignForm):
        return _show(request, view, chosen, form)
    try:
        preview = preview_of(view, days_of_form(form.value))
        return _show(request, view, chosen, form, preview=preview)
    except WrongValue as refusal:
        field = refusal.field if refusal.field in SignForm.model_fields else ""
        return _show(request, view, chosen, form.with_error(field, refusal.message))


def _return(session: Session, desk: Desk, view: ApplicationView, form: ReturnForm) -> None:
    applications.return_application(
        session, desk.actor, desk.moment, view.application_id, reason=form.reason
    )


def _complete(session: Session, desk: Desk, view: ApplicationView, form: CompleteForm) -> None:
    applications.confirm_complete(
        session, desk.actor, desk.moment, view.application_id, note=form.note
    )


def _appraise(session: Session, desk: Desk, view: ApplicationView, form: AppraiseForm) -> None:
    applications.confirm_appraisal(
        session, desk.actor, desk.moment, view.application_id, note=form.note
    )


def _override(session: Session, desk: Desk, view: ApplicationView, form: OverrideForm) -> None:
    applications.override_type(
        session,
        desk.actor,
        desk.moment,
        view.application_id,
        measure_code=form.measure_code,
        measure_type=form.measure_type,
        reason=form.reason,
    )


def _recommend(session: Session, desk: Desk, view: ApplicationView, form: RecommendForm) -> None:
    terms = terms_of_form(form, view.currency)
    approvals.recommend(
        session, desk.actor, desk.moment, view.application_id, terms=terms, reason=form.reason
    )


def _send_back(session: Session, desk: Desk, view: ApplicationView, form: SendBackForm) -> None:
    approvals.send_back(session, desk.actor, desk.moment, view.application_id, reason=form.reason)


def _approve(session: Session, desk: Desk, view: ApplicationView, form: ApproveForm) -> None:
    approvals.approve(session, desk.actor, desk.moment, view.application_id, reason=form.reason)


def _refuse(session: Session, desk: Desk, view: ApplicationView, form: RefuseForm) -> None:
    applications.refuse(
        session,
        desk.actor,
        desk.moment,
        view.application_id,
        reason_code=form.reason_code,
        reason=form.reason,
    )


def _cancel(session: Session, desk: Desk, view: ApplicationView, form: CancelForm) -> None:
    approvals.cancel_approval(
        session, desk.actor, desk.moment, view.application_id, reason=form.reason
    )


def _sign(session: Session, desk: Desk, view: ApplicationView, form: SignForm) -> str:
    days = days_of_form(form)
    return agreements.sign(
        session,
        desk.actor,
        desk.moment,
        view.application_id,
        signed_on=form.signed_on,
        first_pay_out_on=days.first_pay_out_on,
        first_due_on=days.first_due_on,
        due_on=days.due_on,
    )


_PAGES: Mapping[str, _ActPage] = {
    "return": _ActPage("return", ReturnForm, _return, "returned"),
    "complete": _ActPage("complete", CompleteForm, _complete, "completed"),
    "appraise": _ActPage("appraise", AppraiseForm, _appraise, "appraised"),
    "override": _ActPage("override", OverrideForm, _override, "overridden"),
    "recommend": _ActPage("recommend", RecommendForm, _recommend, "recommended"),
    "send-back": _ActPage("send_back", SendBackForm, _send_back, "sent-back"),
    "approve": _ActPage("approve", ApproveForm, _approve, "approved"),
    "refuse": _ActPage("refuse", RefuseForm, _refuse, "refused"),
    "cancel": _ActPage("cancel", CancelForm, _cancel, "cancelled"),
    "sign": _ActPage("sign", SignForm, _sign, "signed"),
}
"""Each act as it stands in addresses."""
