"""How the conditions of a loan stand for its next pay-out: what is met, and who opens the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.collateral.loan_coverage import has_security
from loans.conditions.opening import terms_of_loan
from loans.conditions.tables import (
    ConditionStep,
    Invoice,
    LoanCondition,
    OwnContribution,
    PayOutInvoice,
    PlanLine,
    Quotation,
    SupplierChoice,
)
from loans.fund import the_facility
from loans.lending.loan_case import pay_outs, pending_pay_out
from loans.precedent import COUNTED, Occasion, Precedent
from loans.procurement_rules import own_money_needed
from loans.tables import Loan


class Outcome(StrEnum):
    """Where a condition stands."""

    OPEN = "open"
    MET = "met"
    WAIVER_ASKED = "waiver_asked"
    WAIVED = "waived"
    WAIVER_REFUSED = "waiver_refused"


SATISFIED = frozenset({Outcome.MET, Outcome.WAIVED})


@dataclass(frozen=True)
class OwnMoney:
    """Own money of the borrower, in minor units: what has to be paid first, and what is shown."""

    needed_minor: int
    shown_minor: int

    @property
    def missing_minor(self) -> int:
        """What is still to be shown."""
        return max(0, self.needed_minor - self.shown_minor)


@dataclass(frozen=True)
class ConditionStanding:
    """One condition for the next pay-out.

    ``applies`` is false where it was for the first pay-out and that is made. ``remedy`` says what
    would meet it and who has to act, and is empty once it is met or waived. ``warning`` is what
    speaks against its being met, and refuses nothing.
    """

    condition: LoanCondition
    outcome: Outcome
    step: ConditionStep | None
    applies: bool
    remedy: str
    warning: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the next pay-out cannot be released because of it."""
        return self.applies and self.outcome not in SATISFIED


def next_number(session: Session, loan_id: str) -> int:
    """The number of the next pay-out, from 1."""
    return len(pay_outs(session, loan_id)) + 1


def own_money(session: Session, loan: Loan) -> OwnMoney:
    """The own contribution that the terms ask for, and what evidence shows of it."""
    smallest = terms_of_loan(session, loan).own_contribution_minimum.value or 0
    planned = session.scalar(
        select(func.coalesce(func.sum(PlanLine.planned_minor), 0)).where(
            PlanLine.loan_id == loan.id
        )
    )
    shown = session.scalar(
        select(func.coalesce(func.sum(OwnContribution.amount_minor), 0)).where(
            OwnContribution.loan_id == loan.id, OwnContribution.withdrawn_at.is_(None)
        )
    )
    needed = own_money_needed(int(planned or 0), loan.principal_minor, Fraction(smallest))
    return OwnMoney(needed, int(shown or 0))


def standings(session: Session, loan: Loan, as_of: date) -> tuple[ConditionStanding, ...]:
    """Every condition of the loan on a day, in the order in which they were made."""
    number = next_number(session, loan.id)
    conditions = session.scalars(
        select(LoanCondition)
        .where(LoanCondition.loan_id == loan.id)
        .order_by(LoanCondition.added_at, LoanCondition.id)
    )
    return tuple(_standing(session, loan, one, number, as_of) for one in conditions)


def newest_step(session: Session, condition: LoanCondition, number: int) -> ConditionStep | None:
    """What was entered last about a condition, for the pay-out of this number where it matters."""
    query = select(ConditionStep).where(ConditionStep.condition_id == condition.id)
    if condition.occasion == Occasion.EVERY:
        query = query.where(ConditionStep.pay_out_number == number)
    return session.scalars(
        query.order_by(ConditionStep.made_at.desc(), ConditionStep.id.desc())
    ).first()


def _standing(
    session: Session, loan: Loan, condition: LoanCondition, number: int, as_of: date
) -> ConditionStanding:
    step = newest_step(session, condition, number)
    entered = Outcome(step.outcome) if step else Outcome.OPEN
    applies = condition.occasion == Occasion.EVERY or number == 1
    outcome, remedy = entered, _remedy(entered)
    if condition.code in COUNTED and entered not in SATISFIED:
        missing = _COUNTS[Precedent(condition.code)](session, loan)
        outcome, remedy = (entered, missing) if missing else (Outcome.MET, "")
    is_asked = applies and outcome is not Outcome.WAIVED
    warning = _warning(session, loan, condition, as_of) if is_asked else ""
    return ConditionStanding(condition, outcome, step, applies, remedy, warning)


def _warning(session: Session, loan: Loan, condition: LoanCondition, as_of: date) -> str:
    """That collateral is said to be signed while nothing that counts of it is recorded."""
    if condition.code != Precedent.COLLATERAL_SIGNED or has_security(session, loan.id, as_of):
        return ""
    return (
        "No asset is pledged and no guarantee is recorded for this loan. A loan officer records "
        "what the agreement names, so that it counts."
    )


def _remedy(outcome: Outcome) -> str:
    match outcome:
        case Outcome.MET | Outcome.WAIVED:
            return ""
        case Outcome.WAIVER_ASKED:
            return "A fund manager waives it, or a loan officer enters the document that meets it."
        case Outcome.WAIVER_REFUSED:
            return (
                "The waiver was refused. A loan officer enters the document that meets it, or asks "
                "again with better reasons."
            )
        case Outcome.OPEN:
            return "A loan officer enters the document that meets it, or asks to waive it."


def _own_money_missing(session: Session, loan: Loan) -> str:
    money = own_money(session, loan)
    if not money.missing_minor:
        return ""
    currency = the_facility(session).currency
    return (
        f"{as_text(money.missing_minor, currency)} of {as_text(money.needed_minor, currency)} is "
        "not shown yet. A loan officer enters the evidence, or asks to waive it."
    )


def _invoices_missing(session: Session, loan: Loan) -> str:
    """The pay-out that waits names invoices; that they carry it was checked when it was made."""
    waiting = pending_pay_out(session, loan.id)
    named = waiting is not None and session.scalar(
        select(func.count())
        .select_from(PayOutInvoice)
        .join(Invoice, Invoice.id == PayOutInvoice.invoice_id)
        .where(PayOutInvoice.disbursement_id == waiting.id, PayOutInvoice.freed_at.is_(None))
    )
    if named:
        return ""
    return "A loan officer prepares the pay-out with the invoices that it pays."


def _suppliers_missing(session: Session, loan: Loan) -> str:
    """Whether a quotation is chosen for each line of the plan, which has one at least."""
    if session.scalar(select(PlanLine.id).where(PlanLine.loan_id == loan.id).limit(1)) is None:
        return (
            "The plan of this loan has no line for which a supplier could be chosen. A loan "
            "officer asks to waive it, and a fund manager decides."
        )
    chosen = select(Quotation.plan_line_id).join(
        SupplierChoice, SupplierChoice.quotation_id == Quotation.id
    )
    without = session.scalars(
        select(PlanLine.number)
        .where(PlanLine.loan_id == loan.id, PlanLine.id.not_in(chosen))
        .order_by(PlanLine.number)
    ).all()
    if not without:
        return ""
    lines = ", ".join(map(str, without))
    return (
        f"No supplier is chosen for line {lines} of the plan. A loan officer enters the "
        "quotations and chooses, or asks to waive it."
    )


_COUNTS = {
    Precedent.OWN_CONTRIBUTION: _own_money_missing,
    Precedent.INVOICES: _invoices_missing,
    Precedent.SUPPLIERS_CHOSEN: _suppliers_missing,
}
