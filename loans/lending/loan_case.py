"""What every act on a loan begins and ends with: lock, role, status, day, and the event written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans import commitments
from loans.books import ledger
from loans.cases.case_status import LoanStatus
from loans.chart import LOANS
from loans.fund import the_facility
from loans.history import Moment, record
from loans.ledger_legs import Source
from loans.people import Actor
from loans.refusal import Missing, OutOfStep, WrongValue
from loans.servicing_kinds import ASKED, REQUESTED, ActKind
from loans.servicing_tables import ServicingAct
from loans.tables import Disbursement, Loan, WriteOff

REPAYMENT, RECOVERY = "repayment", "recovery"
PREPARED, RELEASED, SENT_BACK = "prepared", "released", "sent_back"


class WrongLoanStatus(OutOfStep):
    """The status of the loan does not allow the act."""


class StillPending(OutOfStep):
    """An earlier request of the same kind waits for the second person."""


class NoPrincipal(OutOfStep):
    """No principal is outstanding, and the act is about it."""


class WrongAmount(WrongValue):
    """More than was approved, or more than is owed."""


class WrongDay(WrongValue):
    """A day before the event that it must follow."""


def seen_loan(session: Session, actor: Actor, loan_id: str) -> Loan:
    """The loan, to be read.

    Raises:
        Missing: it does not exist for the actor.
    """
    loan = session.get(Loan, loan_id)
    if loan is None or not actor.may_see(loan.enterprise_id):
        raise Missing
    return loan


def locked_loan(session: Session, actor: Actor, loan_id: str) -> Loan:
    """The loan, locked until the transaction ends.

    Raises:
        Missing: it does not exist for the actor.
    """
    loan = session.get(Loan, loan_id, with_for_update=True, populate_existing=True)
    if loan is None or not actor.may_see(loan.enterprise_id):
        raise Missing
    return loan


def need_status(loan: Loan, allowed: tuple[LoanStatus, ...]) -> None:
    """Refuse an act that does not follow from where the loan stands."""
    if LoanStatus(loan.status) not in allowed:
        *others, last = (in_words(status) for status in allowed)
        wanted = f"{', '.join(others)} or {last}" if others else last
        message = f"The loan is {in_words(loan.status)}; this needs a loan that is {wanted}."
        raise WrongLoanStatus(message)


def in_words(status: str) -> str:
    """A status as it stands in a sentence: written_off -> "written off"."""
    return status.replace("_", " ")


def pay_outs(session: Session, loan_id: str) -> tuple[tuple[date, int], ...]:
    """The released pay-outs (day, minor units), oldest first."""
    rows = session.execute(
        select(Disbursement.pay_on, Disbursement.amount_minor)
        .where(Disbursement.loan_id == loan_id, Disbursement.status == RELEASED)
        .order_by(Disbursement.pay_on, Disbursement.released_at, Disbursement.id)
    )
    return tuple((row[0], row[1]) for row in rows)


def disbursed_minor(session: Session, loan_id: str) -> int:
    """What was paid out of the loan so far."""
    return sum(amount for _, amount in pay_outs(session, loan_id))


def check_undisbursed(session: Session, loan: Loan, amount_minor: int) -> None:
    """Refuse an amount of nothing, or of more than is not paid out yet.

    Raises:
        WrongAmount: as it says.
    """
    undisbursed = loan.principal_minor - disbursed_minor(session, loan.id)
    if not 0 < amount_minor <= undisbursed:
        rest = as_text(undisbursed, the_facility(session).currency)
        message = f"Enter an amount up to what is not paid out yet, {rest}."
        raise WrongAmount(message, field="amount")


def outstanding_minor(session: Session, loan: Loan) -> int:
    """Principal outstanding, from the books."""
    return ledger.loan_balance(
        session, facility_id=loan.facility_id, account=LOANS, loan_id=loan.id
    )


def pending_pay_out(session: Session, loan_id: str) -> Disbursement | None:
    """The pay-out that waits for its second person."""
    return session.scalars(
        select(Disbursement).where(Disbursement.loan_id == loan_id, Disbursement.status == PREPARED)
    ).one_or_none()


def pending_write_off(session: Session, loan_id: str) -> WriteOff | None:
    """The write-off that waits for its second person."""
    return session.scalars(
        select(WriteOff).where(WriteOff.loan_id == loan_id, WriteOff.status == PREPARED)
    ).one_or_none()


def pending_act(session: Session, loan_id: str) -> ServicingAct | None:
    """Another act that waits for its second person."""
    return session.scalars(
        select(ServicingAct).where(
            ServicingAct.loan_id == loan_id, ServicingAct.status == REQUESTED
        )
    ).one_or_none()


def refuse_pending(session: Session, loan: Loan) -> None:
    """Refuse a new request while a manager has to decide on an earlier one.

    Raises:
        StillPending: a pay-out, a write-off or another request waits.
    """
    if pending_pay_out(session, loan.id) is not None:
        message = "A pay-out of this loan waits for release. A fund manager has to act on it first."
        raise StillPending(message)
    if pending_write_off(session, loan.id) is not None:
        message = "A write-off of this loan waits. A fund manager has to act on it first."
        raise StillPending(message)
    asked = pending_act(session, loan.id)
    if asked is not None:
        message = f"{ASKED[ActKind(asked.kind)]} waits. A fund manager has to act on it first."
        raise StillPending(message)


def free_undisbursed(session: Session, actor: Actor, moment: Moment, loan: Loan) -> None:
    """Give back to the fund what was reserved for the loan and never paid out."""
    if loan.status == LoanStatus.DISBURSING:
        commitments.give_up(
            session,
            actor,
            moment,
            facility_id=loan.facility_id,
            hold_id=loan.hold_id,
            about=Source("loan", loan.id),
        )


def write_event(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    action: str,
    *,
    before: str | None = None,
    note: str = "",
    details: Mapping[str, object] | None = None,
    on: date | None = None,
) -> None:
    """Append an event about the loan; ``on`` is its day where that is not the day of the act."""
    record(
        session,
        actor,
        Moment(on or moment.on, moment.at),
        subject=("loan", loan.id),
        action=action,
        facility_id=loan.facility_id,
        statuses=(before or loan.status, loan.status),
        note=note,
        details=details,
    )
