"""Accounts of people, as the administrator keeps them: opened, closed, and for whom they act."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import people
from loans.entered_text import entered_text
from loans.history import Moment, record
from loans.people import Actor, Role, UserLine, need_role
from loans.refusal import Missing, OutOfStep, WrongValue
from loans.tables import AdviserAssignment, Enterprise, User

LONGEST_NAME = 120


class OwnAccount(OutOfStep):
    """An administrator who closed their own account could not open it again."""


class UnknownEnterprise(WrongValue):
    """The enterprise chosen is not in the register."""


@dataclass(frozen=True)
class NewEnterprise:
    """An enterprise that enters the register together with its first user."""

    name: str
    registration_number: str
    country: str
    ownership: str
    sector: str


@dataclass(frozen=True)
class Account:
    """A user, and for an adviser the enterprises whose cases they see."""

    user: UserLine
    assigned: tuple[str, ...]


def open_account(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str,
    enterprise: str | NewEnterprise | None = None,
    assigned: tuple[str, ...] = (),
) -> str:
    """Enter a person and answer the user's id.

    ``enterprise`` is the id of the one that the person acts for, or a new one; ``assigned`` are
    the ids of the enterprises of an adviser.

    Raises:
        WrongPerson: the actor is no administrator.
        EmailTaken: an account with this address exists.
        UnknownEnterprise: an enterprise is not in the register.
        WrongValue: the enterprise role without an enterprise, or another role with one.
    """
    need_role(actor, Role.ADMINISTRATOR)
    named = entered_text(
        name, field="name", ask="Enter the name of the person.", longest=LONGEST_NAME
    )
    user_id = people.add_user(
        session,
        email=email,
        name=named,
        role=role,
        password_hash=password_hash,
        at=moment.at,
        enterprise_id=_enterprise_id(session, moment, enterprise),
    )
    for enterprise_id in assigned if role is Role.ADVISER else ():
        _check_known(session, enterprise_id, "assigned")
        people.assign_adviser(session, adviser_id=user_id, enterprise_id=enterprise_id)
    record(session, actor, moment, subject=("user", user_id), action="open_account")
    return user_id


def set_account(
    session: Session, actor: Actor, moment: Moment, user_id: str, *, is_active: bool
) -> None:
    """Open an account again, or close it, which ends its sessions at once.

    Raises:
        WrongPerson: the actor is no administrator.
        OwnAccount: the administrator would close their own account.
        Missing: there is no such user.
    """
    need_role(actor, Role.ADMINISTRATOR)
    if user_id == actor.user_id and not is_active:
        message = "This is your own account. Another administrator has to close it."
        raise OwnAccount(message)
    if not user_id.isprintable():
        raise Missing
    people.set_active(session, user_id=user_id, is_active=is_active, at=moment.at)
    action = "open_account" if is_active else "close_account"
    record(session, actor, moment, subject=("user", user_id), action=action)


def accounts(session: Session) -> tuple[Account, ...]:
    """All accounts, by address."""
    rows = session.execute(
        select(AdviserAssignment.adviser_id, Enterprise.name)
        .join(Enterprise, Enterprise.id == AdviserAssignment.enterprise_id)
        .join(User, User.id == AdviserAssignment.adviser_id)
        .order_by(Enterprise.search_name)
    )
    assigned: dict[str, list[str]] = defaultdict(list)
    for adviser_id, name in rows:
        assigned[adviser_id].append(name)
    return tuple(
        Account(user, tuple(assigned.get(user.user_id, ()))) for user in people.users(session)
    )


def register(session: Session) -> tuple[tuple[str, str], ...]:
    """Id and name of every enterprise, by name."""
    rows = session.execute(
        select(Enterprise.id, Enterprise.name).order_by(Enterprise.search_name, Enterprise.id)
    )
    return tuple((row.id, row.name) for row in rows)


def _enterprise_id(
    session: Session, moment: Moment, enterprise: str | NewEnterprise | None
) -> str | None:
    if isinstance(enterprise, NewEnterprise):
        return people.add_enterprise(
            session,
            name=enterprise.name,
            registration_number=enterprise.registration_number,
            country=enterprise.country,
            ownership=enterprise.ownership,
            sector=enterprise.sector,
            at=moment.at,
        )
    if enterprise is not None:
        _check_known(session, enterprise, "enterprise")
    return enterprise


def _check_known(session: Session, enterprise_id: str, field: str) -> None:
    if session.get(Enterprise, enterprise_id) is None:
        message = "Choose an enterprise from the list."
        raise UnknownEnterprise(message, field=field)
