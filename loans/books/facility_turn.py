"""Taking turns over what a whole facility has once: its imports, signed months, drafted terms."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books.tables import FacilityRow


def take_facility(session: Session, facility_id: str) -> None:
    """Hold the facility until the end of the transaction; who else takes it waits.

    So does the commit of every entry, for its number (``migrations.numbering``), and whoever takes
    it books nothing. Rows that refer to the facility are entered meanwhile: an entry with its
    history holds cash by then, and would be waited for in turn.
    """
    held = select(FacilityRow.id).where(FacilityRow.id == facility_id)
    session.execute(held.with_for_update(key_share=True))
