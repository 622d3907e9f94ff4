"""Charges on assets: their ranks, and the claims of other creditors."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from loans.collateral.assets import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    WrongSecurityValue,
    check_amount_of_security,
    check_past,
    entered_document,
    seen_asset,
    write_of_asset,
)
from loans.collateral.tables import Asset, AssetCharge
from loans.entered_text import entered_text
from loans.history import Moment
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, OutOfStep, WrongValue
from loans.storage.database import new_id
from loans.tables import Loan

LAST_RANK = 9


class RankTaken(WrongValue):
    """Another charge stands at this rank of the asset."""


class ChargeGone(OutOfStep):
    """The charge was released before."""


def record_other_charge(
    session: Session,
    actor: Actor,
    moment: Moment,
    asset_id: str,
    *,
    creditor: str,
    rank: int,
    limit_minor: int | None,
    charged_on: date,
    document: str,
) -> str:
    """Enter the claim of another creditor on an asset; answer the charge's id.

    Raises:
        WrongPerson, Missing: the actor is no officer, or there is no such asset.
        RankTaken, WrongSecurityValue, WrongSecurityDay: as for ``add_charge``.
    """
    need_role(actor, Role.OFFICER)
    asset = seen_asset(session, actor, asset_id)
    ask = "Enter who holds the claim."
    named = entered_text(creditor, field="creditor", ask=ask, longest=LONGEST_NAME)
    row = add_charge(
        session,
        actor,
        moment,
        asset,
        loan=None,
        creditor=named,
        rank=rank,
        limit_minor=limit_minor,
        charged_on=charged_on,
        document=document,
    )
    write_of_asset(
        session, actor, moment, asset.id, "other_charge", note=named, amount_minor=limit_minor
    )
    return row.id


def lift_other_charge(
    session: Session,
    actor: Actor,
    moment: Moment,
    asset_id: str,
    charge_id: str,
    *,
    reason: str,
) -> None:
    """Enter that another creditor's claim on an asset has ended today.

    Raises:
        WrongPerson, Missing: the actor is no officer, or it is no claim of another creditor.
        ChargeGone: it had ended before.
    """
    need_role(actor, Role.OFFICER)
    row = session.get(AssetCharge, charge_id, with_for_update=True, populate_existing=True)
    if row is None or row.asset_id != asset_id or row.loan_id is not None:
        raise Missing
    if row.released_at is not None:
        message = "This claim had ended before."
        raise ChargeGone(message)
    ask = "Write which document shows that the claim has ended."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_DESCRIPTION)
    row.released_on, row.released_at = moment.on, moment.at
    write_of_asset(
        session, actor, moment, row.asset_id, "lift_charge", note=f"{row.creditor}: {note}"
    )


def add_charge(
    session: Session,
    actor: Actor,
    moment: Moment,
    asset: Asset,
    *,
    loan: Loan | None,
    creditor: str,
    rank: int,
    limit_minor: int | None,
    charged_on: date,
    document: str,
) -> AssetCharge:
    """Keep a charge on an asset.

    Raises:
        RankTaken: another charge stands at this rank.
        WrongSecurityValue: a rank out of 1 to 9, or a limit that is not above zero.
        WrongSecurityDay: a day in the future.
    """
    if not 1 <= rank <= LAST_RANK:
        message = f"Enter a rank from 1 to {LAST_RANK}; 1 is paid first."
        raise WrongSecurityValue(message, field="rank")
    check_amount_of_security(session, limit_minor, field="limit")
    check_past(charged_on, moment, field="charged_on")
    taken = _taken_ranks(session, asset.id)
    if rank in taken:
        raise _rank_taken(rank, taken)
    row = AssetCharge(
        id=new_id(),
        asset_id=asset.id,
        loan_id=None if loan is None else loan.id,
        creditor=creditor,
        rank=rank,
        limit_minor=limit_minor,
        charged_on=charged_on,
        document=entered_document(document),
        recorded_by=actor.user_id,
        recorded_at=moment.at,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # another request took the rank meanwhile
        raise _rank_taken(rank, {*taken, rank}) from error
    return row


def _taken_ranks(session: Session, asset_id: str) -> set[int]:
    query = select(AssetCharge.rank).where(
        AssetCharge.asset_id == asset_id, AssetCharge.released_at.is_(None)
    )
    return set(session.scalars(query))


def _rank_taken(rank: int, taken: set[int]) -> RankTaken:
    free = next((one for one in range(1, LAST_RANK + 1) if one not in taken), None)
    passes = "Release one first." if free is None else f"The next free rank is {free}."
    message = f"Another charge stands at rank {rank} of this asset. {passes}"
    return RankTaken(message, field="rank")
