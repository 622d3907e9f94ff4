"""Days in a closed month: refused where the fund chooses them, said where the bank does."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from loans import own_money
from loans.books import bank_accounts, ledger, restrictions
from loans.books.closed_months import closed_by, counts_late, refuse_closed
from loans.component import Component
from loans.history import Moment
from loans.provisioning.run import run_provisions
from loans.servicing import charges, disbursing
from loans.storage.database import Database, new_id
from loans.tables import Disbursement, Loan
from tests.builders import (
    PAY_OUT_ON,
    Fund,
    at,
    disbursed_loan,
    open_fund,
    prepare_pay_out,
    receive,
    signed_loan,
)
from tests.builders import pay_out as paid_out

CLOSED, NOW = date(2026, 3, 12), date(2026, 5, 20)
Act = Callable[[Session, Fund, Moment, date], object]


@pytest.fixture
def fund_at_work(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def close(fund_at_work: Fund, month: str = "2026-03", on: date = date(2026, 4, 7)) -> None:
    with fund_at_work.act(on) as (session, moment):
        ledger.close_period(
            session,
            facility_id=fund_at_work.facility_id,
            month=month,
            actor_id=fund_at_work.manager.user_id,
            closed_at=moment.at,
        )


def written(of: Fund) -> Mapping[str, int]:
    """How many rows the books and the history have."""
    tables = ("account", "journal_entry", "journal_number", "posting", "hold", "case_event")
    with of.database.reading() as session:
        return {
            name: session.scalars(select(func.count()).select_from(text(name))).one()
            for name in tables
        }


def contribution(session: Session, of: Fund, moment: Moment, on: date, **more: Any) -> str:
    return own_money.record_contribution(
        session,
        of.manager,
        moment,
        source="Donor Two",
        amount_minor=100,
        paid_on=on,
        key=new_id(),
        **more,
    )


def restricted(session: Session, of: Fund, moment: Moment, on: date) -> str:
    return restrictions.record_restricted_contribution(
        session,
        of.manager,
        moment,
        source="Donor Two",
        purpose="Lithuania",
        until_on=None,
        amount_minor=100,
        paid_on=on,
        key=new_id(),
    )


def administration(session: Session, of: Fund, moment: Moment, on: date) -> str:
    return own_money.record_administration(
        session, of.manager, moment, purpose="Audit", amount_minor=100, paid_on=on, key=new_id()
    )


def transfer(session: Session, of: Fund, moment: Moment, on: date) -> str:
    code = bank_accounts.open_bank_account(
        session,
        of.manager,
        moment,
        name="Reserve",
        bank="Bank",
        number="LT121000011101001000",
        currency="EUR",
    )
    return bank_accounts.transfer(
        session,
        of.manager,
        moment,
        from_account="1010",
        to_account=code,
        amount_minor=100,
        moved_on=on,
        purpose="Reserve",
        key=new_id(),
    )


def provisions(session: Session, of: Fund, moment: Moment, on: date) -> str:
    return run_provisions(session, of.manager, moment, run_on=on, key=new_id())


def charge(session: Session, of: Fund, moment: Moment, on: date) -> str:
    return charges.charge(
        session,
        of.officer,
        moment,
        session.scalars(select(Loan.id)).one(),
        component=Component.FEES,
        amount_minor=500,
        charged_on=on,
        reason="Reminder",
        key=new_id(),
    )


def pay_out(session: Session, of: Fund, moment: Moment, on: date) -> str:
    row = session.scalars(select(Disbursement).where(Disbursement.pay_on == on)).one()
    return disbursing.release_disbursement(session, of.manager, moment, row.id, key=new_id())


OWN_ACTS = [contribution, restricted, administration, transfer, provisions]


@pytest.mark.parametrize("act", [*OWN_ACTS, charge, pay_out], ids=lambda a: a.__name__)
def test_a_close_that_came_between_the_question_and_the_entry_is_seen(
    fund_at_work: Fund, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = date(2026, 4, 20)
    loan_id = signed_loan(fund_at_work)
    paid_out(fund_at_work, loan_id, amount_minor=5_000_000)
    prepare_pay_out(fund_at_work, loan_id, amount_minor=10_000, pay_on=on)
    post = ledger.post

    def post_after_a_close(session: Session, **entry: Any) -> str:
        monkeypatch.setattr(ledger, "post", post)
        ledger.close_period(
            session,
            facility_id=fund_at_work.facility_id,
            month="2026-04",
            actor_id=fund_at_work.manager.user_id,
            closed_at=at(NOW).at,
        )
        return post(session, **entry)

    monkeypatch.setattr(ledger, "post", post_after_a_close)
    with (
        pytest.raises(ledger.PeriodClosed, match="April 2026 is closed"),
        fund_at_work.act(NOW) as (session, moment),
    ):
        act(session, fund_at_work, moment, on)


@pytest.mark.parametrize("act", OWN_ACTS, ids=lambda a: a.__name__)
def test_what_the_fund_dates_itself_needs_an_open_month(fund_at_work: Fund, act: Act) -> None:
    close(fund_at_work)
    before = written(fund_at_work)
    with (
        pytest.raises(ledger.PeriodClosed) as refused,
        fund_at_work.act(NOW) as (session, moment),
    ):
        act(session, fund_at_work, moment, CLOSED)
    assert written(fund_at_work) == before
    assert refused.value.message == (
        "March 2026 is closed, by Manager Person on 7 April 2026. "
        "Enter a day in an open month, from 1 April 2026 on."
    )
    assert refused.value.field in {"paid_on", "moved_on", "run_on"}
    with fund_at_work.act(NOW) as (session, moment):
        act(session, fund_at_work, moment, date(2026, 4, 1))


def test_a_charge_needs_an_open_month(fund_at_work: Fund) -> None:
    disbursed_loan(fund_at_work)
    close(fund_at_work)

    with (
        pytest.raises(ledger.PeriodClosed, match="March 2026 is closed"),
        fund_at_work.act(NOW) as (session, moment),
    ):
        charge(session, fund_at_work, moment, CLOSED)
    with fund_at_work.act(NOW) as (session, moment):
        assert charge(session, fund_at_work, moment, date(2026, 4, 1))


def test_a_pay_out_needs_an_open_month_when_prepared_and_when_released(fund_at_work: Fund) -> None:
    loan_id = signed_loan(fund_at_work)
    pay_out_id = prepare_pay_out(fund_at_work, loan_id, amount_minor=10_000)
    close(fund_at_work)
    with (
        fund_at_work.act(NOW) as (session, moment),
        pytest.raises(ledger.PeriodClosed, match="March 2026 is closed"),
    ):
        disbursing.release_disbursement(
            session, fund_at_work.manager, moment, pay_out_id, key=new_id()
        )
    with fund_at_work.act(NOW) as (session, moment):
        disbursing.send_back_disbursement(
            session, fund_at_work.manager, moment, pay_out_id, reason="Another day"
        )
    with (
        fund_at_work.act(NOW) as (session, moment),
        pytest.raises(ledger.PeriodClosed, match="from 1 April 2026 on"),
    ):
        disbursing.prepare_disbursement(
            session,
            fund_at_work.officer,
            moment,
            loan_id,
            amount_minor=10_000,
            pay_on=PAY_OUT_ON,
            purpose="Invoice 17",
        )


def test_money_that_came_in_a_closed_month_counts_from_its_day(fund_at_work: Fund) -> None:
    loan_id = disbursed_loan(fund_at_work)
    close(fund_at_work)
    done = receive(fund_at_work, loan_id, 50_000, on=CLOSED, entered_on=NOW)
    with fund_at_work.database.reading() as session:
        booked = ledger.entry(session, facility_id=fund_at_work.facility_id, entry_id=done.entry_id)
        said = counts_late(session, fund_at_work.facility_id, CLOSED, at(NOW), what="the receipt")
    assert (booked.effective_on, booked.booked_at.date()) == (CLOSED, NOW)
    assert said == (
        "March 2026 is closed: the receipt counts from its value date 12 March 2026, "
        "and is booked on 20 May 2026."
    )


def test_cash_that_the_fund_had_before_its_books_keeps_its_day(fund_at_work: Fund) -> None:
    close(fund_at_work)
    with fund_at_work.act(NOW) as (session, moment):
        assert contribution(session, fund_at_work, moment, CLOSED, is_opening=True)


def test_the_close_that_took_a_month_in_is_named_and_the_first_open_day(
    fund_at_work: Fund,
) -> None:
    close(fund_at_work, "2026-02", on=date(2026, 3, 3))
    close(fund_at_work, "2026-04", on=date(2026, 5, 4))
    with fund_at_work.database.reading() as session:
        facility_id = fund_at_work.facility_id
        for on, closed_on in (
            (date(2025, 12, 31), date(2026, 3, 3)),
            (date(2026, 2, 28), date(2026, 3, 3)),
            (date(2026, 3, 1), date(2026, 5, 4)),
            (date(2026, 4, 30), date(2026, 5, 4)),
        ):
            found = closed_by(session, facility_id, on)
            assert found is not None
            assert (found.closed_on, found.open_from) == (closed_on, date(2026, 5, 1))
        refuse_closed(session, facility_id, date(2026, 5, 1), field="paid_on")
        assert counts_late(session, facility_id, date(2026, 5, 1), at(NOW), what="it") is None
