"""Writing off: requested by one, confirmed by another, and what was reserved comes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from loans.books.books_check import check_books
from loans.chart import CASH, LOANS, LOSSES
from loans.entered_text import TextMissing, TextTooLong
from loans.lending.loan_case import StillPending, WrongLoanStatus, pending_write_off
from loans.lending.loan_views import LoanView, loan_view
from loans.people import Actor, Role, WrongPerson
from loans.refusal import Missing, Refusal
from loans.servicing import recoveries, reversals, write_offs
from loans.servicing.write_offs import NothingOutstanding
from loans.storage.database import Database, new_id
from loans.tables import Loan
from tests.builders import (
    FIRST_DUE_ON,
    Fund,
    charge,
    disbursed_loan,
    golden_draft,
    golden_measure,
    loan_record,
    open_fund,
    pay_out,
    prepare_pay_out,
    receive,
    repaid_loan,
    signed_loan,
    write_off,
)

DAY = date(2026, 11, 2)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def request(fund: Fund, loan_id: str, actor: Actor | None = None, reason: str = "Insolvent") -> str:
    with fund.act(DAY) as (session, moment):
        return write_offs.request_write_off(
            session, actor or fund.officer, moment, loan_id, reason=reason
        )


def confirm(fund: Fund, loan_id: str, actor: Actor | None = None) -> str:
    with fund.act(DAY) as (session, moment):
        return write_offs.confirm_write_off(
            session, actor or fund.manager, moment, loan_id, key=new_id()
        )


def send_back(fund: Fund, loan_id: str, actor: Actor, reason: str) -> None:
    with fund.act(DAY) as (session, moment):
        write_offs.send_back_write_off(session, actor, moment, loan_id, reason=reason)


def test_a_confirmed_write_off_makes_the_principal_a_loss(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    cash = fund.balance(CASH)
    request(fund, loan_id)
    assert fund.outstanding(loan_id) == 10_800_000
    confirm(fund, loan_id)
    books = fund.trial_balance()
    assert books[LOSSES] == 10_800_000
    assert LOANS not in books
    assert books[CASH] == cash
    with fund.database.reading() as session:
        assert session.get_one(Loan, loan_id).status == "written_off"


def test_what_was_reserved_and_never_paid_out_can_be_lent_again(fund: Fund) -> None:
    loan_id = signed_loan(fund, golden_draft(golden_measure(implementation_months=4)))
    pay_out(fund, loan_id, amount_minor=1_000_000)
    assert fund.available() == 100_000_000 - 10_800_000
    request(fund, loan_id)
    confirm(fund, loan_id)
    assert fund.available() == fund.balance(CASH) == 99_000_000


def test_requests_are_refused_in_words(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    cases: list[tuple[type[Refusal], Actor, str]] = [
        (WrongPerson, fund.manager, "Insolvent"),
        (Missing, fund.other_enterprise, "Insolvent"),
        (TextMissing, fund.officer, " "),
        (TextTooLong, fund.officer, "x" * 501),
    ]
    for kind, actor, reason in cases:
        with pytest.raises(kind):
            request(fund, loan_id, actor, reason)
    with pytest.raises(WrongLoanStatus):
        confirm(fund, loan_id)
    request(fund, loan_id)
    with pytest.raises(StillPending):
        request(fund, loan_id)


def test_only_another_person_who_is_a_manager_confirms(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    request(fund, loan_id)
    promoted = replace(fund.officer, role=Role.MANAGER)
    for actor in (promoted, fund.second_officer, fund.auditor):
        with pytest.raises(WrongPerson):
            confirm(fund, loan_id, actor)
    with pytest.raises(Missing):
        confirm(fund, loan_id, fund.administrator)
    assert fund.outstanding(loan_id) == 10_800_000
    confirm(fund, loan_id)
    with pytest.raises(WrongLoanStatus):
        confirm(fund, loan_id)


def test_the_database_itself_wants_two_people(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    request(fund, loan_id)
    with pytest.raises(IntegrityError, match="two_people"), fund.act(DAY) as (session, _):
        _confirmed_alone(session.get_one(Loan, loan_id).id, session, fund.officer.user_id)


def _confirmed_alone(loan_id: str, session: object, user_id: str) -> None:
    row = pending_write_off(session, loan_id)  # type: ignore[arg-type]  # an open session
    assert row is not None
    row.confirmed_by = user_id


def test_a_write_off_sent_back_changes_nothing_and_can_be_requested_again(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    with pytest.raises(WrongLoanStatus):
        send_back(fund, loan_id, fund.manager, "Sell the machines first")
    request(fund, loan_id)
    with pytest.raises(WrongPerson):
        send_back(fund, loan_id, fund.officer, "Sell the machines first")
    with pytest.raises(TextMissing):
        send_back(fund, loan_id, fund.manager, "")
    send_back(fund, loan_id, fund.manager, "Sell the machines first")
    assert fund.outstanding(loan_id) == 10_800_000
    request(fund, loan_id)


def test_a_pay_out_that_waits_is_decided_on_first(fund: Fund) -> None:
    loan_id = signed_loan(fund, golden_draft(golden_measure(implementation_months=4)))
    pay_out(fund, loan_id, amount_minor=1_000_000)
    prepare_pay_out(fund, loan_id, amount_minor=1_000_000)
    with pytest.raises(StillPending):
        request(fund, loan_id)


def test_nothing_outstanding_is_nothing_to_write_off(fund: Fund) -> None:
    with pytest.raises(WrongLoanStatus):
        request(fund, repaid_loan(fund))
    loan_id = signed_loan(fund, golden_draft(golden_measure(implementation_months=4)))
    with pytest.raises(WrongLoanStatus):
        request(fund, loan_id)
    pay_out(fund, loan_id, amount_minor=100)
    with fund.database.reading() as session:
        status = session.get_one(Loan, loan_id).status
    assert status == "disbursing"
    receive(fund, loan_id, 103, on=FIRST_DUE_ON)
    with pytest.raises(NothingOutstanding):
        request(fund, loan_id)


def test_what_was_repaid_after_the_request_is_not_written_off(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    request(fund, loan_id)
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON, entered_on=DAY)
    confirm(fund, loan_id)
    assert fund.trial_balance()[LOSSES] == 10_440_654


def test_what_a_write_off_of_nothing_left_open_is_written_off_again(fund: Fund) -> None:
    """Paid before the first write-off, told later: only costs that came since are owed."""
    loan_id = disbursed_loan(fund)
    request(fund, loan_id)
    confirm(fund, loan_id)
    later = DAY + timedelta(days=5)
    charge(fund, loan_id, 700, on=later)
    day = DAY - timedelta(days=1)
    owed = loan_record(fund, loan_id).at(day).pay_off_minor
    receive(fund, loan_id, owed, on=day, entered_on=later)
    shown = view(fund, loan_id, as_of=later)
    assert (shown.status, shown.balances.pay_off_minor) == ("repaying", 700)
    assert {act.name: act.obstacle for act in shown.acts}["request-write-off"] is None
    write_off(fund, loan_id, on=later)
    again = view(fund, loan_id, as_of=later)
    assert (again.status, again.balances.written_off_minor) == ("written_off", 700)
    assert again.write_off is not None
    assert (again.write_off.principal_minor, again.write_off.other_minor) == (0, 700)
    with fund.act(later) as (session, moment):
        recoveries.record_recovery(
            *(session, fund.officer, moment, loan_id),
            amount_minor=700,
            received_on=later,
            bank_reference="Line 9",
            key=new_id(),
        )
    with fund.database.reading() as session:
        assert check_books(session).is_sound


def view(fund: Fund, loan_id: str, *, as_of: date) -> LoanView:
    with fund.database.reading() as session:
        return loan_view(session, fund.officer, loan_id, as_of=as_of)


def test_a_write_off_of_what_was_charged_wrongly_leaves_the_loan_repaid(fund: Fund) -> None:
    """The rest that was not paid out was given up with it, and stays so."""
    loan_id = signed_loan(fund, golden_draft(golden_measure(implementation_months=4)))
    pay_out(fund, loan_id, amount_minor=100)
    owed = loan_record(fund, loan_id).at(FIRST_DUE_ON).pay_off_minor
    receive(fund, loan_id, owed, on=FIRST_DUE_ON)
    charge_id = charge(fund, loan_id, 700, on=DAY)
    request(fund, loan_id)
    confirm(fund, loan_id)
    with fund.act(DAY) as (session, moment):
        reversals.reverse_act(
            session, fund.officer, moment, charge_id, reason="Another loan", key=new_id()
        )
    with fund.database.reading() as session:
        assert session.get_one(Loan, loan_id).status == "repaid"
        assert check_books(session).is_sound
    assert fund.trial_balance().get(LOSSES, 0) == 0
