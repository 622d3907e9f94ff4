"""The signature: an approved application becomes a loan with its first schedule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from loans import profile as profiles
from loans.accrual import BalanceChange
from loans.case_status import CaseStatus, LoanStatus, check_act
from loans.database import new_id
from loans.day_count import day_count_named, due_dates
from loans.decisions import latest_decision, locked, terms_of
from loans.history import Moment, next_reference, record
from loans.people import Actor
from loans.refusal import WrongValue
from loans.schedule import Method, Schedule, build_schedule
from loans.tables import Approval, InstalmentRow, Loan, ScheduleVersion

LONGEST_WAIT_DAYS = 365


class WrongDates(WrongValue):
    """The days of the contract contradict each other."""


def sign(
    session: Session,
    actor: Actor,
    moment: Moment,
    application_id: str,
    *,
    signed_on: date,
    first_pay_out_on: date,
    first_due_on: date,
) -> str:
    """Record the signed contract on the approved terms; answer the loan's id.

    Instalments are monthly, as many as the maturity has months, the first of them due within a
    month and a half of the pay-out; while the measures are being implemented they carry interest
    only.

    Raises:
        WrongDates: the signature lies in the future or before the approval, the pay-out before
            the signature, or the first due day before the pay-out.
    """
    row = locked(session, actor, application_id)
    after = check_act("sign", CaseStatus(row.status), actor)
    approval = latest_decision(session, row.id, "approve")
    if approval is None:
        message = "There is no approval to sign under."
        raise WrongDates(message)
    _check_dates(moment, approval.decided_on, signed_on, first_pay_out_on, first_due_on)
    terms, profile = terms_of(approval), profiles.load(row.profile_code)
    implementation = max((m["implementation_months"] for m in row.figures["measures"]), default=0)
    loan = Loan(
        id=new_id(),
        facility_id=row.facility_id,
        application_id=row.id,
        enterprise_id=row.enterprise_id,
        reference=next_reference(session, row.facility_id, "L", signed_on.year),
        status=LoanStatus.SIGNED,
        principal_minor=terms.amount_minor,
        annual_rate=str(terms.annual_rate),
        maturity_months=terms.maturity_months,
        method=terms.method,
        day_count=profile.terms.day_count.required.value,
        grace_instalments=min(implementation, terms.maturity_months - 1),
        signed_on=signed_on,
        first_pay_out_on=first_pay_out_on,
        first_due_on=first_due_on,
        profile_code=row.profile_code,
        profile_version=row.profile_version,
        hold_id=session.get_one(Approval, row.id).hold_id,
    )
    session.add(loan)
    before = row.status
    row.status, row.status_since_on = after, signed_on
    session.flush()
    planned = ((first_pay_out_on, terms.amount_minor),)
    add_schedule(session, actor, moment, loan, planned, reason="Signed contract")
    record(
        session,
        actor,
        Moment(signed_on, moment.at),
        subject=("application", row.id),
        action="sign",
        facility_id=row.facility_id,
        statuses=(before, after),
        details={"loan": loan.reference},
    )
    return loan.id


def _check_dates(
    moment: Moment, approved_on: date, signed_on: date, pay_out_on: date, due_on: date
) -> None:
    if not approved_on <= signed_on <= moment.on:
        message = (
            f"Enter a day of signature from the approval, {approved_on.isoformat()}, "
            f"to today, {moment.on.isoformat()}."
        )
        raise WrongDates(message, field="signed_on")
    if not 0 <= (pay_out_on - signed_on).days <= LONGEST_WAIT_DAYS:
        message = "Enter a first pay-out on or after the signature, within a year."
        raise WrongDates(message, field="first_pay_out_on")
    if not 1 <= (due_on - pay_out_on).days <= 45:
        message = "Enter a first due day 1 to 45 days after the first pay-out."
        raise WrongDates(message, field="first_due_on")


def schedule_of(loan: Loan, disbursements: tuple[tuple[date, int], ...]) -> Schedule:
    """The schedule of a loan's terms for the given pay-outs (day, minor units)."""
    return build_schedule(
        disbursements=[BalanceChange(on, amount_minor) for on, amount_minor in disbursements],
        annual_rate=Decimal(loan.annual_rate),
        day_count=day_count_named(loan.day_count),
        method=Method(loan.method),
        due_on=due_dates(loan.first_due_on, loan.maturity_months, start=loan.first_pay_out_on),
        grace_instalments=loan.grace_instalments,
    )


def add_schedule(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    disbursements: tuple[tuple[date, int], ...],
    *,
    reason: str,
) -> str:
    """Make the schedule for these pay-outs the active version; earlier ones stay to be read."""
    versions = session.scalars(
        select(ScheduleVersion.version).where(ScheduleVersion.loan_id == loan.id)
    ).all()
    session.execute(
        update(ScheduleVersion)
        .where(ScheduleVersion.loan_id == loan.id, ScheduleVersion.is_active)
        .values(is_active=False)
    )
    version = ScheduleVersion(
        id=new_id(),
        loan_id=loan.id,
        version=max(versions, default=0) + 1,
        is_active=True,
        reason=reason,
        made_by=actor.user_id,
        made_on=moment.on,
        made_at=moment.at,
    )
    session.add(version)
    session.flush()
    session.add_all(
        InstalmentRow(
            schedule_id=version.id,
            number=row.number,
            due_on=row.due_on,
            principal_minor=row.principal_minor,
            interest_minor=row.interest_minor,
        )
        for row in schedule_of(loan, disbursements).instalments
    )
    session.flush()
    return version.id
