"""Fees, and costs of enforcing a claim: the borrower owes them from their day on."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from loans.books.closed_months import refuse_closed
from loans.cases.case_status import BORROWED, LoanStatus
from loans.component import Component
from loans.day_words import shown_day
from loans.history import Moment
from loans.lending.loan_case import WrongDay, locked_loan, need_status
from loans.people import Actor, Role, need_role
from loans.refusal import WrongValue
from loans.servicing import act_book
from loans.servicing.limits import check_amount, check_value_day, written_off_on
from loans.servicing_kinds import ActKind

CHARGEABLE = (Component.FEES, Component.COSTS)


class NotChargeable(WrongValue):
    """Interest and principal follow from the contract; nobody charges them."""


def charge(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    component: Component,
    amount_minor: int,
    charged_on: date,
    reason: str,
    key: str,
) -> str:
    """Charge a fee or a cost; answer the act's id. After a write-off only costs are claimed.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or nothing is owed on the loan.
        NotChargeable, WrongAmount, WrongDay, FutureDay: another component, amount or day, such as
            one up to the write-off.
        PeriodClosed: the day lies in a closed month.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    is_lost = loan.status == LoanStatus.WRITTEN_OFF and component is Component.COSTS
    if not is_lost:
        need_status(loan, BORROWED)
    if component not in CHARGEABLE:
        message = "Choose a fee or a cost of enforcement."
        raise NotChargeable(message, field="component")
    check_value_day(session, loan, moment, charged_on, field="charged_on")
    lost_on = written_off_on(session, loan, moment)
    if lost_on is not None and charged_on <= lost_on:
        message = (
            f"The loan was written off on {shown_day(lost_on)}. Enter a later day: costs from then "
            "on are claimed, and what was given up stays as two people confirmed it."
        )
        raise WrongDay(message, field="charged_on")
    refuse_closed(session, loan.facility_id, charged_on, field="charged_on")
    check_amount(session, amount_minor)
    row = act_book.keep(
        session,
        actor,
        moment,
        loan,
        ActKind.CHARGE,
        on=charged_on,
        amount_minor=amount_minor,
        terms={"component": component.value},
        reason=reason,
        ask="Write what the charge is for.",
        is_done=True,
    )
    act_book.book(session, actor, moment, loan, row, key=key)
    refuse_closed(session, loan.facility_id, charged_on, field="charged_on")
    return row.id
