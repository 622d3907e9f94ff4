"""Closing days: each once, in order, in any number of parts, with the same books in the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import func, select

from loans.books.books_check import check_books
from loans.books.tables import AccountRow, journal_entry, posting
from loans.chart import INTEREST_IN_SUSPENSE
from loans.closing import days as of_days
from loans.closing.closed_days import closed_day, newest_days
from loans.closing.days import Closing
from loans.closing.reminding import reminder_days
from loans.closing.run import close_day, close_days
from loans.closing_tables import DayClose, DayClosePart, LoanStanding, Reminder
from loans.fund import the_facility
from loans.storage.database import Database
from loans.tables import Loan
from loans.versions.profile_drafts import TermChange, draft_version
from loans.versions.profile_publishing import publish_version
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    at,
    disbursed_loan,
    open_fund,
    pay_out,
    receive,
    signed_loan,
)
from tests.databases import Databases
from tests.funds import draft_as_read

FIRST_DAY, LAST_DAY = date(2026, 6, 28), date(2026, 7, 2)
"""A month ends between them; the last is a due day, and one loan falls into non-accrual on it."""
LEVEL = 414_382


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database, capital_minor=100_000_000)


def closing(fund: Fund, today: date) -> Closing:
    with fund.database.reading() as session:
        return Closing(the_facility(session), None, at(today, hour=23))


def close(
    fund: Fund, *, on: date | None = None, through: date | None = None, **how: Any
) -> tuple[date, ...]:
    """Close days on the evening of the last one; answers those that were not closed before."""
    last = through or on or LAST_DAY
    run = closing(fund, last)
    with fund.database.reading() as session:
        days = of_days.days_to_close(session, run.facility, last, on=on, through=last)
    close_days(fund.database, run, days, **how)
    return days


def three_loans(fund: Fund) -> tuple[str, str, str]:
    """One in full, one in two parts, and one signed only."""
    whole = disbursed_loan(fund)
    parts = signed_loan(fund)
    pay_out(fund, parts, amount_minor=4_000_000)
    return whole, parts, signed_loan(fund)


def balances(fund: Fund) -> dict[tuple[str, str], int]:
    """What the postings of each loan sum to, by its reference."""
    with fund.database.reading() as session:
        rows = session.execute(
            select(Loan.reference, AccountRow.code, func.sum(posting.c.amount_minor))
            .join(Loan, Loan.id == posting.c.loan_id)
            .join(AccountRow, AccountRow.id == posting.c.account_id)
            .group_by(Loan.reference, AccountRow.code)
        )
        return {(reference, code): int(total) for reference, code, total in rows if total}


def assert_sound(fund: Fund) -> None:
    with fund.database.reading() as session:
        report = check_books(session)
    assert report.is_sound, report.summary


def figures(fund: Fund) -> dict[str, int]:
    """How many rows there are of all that a close writes."""
    tables = (DayClose, DayClosePart, LoanStanding, Reminder, journal_entry, posting)
    with fund.database.reading() as session:
        return {
            str(getattr(table, "__tablename__", table)): session.execute(
                select(func.count()).select_from(table)
            ).scalar_one()
            for table in tables
        }


def test_reminders_go_out_on_the_days_of_the_profile(sqlite_database: Database) -> None:
    fund = open_fund(sqlite_database)
    code = "nefco-1998"
    with fund.database.reading() as session:
        facility = the_facility(session)
        assert reminder_days(session, facility, PAY_OUT_ON) == (-7, 1, 15, 30, 60, 90)
    change = TermChange([-3, 10], "The board", is_decided=True)
    with fund.act(PAY_OUT_ON) as (session, moment):
        version = draft_version(
            session,
            fund.manager,
            moment,
            code,
            valid_from=PAY_OUT_ON,
            reason="Fewer letters",
            changes={"reminder_days": change},
        )
    with fund.act(PAY_OUT_ON) as (session, moment):
        publish_version(
            session,
            fund.second_manager,
            moment,
            code,
            version=version,
            content_hash=draft_as_read(session),
        )
    with fund.database.reading() as session:
        assert reminder_days(session, facility, PAY_OUT_ON) == (-3, 10)


def test_a_month_end_brings_every_running_loan_to_the_day_with_one_entry(fund: Fund) -> None:
    three_loans(fund)
    close(fund, on=date(2026, 3, 31))
    with fund.database.reading() as session:
        found = session.execute(
            select(journal_entry).where(journal_entry.c.idem_key == "close-day/2026-03-31/1")
        ).one()
        view = closed_day(session, the_facility(session), date(2026, 3, 31))
    assert (found.event, found.effective_on) == ("accrual", date(2026, 3, 31))
    # 29 days of 365 at 6 % on 108,000.00 and on 40,000.00.
    assert found.n_postings == 4
    assert view.totals.interest_minor == 51_485 + 19_068
    assert (view.running_count, view.totals.posted_count, view.late_count) == (2, 2, 0)
    assert view.entry_ids == (found.id,)
    assert_sound(fund)


def test_a_day_without_anything_to_do_posts_nothing(fund: Fund) -> None:
    three_loans(fund)
    close(fund, on=date(2026, 3, 20))
    before = figures(fund)
    close(fund, on=date(2026, 3, 22))
    after = figures(fund)
    assert after["journal_entry"] == before["journal_entry"]
    assert after["day_close"] == before["day_close"] + 2
    with fund.database.reading() as session:
        assert closed_day(session, the_facility(session), date(2026, 3, 22)).running_count == 2


def test_a_day_is_closed_once(fund: Fund) -> None:
    three_loans(fund)
    assert close(fund, on=FIRST_DUE_ON) == (FIRST_DUE_ON,)
    before, books = figures(fund), balances(fund)
    assert close(fund, on=FIRST_DUE_ON) == ()
    close_days(fund.database, closing(fund, FIRST_DUE_ON), [FIRST_DUE_ON])
    assert (figures(fund), balances(fund)) == (before, books)


def test_missing_days_are_closed_in_order(fund: Fund) -> None:
    assert close(fund, on=date(2026, 3, 30)) == (date(2026, 3, 30),)
    assert close(fund, on=date(2026, 4, 2)) == (
        date(2026, 3, 31),
        date(2026, 4, 1),
        date(2026, 4, 2),
    )
    with fund.database.reading() as session:
        shown = newest_days(session, the_facility(session))
    assert [view.closed_on.day for view in shown] == [2, 1, 31, 30]
    assert all(view.finished_at is not None for view in shown)


def test_what_cannot_be_closed_is_refused(fund: Fund) -> None:
    first = date(2026, 3, 30)
    close(fund, on=first)
    run = closing(fund, date(2026, 4, 10))
    with fund.database.reading() as session:

        def days(**asked: Any) -> tuple[date, ...]:
            return of_days.days_to_close(session, run.facility, run.moment.on, **asked)

        with pytest.raises(of_days.DayNotCome, match="Close a day up to 10 April 2026"):
            days(on=date(2026, 4, 11))
        with pytest.raises(of_days.DayBeforeFirst, match="closed from 30 March 2026 on"):
            days(on=first - timedelta(days=1))
        with pytest.raises(of_days.DaysReversed):
            days(on=date(2026, 4, 9), through=date(2026, 4, 8))
        assert days()[-1] == date(2026, 4, 9)
    with (
        fund.database.writing() as session,
        pytest.raises(of_days.EarlierDayOpen, match="Close 31 March 2026 first"),
    ):
        of_days.begin_day(session, run, date(2026, 4, 2))


class Stopped(Exception):
    pass


def one_by_one(fund: Fund) -> None:
    for day in range((LAST_DAY - FIRST_DAY).days + 1):
        close(fund, on=FIRST_DAY + timedelta(days=day), loans_a_part=1)


def in_one_go(fund: Fund) -> None:
    close(fund, on=FIRST_DAY, through=LAST_DAY)


def in_one_transaction(fund: Fund) -> None:
    close(fund, on=FIRST_DAY)
    with fund.database.writing() as session:
        assert close_day(session, closing(fund, LAST_DAY), LAST_DAY)


def with_restarts(fund: Fund) -> None:
    def stop(_day: date, _looked_at: int) -> None:
        raise Stopped

    close(fund, on=FIRST_DAY)
    run = closing(fund, LAST_DAY)
    for _ in range(10_000):
        with fund.database.reading() as session:
            days = of_days.days_to_close(session, run.facility, LAST_DAY, through=LAST_DAY)
        if not days:
            return
        try:
            close_days(fund.database, run, days, progress=stop, loans_a_part=1)
        except Stopped:
            continue


def never(_fund: Fund) -> None:
    pass


@contextmanager
def another_fund(databases: Databases) -> Iterator[Fund]:
    from loans.storage.database import open_database

    url = databases.migrated()
    database = open_database(url, is_test_server=True)
    try:
        yield open_fund(database, capital_minor=100_000_000)
    finally:
        database.close()
        databases.drop(url)


def played(databases: Databases, way: Callable[[Fund], None], *, late: bool) -> Any:
    """The loans' balances on the last day; receipts are entered before the closes or after."""
    with another_fund(databases) as fund:
        whole, parts, _ = three_loans(fund)

        def receipts() -> None:
            entered_on = LAST_DAY if late else None
            for loan_id, minor, on in (
                (whole, LEVEL, FIRST_DUE_ON),
                (whole, 200_000, date(2026, 5, 20)),
                (parts, 9_000, date(2026, 6, 30)),
            ):
                receive(fund, loan_id, minor, on=on, entered_on=entered_on)

        if late:
            way(fund)
            receipts()
        else:
            receipts()
            way(fund)
        close(fund, on=LAST_DAY)
        assert_sound(fund)
        return balances(fund)


@cache
def never_closed(databases: Databases) -> Any:
    """The balances where no day was closed but the last."""
    return played(databases, never, late=False)


@pytest.mark.parametrize("late", [False, True], ids=["receipts first", "receipts late"])
@pytest.mark.parametrize(
    "way", [one_by_one, in_one_go, in_one_transaction, with_restarts], ids=lambda way: way.__name__
)
def test_however_days_are_closed_the_books_end_alike(
    databases: Databases, way: Callable[[Fund], None], *, late: bool
) -> None:
    expected = never_closed(databases)
    assert ("L-2026-002", INTEREST_IN_SUSPENSE) in expected
    assert played(databases, way, late=late) == expected


KILLED = """
import os, signal, sys
from datetime import UTC, date, datetime
from loans.closing.days import Closing
from loans.closing.run import close_days
from loans.storage.database import open_database
from loans.fund import the_facility
from loans.history import Moment

database = open_database(sys.argv[1], is_test_server=True)
with database.reading() as session:
    facility = the_facility(session)
moment = Moment(date(2026, 3, 31), datetime(2026, 3, 31, 23, tzinfo=UTC))

def die(day, looked_at):
    os.kill(os.getpid(), signal.SIGKILL)

close_days(database, Closing(facility, None, moment), [moment.on], progress=die, loans_a_part=1)
"""


def test_a_close_that_was_killed_goes_on_behind_its_parts(
    database_url: str, database: Database
) -> None:
    fund = open_fund(database, capital_minor=100_000_000)
    three_loans(fund)
    killed = subprocess.run(  # noqa: S603  # this program, with the test's own database
        [sys.executable, "-c", KILLED, database_url],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert killed.returncode == -signal.SIGKILL
    with database.reading() as session:
        half = closed_day(session, the_facility(session), date(2026, 3, 31))
    assert (half.finished_at, half.totals.looked_at_count) == (None, 1)
    close(fund, on=date(2026, 3, 31))
    with database.reading() as session:
        whole = closed_day(session, the_facility(session), date(2026, 3, 31))
    assert whole.finished_at is not None
    assert whole.totals.looked_at_count == 2
    assert whole.entry_ids[0] == half.entry_ids[0]
    assert len(whole.entry_ids) == 2
    assert_sound(fund)


def test_late_loans_are_looked_at_daily_and_their_arrears_kept(fund: Fund) -> None:
    disbursed_loan(fund)
    close(fund, on=date(2026, 7, 5), through=date(2026, 7, 6))
    with fund.database.reading() as session:
        facility = the_facility(session)
        views = [closed_day(session, facility, date(2026, 7, day)) for day in (5, 6)]
    for view in views:
        assert view.late_count == view.totals.posted_count == view.totals.non_accrual_count == 1
        assert [band.label for band in view.late if band.loan_count] == ["91-180"]
        assert [band.overdue_minor > 0 for band in view.late] == [True, True, True, True, False]
    assert views[1].totals.interest_minor == 0
    assert views[1].totals.suspended_minor > 0
    assert views[1].overdue_minor >= views[0].overdue_minor
    assert fund.trial_balance()[INTEREST_IN_SUSPENSE] < 0
    assert_sound(fund)


def test_whatever_happens_to_a_loan_lets_the_next_close_look_anew(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    close(fund, on=date(2026, 3, 10))
    with fund.database.reading() as session:
        found = session.get_one(LoanStanding, loan_id)
    assert (found.looked_on, found.look_again_on) == (date(2026, 3, 10), date(2026, 3, 26))
    receive(fund, loan_id, 1_000, on=date(2026, 3, 11))
    with fund.database.reading() as session:
        assert session.get(LoanStanding, loan_id) is None
    close(fund, on=date(2026, 3, 11))
    with fund.database.reading() as session:
        assert closed_day(session, the_facility(session), date(2026, 3, 11)).totals == (
            closed_day(session, the_facility(session), date(2026, 3, 10)).totals
        )
