"""Receipts: what they pay, what is refused, and a reversal that leaves everything as it was."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loans.books.books_check import check_books
from loans.books.ledger_balances import loan_balances
from loans.chart import (
    BORROWERS_CREDIT,
    CASH,
    INTEREST_INCOME,
    INTEREST_RECEIVABLE,
    LOANS,
    LOSSES,
    RECOVERIES,
)
from loans.component import Component
from loans.entered_text import TextMissing
from loans.fund import FutureDay
from loans.lending.loan_book import booked_on, posted_balances
from loans.lending.loan_case import WrongAmount, WrongDay, WrongLoanStatus
from loans.lending.loan_record import record_of
from loans.people import Actor, WrongPerson
from loans.refusal import Missing, Refusal
from loans.servicing import receipts, recoveries, waiting_money
from loans.servicing.receipts import ReversedBefore, SameAgain
from loans.storage.database import Database, new_id
from loans.subledger.balances import control_balances
from loans.tables import Loan
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    active_schedule,
    disbursed_loan,
    loan_record,
    open_fund,
    receive,
    repaid_loan,
    signed_loan,
    write_off,
    written_off_loan,
)

LEVEL = 414_382
FIRST_INTEREST = 55_036


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def record(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, today: date, **changes: Any
) -> receipts.Allocated:
    values: dict[str, Any] = {
        "amount_minor": LEVEL,
        "received_on": today,
        "bank_reference": "Line 1",
    }
    with fund.act(today) as (session, moment):
        return receipts.record_receipt(
            session, actor or fund.officer, moment, loan_id, key=new_id(), **(values | changes)
        )


def reverse(
    fund: Fund,
    receipt_id: str,
    actor: Actor | None = None,
    reason: str = "Twice",
    on: date = date(2026, 9, 1),
) -> str:
    with fund.act(on) as (session, moment):
        return receipts.reverse_receipt(
            session, actor or fund.officer, moment, receipt_id, reason=reason, key=new_id()
        )


def parts(found: receipts.Allocated) -> list[tuple[int | None, str, int]]:
    return [(p.number, p.component or p.target, p.amount_minor) for p in found.parts]


def status(fund: Fund, loan_id: str) -> str:
    with fund.database.reading() as session:
        return session.get_one(Loan, loan_id).status


def test_a_receipt_pays_interest_then_principal_of_the_oldest_instalment(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, 60_000, on=FIRST_DUE_ON)
    assert parts(first) == [
        (1, "interest", FIRST_INTEREST),
        (1, "principal", 60_000 - FIRST_INTEREST),
    ]
    rest = receive(fund, loan_id, LEVEL - 60_000 + 100, on=FIRST_DUE_ON)
    assert parts(rest) == [(1, "principal", LEVEL - 60_000), (None, "credit", 100)]
    assert rest.credit_minor == 100
    books = fund.trial_balance()
    assert books[INTEREST_INCOME] == -FIRST_INTEREST
    assert INTEREST_RECEIVABLE not in books
    assert books[BORROWERS_CREDIT] == -100
    assert books[LOANS] == fund.outstanding(loan_id) == 10_800_000 - (LEVEL - FIRST_INTEREST)
    assert sum(books.values()) == 0


def test_the_last_receipt_closes_the_loan(fund: Fund) -> None:
    loan_id = repaid_loan(fund)
    assert status(fund, loan_id) == "repaid"
    assert fund.outstanding(loan_id) == 0


def test_what_comes_after_the_last_receipt_waits_to_be_given_back(fund: Fund) -> None:
    loan_id, on = repaid_loan(fund), date(2028, 8, 1)
    late = receive(fund, loan_id, 5_000, on=on)
    assert (late.credit_minor, late.is_repaid) == (5_000, False)
    assert status(fund, loan_id) == "repaying"
    assert fund.outstanding(loan_id) == 0
    assert fund.balance(BORROWERS_CREDIT) == -5_000
    with fund.act(on) as (session, moment):
        act_id = waiting_money.request_refund(
            session, fund.officer, moment, loan_id, amount_minor=5_000, reason="Paid twice"
        )
    with fund.act(on) as (session, moment):
        waiting_money.release_refund(session, fund.manager, moment, act_id, key=new_id())
    assert status(fund, loan_id) == "repaid"
    assert fund.balance(BORROWERS_CREDIT) == 0
    with fund.database.reading() as session:
        assert check_books(session).is_sound


def test_receipts_are_refused_in_words(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    record(fund, loan_id, today=FIRST_DUE_ON)
    today = date(2026, 5, 2)
    cases: list[tuple[type[Refusal], Actor, dict[str, Any], str]] = [
        (WrongPerson, fund.manager, {}, ""),
        (Missing, fund.other_enterprise, {}, ""),
        (WrongPerson, fund.enterprise, {}, ""),
        (WrongAmount, fund.officer, {"amount_minor": 0}, "amount"),
        (WrongAmount, fund.officer, {"amount_minor": -5}, "amount"),
        (WrongAmount, fund.officer, {"amount_minor": 10**12 + 1}, "amount"),
        (FutureDay, fund.officer, {"received_on": today + timedelta(days=1)}, "received_on"),
        (WrongDay, fund.officer, {"received_on": PAY_OUT_ON - timedelta(days=1)}, "received_on"),
        (TextMissing, fund.officer, {"bank_reference": ""}, "bank_reference"),
    ]
    before = fund.trial_balance()
    for kind, actor, changes, field in cases:
        with pytest.raises(kind) as refusal:
            record(fund, loan_id, actor, today=today, **changes)
        assert (refusal.value.field or "") == field
    with pytest.raises(Missing):
        record(fund, "no-such-loan", today=today)
    assert fund.trial_balance() == before


def test_nothing_is_received_on_a_loan_not_paid_out(fund: Fund) -> None:
    with pytest.raises(WrongLoanStatus):
        record(fund, signed_loan(fund), today=PAY_OUT_ON)


def test_a_plan_says_what_the_receipt_will_pay_and_records_nothing(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    before = fund.trial_balance()
    asked: dict[str, Any] = {
        "amount_minor": 700_000,
        "received_on": FIRST_DUE_ON,
        "bank_reference": "Line 7",
    }
    with fund.act(FIRST_DUE_ON) as (session, moment):
        plan = receipts.plan_receipt(session, fund.officer, moment, loan_id, **asked)
    assert fund.trial_balance() == before
    found = record(fund, loan_id, today=FIRST_DUE_ON, **asked)
    assert [part[:3] for part in found.parts] == [part[:3] for part in plan.parts]
    assert found.credit_minor == plan.credit_minor == 700_000 - LEVEL
    assert not plan.is_backdated
    assert not plan.closes_loan


def test_a_reversal_leaves_the_books_and_the_loan_as_they_were(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    before = fund.balance(LOANS), fund.balance(CASH), fund.balance(BORROWERS_CREDIT)
    found = receive(fund, loan_id, 3 * LEVEL, on=FIRST_DUE_ON)
    assert fund.balance(CASH) == before[1] + 3 * LEVEL
    reverse(fund, found.receipt_id, on=FIRST_DUE_ON)
    assert (fund.balance(LOANS), fund.balance(CASH), fund.balance(BORROWERS_CREDIT)) == before
    again = receive(fund, loan_id, 3 * LEVEL, on=FIRST_DUE_ON)
    assert again.parts == found.parts


def test_reversing_the_last_receipt_opens_a_repaid_loan_again(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    owed = loan_record(fund, loan_id).at(FIRST_DUE_ON).pay_off_minor
    assert owed == 10_800_000 + FIRST_INTEREST
    planned = [row.principal_minor for row in active_schedule(fund, loan_id)]
    found = receive(fund, loan_id, owed, on=FIRST_DUE_ON)
    assert found.is_repaid
    assert len(active_schedule(fund, loan_id)) < len(planned)
    reverse(fund, found.receipt_id)
    assert status(fund, loan_id) == "repaying"
    assert [row.principal_minor for row in active_schedule(fund, loan_id)] == planned
    assert fund.outstanding(loan_id) == 10_800_000


def test_one_line_of_the_bank_statement_is_one_receipt(fund: Fund) -> None:
    """Another key does not make another payment; after the reversal it may be entered again."""
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON, bank_reference="Line 7")
    with pytest.raises(SameAgain, match="recorded already") as refusal:
        receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON, bank_reference="Line 7")
    assert refusal.value.field == "bank_reference"
    asked: dict[str, Any] = {"amount_minor": LEVEL, "received_on": FIRST_DUE_ON}
    with (
        fund.act(FIRST_DUE_ON) as (session, moment),
        pytest.raises(SameAgain, match="recorded already"),
    ):
        receipts.plan_receipt(
            session, fund.officer, moment, loan_id, bank_reference=" Line 7 ", **asked
        )
    reverse(fund, first.receipt_id)
    receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON, bank_reference="Line 7")


def test_receipts_are_reversed_in_any_order(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    second = receive(fund, loan_id, LEVEL + 1, on=FIRST_DUE_ON)
    reverse(fund, first.receipt_id)
    state = loan_record(fund, loan_id).at(FIRST_DUE_ON)
    assert (state.open.total, state.credit_minor) == (0, 1)
    with pytest.raises(WrongPerson):
        reverse(fund, second.receipt_id, fund.manager)
    with pytest.raises(TextMissing):
        reverse(fund, second.receipt_id, reason=" ")
    with pytest.raises(Missing):
        reverse(fund, second.receipt_id, fund.other_enterprise)
    with pytest.raises(Missing):
        reverse(fund, "no-such-receipt")
    reverse(fund, second.receipt_id)
    with pytest.raises(ReversedBefore):
        reverse(fund, second.receipt_id)
    assert fund.outstanding(loan_id) == 10_800_000


def test_a_backdated_receipt_rebuilds_what_came_after_it(fund: Fund) -> None:
    """Entered late, it leaves the loan as if it had been entered on its day."""
    in_order, late = disbursed_loan(fund), disbursed_loan(fund)
    second_due_on = date(2026, 6, 2)
    for loan_id in (in_order, late):
        if loan_id == in_order:
            receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
        receive(fund, loan_id, LEVEL, on=second_due_on)
    found = receive(fund, late, LEVEL, on=FIRST_DUE_ON, entered_on=second_due_on)
    assert found.rebuild_entry_id is not None
    states = [loan_record(fund, one).at(second_due_on) for one in (in_order, late)]
    assert states[0].open == states[1].open
    assert states[0].principal_minor == states[1].principal_minor
    assert fund.outstanding(in_order) == fund.outstanding(late)
    assert posted(fund, in_order) == posted(fund, late)


def test_how_far_back_a_day_may_lie_is_a_term_of_the_profile(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    with pytest.raises(WrongDay, match="up to 365 days back") as refusal:
        record(fund, loan_id, today=FIRST_DUE_ON + timedelta(days=366), received_on=FIRST_DUE_ON)
    assert refusal.value.field == "received_on"
    done = record(fund, loan_id, today=FIRST_DUE_ON + timedelta(days=365), received_on=FIRST_DUE_ON)
    assert done.entry_id


def posted(fund: Fund, loan_id: str) -> dict[str, int]:
    with fund.database.reading() as session:
        return dict(posted_balances(session, session.get_one(Loan, loan_id)))


def is_followed(fund: Fund, loan_id: str) -> bool:
    """Whether the books of the loan are what its replay says on the day they are brought to."""
    with fund.database.reading() as session:
        loan = session.get_one(Loan, loan_id)
        on = booked_on(session, loan)
        assert on is not None
        return posted_balances(session, loan) == control_balances(record_of(session, loan).at(on))


def recover(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, today: date, **changes: Any
) -> str:
    values: dict[str, Any] = {
        "amount_minor": 50_000,
        "received_on": today,
        "bank_reference": "Line 9",
    }
    with fund.act(today) as (session, moment):
        return recoveries.record_recovery(
            session, actor or fund.officer, moment, loan_id, key=new_id(), **(values | changes)
        )


def test_a_recovery_is_income_of_its_own(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    cash = fund.balance(CASH)
    today = date(2027, 1, 10)
    recover(fund, loan_id, today=today)
    assert fund.trial_balance()[RECOVERIES] == -50_000
    assert fund.balance(CASH) == cash + 50_000
    assert fund.outstanding(loan_id) == 0


def test_recoveries_are_refused_in_words(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    today = date(2027, 1, 10)
    cases: list[tuple[type[Refusal], Actor, dict[str, Any]]] = [
        (WrongPerson, fund.manager, {}),
        (Missing, fund.other_enterprise, {}),
        (WrongAmount, fund.officer, {"amount_minor": 0}),
        (WrongAmount, fund.officer, {"amount_minor": 10**12 + 1}),
        (FutureDay, fund.officer, {"received_on": today + timedelta(days=1)}),
        (WrongDay, fund.officer, {"received_on": date(2026, 10, 18)}),
        (TextMissing, fund.officer, {"bank_reference": " "}),
    ]
    for kind, actor, changes in cases:
        with pytest.raises(kind):
            recover(fund, loan_id, actor, today=today, **changes)
    assert recover(fund, loan_id, today=today, received_on=date(2026, 10, 19))


def test_a_loan_in_repayment_has_no_recovery(fund: Fund) -> None:
    with pytest.raises(WrongLoanStatus):
        recover(fund, disbursed_loan(fund), today=FIRST_DUE_ON)


LOST_ON, LATER = date(2026, 10, 19), date(2026, 11, 10)


def losses_of(fund: Fund, loan_id: str) -> tuple[int, int]:
    """What was given up, and what the books hold as a loss, less what is a recovery."""
    lost = loan_record(fund, loan_id).at(LATER).written_off.total
    rows = fund.trial_balance()
    with fund.database.reading() as session:
        assert check_books(session).is_sound
    return lost, rows.get(LOSSES, 0) + rows.get(RECOVERIES, 0)


def principal_of(done: receipts.Allocated) -> int:
    return sum(part.amount_minor for part in done.parts if part.component == Component.PRINCIPAL)


def test_money_from_before_a_write_off_makes_the_loss_smaller(fund: Fund) -> None:
    loan_id = written_off_loan(fund, on=LOST_ON)
    recover(fund, loan_id, today=LATER)
    lost, in_books = losses_of(fund, loan_id)
    before = record(fund, loan_id, today=LATER, received_on=LOST_ON - timedelta(days=1))
    assert [part.target for part in before.parts] == ["due"] * len(before.parts)
    # What was paid is lost no more, nor late interest on it. Interest was in suspense: no loss.
    less, less_in_books = losses_of(fund, loan_id)
    assert LEVEL <= lost - less < LEVEL + 100
    assert in_books - less_in_books == principal_of(before)
    with pytest.raises(WrongDay, match="as a recovery"):
        record(fund, loan_id, today=LATER, received_on=LOST_ON, bank_reference="Line 2")
    reverse(fund, before.receipt_id, on=LATER)
    assert losses_of(fund, loan_id) == (lost, in_books)


def test_a_repayment_is_reversed_after_the_write_off(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    found = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    write_off(fund, loan_id, on=LOST_ON)
    lost, in_books = losses_of(fund, loan_id)
    reverse(fund, found.receipt_id, on=LATER)
    more, more_in_books = losses_of(fund, loan_id)
    assert more - lost >= LEVEL
    assert more_in_books - in_books == principal_of(found)


def test_a_loan_that_was_paid_before_its_write_off_was_no_loss(fund: Fund) -> None:
    loan_id = written_off_loan(fund, on=LOST_ON)
    day = LOST_ON - timedelta(days=1)
    owed = loan_record(fund, loan_id).at(day).pay_off_minor
    record(fund, loan_id, today=LATER, received_on=day, amount_minor=owed)
    assert losses_of(fund, loan_id) == (0, 0)
    with fund.database.reading() as session:
        assert session.get_one(Loan, loan_id).status == "repaid"


def test_money_that_waits_pays_before_a_loan_is_given_up(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 3_000_000, on=PAY_OUT_ON + timedelta(days=1))
    lost_on = PAY_OUT_ON + timedelta(days=5)
    owed = loan_record(fund, loan_id).at(lost_on).pay_off_minor
    write_off(fund, loan_id, on=lost_on)
    state = loan_record(fund, loan_id).at(lost_on)
    assert (state.written_off.total, state.credit_minor) == (owed, 0)
    assert fund.trial_balance().get(BORROWERS_CREDIT, 0) == 0
    assert losses_of(fund, loan_id) == (owed, owed)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 900_000), st.integers(0, 60), st.booleans()), max_size=8
    )
)
def test_receipts_and_reversals_in_any_order_keep_books_and_loan_together(
    sqlite_fund: tuple[Fund, str], steps: list[tuple[int, int, bool]]
) -> None:
    fund, loan_id = sqlite_fund
    today = date(2026, 9, 1)
    open_receipts: list[receipts.Allocated] = []
    for amount, days, is_reversed in steps:
        on = FIRST_DUE_ON + timedelta(days=days)
        found = receive(fund, loan_id, amount, on=on, entered_on=today)
        assert sum(part.amount_minor for part in found.parts) == amount
        assert is_followed(fund, loan_id)
        open_receipts.append(found)
        if is_reversed:
            reverse(fund, open_receipts.pop(0).receipt_id)
            assert is_followed(fund, loan_id)
    with fund.database.reading() as session:
        by_loan = loan_balances(session, facility_id=fund.facility_id, account=LOANS)
    assert fund.balance(LOANS) == sum(by_loan.values())
    assert sum(fund.trial_balance().values()) == 0
    while open_receipts:
        reverse(fund, open_receipts.pop().receipt_id)
    assert fund.outstanding(loan_id) == 10_800_000


@pytest.fixture
def sqlite_fund(sqlite_database: Database) -> tuple[Fund, str]:
    fund = open_fund(sqlite_database)
    return fund, disbursed_loan(fund)
