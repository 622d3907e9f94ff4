"""Keeping and booking money that came from a borrower, with its event."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from loans.banking.matching import match_recorded
from loans.banking.turn import take_turn
from loans.books.cash_accounts import CashAccount
from loans.entered_text import entered_text
from loans.history import Moment
from loans.lending.loan_book import Act, Followed, follow
from loans.lending.loan_case import RECOVERY, REPAYMENT, write_event
from loans.people import Actor
from loans.servicing.limits import loan_cash
from loans.storage.database import new_id
from loans.subledger.events import PrepaymentChoice
from loans.tables import Loan, Receipt

LONGEST_REFERENCE = 120
_EVENTS = {REPAYMENT: "receipt", RECOVERY: "recovery"}
_NOT_BOOKED_YET = ""


def book_receipt(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    kind: str,
    *,
    amount_minor: int,
    received_on: date,
    bank_reference: str,
    key: str,
    prepays: PrepaymentChoice | None = None,
    bank_account: str | None = None,
) -> tuple[Receipt, Followed]:
    """Keep and post money that came on ``received_on``, with its event."""
    event = _EVENTS[kind]
    cash = loan_cash(session, loan, bank_account)
    take_turn(session, cash.facility_id, cash.code)
    ask = "Enter the reference of the payment on the bank statement."
    reference = entered_text(
        bank_reference, field="bank_reference", ask=ask, longest=LONGEST_REFERENCE
    )
    row = Receipt(
        id=new_id(),
        loan_id=loan.id,
        kind=kind,
        amount_minor=amount_minor,
        received_on=received_on,
        bank_reference=reference,
        prepays=prepays,
        recorded_by=actor.user_id,
        recorded_at=moment.at,
        entry_id=_NOT_BOOKED_YET,
    )
    session.add(row)
    before = loan.status
    memo = f"{event.capitalize()} on {loan.reference}"
    act = Act(event, received_on, row.id, amount_minor, memo, cash_account=cash.code)
    followed = follow(session, actor, moment, loan, act, key=key)
    row.entry_id = followed.entry_id or _NOT_BOOKED_YET
    session.flush()
    _match(session, actor, moment, row, cash)
    details = {"amount_minor": amount_minor, "entry": row.entry_id}
    if followed.rebuild_entry_id is not None:
        details["rebuild"] = followed.rebuild_entry_id
    write_event(session, actor, moment, loan, event, before=before, details=details, on=received_on)
    return row, followed


def _match(session: Session, actor: Actor, moment: Moment, row: Receipt, cash: CashAccount) -> None:
    """Match it to the line of the bank that it was entered from, if there is one."""
    match_recorded(
        session,
        actor,
        moment,
        cash,
        entry_id=row.entry_id,
        amount_minor=row.amount_minor,
        on=row.received_on,
        bank_reference=row.bank_reference,
    )
