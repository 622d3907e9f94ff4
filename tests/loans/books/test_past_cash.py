"""An account at a bank holds what is paid from it on the day of the payment, not only today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from loans import own_money
from loans.books import bank_accounts, ledger
from loans.books.ledger_balances import lowest_since
from loans.chart import CASH
from loans.servicing import disbursing
from loans.storage.database import Database, new_id
from tests.builders import Fund, open_fund, prepare_pay_out, signed_loan
from tests.funds import CAPITAL_MINOR, OPENED_ON

CAME_ON, TODAY = date(2026, 4, 15), date(2026, 5, 20)
BEFORE = CAME_ON - timedelta(days=1)
ALL = CAPITAL_MINOR * 3


@pytest.fixture
def richer(database: Database) -> Fund:
    """A million on the first day, two more in April."""
    opened = open_fund(database)
    with opened.act(CAME_ON) as (session, moment):
        own_money.record_contribution(
            session,
            opened.manager,
            moment,
            source="Donor Two",
            amount_minor=2 * CAPITAL_MINOR,
            paid_on=CAME_ON,
            key=new_id(),
        )
    return opened


def spend(of: Fund, amount_minor: int, on: date) -> str:
    with of.act(TODAY) as (session, moment):
        return own_money.record_administration(
            session,
            of.manager,
            moment,
            purpose="Audit",
            amount_minor=amount_minor,
            paid_on=on,
            key=new_id(),
        )


def lowest(of: Fund, on: date) -> tuple[date, int]:
    with of.database.reading() as session:
        return lowest_since(session, facility_id=of.facility_id, account=CASH, on=on)


def test_what_came_later_pays_no_earlier_cost(richer: Fund) -> None:
    with pytest.raises(ledger.Overdrawn) as refused:
        spend(richer, CAPITAL_MINOR + 1, BEFORE)
    assert refused.value.message == (
        "Account 1010 would have been overdrawn on 14 April 2026 by EUR 0.01. Enter a smaller "
        "amount, a later day, or book first what came in before."
    )
    assert refused.value.field == "paid_on"
    assert richer.balance() == richer.balance(as_of=CAME_ON) == ALL
    spend(richer, CAPITAL_MINOR, BEFORE)
    assert richer.balance(as_of=BEFORE) == 0
    spend(richer, 2 * CAPITAL_MINOR, CAME_ON)
    assert richer.balance() == 0


def test_a_cost_may_not_take_what_was_paid_on_a_later_day(richer: Fund) -> None:
    spend(richer, CAPITAL_MINOR, date(2026, 3, 1))
    with pytest.raises(ledger.Overdrawn, match=r"overdrawn on 1 March 2026 by EUR 1\.00"):
        spend(richer, 100, date(2026, 2, 1))
    spend(richer, 100, TODAY)


def test_no_transfer_moves_what_was_not_there(richer: Fund) -> None:
    with richer.act(TODAY) as (session, moment):
        other = bank_accounts.open_bank_account(
            session,
            richer.manager,
            moment,
            name="Reserve",
            bank="Bank",
            number="LT121000011101001000",
            currency="EUR",
        )

    def move(amount_minor: int) -> None:
        with richer.act(TODAY) as (session, moment):
            bank_accounts.transfer(
                session,
                richer.manager,
                moment,
                from_account=CASH,
                to_account=other,
                amount_minor=amount_minor,
                moved_on=BEFORE,
                purpose="Reserve",
                key=new_id(),
            )

    with pytest.raises(ledger.Overdrawn) as refused:
        move(CAPITAL_MINOR + 100)
    assert refused.value.field == "moved_on"
    move(CAPITAL_MINOR)
    assert richer.balance(other, as_of=BEFORE) == CAPITAL_MINOR


def test_no_pay_out_has_a_day_on_which_the_money_was_not_there(richer: Fund) -> None:
    loan_id = signed_loan(richer)
    on = date(2026, 3, 2)
    pay_out_id = prepare_pay_out(richer, loan_id, amount_minor=10_000, pay_on=on)
    spend(richer, CAPITAL_MINOR, on)
    with (
        pytest.raises(ledger.Overdrawn, match=r"overdrawn on 2 March 2026 by EUR 100\.00"),
        richer.act(TODAY) as (session, moment),
    ):
        disbursing.release_disbursement(session, richer.manager, moment, pay_out_id, key=new_id())
    assert richer.outstanding(loan_id) == 0


def test_the_lowest_balance_is_that_of_the_end_of_a_day(richer: Fund) -> None:
    earlier = OPENED_ON - timedelta(days=9)
    assert lowest(richer, earlier) == (earlier, 0)
    assert lowest(richer, BEFORE) == (BEFORE, CAPITAL_MINOR)
    assert lowest(richer, CAME_ON) == (CAME_ON, ALL)
    assert lowest(richer, TODAY) == (TODAY, ALL)
