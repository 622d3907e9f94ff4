"""The books follow the loan: what an act does to it, posted as entries that are never changed.

An act keeps its record first. Then the loan is replayed without and with it, and the difference
is posted: what was earned until then, the act itself on its value date, and, where the act lies
before what the books knew already, one more entry that takes the loan's accounts to what the
replay says. So the postings of a loan always sum to its state, in whatever order acts come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from loans.bookings import commitment_met, loan_moved
from loans.books import ledger
from loans.cases.case_status import LoanStatus
from loans.chart import CASH
from loans.closing_tables import LoanStanding
from loans.history import Moment
from loans.ledger_legs import Leg, Source
from loans.lending.loan_plans import keep_plan
from loans.lending.loan_postings import NOTHING_POSTED, Posted, posted_of
from loans.lending.loan_record import LoanRecord, record_of
from loans.people import Actor
from loans.storage.requests import entry_key
from loans.subledger.balances import FOLLOWED, control_balances, missing_balances
from loans.subledger.state import AccountState
from loans.tables import Loan

ACCRUAL, REBUILD = "accrual", "rebuild"
"""The events of entries that no person asks for: interest earned, and what changed behind."""


@dataclass(frozen=True)
class Act:
    """What is booked: the event, its value date, the record behind it and the money it moves.

    ``cash_minor`` is positive for money that came in. ``hold_id`` names the reserve that is used,
    ``commitment_minor`` is how much of the promise is met.
    """

    event: str
    on: date
    ref: str
    cash_minor: int
    memo: str
    hold_id: str | None = None
    cash_account: str = CASH
    commitment_minor: int = 0


@dataclass(frozen=True)
class Followed:
    """The entry of the act itself (None where it moved nothing), and the loan afterwards."""

    record: LoanRecord
    entry_id: str | None
    state: AccountState
    rebuild_entry_id: str | None


def follow(
    session: Session, actor: Actor, moment: Moment, loan: Loan, act: Act, *, key: str
) -> Followed:
    """Book an act whose record is kept already, make its plan the active one, move the status.

    Raises:
        ledger.Overdrawn, ledger.PeriodClosed, ledger.DuplicateKey, ledger.HoldExceeded: as
            ``ledger.post`` refuses.
    """
    session.flush()
    record = record_of(session, loan)
    before = record.without(act.ref)
    book = _LoanBook(session, actor, moment, loan, key)
    is_backdated = book.booked_on is not None and act.on < book.booked_on
    today = day_reached(book.booked_on, moment, act.on)
    own_before, own_after = before.at(act.on), record.at(act.on)
    book.bring_to(before.at(today) if is_backdated else own_before, ACCRUAL, today)
    entry_id = book.post_own(act, own_before, own_after)
    rebuild_id = None
    state = own_after
    if is_backdated:
        state = record.at(today)
        rebuild_id = book.bring_to(state, REBUILD, today)
    _settle(book, moment, record, state)
    return Followed(record, entry_id, state, rebuild_id)


def follow_reversal(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan: Loan,
    entry_id: str | None,
    *,
    reason: str,
    key: str,
) -> str:
    """Reverse the entry of a record marked as reversed, and book what that changed behind it.

    Answers the id of the reversing entry, or of the entry of what changed where the record had
    moved nothing itself.
    """
    session.flush()
    record = record_of(session, loan)
    book = _LoanBook(session, actor, moment, loan, key)
    reversal_id = ""
    if entry_id is not None:
        found = ledger.entry(session, facility_id=loan.facility_id, entry_id=entry_id)
        reversal_id = ledger.reverse(
            session,
            facility_id=loan.facility_id,
            entry_id=entry_id,
            effective_on=found.effective_on,
            booked_at=moment.at,
            actor_id=actor.user_id,
            key=entry_key(actor.user_id, key),
            memo=reason,
        )
        book.read_again()
    today = day_reversed(book.booked_on, moment)
    state = record.at(today)
    rebuild_id = book.bring_to(state, REBUILD, today)
    _settle(book, moment, record, state)
    return reversal_id or rebuild_id or ""


def accrue(session: Session, actor: Actor, moment: Moment, loan: Loan, *, key: str) -> str | None:
    """Bring the books of one loan to the day of ``moment``; the entry's id, if one was needed."""
    book = _LoanBook(session, actor, moment, loan, key)
    if book.booked_on is None or moment.on <= book.booked_on:
        return None
    record = record_of(session, loan)
    state = record.at(moment.on)
    entry_id = book.bring_to(state, ACCRUAL, moment.on)
    _settle(book, moment, record, state)
    return entry_id


def posted_balances(session: Session, loan: Loan) -> Mapping[str, int]:
    """What the postings of a loan sum to on each account that follows it, in minor units."""
    return _posted(session, loan).balances


def booked_on(session: Session, loan: Loan) -> date | None:
    """The newest value date of the loan's postings: the day that its books are brought to."""
    return _posted(session, loan).brought_to


def day_reached(booked: date | None, moment: Moment, on: date) -> date:
    """The day that an act of ``on`` brings the books to, which knew the loan up to ``booked``."""
    is_backdated = booked is not None and on < booked
    return max(moment.on, on) if is_backdated else on


def day_reversed(booked: date | None, moment: Moment) -> date:
    """The day that a reversal brings the books to."""
    return max(moment.on, booked or moment.on)


def _posted(session: Session, loan: Loan) -> Posted:
    return posted_of(session, loan.facility_id, [loan.id]).get(loan.id, NOTHING_POSTED)


def status_of(loan: Loan, state: AccountState) -> LoanStatus:
    """The status that the facts give: nobody sets it by hand."""
    if state.written_off_on is not None:
        return LoanStatus.WRITTEN_OFF
    rest = loan.principal_minor - state.disbursed_minor - state.given_up_minor
    if not state.disbursed_minor:
        return LoanStatus.SIGNED if rest else LoanStatus.CANCELLED
    if rest:
        return LoanStatus.DISBURSING
    return LoanStatus.REPAID if state.is_settled else LoanStatus.REPAYING


def _settle(book: _LoanBook, moment: Moment, record: LoanRecord, state: AccountState) -> None:
    """The plan in force becomes the active schedule, and the status follows the facts.

    The next close of a day looks at the loan anew.
    """
    if state.plans:
        keep_plan(book.session, book.actor, moment.at, book.loan, state.plans[-1])
    book.loan.status = status_of(book.loan, record.at(max(moment.on, state.on)))
    book.session.execute(delete(LoanStanding).where(LoanStanding.loan_id == book.loan.id))
    book.session.flush()


class _LoanBook:
    """The postings of one loan, while an act is booked."""

    def __init__(
        self, session: Session, actor: Actor, moment: Moment, loan: Loan, key: str
    ) -> None:
        self.session = session
        self.actor = actor
        self._booked_at: datetime = moment.at
        self.loan = loan
        self._key = key
        found = _posted(session, loan)
        self.booked_on = found.brought_to
        self._posted = Counter(found.balances)

    def read_again(self) -> None:
        """Take up what was posted elsewhere."""
        self._posted = Counter(posted_balances(self.session, self.loan))

    def bring_to(self, state: AccountState, event: str, on: date) -> str | None:
        """Post what is missing until the postings are what ``state`` says."""
        missing = missing_balances(state, self._posted)
        memo = f"{event.capitalize()} of {self.loan.reference}"
        return self._post(event, on, missing, memo, key=f"{self._key} {event}")

    def post_own(self, act: Act, before: AccountState, after: AccountState) -> str | None:
        """Post what the act changes on its day, with its money."""
        earlier, later = control_balances(before), control_balances(after)
        moved = {code: later[code] - earlier[code] for code in FOLLOWED}
        return self._post(act.event, act.on, moved, act.memo, key=self._key, act=act)

    def _post(
        self,
        event: str,
        on: date,
        moved: Mapping[str, int],
        memo: str,
        *,
        key: str,
        act: Act | None = None,
    ) -> str | None:
        cash = act.cash_minor if act is not None else 0
        paid = Leg(act.cash_account, cash, self.loan.id) if act is not None and cash else None
        legs = loan_moved(self.loan.id, moved, paid)
        if not legs:
            return None
        if act is not None and act.commitment_minor:
            legs.extend(commitment_met(act.commitment_minor))
        self._posted.update({code: amount for code, amount in moved.items() if amount})
        return ledger.post(
            self.session,
            facility_id=self.loan.facility_id,
            event=event,
            effective_on=on,
            booked_at=self._booked_at,
            actor_id=self.actor.user_id,
            key=entry_key(self.actor.user_id, key),
            legs=legs,
            memo=memo,
            source=Source("loan", self.loan.id),
            hold_id=act.hold_id if act is not None else None,
        )
