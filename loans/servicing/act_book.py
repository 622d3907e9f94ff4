"""Keeping an act on a loan: done at once, or asked for by one person and decided by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from loans.chart import CASH
from loans.entered_text import entered_text
from loans.history import Moment
from loans.lending.loan_book import Act, Followed, follow
from loans.lending.loan_case import WrongLoanStatus, locked_loan, write_event
from loans.people import Actor, Role, WrongPerson, need_role
from loans.refusal import Missing
from loans.servicing_kinds import DONE, REQUESTED, SENT_BACK, ActKind
from loans.servicing_tables import ServicingAct
from loans.storage.database import new_id
from loans.tables import Loan

LONGEST_REASON = 500


def keep(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    kind: ActKind,
    *,
    on: date,
    amount_minor: int | None = None,
    terms: Mapping[str, Any] | None = None,
    reason: str,
    ask: str,
    is_done: bool,
) -> ServicingAct:
    """Keep an act, done or asked for, with its event."""
    row = ServicingAct(
        id=new_id(),
        loan_id=loan.id,
        kind=kind,
        status=DONE if is_done else REQUESTED,
        effective_on=on,
        amount_minor=amount_minor,
        terms=dict(terms or {}),
        reason=entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON),
        requested_by=actor.user_id,
        requested_at=moment.at,
        done_at=moment.at if is_done else None,
    )
    session.add(row)
    session.flush()
    if not is_done:
        details = {} if amount_minor is None else {"amount_minor": amount_minor}
        write_event(
            session, actor, moment, loan, f"request_{kind}", note=row.reason, details=details
        )
    return row


def book(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    row: ServicingAct,
    *,
    cash_minor: int = 0,
    cash_account: str = CASH,
    key: str,
) -> Followed:
    """Let the books follow an act that is done, with its event."""
    before = loan.status
    memo = f"{row.kind.replace('_', ' ').capitalize()} on {loan.reference}"
    act = Act(row.kind, row.effective_on, row.id, cash_minor, memo, cash_account=cash_account)
    followed = follow(session, actor, moment, loan, act, key=key)
    row.entry_id = followed.entry_id
    session.flush()
    details: dict[str, object] = {"entry": row.entry_id} if row.entry_id else {}
    if row.amount_minor is not None:
        details["amount_minor"] = row.amount_minor
    write_event(
        session,
        actor,
        moment,
        loan,
        row.kind,
        before=before,
        note=row.reason,
        details=details,
        on=row.effective_on,
    )
    return followed


def kind_of(session: Session, loan_id: str, act_id: str) -> ActKind:
    """The kind of an act of this very loan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    row = session.get(ServicingAct, act_id)
    if row is None or row.loan_id != loan_id:
        raise Missing
    return ActKind(row.kind)


def to_decide(session: Session, actor: Actor, act_id: str) -> tuple[ServicingAct, Loan]:
    """An act that waits, with its loan locked, for a manager who did not ask for it.

    Raises:
        Missing: there is no such act for the actor.
        WrongLoanStatus: it was decided before.
        WrongPerson: the actor is no manager, or asked for it.
    """
    row = session.get(ServicingAct, act_id)
    if row is None:
        raise Missing
    loan = locked_loan(session, actor, row.loan_id)
    session.refresh(row)
    if row.status != REQUESTED:
        message = f"This was {row.status.replace('_', ' ')} before."
        raise WrongLoanStatus(message)
    if row.requested_by == actor.user_id:
        message = "You asked for it yourself. Another person has to decide."
        raise WrongPerson(message)
    need_role(actor, Role.MANAGER)
    return row, loan


def mark_done(actor: Actor, moment: Moment, row: ServicingAct) -> None:
    """The second person agreed."""
    row.status, row.decided_by, row.done_at = DONE, actor.user_id, moment.at


def send_back(session: Session, actor: Actor, moment: Moment, act_id: str, *, reason: str) -> None:
    """Send an act that waits back to the officer with a reason; nothing happens to the loan.

    Raises:
        Missing, WrongLoanStatus, WrongPerson: as for ``to_decide``.
    """
    row, loan = to_decide(session, actor, act_id)
    ask = "Write what the officer should look at again."
    note = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    row.status, row.decided_by = SENT_BACK, actor.user_id
    write_event(session, actor, moment, loan, f"send_back_{row.kind}", note=note)
