"""What was promised and will not be paid out: the rest of a loan goes back to the fund."""

from __future__ import annotations

from sqlalchemy.orm import Session

from loans import commitments
from loans.cases.case_status import LoanStatus
from loans.history import Moment
from loans.ledger_legs import Source
from loans.lending.loan_case import disbursed_minor, locked_loan, need_status, refuse_pending
from loans.people import Actor, Role, need_role
from loans.servicing import act_book
from loans.servicing_kinds import ActKind

_HAS_REST = (LoanStatus.SIGNED, LoanStatus.DISBURSING)


def request_giving_up(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, reason: str
) -> str:
    """Ask for the undisbursed rest to be given up; a manager agrees. Answer the act's id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or everything is paid out.
        StillPending: a manager has to decide on an earlier request first.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, _HAS_REST)
    refuse_pending(session, loan)
    row = act_book.keep(
        session,
        actor,
        moment,
        loan,
        ActKind.GIVE_UP_REST,
        on=moment.on,
        amount_minor=loan.principal_minor - disbursed_minor(session, loan.id),
        reason=reason,
        ask="Write why the rest is not paid out.",
        is_done=False,
    )
    return row.id


def agree_giving_up(
    session: Session, actor: Actor, moment: Moment, act_id: str, *, key: str
) -> None:
    """Give the rest up, as a second person: what was reserved for it is free again.

    A loan of which nothing was paid out is cancelled; another one is repaid once all is paid.

    Raises:
        Missing, WrongLoanStatus, WrongPerson: as ``act_book.to_decide`` refuses.
    """
    row, loan = act_book.to_decide(session, actor, act_id)
    need_status(loan, _HAS_REST)
    row.effective_on = moment.on
    row.amount_minor = loan.principal_minor - disbursed_minor(session, loan.id)
    act_book.mark_done(actor, moment, row)
    commitments.give_up(
        session,
        actor,
        moment,
        facility_id=loan.facility_id,
        hold_id=loan.hold_id,
        about=Source("loan", loan.id),
    )
    act_book.book(session, actor, moment, loan, row, key=key)
