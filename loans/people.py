"""People: users, the enterprises they act for, and who may see which case."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from loans.refusal import Missing, NotYours, WrongValue
from loans.storage.database import new_id
from loans.tables import AdviserAssignment, Enterprise, SignIn, User


class Role(StrEnum):
    """What a person is to the fund."""

    ENTERPRISE = "enterprise"
    ADVISER = "adviser"
    OFFICER = "officer"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.OFFICER, Role.MANAGER, Role.AUDITOR})
"""Roles that see every case of the facility."""


@dataclass(frozen=True)
class Actor:
    """The person who acts, and the enterprises whose cases they may touch (None: all of them)."""

    user_id: str
    name: str
    email: str
    role: Role
    enterprise_ids: frozenset[str] | None
    organisation: str

    def may_see(self, enterprise_id: str) -> bool:
        """Whether a case of this enterprise exists for the actor at all."""
        return self.enterprise_ids is None or enterprise_id in self.enterprise_ids


class WrongPerson(NotYours):
    """The act is for another role, or needs a second person."""


def need_role(actor: Actor, role: Role) -> None:
    """Refuse an act that belongs to another role."""
    if actor.role is not role:
        message = f"This is for the role {role.value}. Your role is {actor.role.value}."
        raise WrongPerson(message)


class EmailTaken(WrongValue):
    """A second account for the same address."""


class UnknownEmail(WrongValue):
    """No account has this address."""


def fold(text: str) -> str:
    """Lower case without accents, so that a search finds alike on every database."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip()


def add_enterprise(
    session: Session,
    *,
    name: str,
    registration_number: str,
    country: str,
    ownership: str,
    sector: str,
    at: datetime,
    is_invented: bool = False,
) -> str:
    """Enter an enterprise and answer its id."""
    row = Enterprise(
        id=new_id(),
        name=name,
        search_name=fold(f"{name} {registration_number}"),
        registration_number=registration_number,
        country=country,
        ownership=ownership,
        sector=sector,
        is_invented=is_invented,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str,
    at: datetime,
    enterprise_id: str | None = None,
) -> str:
    """Enter a user and answer the id; only the enterprise role belongs to an enterprise.

    Raises:
        EmailTaken: an account with this address exists.
        WrongValue: the enterprise role without an enterprise, or another role with one.
    """
    if (role is Role.ENTERPRISE) != (enterprise_id is not None):
        message = "Name the enterprise for the role enterprise, and for no other role."
        raise WrongValue(message, field="enterprise")
    row = User(
        id=new_id(),
        email=email.strip().lower(),
        name=name,
        role=role.value,
        enterprise_id=enterprise_id,
        password_hash=password_hash,
        is_active=True,
        created_at=at,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        message = "An account with this e-mail address exists already."
        raise EmailTaken(message, field="email") from error
    return row.id


def assign_adviser(session: Session, *, adviser_id: str, enterprise_id: str) -> None:
    """Let an adviser see and edit the cases of an enterprise."""
    session.add(AdviserAssignment(adviser_id=adviser_id, enterprise_id=enterprise_id))
    session.flush()


def set_active(session: Session, *, user_id: str, is_active: bool, at: datetime) -> None:
    """Open or close an account; closing ends its sessions at once."""
    user = session.get(User, user_id)
    if user is None:
        raise Missing
    user.is_active = is_active
    if not is_active:
        for row in session.scalars(
            select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        ):
            row.ended_at = at


_user = User.__table__.c
WHO = (_user.id, _user.name, _user.email, _user.role, _user.enterprise_id)
"""The columns of a user that make an actor."""


def actor_of(session: Session, user: Row[*tuple[Any, ...]]) -> Actor:
    """The actor for a row with the columns ``WHO``, and the enterprises whose cases they see.

    Whoever asks has seen that the account is open.
    """
    role = Role(user.role)
    organisation = "The fund"
    enterprise_ids: frozenset[str] | None = None if role in STAFF else frozenset()
    if role is Role.ENTERPRISE and user.enterprise_id is not None:
        enterprise = session.get_one(Enterprise, user.enterprise_id)
        organisation, enterprise_ids = enterprise.name, frozenset({enterprise.id})
    elif role is Role.ADVISER:
        organisation = "Cleaner-production centre"
        enterprise_ids = frozenset(
            session.scalars(
                select(AdviserAssignment.enterprise_id).where(
                    AdviserAssignment.adviser_id == user.id
                )
            )
        )
    return Actor(user.id, user.name, user.email, role, enterprise_ids, organisation)


def actor_by_email(session: Session, email: str) -> Actor:
    """The actor with this address.

    Raises:
        UnknownEmail: no active account has it.
    """
    is_theirs = (_user.email == email.strip().lower(), _user.is_active.is_(True))
    found = session.execute(select(*WHO).where(*is_theirs)).one_or_none()
    if found is None:
        message = "No active account has this e-mail address."
        raise UnknownEmail(message, field="email")
    return actor_of(session, found)


@dataclass(frozen=True)
class UserLine:
    """One user for the administrator's list."""

    user_id: str
    email: str
    name: str
    role: Role
    organisation: str
    is_active: bool


def users(session: Session) -> tuple[UserLine, ...]:
    """All users, by address."""
    rows = session.execute(
        select(User, Enterprise.name)
        .outerjoin(Enterprise, Enterprise.id == User.enterprise_id)
        .order_by(User.email)
    )
    return tuple(
        UserLine(u.id, u.email, u.name, Role(u.role), organisation or "The fund", u.is_active)
        for u, organisation in rows
    )
