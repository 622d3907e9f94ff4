"""What closes a loan on a day: quoted for any day, past or within the next year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from loans.day_words import shown_day
from loans.fund import the_facility
from loans.history import Moment
from loans.lending.loan_case import WrongDay, seen_loan
from loans.lending.loan_record import record_of
from loans.people import Actor
from loans.schedules.day_count import month_after
from loans.subledger.pay_off import pay_off
from loans.tables import Enterprise

_MONTHS_AHEAD = 12


@dataclass(frozen=True)
class PayOffView:
    """The amount that closes a loan when it comes on ``on``, in minor units.

    It holds as long as nothing else happens until then. ``credit_minor`` is the borrower's waiting
    money, which is taken off.
    """

    loan_id: str
    reference: str
    borrower: str
    currency: str
    on: date
    principal_minor: int
    interest_minor: int
    late_interest_minor: int
    fees_minor: int
    costs_minor: int
    credit_minor: int
    total_minor: int


def pay_off_view(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, on: date
) -> PayOffView:
    """The pay-off amount of a day.

    Raises:
        Missing: the loan does not exist for the actor.
        WrongDay: before the signature, or more than a year ahead.
    """
    loan = seen_loan(session, actor, loan_id)
    latest = month_after(moment.on, _MONTHS_AHEAD)
    if not loan.signed_on <= on <= latest:
        message = (
            f"Enter a day from the signature, {shown_day(loan.signed_on)}, to {shown_day(latest)}."
        )
        raise WrongDay(message, field="on")
    record = record_of(session, loan)
    found = pay_off(record.contract, record.events, on=on)
    return PayOffView(
        loan_id=loan.id,
        reference=loan.reference,
        borrower=session.get_one(Enterprise, loan.enterprise_id).name,
        currency=the_facility(session).currency,
        on=on,
        principal_minor=found.amounts.principal,
        interest_minor=found.amounts.interest,
        late_interest_minor=found.amounts.late_interest,
        fees_minor=found.amounts.fees,
        costs_minor=found.amounts.costs,
        credit_minor=found.credit_minor,
        total_minor=found.total_minor,
    )
