"""Securing a loan: assets pledged to it, and guarantees given for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books.facility_turn import take_facility
from loans.cases.case_status import BORROWED, LoanStatus
from loans.collateral.assets import (
    LONGEST_NAME,
    WrongSecurityDay,
    WrongSecurityValue,
    check_amount_of_security,
    check_past,
    entered_document,
    seen_asset,
)
from loans.collateral.charges import add_charge
from loans.collateral.tables import Asset, AssetCharge, Guarantee
from loans.coverage import GuarantorKind
from loans.day_words import shown_day
from loans.entered_text import entered_text
from loans.history import Moment
from loans.lending.loan_case import locked_loan, need_status, write_event
from loans.people import Actor, Role, fold, need_role
from loans.refusal import WrongValue
from loans.storage.database import new_id

_SECURED = (LoanStatus.SIGNED, *BORROWED, LoanStatus.WRITTEN_OFF)
SHARE_PLACES = 6


class RegisteredTwice(WrongValue):
    """The same asset is registered again, and pledged under its other record."""


class AnothersAsset(WrongValue):
    """The asset is registered for an enterprise that is not the borrower."""


def pledge_asset(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    asset_id: str,
    rank: int,
    limit_minor: int | None,
    pledged_on: date,
    document: str,
) -> str:
    """Pledge an asset of the borrower to its loan; answer the pledge's id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is settled.
        Missing, AnothersAsset: there is no such asset, or not for the borrower.
        RegisteredTwice: a record of the same kind, owner and number is pledged.
        RankTaken, WrongSecurityValue, WrongSecurityDay: as for ``charges.add_charge``.
    """
    need_role(actor, Role.OFFICER)
    loan = locked_loan(session, actor, loan_id)
    need_status(loan, _SECURED)
    asset = seen_asset(session, actor, asset_id)
    if asset.enterprise_id != loan.enterprise_id:
        message = (
            "This asset is registered for another enterprise. Register it for the borrower, "
            "with its owner's name, before it is pledged."
        )
        raise AnothersAsset(message, field="asset")
    _refuse_twin(session, loan.facility_id, asset)
    row = add_charge(
        session,
        actor,
        moment,
        asset,
        loan=loan,
        creditor="",
        rank=rank,
        limit_minor=limit_minor,
        charged_on=pledged_on,
        document=document,
    )
    details = {} if limit_minor is None else {"amount_minor": limit_minor}
    note = f"{asset.description}, rank {rank}"
    write_event(session, actor, moment, loan, "pledge", note=note, details=details, on=pledged_on)
    return row.id


def _refuse_twin(session: Session, facility_id: str, asset: Asset) -> None:
    """Refuse to let one thing secure twice because it was registered twice.

    Both records may be pledged at once by two people: they take turns.
    """
    take_facility(session, facility_id)
    pledged = select(AssetCharge.asset_id).where(
        AssetCharge.loan_id.is_not(None), AssetCharge.released_at.is_(None)
    )
    others = session.scalars(
        select(Asset).where(Asset.kind == asset.kind, Asset.id != asset.id, Asset.id.in_(pledged))
    )
    twin = next((one for one in others if _identity(one) == _identity(asset)), None)
    if twin is not None:
        message = (
            f"The asset is registered twice: number {asset.register_number} of {asset.owner} is "
            f"pledged as “{twin.description}”. Pledge that record, at its next free rank, or "
            "release its pledge first."
        )
        raise RegisteredTwice(message, field="asset")


def _identity(asset: Asset) -> tuple[str, str]:
    return "".join(fold(asset.register_number).split()), fold(asset.owner)


def record_guarantee(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    guarantor: str,
    kind: GuarantorKind,
    amount_minor: int | None,
    share: Decimal | None,
    given_on: date,
    valid_until: date,
    document: str,
) -> str:
    """Enter a guarantee of an amount, or of a share of what is at stake; answer its id.

    Money of a guarantee that is called comes in as a receipt of the loan, or as a recovery.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is settled.
        WrongSecurityValue: not exactly one of amount and share, or out of bounds.
        WrongSecurityDay: given in the future, or valid until a day before.
    """
    need_role(actor, Role.OFFICER)
    loan = locked_loan(session, actor, loan_id)
    need_status(loan, _SECURED)
    _check_promise(session, amount_minor, share)
    check_past(given_on, moment, field="given_on")
    if valid_until < given_on:
        message = f"Enter a last day from {shown_day(given_on)} on."
        raise WrongSecurityDay(message, field="valid_until")
    ask = "Enter who guarantees."
    row = Guarantee(
        id=new_id(),
        loan_id=loan.id,
        guarantor=entered_text(guarantor, field="guarantor", ask=ask, longest=LONGEST_NAME),
        kind=kind,
        amount_minor=amount_minor,
        share=None if share is None else f"{share:f}",
        given_on=given_on,
        valid_until=valid_until,
        document=entered_document(document),
        recorded_by=actor.user_id,
        recorded_at=moment.at,
    )
    session.add(row)
    session.flush()
    details = {} if amount_minor is None else {"amount_minor": amount_minor}
    write_event(
        session, actor, moment, loan, "guarantee", note=row.guarantor, details=details, on=given_on
    )
    return row.id


def _check_promise(session: Session, amount_minor: int | None, share: Decimal | None) -> None:
    if (amount_minor is None) == (share is None):
        message = "Enter either an amount or a share of the loan, not both."
        raise WrongSecurityValue(message, field="amount")
    check_amount_of_security(session, amount_minor, field="amount")
    if share is not None and (not 0 < share <= 1 or round(share, SHARE_PLACES) != share):
        message = "Enter a share above 0 up to 100 %, with at most four decimals of a per cent."
        raise WrongSecurityValue(message, field="share")
