"""One after the other matches lines of an account at a bank."""

from __future__ import annotations

from sqlalchemy.orm import Session

from loans.storage.turns import named_turn


def take_turn(session: Session, facility_id: str, account_code: str) -> None:
    """Let nobody else match on the account until the end: two lines could take one entry whole.

    It is taken before any row is locked and before anything is posted, see ``named_turn``.
    """
    named_turn(session, f"bank match {facility_id} {account_code}")
