"""The statement of one loan: every movement by its value date, with the balances after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from loans.component import Component
from loans.fund import the_facility
from loans.lending.loan_balances import paid_for
from loans.lending.loan_case import seen_loan
from loans.lending.loan_facts import LoanRecords, facts_at
from loans.lending.seen import Seen
from loans.lending.statement_lines import Movement, StatementLine, movements
from loans.people import STAFF, Actor
from loans.tables import Application, Enterprise, Loan

# The statement and its lines as one module for those who show it.
__all__ = ["Movement", "Statement", "StatementLine", "statement"]

_ORDER = tuple(Movement)


@dataclass(frozen=True)
class Statement:
    """All movements of a loan up to a day, and what they leave, in minor units.

    ``due_minor`` is due and not paid, ``credit_minor`` the borrower's money that waits,
    ``accrued_minor`` interest earned since the last due day, ``pay_off_minor`` what closes the
    loan on the day.
    """

    loan_id: str
    reference: str
    application_reference: str | None
    borrower: str
    registration_number: str
    currency: str
    as_of: date
    known_on: date | None
    annual_rate: Decimal
    contract_minor: int
    signed_on: date
    lines: tuple[StatementLine, ...]
    disbursed_minor: int
    principal_paid_minor: int
    interest_paid_minor: int
    charges_paid_minor: int
    written_off_minor: int
    recovered_minor: int
    balance_minor: int
    due_minor: int
    credit_minor: int
    accrued_minor: int
    pay_off_minor: int


def statement(
    session: Session, actor: Actor, loan_id: str, *, as_of: date, known_on: date | None = None
) -> Statement:
    """Everything that moved up to ``as_of``, and what is owed on that day.

    ``known_on`` leaves out what was recorded after the end of that day (UTC). Borrowers see no
    reasons and no entries of the books.

    Raises:
        Missing: the loan does not exist for the actor.
        NotSignedYet: it was signed after ``as_of``.
    """
    loan = seen_loan(session, actor, loan_id)
    seen = Seen.on(as_of, known_on)
    facts = facts_at(session, loan, as_of, seen)
    lines = _with_balances(movements(facts, seen))
    if actor.role not in STAFF:
        lines = tuple(_for_borrower(line) for line in lines)
    return _statement(session, loan, facts, lines, as_of=as_of, known_on=known_on)


def _statement(
    session: Session,
    loan: Loan,
    facts: LoanRecords,
    lines: tuple[StatementLine, ...],
    *,
    as_of: date,
    known_on: date | None,
) -> Statement:
    enterprise = session.get_one(Enterprise, loan.enterprise_id)
    state = facts.state
    return Statement(
        loan_id=loan.id,
        reference=loan.reference,
        application_reference=_application_reference(session, loan),
        borrower=enterprise.name,
        registration_number=enterprise.registration_number,
        currency=the_facility(session).currency,
        as_of=as_of,
        known_on=known_on,
        annual_rate=Decimal(loan.annual_rate),
        contract_minor=loan.principal_minor,
        signed_on=loan.signed_on,
        lines=lines,
        disbursed_minor=state.disbursed_minor,
        principal_paid_minor=sum(line.principal_minor for line in lines if line.pays),
        interest_paid_minor=paid_for(state, Component.INTEREST, Component.LATE_INTEREST),
        charges_paid_minor=paid_for(state, Component.FEES, Component.COSTS),
        written_off_minor=state.written_off.total,
        recovered_minor=facts.recovered_minor,
        balance_minor=state.principal_minor,
        due_minor=state.open.total,
        credit_minor=state.credit_minor,
        accrued_minor=state.accrued_minor,
        pay_off_minor=max(0, state.pay_off_minor),
    )


def _application_reference(session: Session, loan: Loan) -> str | None:
    if loan.application_id is None:
        return None
    return session.get_one(Application, loan.application_id).reference


def _with_balances(unordered: list[StatementLine]) -> tuple[StatementLine, ...]:
    """The lines by day, with principal, what is due and what waits after each."""
    lines = []
    balance = due = credit = 0
    for line in sorted(unordered, key=lambda one: (one.on, _ORDER.index(one.movement))):
        change = line.change
        if line.movement is Movement.WRITE_OFF:
            change = replace(change, due_minor=-due)
        balance += change.balance_minor
        due += change.due_minor
        credit += change.credit_minor
        lines.append(
            replace(line, change=change, balance_minor=balance, due_minor=due, credit_minor=credit)
        )
    return tuple(lines)


def _for_borrower(line: StatementLine) -> StatementLine:
    is_own_business = line.movement in (
        Movement.WRITE_OFF,
        Movement.REST_GIVEN_UP,
        Movement.SECURITY_RELEASED,
    )
    return replace(line, note="" if is_own_business else line.note, entry_id=None)
