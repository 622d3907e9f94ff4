"""The contract of an old loan, and what its rows alone say that is left of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from appraisal.money import to_minor
from loans.fund import Facility
from loans.importing.old_loans import OldLoan, OldPayOut, OldReceipt
from loans.profile import Profile
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, Received
from loans.subledger.replay import replay
from loans.versions.profile_versions import profile_in_force


def profile_at_signature(session: Session, facility: Facility, signed_on: date) -> Profile:
    """The terms that held when the loan was signed; version 1 where that was before any."""
    return profile_in_force(session, facility.facility_id, facility.profile_code, signed_on)


def contract_of(old: OldLoan, pay_out_on: date, profile: Profile, currency: str) -> Contract:
    """The contract that the file tells.

    What the file has no column for is as in ``profile``, but nothing that the borrower would pay:
    late interest is charged by the file's own margin only.
    """
    terms = profile.terms
    return Contract(
        principal_minor=old.principal_minor,
        annual_rate=old.annual_rate,
        day_count=old.day_count,
        method=old.method,
        planned_pay_out_on=pay_out_on,
        due_on=old.due_on,
        frequency_months=old.months_between,
        allocation_order=terms.allocation_order.required,
        recovery_order=terms.recovery_order.required,
        grace_instalments=old.grace_instalments,
        grace_interest=terms.grace_interest.required,
        late_interest_margin=old.late_interest_margin,
        tolerance_minor=to_minor(terms.arrears_tolerance.required, currency),
        non_accrual_after_days=terms.non_accrual_days.required,
        business_days_of=terms.business_day_country.value,
    )


def principal_left(
    contract: Contract,
    pay_outs: tuple[OldPayOut, ...],
    receipts: tuple[OldReceipt, ...],
    on: date,
) -> int:
    """The principal outstanding on the evening of ``on`` by the rows of one loan, minor units."""
    events: list[Event] = [
        *(PaidOut(one.paid_on, f"pay-out {one.row}", one.amount_minor) for one in pay_outs),
        *(Received(one.received_on, f"receipt {one.row}", one.amount_minor) for one in receipts),
    ]
    return replay(contract, events, until=on).principal_minor
