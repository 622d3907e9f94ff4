"""The register of assets: what an enterprise can pledge, and the valuations of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from appraisal.money import LARGEST_MINOR, as_text
from loans.collateral.tables import Asset, Valuation
from loans.coverage import AssetKind, ValuationBasis
from loans.day_words import shown_day
from loans.entered_text import entered_text
from loans.fund import the_facility
from loans.history import Moment, record
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, WrongValue
from loans.storage.database import new_id
from loans.tables import Enterprise

LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_NUMBER = 200, 500, 80


class WrongSecurityValue(WrongValue):
    """A value, limit or share that no security has."""


class WrongSecurityDay(WrongValue):
    """A day in the future, or an end before its beginning."""


def register_asset(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    enterprise_id: str,
    kind: AssetKind,
    owner: str,
    description: str,
    register_number: str,
) -> str:
    """Enter an asset that an enterprise offers; answer its id.

    ``owner`` is whoever the public register names, where that is not the enterprise itself.

    Raises:
        WrongPerson: the actor is no officer.
        Missing: there is no such enterprise.
    """
    need_role(actor, Role.OFFICER)
    enterprise = session.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise Missing
    ask = "Describe the asset so that it can be told from others."
    number_ask = "Enter the number under which a public register or your own list has it."
    named = owner.strip() or enterprise.name
    row = Asset(
        id=new_id(),
        enterprise_id=enterprise_id,
        kind=kind,
        owner=entered_text(named, field="owner", ask=ask, longest=LONGEST_NAME),
        description=entered_text(
            description, field="description", ask=ask, longest=LONGEST_DESCRIPTION
        ),
        register_number=entered_text(
            register_number, field="register_number", ask=number_ask, longest=LONGEST_NUMBER
        ),
        recorded_by=actor.user_id,
        recorded_at=moment.at,
    )
    session.add(row)
    session.flush()
    write_of_asset(session, actor, moment, row.id, "register_asset", note=row.description)
    return row.id


def value_asset(
    session: Session,
    actor: Actor,
    moment: Moment,
    asset_id: str,
    *,
    value_minor: int,
    valued_on: date,
    valued_by: str,
    basis: ValuationBasis,
    document: str,
) -> str:
    """Enter what an asset was worth on a day; it never changes, a newer one follows it.

    Answers the valuation's id.

    Raises:
        WrongPerson, Missing: the actor is no officer, or there is no such asset.
        WrongSecurityValue, WrongSecurityDay: a negative value, or a day in the future.
    """
    need_role(actor, Role.OFFICER)
    asset = seen_asset(session, actor, asset_id)
    if not 0 <= value_minor <= LARGEST_MINOR:
        most = as_text(LARGEST_MINOR, the_facility(session).currency)
        message = f"Enter a value from 0 to {most}."
        raise WrongSecurityValue(message, field="value")
    check_past(valued_on, moment, field="valued_on")
    who = "Enter who valued the asset."
    row = Valuation(
        id=new_id(),
        asset_id=asset.id,
        value_minor=value_minor,
        valued_on=valued_on,
        valued_by=entered_text(valued_by, field="valued_by", ask=who, longest=LONGEST_NAME),
        basis=basis,
        document=entered_document(document),
        recorded_by=actor.user_id,
        recorded_at=moment.at,
    )
    session.add(row)
    session.flush()
    write_of_asset(
        session,
        actor,
        moment,
        asset.id,
        "value_asset",
        note=row.valued_by,
        amount_minor=value_minor,
    )
    return row.id


def seen_asset(session: Session, actor: Actor, asset_id: str) -> Asset:
    """The asset.

    Raises:
        Missing: it does not exist for the actor.
    """
    asset = session.get(Asset, asset_id)
    if asset is None or not actor.may_see(asset.enterprise_id):
        raise Missing
    return asset


def check_past(on: date, moment: Moment, *, field: str) -> None:
    """Refuse a day that has not come."""
    if on > moment.on:
        message = f"Enter a day up to today, {shown_day(moment.on)}."
        raise WrongSecurityDay(message, field=field)


def check_amount_of_security(session: Session, amount_minor: int | None, *, field: str) -> None:
    """Refuse an amount that is not above zero, or larger than any single amount may be."""
    if amount_minor is not None and not 0 < amount_minor <= LARGEST_MINOR:
        most = as_text(LARGEST_MINOR, the_facility(session).currency)
        message = f"Enter an amount above zero, at most {most}."
        raise WrongSecurityValue(message, field=field)


def entered_document(document: str) -> str:
    """The name of the document that shows it."""
    ask = "Enter the document that shows it: its name or number, and its day."
    return entered_text(document, field="document", ask=ask, longest=LONGEST_NAME)


def write_of_asset(
    session: Session,
    actor: Actor,
    moment: Moment,
    asset_id: str,
    action: str,
    *,
    note: str,
    amount_minor: int | None = None,
) -> None:
    """Append an event about an asset."""
    record(
        session,
        actor,
        moment,
        subject=("asset", asset_id),
        action=action,
        facility_id=the_facility(session).facility_id,
        note=note,
        details={} if amount_minor is None else {"amount_minor": amount_minor},
    )
