"""Brings a case to any state by the use cases themselves, as people would, day by day.

    fund = open_fund(database)
    loan_id = disbursed_loan(fund)
    with fund.act(on=RECEIPT_DAY) as (session, moment):
        record_receipt(session, fund.officer, moment, loan_id, ...)

Every step has its own transaction. The golden case: 120,000 saves 60,000 a year, so at most
108,000 for at most 28 months; it is lent at 6 %, level, from 2 March 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from loans import (
    agreements,
    applications,
    approvals,
    disbursing,
    ledger,
    people,
    proposals,
    write_offs,
)
from loans import fund as capital
from loans import receipts as receipts_of
from loans.chart import CASH, LOANS
from loans.database import Database, new_id
from loans.decisions import Terms
from loans.draft import Draft
from loans.history import Moment
from loans.people import Actor, Role
from tests.drafts import golden_draft

PASSWORD = "quiet harbour lantern meadow"  # noqa: S105  # of people who exist in tests only
NO_PASSWORD = "no hash"  # noqa: S105  # nobody signs in with it
OPENED_ON = date(2026, 1, 5)
SENT_ON = date(2026, 1, 12)
APPROVED_ON = date(2026, 2, 2)
SIGNED_ON = date(2026, 2, 9)
PAY_OUT_ON = date(2026, 3, 2)
FIRST_DUE_ON = date(2026, 4, 2)
CAPITAL_MINOR = 100_000_000
GOLDEN_TERMS = Terms(
    amount_minor=10_800_000, maturity_months=28, annual_rate=Decimal("0.06"), method="level"
)


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
    database: Database, *, capital_minor: int = CAPITAL_MINOR, password_hash: str = NO_PASSWORD
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
            currency="EUR",
            profile_code="nefco-1998",
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
            capital.record_contribution(
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


def draft_proposal(fund: Fund, draft: Draft | None = None, *, on: date = SENT_ON) -> str:
    """A saved draft of the enterprise, complete unless ``draft`` is not; answers its id."""
    with fund.act(on) as (session, moment):
        proposal_id = proposals.start_proposal(session, fund.enterprise, moment)
        proposals.save_draft(session, fund.enterprise, moment, proposal_id, draft or golden_draft())
    return proposal_id


def submitted_application(fund: Fund, draft: Draft | None = None, *, on: date = SENT_ON) -> str:
    """A proposal sent to the fund; answers the application's id."""
    proposal_id = draft_proposal(fund, draft, on=on)
    with fund.act(on) as (session, moment):
        return proposals.submit_proposal(session, fund.enterprise, moment, proposal_id)


def complete_application(fund: Fund, draft: Draft | None = None) -> str:
    """An application that the officer confirmed complete."""
    application_id = submitted_application(fund, draft)
    with fund.act(SENT_ON) as (session, moment):
        applications.confirm_complete(session, fund.officer, moment, application_id)
    return application_id


def appraised_application(fund: Fund, draft: Draft | None = None) -> str:
    """An application whose appraisal the officer confirmed."""
    application_id = complete_application(fund, draft)
    with fund.act(SENT_ON) as (session, moment):
        applications.confirm_appraisal(session, fund.officer, moment, application_id)
    return application_id


def recommended_application(
    fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS
) -> str:
    """An application recommended by the officer."""
    application_id = appraised_application(fund, draft)
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.recommend(
            session, fund.officer, moment, application_id, terms=terms, reason="Sound and short"
        )
    return application_id


def approved_application(
    fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS
) -> str:
    """An application approved by the manager, with the money reserved."""
    application_id = recommended_application(fund, draft, terms=terms)
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.approve(session, fund.manager, moment, application_id, reason="Agreed")
    return application_id


def signed_loan(fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS) -> str:
    """A signed contract with its first schedule; answers the loan's id."""
    application_id = approved_application(fund, draft, terms=terms)
    with fund.act(SIGNED_ON) as (session, moment):
        return agreements.sign(
            session,
            fund.officer,
            moment,
            application_id,
            signed_on=SIGNED_ON,
            first_pay_out_on=PAY_OUT_ON,
            first_due_on=FIRST_DUE_ON,
        )


def prepare_pay_out(
    fund: Fund, loan_id: str, *, amount_minor: int, pay_on: date = PAY_OUT_ON
) -> str:
    """A pay-out that the officer prepared on its day; answers its id."""
    with fund.act(pay_on) as (session, moment):
        return disbursing.prepare_disbursement(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=amount_minor,
            pay_on=pay_on,
            purpose="Invoice 17 of Baltic Filters",
        )


def pay_out(fund: Fund, loan_id: str, *, amount_minor: int, pay_on: date = PAY_OUT_ON) -> str:
    """A pay-out prepared and released on its day; answers the entry's id."""
    disbursement_id = prepare_pay_out(fund, loan_id, amount_minor=amount_minor, pay_on=pay_on)
    with fund.act(pay_on) as (session, moment):
        return disbursing.release_disbursement(
            session, fund.manager, moment, disbursement_id, key=new_id()
        )


def disbursed_loan(fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS) -> str:
    """A loan paid out in full on the planned day."""
    loan_id = signed_loan(fund, draft, terms=terms)
    pay_out(fund, loan_id, amount_minor=terms.amount_minor)
    return loan_id


def receive(
    fund: Fund, loan_id: str, amount_minor: int, *, on: date, entered_on: date | None = None
) -> receipts_of.Allocated:
    """A receipt of a day, entered on that day unless said otherwise."""
    with fund.act(entered_on or on) as (session, moment):
        return receipts_of.record_receipt(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=amount_minor,
            received_on=on,
            bank_reference="Statement line 4",
            key=new_id(),
        )


def repay_instalments(fund: Fund, loan_id: str, count: int) -> None:
    """Pay the next ``count`` instalments, each in full on its due day."""
    for _ in range(count):
        with fund.database.reading() as session:
            states = receipts_of.instalment_states(session, loan_id)
        due = next(state for state in states if state.total_minor)
        receive(fund, loan_id, due.total_minor, on=due.due_on)


def repaid_loan(fund: Fund) -> str:
    """A loan repaid to the last cent, on time."""
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, GOLDEN_TERMS.maturity_months)
    return loan_id


def written_off_loan(fund: Fund, *, on: date = FIRST_DUE_ON + timedelta(days=200)) -> str:
    """A loan given up after one instalment; requested by the officer, confirmed by the manager."""
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 1)
    with fund.act(on) as (session, moment):
        write_offs.request_write_off(
            session, fund.officer, moment, loan_id, reason="The plant stands still"
        )
    with fund.act(on) as (session, moment):
        write_offs.confirm_write_off(session, fund.manager, moment, loan_id, key=new_id())
    return loan_id
