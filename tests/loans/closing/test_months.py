"""Closing a month: what is open of it is named, and has to be seen."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from loans.banking.matching import match_line
from loans.banking.signed_months import sign_month
from loans.closing.days import Closing
from loans.closing.months import WarningsUnread, close_month, month_warnings, months_to_close
from loans.closing.run import close_days
from loans.fund import the_facility
from loans.ledger_refusals import PeriodClosed, PeriodNotOver
from loans.people import WrongPerson
from loans.storage.database import Database
from loans.tables import CaseEvent
from tests.builders import OPENED_ON, Fund, at, open_fund
from tests.loans.banking.banks import CAPITAL, bank_of, line_id_of, stated, take_in

APRIL = date(2026, 4, 7)


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def warnings(fund: Fund, month: str) -> tuple[str, ...]:
    with fund.database.reading() as session:
        return month_warnings(session, the_facility(session), month)


def close(fund: Fund, month: str, *, seen: bool, on: date = APRIL) -> tuple[str, ...]:
    with fund.act(on) as (session, moment):
        return close_month(session, fund.manager, moment, month=month, are_warnings_seen=seen)


def test_what_is_open_is_named_and_has_to_be_seen(fund: Fund) -> None:
    with pytest.raises(WarningsUnread) as refused:
        close(fund, "2026-03", seen=False)
    said = close(fund, "2026-03", seen=True)
    assert all(one in refused.value.message for one in said)
    assert [one.partition(" ")[0] for one in said] == ["January", "86", "Account"]
    assert "signed off for January 2026, February 2026 and March 2026." in said[-1]
    with fund.database.reading() as session:
        kept = session.scalars(select(CaseEvent).where(CaseEvent.action == "close_month")).one()
    assert kept.details == {"month": "2026-03", "warnings": list(said)}


def test_months_in_order_and_closed_days_need_no_warning(fund: Fund) -> None:
    close(fund, "2026-01", seen=True)
    assert "January" not in " ".join(warnings(fund, "2026-02"))
    with fund.database.reading() as session:
        closing = Closing(the_facility(session), fund.manager, at(APRIL))
    assert warnings(fund, "2026-02")[0].startswith("28 of 28 days are not closed")
    days = [date(2026, 2, number) for number in range(3, 28)]
    close_days(fund.database, closing, days)
    assert warnings(fund, "2026-02")[0].startswith("1 of 26 days are not closed: interest until 28")
    close_days(fund.database, closing, [date(2026, 2, 28)])
    assert warnings(fund, "2026-02") == (
        "Account 1010, Cash at bank, is not reconciled and signed off for February 2026.",
    )


def test_the_first_open_month_is_offered_beside_the_last_one_that_is_over(fund: Fund) -> None:
    offered = []
    for month in ("2026-01", "2026-02", "2026-03"):
        with fund.database.reading() as session:
            offered.append(months_to_close(session, the_facility(session), APRIL))
        close(fund, month, seen=True)
    with fund.database.reading() as session:
        offered.append(months_to_close(session, the_facility(session), APRIL))
    assert offered == [("2026-01", "2026-03"), ("2026-03",), ("2026-03",), ()]


def test_days_are_counted_from_the_first_that_can_be_closed(fund: Fund) -> None:
    assert warnings(fund, "2025-06") == ()
    count = (date(2026, 1, 31) - OPENED_ON).days + 1
    assert warnings(fund, "2026-01")[0].startswith(f"{count} of {count} days are not closed")
    with fund.database.reading() as session:
        closing = Closing(the_facility(session), fund.manager, at(APRIL))
    close_days(fund.database, closing, [date(2026, 3, 30)])
    said = [one for one in warnings(fund, "2026-03") if "days" in one]
    assert [one.partition(":")[0] for one in said] == ["1 of 2 days are not closed"]
    assert "days" not in " ".join(warnings(fund, "2026-02"))


def test_what_is_open_of_earlier_months_is_summed_up(fund: Fund) -> None:
    said = " ".join(warnings(fund, "2026-05"))
    assert "4 months from January 2026 to April 2026 are still open and would be closed" in said
    assert "signed off for 5 months from January 2026 to May 2026." in said
    count = (date(2026, 5, 31) - OPENED_ON).days + 1
    assert f"{count} of {count} days are not closed" in said


def test_lines_and_the_sign_off_of_the_bank_are_asked_for(fund: Fund) -> None:
    close(fund, "2026-01", seen=True)
    take_in(fund, stated(CAPITAL, to_on=date(2026, 2, 28)), on=APRIL)
    said = warnings(fund, "2026-02")
    assert said[-1] == "1 line of the bank up to 28 February 2026 is neither matched nor explained."
    proposal = bank_of(fund).lines[0].proposal
    assert proposal is not None
    entry = proposal.entries[0].entry_id
    with fund.act(APRIL) as (session, moment):
        match_line(session, fund.officer, moment, line_id_of(fund, "B0"), entry_ids=[entry])
    with fund.act(APRIL) as (session, moment):
        sign_month(session, fund.manager, moment, "1010", month="2026-02")
    assert [one for one in warnings(fund, "2026-02") if "day" not in one] == []


def test_a_month_is_closed_by_managers_once_and_when_it_is_over(fund: Fund) -> None:
    with pytest.raises(WrongPerson), fund.act(APRIL) as (session, moment):
        close_month(session, fund.officer, moment, month="2026-03", are_warnings_seen=True)
    with pytest.raises(PeriodNotOver):
        close(fund, "2026-04", seen=True)
    close(fund, "2026-03", seen=True)
    with pytest.raises(PeriodClosed):
        close(fund, "2026-02", seen=True)
