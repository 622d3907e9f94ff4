"""The signature: an approved application becomes a loan with its first schedule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from loans.accrual import BalanceChange
from loans.assessment import assess_stored
from loans.case_status import CaseStatus, LoanStatus, check_act
from loans.database import new_id
from loans.day_count import day_count_named, due_dates, month_after
from loans.decisions import Terms, latest_decision, locked, terms_of
from loans.history import Moment, next_reference, record
from loans.people import Actor
from loans.refusal import WrongValue
from loans.schedule import Method, Schedule, build_schedule
from loans.tables import Application, Approval, InstalmentRow, Loan, ScheduleVersion

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
    month of the pay-out, so that the last is due inside the maturity; while the measures are being
    implemented they carry interest only.

    Raises:
        WrongDates: the signature lies in the future or before the approval, the pay-out before
            the signature, or the first due day before the pay-out or too long after it.
    """
    row = locked(session, actor, application_id)
    after = check_act("sign", CaseStatus(row.status), actor)
    approval = latest_decision(session, row.id, "approve")
    if approval is None:
        message = "There is no approval to sign under."
        raise WrongDates(message)
    _check_dates(moment, approval.decided_on, signed_on, first_pay_out_on, first_due_on)
    loan = _new_loan(session, row, terms_of(approval))
    loan.signed_on = signed_on
    loan.first_pay_out_on, loan.first_due_on = first_pay_out_on, first_due_on
    loan.reference = next_reference(session, row.facility_id, "L", signed_on.year)
    session.add(loan)
    before = row.status
    row.status, row.status_since_on = after, signed_on
    session.flush()
    signed = Moment(signed_on, moment.at)
    planned = ((first_pay_out_on, loan.principal_minor),)
    add_schedule(session, actor, signed, loan, planned, reason="Signed contract")
    record(
        session,
        actor,
        signed,
        subject=("application", row.id),
        action="sign",
        facility_id=row.facility_id,
        statuses=(before, after),
        details={"loan": loan.reference},
    )
    return loan.id


def _new_loan(session: Session, row: Application, terms: Terms) -> Loan:
    """The contract on the approved terms, but for its days and its reference."""
    assessment = assess_stored(row)
    implementation_months = assessment.appraisal.project.implementation_months
    return Loan(
        id=new_id(),
        facility_id=row.facility_id,
        application_id=row.id,
        enterprise_id=row.enterprise_id,
        status=LoanStatus.SIGNED,
        principal_minor=terms.amount_minor,
        annual_rate=str(terms.annual_rate),
        maturity_months=terms.maturity_months,
        method=terms.method,
        day_count=assessment.profile.terms.day_count.required.value,
        grace_instalments=min(implementation_months, terms.maturity_months - 1),
        profile_code=row.profile_code,
        profile_version=row.profile_version,
        hold_id=session.get_one(Approval, row.id).hold_id,
    )


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
    if not pay_out_on < due_on <= month_after(pay_out_on, 1):
        message = "Enter a first due day after the first pay-out, at most a month later."
        raise WrongDates(message, field="first_due_on")


def contract_due_dates(loan: Loan, first_paid_on: date) -> tuple[date, ...]:
    """The due dates of a loan whose first pay-out is on ``first_paid_on``.

    Paid out on another day than the contract planned, the first instalment is due on the first
    due day of the month that the contract names after the pay-out: the maturity counts from it.
    """
    planned = due_dates(loan.first_due_on, loan.maturity_months, start=loan.first_pay_out_on)
    if first_paid_on == loan.first_pay_out_on:
        return planned
    due_day = max(day.day for day in planned[:2])
    same_month = month_after(first_paid_on, 0, due_day=due_day)
    skipped = 0 if same_month > first_paid_on else 1
    return tuple(
        month_after(first_paid_on, skipped + number, due_day=due_day)
        for number in range(loan.maturity_months)
    )


def schedule_of(loan: Loan, disbursements: tuple[tuple[date, int], ...]) -> Schedule:
    """The schedule of a loan's terms for the given pay-outs (day, minor units), oldest first.

    Raises:
        WrongValue: a pay-out comes when principal is due already.
    """
    return build_schedule(
        disbursements=[BalanceChange(on, amount_minor) for on, amount_minor in disbursements],
        annual_rate=Decimal(loan.annual_rate),
        day_count=day_count_named(loan.day_count),
        method=Method(loan.method),
        due_on=contract_due_dates(loan, disbursements[0][0]),
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
    """Make the schedule for these pay-outs the active version; earlier ones stay to be read.

    The version is in force from the day of ``moment``.
    """
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
