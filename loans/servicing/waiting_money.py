"""A borrower's money that waits: it lowers the principal, or goes back, as the borrower decides."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from loans.books.bank_accounts import check_available
from loans.cases.case_status import BORROWED, TAKES_MONEY
from loans.history import Moment
from loans.lending.loan_case import (
    NoPrincipal,
    WrongAmount,
    locked_loan,
    need_status,
    refuse_pending,
)
from loans.lending.loan_record import record_of
from loans.people import Actor, Role, need_role
from loans.servicing import act_book
from loans.servicing.limits import check_amount, loan_cash
from loans.servicing_kinds import ActKind
from loans.subledger.events import PrepaymentChoice
from loans.subledger.state import AccountState
from loans.tables import Loan


class NothingWaits(WrongAmount):
    """No money of the borrower waits."""


def use_credit(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    prepays: PrepaymentChoice,
    reason: str,
    key: str,
) -> str:
    """Let waiting money lower the principal today; answer the act's id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is not being repaid.
        WrongAmount: nothing, or more than waits.
        NoPrincipal: no principal is outstanding.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, BORROWED)
    state = _check_credit(session, loan, moment.on, amount_minor)
    if not state.principal_minor:
        message = "No principal is outstanding that it could lower. Give the money back instead."
        raise NoPrincipal(message)
    row = act_book.keep(
        session,
        actor,
        moment,
        loan,
        ActKind.CREDIT_USE,
        on=moment.on,
        amount_minor=amount_minor,
        terms={"prepays": prepays.value},
        reason=reason,
        ask="Write who asked for it, and when.",
        is_done=True,
    )
    act_book.book(session, actor, moment, loan, row, key=key)
    return row.id


def request_refund(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    *,
    amount_minor: int,
    reason: str,
    bank_account: str | None = None,
) -> str:
    """Ask for waiting money to go back to the borrower; a manager pays it. Answer the act's id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan never had money.
        StillPending: a manager has to decide on an earlier request first.
        WrongAmount: nothing, or more than waits.
        WrongBankAccount: the facility has no such account in its currency.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, TAKES_MONEY)
    refuse_pending(session, loan)
    _check_credit(session, loan, moment.on, amount_minor)
    cash = loan_cash(session, loan, bank_account)
    row = act_book.keep(
        session,
        actor,
        moment,
        loan,
        ActKind.REFUND,
        on=moment.on,
        amount_minor=amount_minor,
        terms={"bank_account": cash.code},
        reason=reason,
        ask="Write to which account the money goes, and who asked for it.",
        is_done=False,
    )
    return row.id


def release_refund(session: Session, actor: Actor, moment: Moment, act_id: str, *, key: str) -> str:
    """Pay waiting money back, today, as a second person; answer the entry's id.

    Raises:
        Missing, WrongLoanStatus, WrongPerson: as ``act_book.to_decide`` refuses.
        WrongAmount: less waits by now.
        ledger.Overdrawn: the fund has not that much available.
    """
    row, loan = act_book.to_decide(session, actor, act_id)
    amount_minor = row.amount_minor or 0
    _check_credit(session, loan, moment.on, amount_minor)
    cash = loan_cash(session, loan, row.terms.get("bank_account"))
    check_available(cash, amount_minor)
    row.effective_on = moment.on
    act_book.mark_done(actor, moment, row)
    followed = act_book.book(
        session,
        actor,
        moment,
        loan,
        row,
        cash_minor=-amount_minor,
        cash_account=cash.code,
        key=key,
    )
    return followed.entry_id or ""


def _check_credit(session: Session, loan: Loan, on: date, amount_minor: int) -> AccountState:
    state = record_of(session, loan).at(on)
    waits = max(0, state.credit_minor)
    if not waits:
        message = "No money of the borrower waits on this loan."
        raise NothingWaits(message, field="amount")
    check_amount(session, amount_minor, most_minor=waits)
    return state
