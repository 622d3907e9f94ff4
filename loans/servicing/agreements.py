"""The signature: an approved application becomes a loan with its first schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from loans.cases.assessment import assess_stored
from loans.cases.case_status import CaseStatus, LoanStatus, check_act
from loans.cases.contract_making import ContractDays, contract_of
from loans.cases.decisions import Terms, latest_decision, locked, terms_of
from loans.conditions.opening import open_conditions
from loans.day_words import shown_day
from loans.history import Moment, next_reference, record
from loans.lending.loan_plans import keep_contract
from loans.people import Actor
from loans.refusal import WrongValue
from loans.storage.database import new_id
from loans.subledger.contract import Contract
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
    first_due_on: date | None = None,
    due_on: Sequence[date] = (),
) -> str:
    """Record the signed contract on the approved terms; answer the loan's id.

    Instalments follow the approved frequency from the first due day, or fall on the days that the
    contract lists (``due_on``); the last is due inside the maturity.

    Raises:
        WrongDates: the signature lies in the future or before the approval, or the pay-out before
            the signature.
        WrongDueDays: the due days contradict each other, the pay-out or the approved terms.
    """
    row = locked(session, actor, application_id)
    after = check_act("sign", CaseStatus(row.status), actor)
    approval = latest_decision(session, row.id, "approve")
    if approval is None:
        message = "There is no approval to sign under."
        raise WrongDates(message)
    _check_dates(moment, approval.decided_on, signed_on, first_pay_out_on)
    terms = terms_of(approval)
    days = ContractDays(first_pay_out_on, first_due_on, tuple(due_on))
    contract = contract_of(assess_stored(session, row), terms, days).contract
    loan = _new_loan(session, row, terms, contract)
    loan.signed_on = signed_on
    loan.reference = next_reference(session, row.facility_id, "L", signed_on.year)
    session.add(loan)
    before = row.status
    row.status, row.status_since_on = after, signed_on
    session.flush()
    signed = Moment(signed_on, moment.at)
    keep_contract(session, actor, signed, loan, contract)
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


def _new_loan(session: Session, row: Application, terms: Terms, contract: Contract) -> Loan:
    """The loan on the approved terms, but for its signature and its reference."""
    return Loan(
        id=new_id(),
        facility_id=row.facility_id,
        application_id=row.id,
        enterprise_id=row.enterprise_id,
        status=LoanStatus.SIGNED,
        principal_minor=contract.principal_minor,
        annual_rate=str(contract.annual_rate),
        maturity_months=terms.maturity_months,
        method=contract.method.value,
        day_count=contract.day_count.value,
        grace_instalments=contract.grace_instalments,
        first_pay_out_on=contract.planned_pay_out_on,
        first_due_on=contract.due_on[0],
        profile_code=row.profile_code,
        profile_version=row.profile_version,
        hold_id=session.get_one(Approval, row.id).hold_id,
    )


def _check_dates(moment: Moment, approved_on: date, signed_on: date, pay_out_on: date) -> None:
    if not approved_on <= signed_on <= moment.on:
        message = (
            f"Enter a day of signature from the approval, {shown_day(approved_on)}, "
            f"to today, {shown_day(moment.on)}."
        )
        raise WrongDates(message, field="signed_on")
    if not 0 <= (pay_out_on - signed_on).days <= LONGEST_WAIT_DAYS:
        message = "Enter a first pay-out on or after the signature, within a year."
        raise WrongDates(message, field="first_pay_out_on")
