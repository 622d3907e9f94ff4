"""A facility with open books for the tests of the ledger, and short ways to write in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.tables import FacilityRow, journal_number
from loans.chart import CASH, LOANS, contribution_account, opening_chart
from loans.ledger_legs import Leg, credit, debit
from loans.storage.database import Database, new_id

DONOR = "3001"
ACTOR = new_id()
MORNING = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Books:
    """The books of one facility in an open database."""

    database: Database
    facility_id: str

    def post(self, session: Session, legs: tuple[Leg, ...], **changes: Any) -> str:
        """Post with values that do not matter to the test."""
        values: dict[str, Any] = {
            "facility_id": self.facility_id,
            "event": "test",
            "effective_on": MORNING.date(),
            "booked_at": MORNING,
            "actor_id": ACTOR,
            "key": new_id(),
            "legs": legs,
        }
        return ledger.post(session, **(values | changes))

    def pay_in(self, amount_minor: int, **changes: Any) -> str:
        """A contribution in a transaction of its own."""
        with self.database.writing() as session:
            return self.post(
                session, (debit(CASH, amount_minor), credit(DONOR, amount_minor)), **changes
            )

    def pay_out(self, amount_minor: int, **changes: Any) -> str:
        """A disbursement in a transaction of its own."""
        with self.database.writing() as session:
            return self.post(
                session, (debit(LOANS, amount_minor), credit(CASH, amount_minor)), **changes
            )

    def reserve(self, amount_minor: int, **changes: Any) -> str:
        """A reserve on the cash account in a transaction of its own."""
        values: dict[str, Any] = {
            "facility_id": self.facility_id,
            "account": CASH,
            "amount_minor": amount_minor,
            "reserved_on": MORNING.date(),
            "reserved_at": MORNING,
            "actor_id": ACTOR,
            "key": new_id(),
        }
        with self.database.writing() as session:
            return ledger.reserve(session, **(values | changes))

    def release(self, hold_id: str, amount_minor: int | None = None) -> int:
        """Give back a reserve in a transaction of its own."""
        with self.database.writing() as session:
            return ledger.release_hold(
                session,
                facility_id=self.facility_id,
                hold_id=hold_id,
                amount_minor=amount_minor,
                released_on=MORNING.date(),
                released_at=MORNING,
                actor_id=ACTOR,
            )

    def close(self, month: str) -> None:
        """Close a month long after it ended."""
        with self.database.writing() as session:
            ledger.close_period(
                session,
                facility_id=self.facility_id,
                month=month,
                actor_id=ACTOR,
                closed_at=datetime(2030, 1, 1, tzinfo=UTC),
            )

    def reverse(self, entry_id: str, **changes: Any) -> str:
        """Reverse an entry in a transaction of its own."""
        values: dict[str, Any] = {
            "facility_id": self.facility_id,
            "entry_id": entry_id,
            "effective_on": MORNING.date(),
            "booked_at": MORNING,
            "actor_id": ACTOR,
            "key": new_id(),
        }
        with self.database.writing() as session:
            return ledger.reverse(session, **(values | changes))

    def balances(self, as_of: date | None = None, known_on: date | None = None) -> dict[str, int]:
        """Balances that are not zero, by account code."""
        with self.database.reading() as session:
            rows = ledger.trial_balance(
                session, facility_id=self.facility_id, as_of=as_of, known_on=known_on
            )
        return {row.code: row.balance_minor for row in rows if row.balance_minor}

    def numbers(self) -> list[int]:
        """The numbers of the journal, in the order in which entries got them."""
        with self.database.reading() as session:
            rows = session.execute(
                select(journal_number.c.number).where(
                    journal_number.c.facility_id == self.facility_id
                )
            )
            return sorted(rows.scalars())

    def available(self) -> int:
        """What of the cash can still be paid or reserved."""
        with self.database.reading() as session:
            return ledger.available(session, facility_id=self.facility_id, account=CASH)


def open_books(database: Database, code: str = "test") -> Books:
    """Enter a facility with the opening chart and one donor."""
    facility_id = new_id()
    with database.writing() as session:
        session.add(
            FacilityRow(
                id=facility_id,
                code=code,
                name="Test facility",
                currency="EUR",
                profile_code="nefco-1998",
                is_demonstration=False,
                created_at=MORNING,
            )
        )
        session.flush()
        for account in (*opening_chart(), contribution_account(1, "Donor")):
            ledger.open_account(session, facility_id=facility_id, account=account, currency="EUR")
    return Books(database, facility_id)
