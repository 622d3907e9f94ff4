"""Paying out: two people, the reserve, days in order, and a schedule for what was paid."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from loans.books.books_check import check_books
from loans.entered_text import TextMissing, TextTooLong, TextUnstorable
from loans.lending.loan_case import StillPending, WrongAmount, WrongDay, WrongLoanStatus
from loans.people import Actor, Role, WrongPerson
from loans.refusal import Missing, Refusal
from loans.servicing import disbursing
from loans.storage.database import Database
from loans.tables import Disbursement, Loan
from tests.builders import (
    FIRST_DUE_ON,
    GOLDEN_TERMS,
    PAY_OUT_ON,
    SIGNED_ON,
    Fund,
    active_schedule,
    disbursed_loan,
    golden_draft,
    golden_measure,
    loan_record,
    open_fund,
    pay_out,
    prepare_pay_out,
    receive,
    repay_instalments,
    signed_loan,
    written_off_loan,
)

WHOLE = GOLDEN_TERMS.amount_minor


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def prepare(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, on: date = PAY_OUT_ON, **changes: Any
) -> str:
    values: dict[str, Any] = {
        "amount_minor": WHOLE,
        "pay_on": on,
        "purpose": "Invoice 17",
    }
    with fund.act(on) as (session, moment):
        return disbursing.prepare_disbursement(
            session, actor or fund.officer, moment, loan_id, **(values | changes)
        )


def release(
    fund: Fund, pay_out_id: str, actor: Actor | None = None, *, on: date = PAY_OUT_ON
) -> str:
    with fund.act(on) as (session, moment):
        return disbursing.release_disbursement(
            session, actor or fund.manager, moment, pay_out_id, key="release"
        )


def status(fund: Fund, loan_id: str) -> str:
    with fund.database.reading() as session:
        return session.get_one(Loan, loan_id).status


def schedule(fund: Fund, loan_id: str) -> list[tuple[date, int, int]]:
    rows = active_schedule(fund, loan_id)
    return [(row.due_on, row.principal_minor, row.interest_minor) for row in rows]


def test_a_released_pay_out_moves_cash_to_the_loan_and_uses_the_reserve(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    available = fund.available()
    pay_out_id = prepare_pay_out(fund, loan_id, amount_minor=WHOLE)
    assert fund.outstanding(loan_id) == 0
    assert status(fund, loan_id) == "signed"
    release(fund, pay_out_id)
    assert fund.outstanding(loan_id) == WHOLE
    assert fund.balance() == 100_000_000 - WHOLE
    assert fund.available() == available
    assert status(fund, loan_id) == "repaying"
    assert sum(fund.trial_balance().values()) == 0


def test_preparing_is_refused_in_words(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    cases: list[tuple[type[Refusal], Actor, dict[str, Any]]] = [
        (WrongPerson, fund.manager, {}),
        (Missing, fund.other_enterprise, {}),
        (WrongAmount, fund.officer, {"amount_minor": 0}),
        (WrongAmount, fund.officer, {"amount_minor": -1}),
        (WrongAmount, fund.officer, {"amount_minor": WHOLE + 1}),
        (WrongDay, fund.officer, {"pay_on": SIGNED_ON - timedelta(days=1)}),
        (WrongDay, fund.officer, {"pay_on": PAY_OUT_ON + timedelta(days=366)}),
        (TextMissing, fund.officer, {"purpose": "  "}),
        (TextTooLong, fund.officer, {"purpose": "x" * 301}),
        (TextUnstorable, fund.officer, {"purpose": "Invoice\x00"}),
        (TextUnstorable, fund.officer, {"purpose": "Invoice \ud800"}),
    ]
    for kind, actor, changes in cases:
        with pytest.raises(kind):
            prepare(fund, loan_id, actor, **changes)
    with pytest.raises(Missing):
        prepare(fund, "no-such-loan")
    assert prepare(fund, loan_id)


def test_only_one_pay_out_waits_at_a_time(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    prepare(fund, loan_id, amount_minor=1)
    with pytest.raises(StillPending):
        prepare(fund, loan_id, amount_minor=1)


def test_a_loan_paid_out_or_closed_gets_nothing_more(fund: Fund) -> None:
    with pytest.raises(WrongLoanStatus):
        prepare(fund, disbursed_loan(fund), amount_minor=1)


def test_a_loan_written_off_gets_nothing_more(fund: Fund) -> None:
    with pytest.raises(WrongLoanStatus):
        prepare(fund, written_off_loan(fund), on=date(2026, 12, 1), amount_minor=1)


def test_nobody_releases_what_they_prepared_and_only_a_manager_releases(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    pay_out_id = prepare(fund, loan_id)
    promoted = replace(fund.officer, role=Role.MANAGER)
    for actor in (promoted, fund.second_officer, fund.auditor, fund.administrator):
        with pytest.raises((WrongPerson, Missing)):
            release(fund, pay_out_id, actor)
    with pytest.raises(Missing):
        release(fund, "no-such-pay-out")
    assert fund.outstanding(loan_id) == 0


def test_the_database_itself_wants_two_people(fund: Fund) -> None:
    pay_out_id = prepare(fund, signed_loan(fund))
    with pytest.raises(IntegrityError, match="two_people"), fund.act(PAY_OUT_ON) as (session, _):
        session.get_one(Disbursement, pay_out_id).released_by = fund.officer.user_id


def test_a_pay_out_is_released_once_and_not_before_its_day(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    pay_out_id = prepare(fund, loan_id, on=SIGNED_ON, pay_on=PAY_OUT_ON)
    with pytest.raises(WrongDay):
        release(fund, pay_out_id, on=PAY_OUT_ON - timedelta(days=1))
    release(fund, pay_out_id)
    with pytest.raises(WrongLoanStatus):
        release(fund, pay_out_id)
    assert fund.outstanding(loan_id) == WHOLE


def test_a_pay_out_sent_back_can_be_prepared_again(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    pay_out_id = prepare(fund, loan_id)
    for kind, actor, reason in (
        (WrongPerson, fund.officer, "Look again"),
        (TextMissing, fund.manager, " "),
    ):
        with pytest.raises(kind), fund.act(PAY_OUT_ON) as (session, moment):
            disbursing.send_back_disbursement(session, actor, moment, pay_out_id, reason=reason)
    with fund.act(PAY_OUT_ON) as (session, moment):
        disbursing.send_back_disbursement(
            session, fund.manager, moment, pay_out_id, reason="The invoice is missing"
        )
    with pytest.raises(WrongLoanStatus):
        release(fund, pay_out_id)
    assert prepare(fund, loan_id) != pay_out_id


def slow_draft() -> Any:
    """A project whose installation takes four months, so that tranches are possible."""
    return golden_draft(golden_measure(implementation_months=4))


def test_interest_is_due_only_on_what_was_paid_out(fund: Fund) -> None:
    loan_id = signed_loan(fund, slow_draft())
    planned = schedule(fund, loan_id)
    pay_out(fund, loan_id, amount_minor=4_000_000)
    assert status(fund, loan_id) == "disbursing"
    first = schedule(fund, loan_id)
    assert sum(principal for _, principal, _ in first) == 4_000_000
    assert first[0] == (FIRST_DUE_ON, 0, 20_384)  # 40,000 x 6 % x 31 / 365 = 203.84
    assert planned[0] == (FIRST_DUE_ON, 0, 55_036)
    receive(fund, loan_id, 20_384, on=FIRST_DUE_ON)
    pay_out(fund, loan_id, amount_minor=6_800_000, pay_on=date(2026, 5, 2))
    second = schedule(fund, loan_id)
    assert second[0] == first[0]
    assert second[1] == first[1]
    assert sum(principal for _, principal, _ in second) == WHOLE == fund.outstanding(loan_id)
    assert status(fund, loan_id) == "repaying"


def test_days_of_value_go_forward(fund: Fund) -> None:
    loan_id = signed_loan(fund, slow_draft())
    pay_out(fund, loan_id, amount_minor=4_000_000)
    receive(fund, loan_id, 20_384, on=FIRST_DUE_ON)
    later = date(2026, 5, 2)
    with pytest.raises(WrongDay, match="the newest pay-out, 2 March 2026, on"):
        prepare(fund, loan_id, on=later, pay_on=PAY_OUT_ON - timedelta(days=1), amount_minor=1)
    last_due_on = schedule(fund, loan_id)[-1][0]
    with pytest.raises(WrongDay, match="The last instalment is due on"):
        prepare(
            fund, loan_id, on=last_due_on - timedelta(days=9), pay_on=last_due_on, amount_minor=1
        )


def test_a_tranche_after_principal_began_is_spread_over_what_is_left(fund: Fund) -> None:
    loan_id = signed_loan(fund, slow_draft())
    pay_out(fund, loan_id, amount_minor=4_000_000)
    repay_instalments(fund, loan_id, 6)
    paid = schedule(fund, loan_id)[:6]
    assert paid[-1][1] > 0
    pay_out(fund, loan_id, amount_minor=6_800_000, pay_on=date(2026, 9, 20))
    rows = schedule(fund, loan_id)
    assert rows[:6] == paid
    assert sum(principal for _, principal, _ in rows) == WHOLE
    assert len(rows) == len(schedule(fund, signed_loan(fund, slow_draft())))


def test_what_paid_a_first_part_off_waits_once_the_rest_is_paid_out_that_day(fund: Fund) -> None:
    """Pay-outs of a day come before its receipts, so the money no longer pays everything off."""
    loan_id = signed_loan(fund, slow_draft())
    pay_out(fund, loan_id, amount_minor=4_000_000)
    receive(fund, loan_id, 4_000_000, on=PAY_OUT_ON)
    assert fund.outstanding(loan_id) == 0
    pay_out(fund, loan_id, amount_minor=WHOLE - 4_000_000)
    assert fund.outstanding(loan_id) == WHOLE
    assert loan_record(fund, loan_id).at(PAY_OUT_ON).credit_minor == 4_000_000
    with fund.database.reading() as session:
        report = check_books(session)
    assert report.is_sound, report.summary


def test_a_receipt_that_overtakes_a_prepared_pay_out_is_reckoned_anew(fund: Fund) -> None:
    """The pay-out lies before the receipt: its interest was due with the first instalment."""
    loan_id = signed_loan(fund, slow_draft())
    pay_out(fund, loan_id, amount_minor=4_000_000)
    pay_out_id = prepare(
        fund, loan_id, on=date(2026, 3, 20), pay_on=date(2026, 3, 20), amount_minor=1_000_000
    )
    receive(fund, loan_id, 20_384, on=FIRST_DUE_ON)
    release(fund, pay_out_id, on=FIRST_DUE_ON)
    rows = schedule(fund, loan_id)
    more = 2_137  # 10,000 x 6 % x 13 / 365 = 21.37
    assert rows[0] == (FIRST_DUE_ON, 0, 20_384 + more)
    owed = loan_record(fund, loan_id).at(FIRST_DUE_ON)
    assert (owed.open.interest, owed.principal_minor) == (more, 5_000_000)
    assert fund.outstanding(loan_id) == 5_000_000


@pytest.mark.parametrize(
    ("pay_on", "first_due_on"),
    [
        (date(2026, 2, 20), date(2026, 3, 2)),
        (date(2026, 4, 2), date(2026, 5, 2)),
        (date(2026, 5, 30), date(2026, 6, 2)),
        (date(2027, 1, 15), date(2027, 2, 2)),
    ],
)
def test_the_schedule_follows_a_pay_out_on_another_day(
    fund: Fund, pay_on: date, first_due_on: date
) -> None:
    loan_id = signed_loan(fund)
    pay_out(fund, loan_id, amount_minor=WHOLE, pay_on=pay_on)
    rows = schedule(fund, loan_id)
    assert rows[0][0] == first_due_on
    assert len(rows) == GOLDEN_TERMS.maturity_months
    months = 12 * (rows[-1][0].year - pay_on.year) + rows[-1][0].month - pay_on.month
    assert (months, rows[-1][0].day) <= (GOLDEN_TERMS.maturity_months, pay_on.day)
