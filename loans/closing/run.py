"""Closing a day part by part: each part of its loans in one transaction, with one entry at most.

Whatever stops the run, the parts that are done stay done, and the next run goes on behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from loans.bookings import loan_moved
from loans.books import ledger
from loans.cases.case_status import BORROWED
from loans.closing.days import (
    THE_PROGRAM,
    Closing,
    begin_day,
    days_to_close,
    finish_day,
    locked_day,
)
from loans.closing.reminding import add_reminders, reminder_days
from loans.closing.totals import Tally
from loans.closing_tables import DayClosePart, LoanStanding
from loans.ledger_legs import Leg, Source
from loans.lending.loan_book import ACCRUAL
from loans.lending.loan_postings import NOTHING_POSTED, Posted, posted_of
from loans.lending.loan_record import records_of
from loans.reminder_rules import Notice, notice_of
from loans.storage.database import Database
from loans.subledger.balances import missing_balances
from loans.subledger.next_look import is_posting_day, next_look_on
from loans.subledger.state import AccountState
from loans.tables import Loan

LOANS_A_PART = 1_000

Progress = Callable[[date, int], None]
"""Told after each part: the day, and how many loans the part looked at."""


def close_days(
    database: Database,
    closing: Closing,
    days: Sequence[date],
    *,
    progress: Progress = lambda _day, _count: None,
    loans_a_part: int = LOANS_A_PART,
) -> None:
    """Close days in order, each part in a transaction of its own.

    Raises:
        EarlierDayOpen: an earlier day has to be closed first.
    """
    for day in days:

        def begin(session: Session, day: date = day) -> None:
            begin_day(session, closing, day)

        def one(session: Session, day: date = day) -> int:
            return close_part(session, closing, day, loans_a_part=loans_a_part)

        database.retrying(begin)
        while looked_at := database.retrying(one):
            progress(day, looked_at)


def close_day(session: Session, closing: Closing, day: date) -> bool:
    """Close one day, and the missing ones before it, in this transaction.

    Answers False where it was closed before.

    Raises:
        DayNotCome, DayBeforeFirst: as ``days_to_close`` refuses.
    """
    days = days_to_close(session, closing.facility, closing.moment.on, on=day)
    for one in days:
        begin_day(session, closing, one)
        while close_part(session, closing, one):
            pass
    return bool(days)


def waiting_count(session: Session, closing: Closing, day: date) -> int:
    """How many loans the close of a day has to look at; new parts of them may come up."""
    return session.execute(
        select(func.count())
        .select_from(Loan)
        .outerjoin(LoanStanding, LoanStanding.loan_id == Loan.id)
        .where(_waits(closing, day))
    ).scalar_one()


def close_part(
    session: Session, closing: Closing, day: date, *, loans_a_part: int = LOANS_A_PART
) -> int:
    """Close the next part of a day that was begun, or finish it where no loan is left.

    Answers how many loans were looked at; 0 once the day is closed. The queries do not grow with
    the loans.
    """
    row = locked_day(session, closing, day)
    if row.finished_at is not None:
        return 0
    done, last_loan_id = _done_so_far(session, closing, day)
    loans = session.scalars(
        select(Loan)
        .outerjoin(LoanStanding, LoanStanding.loan_id == Loan.id)
        .where(_waits(closing, day), Loan.id > last_loan_id)
        .order_by(Loan.id)
        .limit(loans_a_part)
        .with_for_update(of=Loan)
    ).all()
    if not loans:
        finish_day(session, closing, row)
        return 0
    _Part(session, closing, day, done + 1, loans).close()
    return len(loans)


def _waits(closing: Closing, day: date) -> ColumnElement[bool]:
    return and_(
        Loan.facility_id == closing.facility.facility_id,
        Loan.status.in_(BORROWED),
        or_(LoanStanding.look_again_on.is_(None), LoanStanding.look_again_on <= day),
    )


def _done_so_far(session: Session, closing: Closing, day: date) -> tuple[int, str]:
    number, last_loan_id = session.execute(
        select(func.max(DayClosePart.number), func.max(DayClosePart.last_loan_id)).where(
            DayClosePart.facility_id == closing.facility.facility_id, DayClosePart.closed_on == day
        )
    ).one()
    return number or 0, last_loan_id or ""


class _Part:
    """Some loans of a day, looked at and booked together."""

    def __init__(
        self, session: Session, closing: Closing, day: date, number: int, loans: Sequence[Loan]
    ) -> None:
        self.session = session
        self.closing = closing
        self.day = day
        self.number = number
        self.loans = loans
        self.tally = Tally()
        self.legs: list[Leg] = []
        self.notices: dict[str, Notice] = {}

    def close(self) -> None:
        """Replay the loans to the day, post what is missing in one entry, and keep the part."""
        facility_id = self.closing.facility.facility_id
        loan_ids = [loan.id for loan in self.loans]
        records = records_of(self.session, loan_ids)
        posted = posted_of(self.session, facility_id, loan_ids)
        remind_on = reminder_days(self.session, self.closing.facility, self.day)
        before_due = [-days for days in remind_on if days < 0]
        standings = []
        for loan in self.loans:
            state = records[loan.id].at(self.day)
            self._look_at(loan, state, posted.get(loan.id, NOTHING_POSTED))
            notice = notice_of(state, remind_on)
            if notice is not None:
                self.notices[loan.id] = notice
            standings.append(_standing(loan, state, next_look_on(state, before_due)))
        self.tally.counts["reminder"] = len(self.notices)
        self.session.execute(delete(LoanStanding).where(LoanStanding.loan_id.in_(loan_ids)))
        self.session.execute(insert(LoanStanding), standings)
        add_reminders(self.session, self.closing, self.day, self.notices)
        self._keep(self._post())

    def _look_at(self, loan: Loan, state: AccountState, posted: Posted) -> None:
        """Find what is missing in the books of one loan; later days that they know are left alone.

        The status stays: it follows from acts, and days that pass lead to no other.
        """
        self.tally.look_at(state)
        if posted.brought_to is None or posted.brought_to > self.day:
            return
        if is_posting_day(state):
            legs = loan_moved(loan.id, missing_balances(state, posted.balances))
            self.tally.counts["posted"] += bool(legs)
            self.legs += legs

    def _post(self) -> str | None:
        if not self.legs:
            return None
        closing, day = self.closing, self.day
        return ledger.post(
            self.session,
            facility_id=closing.facility.facility_id,
            event=ACCRUAL,
            effective_on=day,
            booked_at=closing.moment.at,
            actor_id=closing.user_id or THE_PROGRAM,
            key=f"close-day/{day.isoformat()}/{self.number}",
            legs=self.legs,
            memo=f"Close of the day, part {self.number}",
            source=Source("day_close", day.isoformat()),
        )

    def _keep(self, entry_id: str | None) -> None:
        self.session.add(
            DayClosePart(
                facility_id=self.closing.facility.facility_id,
                closed_on=self.day,
                number=self.number,
                last_loan_id=self.loans[-1].id,
                entry_id=entry_id,
                totals=self.tally.totals(self.legs).document(),
                closed_at=self.closing.moment.at,
            )
        )
        self.session.flush()


def _standing(loan: Loan, state: AccountState, look_again_on: date) -> Mapping[str, object]:
    return {
        "loan_id": loan.id,
        "looked_on": state.on,
        "look_again_on": look_again_on,
        "days_past_due": state.days_past_due,
        "overdue_minor": state.overdue_minor,
    }
