"""What each page of an act on securities does once its form is filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.dependencies import Desk
from app.forms import FormModel
from app.loan_forms import WrongFigure
from app.security_forms import (
    AssetForm,
    GuaranteeForm,
    LiftForm,
    OtherChargeForm,
    PledgeForm,
    ReleaseSecurityForm,
    ValuationForm,
)
from appraisal.money import MoneyError, to_minor
from loans.collateral import assets, charges, pledges
from loans.fund import the_facility
from loans.lending.loan_case import seen_loan
from loans.servicing import security_releases

Work = Callable[[Session, Desk, str, Any], str]
"""Does the act on a loan or an asset, and answers the address to go to."""


@dataclass(frozen=True)
class SecurityAct:
    """One act: its page and form, what does it, and the notice after it."""

    template: str
    form: type[FormModel]
    work: Work
    done: str


def minor_of(session: Session, amount: Decimal | None, field: str) -> int | None:
    """An amount of a form in minor units; None where it was left blank.

    Raises:
        WrongFigure: it is no amount of the facility's currency.
    """
    if amount is None:
        return None
    try:
        return to_minor(amount, the_facility(session).currency)
    except MoneyError as error:
        raise WrongFigure(str(error), field=field) from error


def _register(session: Session, desk: Desk, loan_id: str, form: AssetForm) -> str:
    asset_id = assets.register_asset(
        session,
        desk.actor,
        desk.moment,
        enterprise_id=seen_loan(session, desk.actor, loan_id).enterprise_id,
        kind=form.kind,
        owner=form.owner,
        description=form.description,
        register_number=form.register_number,
    )
    return f"/collateral/assets/{asset_id}"


def _pledge(session: Session, desk: Desk, loan_id: str, form: PledgeForm) -> str:
    pledges.pledge_asset(
        session,
        desk.actor,
        desk.moment,
        loan_id,
        asset_id=form.asset,
        rank=form.rank,
        limit_minor=minor_of(session, form.limit, "limit"),
        pledged_on=form.charged_on,
        document=form.document,
    )
    return f"/loans/{loan_id}/collateral"


def _guarantee(session: Session, desk: Desk, loan_id: str, form: GuaranteeForm) -> str:
    pledges.record_guarantee(
        session,
        desk.actor,
        desk.moment,
        loan_id,
        guarantor=form.guarantor,
        kind=form.kind,
        amount_minor=minor_of(session, form.amount, "amount"),
        share=form.share,
        given_on=form.given_on,
        valid_until=form.valid_until,
        document=form.document,
    )
    return f"/loans/{loan_id}/collateral"


def _release(session: Session, desk: Desk, loan_id: str, form: ReleaseSecurityForm) -> str:
    security_releases.request_release(
        session,
        desk.actor,
        desk.moment,
        loan_id,
        security_id=form.target,
        reason=form.reason,
    )
    return f"/loans/{loan_id}/collateral"


def _value(session: Session, desk: Desk, asset_id: str, form: ValuationForm) -> str:
    assets.value_asset(
        session,
        desk.actor,
        desk.moment,
        asset_id,
        value_minor=minor_of(session, form.value, "value") or 0,
        valued_on=form.valued_on,
        valued_by=form.valued_by,
        basis=form.basis,
        document=form.document,
    )
    return f"/collateral/assets/{asset_id}"


def _charge(session: Session, desk: Desk, asset_id: str, form: OtherChargeForm) -> str:
    charges.record_other_charge(
        session,
        desk.actor,
        desk.moment,
        asset_id,
        creditor=form.creditor,
        rank=form.rank,
        limit_minor=minor_of(session, form.limit, "limit"),
        charged_on=form.charged_on,
        document=form.document,
    )
    return f"/collateral/assets/{asset_id}"


def _lift(session: Session, desk: Desk, asset_id: str, form: LiftForm) -> str:
    charges.lift_other_charge(
        session, desk.actor, desk.moment, asset_id, form.target, reason=form.reason
    )
    return f"/collateral/assets/{asset_id}"


LOAN_ACTS: Mapping[str, SecurityAct] = {
    "asset": SecurityAct("asset_form", AssetForm, _register, "asset-registered"),
    "pledge": SecurityAct("pledge_form", PledgeForm, _pledge, "pledged"),
    "guarantee": SecurityAct("guarantee_form", GuaranteeForm, _guarantee, "guaranteed"),
    "release": SecurityAct("release_form", ReleaseSecurityForm, _release, "asked"),
}
"""The acts at a loan as they stand in addresses."""

ASSET_ACTS: Mapping[str, SecurityAct] = {
    "valuation": SecurityAct("valuation_form", ValuationForm, _value, "valued"),
    "claim": SecurityAct("claim_form", OtherChargeForm, _charge, "claim-entered"),
    "claim-ended": SecurityAct("lift_form", LiftForm, _lift, "claim-ended"),
}
"""The acts at an asset as they stand in addresses."""
