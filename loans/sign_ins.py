"""Signing in: sessions by their secret token, and guesses of a password."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from loans.people import WHO, Actor, actor_of
from loans.storage.database import new_id
from loans.tables import SignIn, SignInAttempt, User

IDLE_LIMIT = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
TOUCH_AFTER = timedelta(minutes=1)
GUESSES_PER_WINDOW = 8
GUESS_WINDOW = timedelta(minutes=1)
# Built once, and of the tables: every request asks, and no row is kept for the session.
_user, _sign_in = User.__table__, SignIn.__table__
_OPEN = (
    select(*WHO, _sign_in.c.started_at, _sign_in.c.last_seen_at)
    .join_from(_user, _sign_in, _sign_in.c.user_id == _user.c.id)
    .where(
        _sign_in.c.token_hash == bindparam("token_hash"),
        _sign_in.c.ended_at.is_(None),
        _user.c.is_active.is_(True),
    )
)


@dataclass(frozen=True)
class OpenSession:
    """Whose session it is, and whether its use should be noted again."""

    actor: Actor
    needs_touch: bool


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def stored_password(session: Session, email: str) -> tuple[str, str] | None:
    """User id and password hash of an active account, or None."""
    row = session.execute(
        select(User.id, User.password_hash).where(
            User.email == email.strip().lower(), User.is_active.is_(True)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def guesses_are_spent(session: Session, *, email: str, address: str, at: datetime) -> bool:
    """Whether this address has tried this account too often in the last minute."""
    recent = session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(
            SignInAttempt.account_hash == _hash(f"{email.strip().lower()} {address}"),
            SignInAttempt.at > at - GUESS_WINDOW,
        )
    )
    return (recent or 0) >= GUESSES_PER_WINDOW


def note_wrong_guess(session: Session, *, email: str, address: str, at: datetime) -> None:
    """Remember one wrong password for this account from this address."""
    account_hash = _hash(f"{email.strip().lower()} {address}")
    session.add(SignInAttempt(id=new_id(), account_hash=account_hash, at=at))


def open_session(session: Session, *, user_id: str, at: datetime) -> str:
    """Start a session and answer its secret token, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=_hash(token), user_id=user_id, started_at=at, last_seen_at=at))
    return token


def close_session(session: Session, *, token: str, at: datetime) -> None:
    """End the session of this token."""
    row = session.get(SignIn, _hash(token))
    if row is not None and row.ended_at is None:
        row.ended_at = at


def find_session(session: Session, *, token: str, at: datetime) -> OpenSession | None:
    """Who a token belongs to, unless it ended, idled 30 minutes or is 12 hours old."""
    found = session.execute(_OPEN, {"token_hash": _hash(token)}).one_or_none()
    if found is None:
        return None
    rested = at - found.last_seen_at
    if rested > IDLE_LIMIT or at - found.started_at > LONGEST_SESSION:
        return None
    return OpenSession(actor_of(session, found), needs_touch=rested > TOUCH_AFTER)


def touch_session(session: Session, *, token: str, at: datetime) -> None:
    """Note that the session is in use, so that it does not idle out."""
    row = session.get(SignIn, _hash(token))
    if row is not None and row.ended_at is None:
        row.last_seen_at = at
