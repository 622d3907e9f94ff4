"""Money of the borrower that waits: given back by two people, or used, and never twice."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from loans.chart import BORROWERS_CREDIT, CASH, LOANS
from loans.lending.loan_case import NoPrincipal, WrongAmount
from loans.people import Actor, Role, WrongPerson
from loans.servicing import receipts, waiting_money
from loans.servicing.limits import CreditGone
from loans.servicing.reversals import reverse_act
from loans.servicing.waiting_money import NothingWaits
from loans.storage.database import Database, new_id
from loans.subledger.events import PrepaymentChoice
from loans.tables import Receipt
from tests.builders import (
    GOLDEN_TERMS,
    PAY_OUT_ON,
    Fund,
    disbursed_loan,
    loan_record,
    open_fund,
    receive,
    repay_instalments,
)

WAITS = 50_000


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


@pytest.fixture
def loan_id(fund: Fund) -> str:
    """A loan on which 500.00 wait, since nothing is due yet."""
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, WAITS, on=PAY_OUT_ON)
    return loan_id


def use(
    fund: Fund,
    loan_id: str,
    amount_minor: int,
    prepays: PrepaymentChoice = PrepaymentChoice.SHORTER_TERM,
) -> str:
    with fund.act(PAY_OUT_ON) as (session, moment):
        return waiting_money.use_credit(
            *(session, fund.officer, moment, loan_id),
            amount_minor=amount_minor,
            prepays=prepays,
            reason="Letter of the borrower",
            key=new_id(),
        )


def ask(fund: Fund, loan_id: str, amount_minor: int, on: date = PAY_OUT_ON) -> str:
    with fund.act(on) as (session, moment):
        return waiting_money.request_refund(
            *(session, fund.officer, moment, loan_id),
            amount_minor=amount_minor,
            reason="To the account it came from",
        )


def release(fund: Fund, act_id: str, actor: Actor | None = None, on: date = PAY_OUT_ON) -> str:
    with fund.act(on) as (session, moment):
        return waiting_money.release_refund(
            session, actor or fund.manager, moment, act_id, key=new_id()
        )


def undo(fund: Fund, receipt_id: str) -> None:
    with fund.act(PAY_OUT_ON) as (session, moment):
        receipts.reverse_receipt(
            session, fund.officer, moment, receipt_id, reason="Entered twice", key=new_id()
        )


def test_used_money_lowers_the_principal_by_itself_and_no_more(fund: Fund, loan_id: str) -> None:
    before = fund.outstanding(loan_id)
    use(fund, loan_id, 20_000)
    assert fund.outstanding(loan_id) == before - 20_000
    assert fund.balance(BORROWERS_CREDIT) == -30_000
    use(fund, loan_id, 30_000)
    assert fund.balance(LOANS) == before - WAITS
    with pytest.raises(NothingWaits):
        use(fund, loan_id, 1)


def test_nothing_is_lowered_where_no_principal_is_outstanding(fund: Fund, loan_id: str) -> None:
    owed = fund.outstanding(loan_id) - WAITS
    receive(fund, loan_id, owed + 700, on=PAY_OUT_ON)
    assert fund.outstanding(loan_id) == 0
    with pytest.raises(NoPrincipal, match="Give the money back instead"):
        use(fund, loan_id, 700)
    release(fund, ask(fund, loan_id, 700))
    assert fund.balance(BORROWERS_CREDIT) == 0


def test_a_refund_leaves_the_cash_and_what_is_left_waits(fund: Fund, loan_id: str) -> None:
    cash = fund.balance(CASH)
    release(fund, ask(fund, loan_id, 40_000))
    assert fund.balance(CASH) == cash - 40_000
    assert loan_record(fund, loan_id).at(PAY_OUT_ON).credit_minor == 10_000


def test_no_more_goes_back_or_is_used_than_waits(fund: Fund, loan_id: str) -> None:
    with pytest.raises(WrongAmount, match=r"at most EUR 500\.00"):
        ask(fund, loan_id, WAITS + 1)
    with pytest.raises(WrongAmount, match=r"at most EUR 500\.00"):
        use(fund, loan_id, WAITS + 1)


def test_a_refund_is_held_against_what_waits_when_it_is_released(fund: Fund, loan_id: str) -> None:
    act_id = ask(fund, loan_id, WAITS)
    use(fund, loan_id, 1)
    with pytest.raises(WrongAmount, match=r"at most EUR 499\.99"):
        release(fund, act_id)


def test_a_receipt_stands_while_more_was_given_back_than_waits_without_it(
    fund: Fund, loan_id: str
) -> None:
    """The remedy that the refusal names is one that passes."""
    release(fund, ask(fund, loan_id, 40_000))
    with fund.database.reading() as session:
        first = session.scalars(select(Receipt.id)).one()
    with pytest.raises(CreditGone, match=r"EUR 400\.00 of this .* comes back of it as a receipt"):
        undo(fund, first)
    receive(fund, loan_id, 40_000, on=PAY_OUT_ON)
    undo(fund, first)
    assert loan_record(fund, loan_id).at(PAY_OUT_ON).credit_minor == 0


def test_a_use_stands_while_money_was_given_back_that_interest_would_take_without_it(
    fund: Fund, loan_id: str
) -> None:
    used = use(fund, loan_id, WAITS, PrepaymentChoice.LOWER_INSTALMENTS)
    repay_instalments(fund, loan_id, GOLDEN_TERMS.maturity_months - 1)
    record = loan_record(fund, loan_id)
    last = record.at(max(event.on for event in record.events)).schedule[-1]
    receive(fund, loan_id, last.total_minor + 100, on=last.due_on)
    release(fund, ask(fund, loan_id, 100, last.due_on), on=last.due_on)
    with (
        pytest.raises(CreditGone, match=r"EUR 1\.00 of this was given back"),
        fund.act(last.due_on) as (session, moment),
    ):
        reverse_act(session, fund.officer, moment, used, reason="Entered twice", key=new_id())


def test_nobody_releases_a_refund_that_they_asked_for(fund: Fund, loan_id: str) -> None:
    act_id = ask(fund, loan_id, WAITS)
    with pytest.raises(WrongPerson, match="Another person"):
        release(fund, act_id, replace(fund.officer, role=Role.MANAGER))
