"""Giving back what secures a loan: an officer asks, a manager agrees, the minimum is kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from loans.collateral.charges import ChargeGone
from loans.collateral.loan_coverage import check_release
from loans.collateral.tables import Asset, AssetCharge, Guarantee
from loans.history import Moment
from loans.lending.loan_case import locked_loan, refuse_pending, write_event
from loans.people import Actor, Role, need_role
from loans.refusal import Missing
from loans.servicing import act_book
from loans.servicing_kinds import ActKind
from loans.tables import Loan


def request_release(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    security_id: str,
    reason: str,
) -> str:
    """Ask for a pledge or a guarantee to be given back; a manager agrees. Answer the act's id.

    Raises:
        WrongPerson: the actor is no officer.
        StillPending: a manager has to decide on an earlier request first.
        Missing, ChargeGone: the loan has no such security, or it was released before.
        CollateralShort: the coverage would fall under the minimum.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    refuse_pending(session, loan)
    _standing(session, loan, security_id)
    check_release(session, loan, moment.on, security_id)
    row = act_book.keep(
        session,
        actor,
        moment,
        loan,
        ActKind.RELEASE_SECURITY,
        on=moment.on,
        terms={"security": security_id},
        reason=reason,
        ask="Write why it is given back, and who asked for it.",
        is_done=False,
    )
    return row.id


def agree_release(session: Session, actor: Actor, moment: Moment, act_id: str) -> None:
    """Give a pledge or a guarantee back today, as the second person; it stays in the history.

    Raises:
        Missing, WrongLoanStatus, WrongPerson: as ``act_book.to_decide`` refuses.
        CollateralShort: the coverage would fall under the minimum by now.
    """
    row, loan = act_book.to_decide(session, actor, act_id)
    security = _standing(session, loan, row.terms["security"])
    check_release(session, loan, moment.on, security.id)
    row.effective_on = moment.on
    act_book.mark_done(actor, moment, row)
    security.released_on, security.released_at = moment.on, moment.at
    session.flush()
    note = f"{_named(session, security)}. {row.reason}"
    write_event(session, actor, moment, loan, ActKind.RELEASE_SECURITY, note=note)


def _standing(session: Session, loan: Loan, security_id: str) -> AssetCharge | Guarantee:
    row = session.get(AssetCharge, security_id) or session.get(Guarantee, security_id)
    if row is None or row.loan_id != loan.id:
        raise Missing
    if row.released_at is not None:
        message = "This security was released before."
        raise ChargeGone(message)
    return row


def _named(session: Session, security: AssetCharge | Guarantee) -> str:
    if isinstance(security, AssetCharge):
        return session.get_one(Asset, security.asset_id).description
    return f"Guarantee of {security.guarantor}"
