"""Applications over JSON: the work list, one case with its appraisal, and the acts on it."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field
from sqlalchemy.orm import Session

from app import clock
from app.api.acting import Act, Answer, Asked, PageAnswer, PageAsked, Reason, api_router
from app.api.application_answers import ApplicationAnswer, ApplicationLine, application_answer
from app.api.values import AnnualRate, Day, Id, Label, PositiveAmount, Searched, Text, in_minor
from app.api.views import answer_of
from app.dependencies import Reading, SignedIn
from appraisal.measure_type import MeasureType
from loans.cases import applications, approvals
from loans.cases.case_search import Group, Order, Sort, queue
from loans.cases.case_status import ACTS, CaseStatus
from loans.cases.case_views import application_view
from loans.cases.decisions import Terms
from loans.fund import the_facility
from loans.schedules.instalment_periods import LastPeriod
from loans.schedules.schedule import Method
from loans.schedules.schedule_limits import MOST_INSTALMENTS
from loans.servicing import agreements

router = api_router("Applications")


class ApplicationsAsked(PageAsked):
    """Which applications, in which order; ``search`` finds names, numbers and references."""

    status: CaseStatus | Group = Group.ALL
    search: Searched = ""
    sort: Sort = Sort.REFERENCE
    descending: bool = False


class ApplicationPage(PageAnswer):
    """Applications in the order asked for; ties stand in the order of their references."""

    applications: tuple[ApplicationLine, ...]  # type: ignore[valid-type]  # made from the view


class Note(Asked):
    """A note that is kept with the act."""

    note: Text = ""


class Override(Asked):
    """Another type for one measure, and why."""

    measure_code: Label
    measure_type: MeasureType
    reason: Text


class Recommendation(Asked):
    """The loan that is recommended, inside the offer, and why.

    ``frequency_months`` 0: the contract lists its due days. ``last_period``: what becomes of the
    months that the frequency leaves over. ``balloon`` falls due with the last instalment.
    """

    amount: PositiveAmount
    maturity_months: Annotated[int, Field(ge=1, le=360, strict=True)]
    annual_rate: AnnualRate
    method: Method
    frequency_months: Annotated[int, Field(ge=0, le=360, strict=True)] = 1
    last_period: Literal["shorter", "longer"] = "shorter"
    balloon: PositiveAmount | None = None
    reason: Text


class Approval(Asked):
    """Words to the approval."""

    reason: Text = ""


class RefusalAsked(Asked):
    """Why nothing is lent: a code, and a sentence for the enterprise."""

    reason_code: Label
    reason: Text


class Signature(Asked):
    """The days of the signed contract; ``due_dates`` where it lists them all."""

    signed_on: Day
    first_pay_out_on: Day
    first_due_on: Day | None = None
    due_dates: Annotated[tuple[Day, ...], Field(max_length=MOST_INSTALMENTS)] = ()


class Acted(Answer):
    """What was done, and the status that the application has since."""

    application_id: str
    status: CaseStatus


class Overridden(Answer):
    """The measure and the type noted for it; the computed one stays beside it."""

    application_id: str
    measure_code: str
    measure_type: Literal["A", "B", "C"]


class Signed(Acted):
    """The loan that the application became."""

    loan_id: str


@router.get("/applications", response_model=ApplicationPage)
def list_applications(
    session: Reading, actor: SignedIn, asked: Annotated[ApplicationsAsked, Query()]
) -> Mapping[str, Any]:
    """The applications of the facility."""
    found = queue(
        session,
        actor,
        status=asked.status,
        search=asked.search,
        order=Order(asked.sort, descending=asked.descending),
        page_number=asked.page,
        page_size=asked.page_size,
        on=clock.today(),
    )
    lines = found.lines if found.page_number == asked.page else ()
    return {
        "page": asked.page,
        "page_size": asked.page_size,
        "count": found.count,
        "applications": [answer_of(line, "") for line in lines],
    }


@router.get("/applications/{application_id}", response_model=ApplicationAnswer)
def show(application_id: Id, session: Reading, actor: SignedIn) -> Mapping[str, Any]:
    """One application with its appraisal, offer, findings, decisions and history."""
    return application_answer(application_view(session, actor, application_id, on=clock.today()))


def _acted(
    act: Act,
    application_id: str,
    name: str,
    body: Asked,
    use_case: Callable[..., None],
    **given: object,
) -> Mapping[str, Any]:
    """Carry out one act that moves the application's status."""

    def work(session: Session) -> Mapping[str, Any]:
        use_case(session, act.desk.actor, act.desk.moment, application_id, **given)
        return {"application_id": application_id, "status": ACTS[name].after}

    return act.once(body, work)


@router.post("/applications/{application_id}/return", response_model=Acted)
def return_to_authors(application_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Give the proposal back to its authors with the questions to answer."""
    return _acted(
        act, application_id, "return", body, applications.return_application, reason=body.reason
    )


@router.post("/applications/{application_id}/complete", response_model=Acted)
def complete(application_id: Id, body: Note, act: Act) -> Mapping[str, Any]:
    """State that everything the rules ask for is there."""
    return _acted(
        act, application_id, "complete", body, applications.confirm_complete, note=body.note
    )


@router.post("/applications/{application_id}/appraise", response_model=Acted)
def appraise(application_id: Id, body: Note, act: Act) -> Mapping[str, Any]:
    """Store the appraisal as it stands, with its assumptions and profile version."""
    return _acted(
        act, application_id, "appraise", body, applications.confirm_appraisal, note=body.note
    )


@router.post("/applications/{application_id}/override", response_model=Overridden)
def override(application_id: Id, body: Override, act: Act) -> Mapping[str, Any]:
    """Note another type for a measure, with the reason."""
    desk = act.desk

    def work(session: Session) -> Mapping[str, Any]:
        applications.override_type(
            session,
            desk.actor,
            desk.moment,
            application_id,
            measure_code=body.measure_code,
            measure_type=body.measure_type,
            reason=body.reason,
        )
        return {
            "application_id": application_id,
            "measure_code": body.measure_code,
            "measure_type": body.measure_type.value,
        }

    return act.once(body, work)


@router.post("/applications/{application_id}/recommend", response_model=Acted)
def recommend(application_id: Id, body: Recommendation, act: Act) -> Mapping[str, Any]:
    """Recommend a loan inside the offer; another person approves it."""
    desk = act.desk

    def work(session: Session) -> Mapping[str, Any]:
        currency = the_facility(session).currency
        balloon = in_minor(body.balloon, currency, "balloon") if body.balloon else 0
        terms = Terms(
            amount_minor=in_minor(body.amount, currency),
            maturity_months=body.maturity_months,
            annual_rate=body.annual_rate,
            method=body.method.value,
            frequency_months=body.frequency_months,
            last_period=LastPeriod(body.last_period),
            balloon_minor=balloon,
        )
        approvals.recommend(
            session, desk.actor, desk.moment, application_id, terms=terms, reason=body.reason
        )
        return {"application_id": application_id, "status": CaseStatus.RECOMMENDED}

    return act.once(body, work)


@router.post("/applications/{application_id}/send-back", response_model=Acted)
def send_back(application_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Send the recommendation back to the officer."""
    return _acted(act, application_id, "send_back", body, approvals.send_back, reason=body.reason)


@router.post("/applications/{application_id}/approve", response_model=Acted)
def approve(application_id: Id, body: Approval, act: Act) -> Mapping[str, Any]:
    """Approve what another person recommended, and reserve the money."""
    return _acted(act, application_id, "approve", body, approvals.approve, reason=body.reason)


@router.post("/applications/{application_id}/refuse", response_model=Acted)
def refuse(application_id: Id, body: RefusalAsked, act: Act) -> Mapping[str, Any]:
    """Refuse the application, with a reason code and a sentence for the enterprise."""
    return _acted(
        act,
        application_id,
        "refuse",
        body,
        applications.refuse,
        reason_code=body.reason_code,
        reason=body.reason,
    )


@router.post("/applications/{application_id}/cancel", response_model=Acted)
def cancel(application_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Give up an approved loan that was never signed; its money is free again."""
    return _acted(
        act, application_id, "cancel", body, approvals.cancel_approval, reason=body.reason
    )


@router.post(
    "/applications/{application_id}/sign", status_code=HTTPStatus.CREATED, response_model=Signed
)
def sign(application_id: Id, body: Signature, act: Act) -> Mapping[str, Any]:
    """Record the signed contract: the application becomes a loan with its first schedule."""
    desk = act.desk

    def work(session: Session) -> Mapping[str, Any]:
        loan_id = agreements.sign(
            session,
            desk.actor,
            desk.moment,
            application_id,
            signed_on=body.signed_on,
            first_pay_out_on=body.first_pay_out_on,
            first_due_on=body.first_due_on,
            due_on=body.due_dates,
        )
        return {
            "application_id": application_id,
            "status": CaseStatus.SIGNED,
            "loan_id": loan_id,
        }

    return act.once(body, work)
