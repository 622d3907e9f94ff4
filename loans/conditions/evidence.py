"""Own money of the borrower, shown by documents: entered by an officer, withdrawn with a reason."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.conditions.precedents import LONGEST_NOTE, PAYABLE
from loans.conditions.standing import own_money
from loans.conditions.tables import OwnContribution
from loans.entered_text import entered_text
from loans.fund import check_day, the_facility
from loans.history import Moment
from loans.lending.loan_case import disbursed_minor, locked_loan, need_status, write_event
from loans.people import Actor, Role, fold, need_role
from loans.refusal import Missing, OutOfStep
from loans.servicing.limits import check_amount
from loans.storage.database import new_id
from loans.tables import Loan

LONGEST_SUPPLIER = 200
LONGEST_DOCUMENT = 300


class Proof(StrEnum):
    """What shows own money: an invoice that the borrower paid, or the bank's proof of payment."""

    INVOICE = "invoice"
    BANK = "bank"


class ShownBefore(OutOfStep):
    """The borrower showed the same payment as own money before, for this loan or another."""


class WithdrawnBefore(OutOfStep):
    """The evidence does not count any more."""


class StillNeeded(OutOfStep):
    """The fund's money went out on this evidence."""


def record_own_contribution(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    proof: Proof,
    supplier: str,
    document: str,
    amount_minor: int,
    paid_on: date,
) -> str:
    """Enter own money that the borrower paid into the project; answer its id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or nothing is left to be paid out.
        WrongAmount, FutureDay: nothing, or a day to come.
        ShownBefore: the same payment counts already, for this loan or another of theirs.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, PAYABLE)
    check_amount(session, amount_minor)
    check_day(paid_on, moment, field="paid_on")
    row = OwnContribution(
        id=new_id(),
        loan_id=loan.id,
        kind=proof.value,
        supplier=entered_text(
            supplier, field="supplier", ask="Enter who was paid.", longest=LONGEST_SUPPLIER
        ),
        document=entered_text(
            document,
            field="document",
            ask="Enter the document that shows it: its name and number.",
            longest=LONGEST_DOCUMENT,
        ),
        amount_minor=amount_minor,
        paid_on=paid_on,
        entered_by=actor.user_id,
        entered_at=moment.at,
        withdrawn_because="",
    )
    _check_new(session, loan, row)
    session.add(row)
    session.flush()
    note = f"{row.supplier}: {row.document}"
    details = {"amount_minor": amount_minor}
    write_event(session, actor, moment, loan, "own_contribution", note=note, details=details)
    return row.id


def withdraw_own_contribution(
    session: Session, actor: Actor, moment: Moment, contribution_id: str, *, reason: str
) -> None:
    """Let evidence not count any more: it was wrong, or entered twice. It stays in the list.

    Raises:
        Missing, WrongPerson: it is not there for the actor, or the actor is no officer.
        WithdrawnBefore: it does not count.
        StillNeeded: money went out, and without it too little own money would be shown.
    """
    row = session.get(OwnContribution, contribution_id)
    if row is None:
        raise Missing
    loan = locked_loan(session, actor, row.loan_id)
    need_role(actor, Role.OFFICER)
    session.refresh(row)
    if row.withdrawn_at is not None:
        message = "This evidence was withdrawn before."
        raise WithdrawnBefore(message)
    _check_needed(session, loan, row.amount_minor)
    ask = "Write why it does not count."
    row.withdrawn_because = entered_text(reason, field="reason", ask=ask, longest=LONGEST_NOTE)
    row.withdrawn_by, row.withdrawn_at = actor.user_id, moment.at
    session.flush()
    note = f"{row.document}: {row.withdrawn_because}"
    details = {"amount_minor": row.amount_minor}
    write_event(session, actor, moment, loan, "withdraw_own", note=note, details=details)


def own_contribution_of(session: Session, loan_id: str, contribution_id: str) -> str:
    """The id of a piece of evidence of this very loan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    row = session.get(OwnContribution, contribution_id)
    if row is None or row.loan_id != loan_id:
        raise Missing
    return row.id


def _check_new(session: Session, loan: Loan, new: OwnContribution) -> None:
    alike = session.execute(
        select(OwnContribution.supplier, OwnContribution.document, Loan.id, Loan.reference)
        .join(Loan, Loan.id == OwnContribution.loan_id)
        .where(
            Loan.enterprise_id == loan.enterprise_id,
            OwnContribution.amount_minor == new.amount_minor,
            OwnContribution.paid_on == new.paid_on,
            OwnContribution.withdrawn_at.is_(None),
        )
    )
    paid = (fold(new.supplier), fold(new.document))
    for supplier, document, loan_id, reference in alike:
        if (fold(supplier), fold(document)) == paid:
            where = "this loan" if loan_id == new.loan_id else f"loan {reference}"
            message = (
                f"This document, with the same payee, amount and day, was entered for {where} "
                "before, and no payment counts twice. Enter another document, or withdraw that one."
            )
            raise ShownBefore(message, field="document")


def _check_needed(session: Session, loan: Loan, amount_minor: int) -> None:
    if not disbursed_minor(session, loan.id):
        return
    money = own_money(session, loan)
    if money.shown_minor - amount_minor < money.needed_minor:
        needed = as_text(money.needed_minor, the_facility(session).currency)
        message = (
            f"The fund paid out on this evidence: {needed} of own money has to be shown. "
            "Enter what replaces it first."
        )
        raise StillNeeded(message)
