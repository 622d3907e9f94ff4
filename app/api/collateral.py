"""What secures the loans over JSON: assets, valuations, pledges, claims of others, guarantees.

A release is asked for by an officer; a manager agrees to it, or sends it back, like any other act
on the loan.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from sqlalchemy.orm import Session

from app import clock
from app.api.acting import (
    Act,
    ActAnswer,
    Answer,
    Asked,
    AsKnown,
    PageAnswer,
    PageAsked,
    Reason,
    api_router,
)
from app.api.values import Day, Id, PositiveAmount, Searched, ShortText, in_minor
from app.api.views import answer_model, answer_of
from app.dependencies import Reading, SignedIn
from appraisal.number_fields import ExactDecimal
from loans.collateral import assets, charges, pledges
from loans.collateral.asset_views import AssetLine, AssetView, asset_page, asset_view
from loans.collateral.charges import LAST_RANK
from loans.collateral.loan_security import SecurityView, security_view
from loans.coverage import AssetKind, GuarantorKind, ValuationBasis
from loans.fund import the_facility
from loans.servicing import security_releases

router = api_router("Collateral")


class AssetAsked(Asked):
    """An asset that an enterprise offers; without ``owner`` it is its own."""

    enterprise_id: Id
    kind: AssetKind
    description: ShortText
    register_number: ShortText
    owner: ShortText = ""


class ValuationAsked(Asked):
    """What an asset was worth on a day."""

    value: Annotated[ExactDecimal, Field(ge=0)]
    valued_on: Day
    valued_by: ShortText
    basis: ValuationBasis
    document: ShortText


class ClaimAsked(Asked):
    """A claim of another creditor on an asset; without ``limit`` it takes all that is left."""

    creditor: ShortText
    rank: Annotated[int, Field(ge=1, le=LAST_RANK)]
    limit: PositiveAmount | None = None
    charged_on: Day
    document: ShortText


class PledgeAsked(Asked):
    """An asset pledged to a loan; without ``limit`` it takes all that is left."""

    asset_id: Id
    rank: Annotated[int, Field(ge=1, le=LAST_RANK)]
    limit: PositiveAmount | None = None
    charged_on: Day
    document: ShortText


class GuaranteeAsked(Asked):
    """A guarantee of an amount, or of a share (a fraction) of what is at stake."""

    guarantor: ShortText
    kind: GuarantorKind
    amount: PositiveAmount | None = None
    share: Annotated[ExactDecimal, Field(gt=0, le=1)] | None = None
    given_on: Day
    valid_until: Day
    document: ShortText


class AssetsAsked(PageAsked):
    """Which assets: those whose enterprise, description or register number has ``search``."""

    search: Searched = ""


class AssetPageAnswer(PageAnswer):
    """Assets in the order of the enterprises' names."""

    currency: str
    assets: tuple[answer_model(AssetLine), ...]  # type: ignore[valid-type]  # made from the view


class Entered(Answer):
    """The id of what was entered."""

    id: str


@router.get("/loans/{loan_id}/collateral", response_model=answer_model(SecurityView))
def show_loan(
    loan_id: Id, session: Reading, actor: SignedIn, asked: Annotated[AsKnown, Query()]
) -> Mapping[str, Any]:
    """What secures a loan on a day, and how far."""
    view = security_view(session, actor, loan_id, as_of=asked.day, known_on=asked.known_to(actor))
    return answer_of(view, view.currency)


@router.get("/assets", response_model=AssetPageAnswer)
def list_assets(session: Reading, asked: Annotated[AssetsAsked, Query()]) -> Mapping[str, Any]:
    """The register of assets."""
    found = asset_page(
        session,
        search=asked.search,
        page_number=asked.page,
        on=clock.today(),
        page_size=asked.page_size,
    )
    shown = found.lines if found.page_number == asked.page else ()
    return {
        "page": asked.page,
        "page_size": asked.page_size,
        "count": found.count,
        "currency": found.currency,
        "assets": [answer_of(line, found.currency) for line in shown],
    }


@router.get("/assets/{asset_id}", response_model=answer_model(AssetView, frozenset({"history"})))
def show_asset(asset_id: Id, session: Reading, actor: SignedIn) -> Mapping[str, Any]:
    """One asset with its valuations and the claims on it."""
    view = asset_view(session, actor, asset_id, on=clock.today())
    return answer_of(view, view.currency, frozenset({"history"}))


@router.post("/assets", status_code=HTTPStatus.CREATED, response_model=Entered)
def register_asset(body: AssetAsked, act: Act) -> Mapping[str, Any]:
    """Enter an asset that an enterprise offers."""

    def work(session: Session) -> Mapping[str, Any]:
        asset_id = assets.register_asset(
            session, act.desk.actor, act.desk.moment, **body.model_dump()
        )
        return {"id": asset_id}

    return act.once(body, work)


@router.post(
    "/assets/{asset_id}/valuations", status_code=HTTPStatus.CREATED, response_model=Entered
)
def value_asset(asset_id: Id, body: ValuationAsked, act: Act) -> Mapping[str, Any]:
    """Enter what an asset was worth on a day."""

    def work(session: Session) -> Mapping[str, Any]:
        currency = the_facility(session).currency
        valuation_id = assets.value_asset(
            session,
            act.desk.actor,
            act.desk.moment,
            asset_id,
            value_minor=in_minor(body.value, currency, "value"),
            valued_on=body.valued_on,
            valued_by=body.valued_by,
            basis=body.basis,
            document=body.document,
        )
        return {"id": valuation_id}

    return act.once(body, work)


@router.post("/assets/{asset_id}/claims", status_code=HTTPStatus.CREATED, response_model=Entered)
def enter_claim(asset_id: Id, body: ClaimAsked, act: Act) -> Mapping[str, Any]:
    """Enter the claim of another creditor on an asset."""

    def work(session: Session) -> Mapping[str, Any]:
        charge_id = charges.record_other_charge(
            session,
            act.desk.actor,
            act.desk.moment,
            asset_id,
            creditor=body.creditor,
            rank=body.rank,
            limit_minor=_limit(session, body),
            charged_on=body.charged_on,
            document=body.document,
        )
        return {"id": charge_id}

    return act.once(body, work)


@router.post("/assets/{asset_id}/claims/{claim_id}/end", response_model=Entered)
def end_claim(asset_id: Id, claim_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Enter that another creditor's claim has ended."""

    def work(session: Session) -> Mapping[str, Any]:
        charges.lift_other_charge(
            session, act.desk.actor, act.desk.moment, asset_id, claim_id, reason=body.reason
        )
        return {"id": claim_id}

    return act.once(body, work)


@router.post("/loans/{loan_id}/pledges", status_code=HTTPStatus.CREATED, response_model=Entered)
def pledge(loan_id: Id, body: PledgeAsked, act: Act) -> Mapping[str, Any]:
    """Pledge an asset of the borrower to its loan."""

    def work(session: Session) -> Mapping[str, Any]:
        pledge_id = pledges.pledge_asset(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            asset_id=body.asset_id,
            rank=body.rank,
            limit_minor=_limit(session, body),
            pledged_on=body.charged_on,
            document=body.document,
        )
        return {"id": pledge_id}

    return act.once(body, work)


def _limit(session: Session, body: ClaimAsked | PledgeAsked) -> int | None:
    currency = the_facility(session).currency
    return None if body.limit is None else in_minor(body.limit, currency, "limit")


@router.post("/loans/{loan_id}/guarantees", status_code=HTTPStatus.CREATED, response_model=Entered)
def guarantee(loan_id: Id, body: GuaranteeAsked, act: Act) -> Mapping[str, Any]:
    """Enter a guarantee of a loan."""

    def work(session: Session) -> Mapping[str, Any]:
        currency = the_facility(session).currency
        guarantee_id = pledges.record_guarantee(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            guarantor=body.guarantor,
            kind=body.kind,
            amount_minor=None if body.amount is None else in_minor(body.amount, currency),
            share=body.share,
            given_on=body.given_on,
            valid_until=body.valid_until,
            document=body.document,
        )
        return {"id": guarantee_id}

    return act.once(body, work)


@router.post(
    "/loans/{loan_id}/collateral/{security_id}/release",
    status_code=HTTPStatus.CREATED,
    response_model=ActAnswer,
)
def release(loan_id: Id, security_id: Id, body: Reason, act: Act) -> Mapping[str, Any]:
    """Ask for a pledge or a guarantee to be given back; a manager agrees."""

    def work(session: Session) -> Mapping[str, Any]:
        act_id = security_releases.request_release(
            session,
            act.desk.actor,
            act.desk.moment,
            loan_id,
            security_id=security_id,
            reason=body.reason,
        )
        return {"act_id": act_id}

    return act.once(body, work)
