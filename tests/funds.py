"""An open facility with its people and two enterprises, for the tests to act in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from loans import fund as capital
from loans import own_money, people
from loans import profile as profiles
from loans.books import ledger
from loans.chart import CASH, LOANS
from loans.history import Moment
from loans.people import Actor, Role
from loans.storage.database import Database
from loans.versions.profile_draft_views import open_draft

PASSWORD = "quiet harbour lantern meadow"  # noqa: S105  # of people who exist in tests only
NO_PASSWORD = "no hash"  # noqa: S105  # nobody signs in with it
OPENED_ON = date(2026, 1, 5)
CAPITAL_MINOR = 100_000_000


def at(on: date, hour: int = 9) -> Moment:
    """A day with an instant in it."""
    return Moment(on, datetime.combine(on, time(hour), tzinfo=UTC))


@dataclass(frozen=True)
class Fund:
    """An open facility with a person of each role, and two enterprises that do not share."""

    database: Database
    facility_id: str
    enterprise_id: str
    other_enterprise_id: str
    enterprise: Actor
    other_enterprise: Actor
    adviser: Actor
    officer: Actor
    second_officer: Actor
    manager: Actor
    second_manager: Actor
    auditor: Actor
    administrator: Actor

    @contextmanager
    def act(self, on: date) -> Iterator[tuple[Session, Moment]]:
        """A transaction of its own on a day."""
        with self.database.writing() as session:
            yield session, at(on)

    def balance(self, account: str = CASH, *, as_of: date | None = None) -> int:
        """The balance of an account, debit positive."""
        with self.database.reading() as session:
            return ledger.balance(
                session, facility_id=self.facility_id, account=account, as_of=as_of
            )

    def available(self) -> int:
        """Cash less what is reserved."""
        with self.database.reading() as session:
            return ledger.available(session, facility_id=self.facility_id, account=CASH)

    def outstanding(self, loan_id: str) -> int:
        """Principal of a loan outstanding, from the books."""
        with self.database.reading() as session:
            return ledger.loan_balance(
                session, facility_id=self.facility_id, account=LOANS, loan_id=loan_id
            )

    def trial_balance(self) -> dict[str, int]:
        """Balances that are not zero, by account code."""
        with self.database.reading() as session:
            rows = ledger.trial_balance(session, facility_id=self.facility_id)
        return {row.code: row.balance_minor for row in rows if row.balance_minor}


def open_fund(
    database: Database,
    *,
    capital_minor: int = CAPITAL_MINOR,
    password_hash: str = NO_PASSWORD,
    profile_code: str = "nefco-1998",
) -> Fund:
    """A facility with capital, people and enterprises. The addresses are role@example.org.

    ``password_hash`` is everybody's; make it once a session, since it is slow to make.
    """
    moment = at(OPENED_ON)
    with database.writing() as session:
        facility_id = capital.open_facility(
            session,
            moment,
            code="test",
            name="Test Facility for Cleaner Production",
            currency=profiles.load(profile_code).currency,
            profile_code=profile_code,
        )
        mill = add_enterprise(session, "UAB Pavyzdys Žalias", "LT-100200")
        dyer = add_enterprise(session, "OAO Severnaya Tkan", "RU-300400")
        actors = {
            name: add_actor(session, name, role, password_hash, enterprise_id)
            for name, role, enterprise_id in (
                ("enterprise", Role.ENTERPRISE, mill),
                ("other-enterprise", Role.ENTERPRISE, dyer),
                ("adviser", Role.ADVISER, None),
                ("officer", Role.OFFICER, None),
                ("second-officer", Role.OFFICER, None),
                ("manager", Role.MANAGER, None),
                ("second-manager", Role.MANAGER, None),
                ("auditor", Role.AUDITOR, None),
                ("administrator", Role.ADMINISTRATOR, None),
            )
        }
        people.assign_adviser(session, adviser_id=actors["adviser"].user_id, enterprise_id=mill)
        actors["adviser"] = people.actor_by_email(session, "adviser@example.org")
        if capital_minor:
            own_money.record_contribution(
                session,
                actors["manager"],
                moment,
                source="Donor One",
                amount_minor=capital_minor,
                paid_on=OPENED_ON,
                key="capital",
            )
    named = {name.replace("-", "_"): actor for name, actor in actors.items()}
    return Fund(database, facility_id, mill, dyer, **named)


def add_enterprise(session: Session, name: str, registration_number: str) -> str:
    """An enterprise of Lithuania in private hands."""
    return people.add_enterprise(
        session,
        name=name,
        registration_number=registration_number,
        country="LT",
        ownership="local_private",
        sector="Paper and board",
        at=at(OPENED_ON).at,
    )


def add_actor(
    session: Session, name: str, role: Role, password_hash: str, enterprise_id: str | None = None
) -> Actor:
    """A person called after their account."""
    email = f"{name}@example.org"
    people.add_user(
        session,
        email=email,
        name=f"{name.replace('-', ' ').title()} Person",
        role=role,
        password_hash=password_hash,
        at=at(OPENED_ON).at,
        enterprise_id=enterprise_id,
    )
    return people.actor_by_email(session, email)


def draft_as_read(session: Session) -> str:
    """The hash of the open draft of the terms, as who reads it now has it; nothing where none is.

    It is what another manager publishes it by.
    """
    draft = open_draft(session, capital.the_facility(session))
    return "" if draft is None else draft.content_hash
