"""What the bank itself takes and pays, booked from its line: charges, and interest on the balance.

The day is the bank's. Where its month is closed, the entry counts from it all the same and is
booked in the open month, as money from borrowers is.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from loans import bookings
from loans.banking.matching import BOOKED_CHARGE, MATCH, keep_match, locked_line, open_rest
from loans.banking.tables import BankLineRow
from loans.books.cash_accounts import cash_account
from loans.books.own_accounts import own_account
from loans.chart import Account, administration_account, bank_interest_account
from loans.entered_text import entered_text
from loans.fund import the_facility
from loans.history import Moment
from loans.ledger_legs import Leg
from loans.own_money import LONGEST_PURPOSE, book_own
from loans.people import Actor, Role, need_role
from loans.refusal import WrongValue


class NoCharge(WrongValue):
    """Money that came in is no charge of the bank."""


class NoInterest(WrongValue):
    """Money that went out is no interest from the bank."""


def book_charge(
    session: Session, actor: Actor, moment: Moment, line_id: str, *, purpose: str, key: str
) -> str:
    """Book what is open of a line as a cost of administration, and match it; the entry's id.

    Raises:
        WrongPerson: the actor is no manager.
        Missing: there is no such line.
        MatchedBefore, NoCharge: nothing of it is open, or the money came in.
        ledger.Overdrawn: the account has not that much available.
    """
    need_role(actor, Role.MANAGER)
    line = locked_line(session, line_id)
    left = open_rest(session, line)
    if left > 0:
        message = "Only money that went out is booked as a charge here."
        raise NoCharge(message, field="purpose")
    costs = _own_account(session, line, administration_account())
    legs = bookings.administration(costs, -left, line.account_code)
    memo = _memo(purpose, "Write what the charge was for.")
    event = bookings.ADMINISTRATION_PAID
    entry_id = _book(session, actor, moment, line, event=event, legs=legs, memo=memo, key=key)
    keep_match(
        session, actor, moment, line, BOOKED_CHARGE, entry_id=entry_id, amount=left, note=memo
    )
    return entry_id


def book_interest(
    session: Session, actor: Actor, moment: Moment, line_id: str, *, purpose: str, key: str
) -> str:
    """Book what is open of a line as interest on the balance, and match it; the entry's id.

    Raises:
        WrongPerson: the actor is no manager.
        Missing: there is no such line.
        MatchedBefore, NoInterest: nothing of it is open, or the money went out.
    """
    need_role(actor, Role.MANAGER)
    line = locked_line(session, line_id)
    left = open_rest(session, line)
    if left < 0:
        message = "Only money that came in is booked as interest from the bank."
        raise NoInterest(message, field="purpose")
    income = _own_account(session, line, bank_interest_account())
    legs = bookings.bank_interest(income, left, line.account_code)
    memo = _memo(purpose, "Write for which time the interest is.")
    event = bookings.INTEREST_FROM_BANK
    entry_id = _book(session, actor, moment, line, event=event, legs=legs, memo=memo, key=key)
    keep_match(session, actor, moment, line, MATCH, entry_id=entry_id, amount=left)
    return entry_id


def _memo(purpose: str, ask: str) -> str:
    return entered_text(purpose, field="purpose", ask=ask, longest=LONGEST_PURPOSE)


def _book(
    session: Session,
    actor: Actor,
    moment: Moment,
    line: BankLineRow,
    *,
    event: str,
    legs: Sequence[Leg],
    memo: str,
    key: str,
) -> str:
    return book_own(
        session,
        actor,
        moment,
        the_facility(session),
        event=event,
        on=line.booked_on,
        legs=legs,
        memo=memo,
        key=key,
    )


def _own_account(session: Session, line: BankLineRow, account: Account) -> str:
    cash = cash_account(session, line.facility_id, line.account_code)
    return own_account(session, line.facility_id, account, cash.currency)
