"""The signature: an approved application becomes a loan with its first schedule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from appraisal.money import to_minor
from loans import profile as profiles
from loans.assessment import assess_stored
from loans.case_status import CaseStatus, LoanStatus, check_act
from loans.conditions.opening import open_conditions
from loans.database import new_id
from loans.day_count import day_count_named, due_dates, month_after
from loans.decisions import Terms, latest_decision, locked, terms_of
from loans.fund import the_facility
from loans.history import Moment, next_reference, record
from loans.loan_plans import SIGNED, add_version
from loans.loan_record import contract_document
from loans.people import Actor
from loans.refusal import WrongValue
from loans.schedule import Method
from loans.servicing_tables import ContractVersion
from loans.subledger.contract import Contract
from loans.subledger.replay import replay
from loans.tables import Application, Approval, Loan

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
    terms = profiles.load(loan.profile_code).terms
    contract = _contract(loan, terms, the_facility(session).currency)
    _keep(session, actor, signed, loan, contract)
    open_conditions(session, actor, signed, loan)
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


def _contract(loan: Loan, terms: profiles.Terms, currency: str) -> Contract:
    """Everything that decides what the loan will owe, frozen at the signature."""
    return Contract(
        principal_minor=loan.principal_minor,
        annual_rate=Decimal(loan.annual_rate),
        day_count=day_count_named(loan.day_count),
        method=Method(loan.method),
        planned_pay_out_on=loan.first_pay_out_on,
        due_on=due_dates(loan.first_due_on, loan.maturity_months, start=loan.first_pay_out_on),
        allocation_order=terms.allocation_order.required,
        recovery_order=terms.recovery_order.required,
        grace_instalments=loan.grace_instalments,
        grace_interest=terms.grace_interest.required,
        late_interest_margin=terms.late_interest_margin.value or Decimal(0),
        tolerance_minor=to_minor(terms.arrears_tolerance.required, currency),
        non_accrual_after_days=terms.non_accrual_days.required,
        business_days_of=terms.business_day_country.value,
    )


def _keep(session: Session, actor: Actor, signed: Moment, loan: Loan, contract: Contract) -> None:
    """The first version of the contract, and the schedule that it plans."""
    session.add(
        ContractVersion(
            id=new_id(),
            loan_id=loan.id,
            version=1,
            terms=contract_document(contract),
            reason=SIGNED,
            made_by=actor.user_id,
            made_on=signed.on,
            made_at=signed.at,
        )
    )
    planned = replay(contract, (), until=loan.signed_on).schedule
    add_version(session, actor, signed.at, loan, planned, reason=SIGNED)
