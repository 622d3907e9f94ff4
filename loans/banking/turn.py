"""The turn to match on an account at a bank: what one reads of it stays so until the end."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, facility_id: str, account_code: str) -> None:
    """Let nobody else match on the account until the end: two lines could take one entry whole.

    It is taken before any row is locked and before anything is posted. Once held, it may be taken
    again. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        name = f"bank match {facility_id} {account_code}"
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
