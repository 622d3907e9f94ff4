"""A loan as people see it: on any day, for the fund and for the borrower, with what can be done."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from loans.cases.case_status import LoanStatus
from loans.component import Component
from loans.lending.loan_views import LoanFilter, LoanOrder, LoanView, NotSignedYet, loan_view, loans
from loans.people import Actor, Role
from loans.refusal import Missing
from loans.servicing import charges, disbursing, receipts, write_offs
from loans.storage.database import Database, new_id
from loans.tables import Loan
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    SIGNED_ON,
    Fund,
    disbursed_loan,
    golden_draft,
    golden_measure,
    open_fund,
    pay_out,
    prepare_pay_out,
    receive,
    repaid_loan,
    repay_instalments,
    signed_loan,
    written_off_loan,
)

LEVEL = 414_382
DAY = timedelta(days=1)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def view(
    fund: Fund, loan_id: str, actor: Actor | None = None, *, as_of: date, known: date | None = None
) -> LoanView:
    with fund.database.reading() as session:
        return loan_view(session, actor or fund.officer, loan_id, as_of=as_of, known_on=known)


def acts(found: LoanView) -> dict[str, bool]:
    """Each act by name, and whether it can be done now."""
    return {act.name: act.obstacle is None for act in found.acts}


def test_a_fee_that_is_paid_is_no_interest(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    before = view(fund, loan_id, as_of=FIRST_DUE_ON).balances.interest_paid_minor
    with fund.act(FIRST_DUE_ON) as (session, moment):
        charges.charge(
            *(session, fund.officer, moment, loan_id),
            component=Component.FEES,
            amount_minor=5_000,
            charged_on=FIRST_DUE_ON,
            reason="Reminder",
            key=new_id(),
        )
    receive(fund, loan_id, 5_000, on=FIRST_DUE_ON)
    money = view(fund, loan_id, as_of=FIRST_DUE_ON).balances
    assert (money.paid_minor, money.fees_minor) == (LEVEL + 5_000, 0)
    assert money.interest_paid_minor == before


def test_the_balances_of_a_loan_in_arrears(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    receive(fund, loan_id, 100_000, on=date(2026, 5, 5))
    found = view(fund, loan_id, as_of=date(2026, 6, 10))
    money = found.balances
    assert found.status is LoanStatus.REPAYING
    assert money.outstanding_minor == fund.outstanding(loan_id)
    assert money.outstanding_minor == money.disbursed_minor - money.principal_paid_minor
    assert money.paid_minor == LEVEL + 100_000
    assert money.paid_minor == money.principal_paid_minor + money.interest_paid_minor
    # Overdue principal goes on earning: (362,894 x 3 + 314,382 x 28) x 6 % / 365.
    on_overdue = 1_626
    assert money.overdue_minor == 2 * LEVEL - 100_000 + on_overdue
    assert money.days_past_due == 39
    assert [band.overdue_minor for band in money.overdue_by_age[:2]] == [
        LEVEL + on_overdue,
        LEVEL - 100_000,
    ]
    assert money.next_due is not None
    assert (money.next_due.number, money.next_due.due_on) == (4, date(2026, 7, 2))
    # And until the next due day: 2 x 414,382 - 100,000 less interest, x 30 x 6 % / 365.
    delay = 3_341
    assert money.next_due.open_minor == LEVEL + delay
    assert money.owed_minor + money.paid_minor == 10_800_000 + 802_708 + on_overdue + delay


def test_a_past_day_shows_what_held_then(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 3)
    on_first_due = view(fund, loan_id, as_of=FIRST_DUE_ON).balances
    assert on_first_due.paid_minor == LEVEL
    assert fund.outstanding(loan_id) < on_first_due.outstanding_minor
    before_pay_out = view(fund, loan_id, as_of=PAY_OUT_ON - DAY)
    assert before_pay_out.status is LoanStatus.SIGNED
    assert before_pay_out.balances.outstanding_minor == 0
    assert before_pay_out.balances.undisbursed_minor == 10_800_000
    assert before_pay_out.pay_outs == ()
    with pytest.raises(NotSignedYet):
        view(fund, loan_id, as_of=SIGNED_ON - DAY)


def test_what_was_recorded_late_is_unknown_earlier(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    entered_on = date(2026, 4, 20)
    found = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON, entered_on=entered_on)
    late = date(2026, 4, 10)
    assert view(fund, loan_id, as_of=late).balances.days_past_due == 0
    unaware = view(fund, loan_id, as_of=late, known=late).balances
    assert (unaware.days_past_due, unaware.outstanding_minor) == (8, 10_800_000)
    reversed_on = date(2026, 5, 20)
    with fund.act(reversed_on) as (session, moment):
        receipts.reverse_receipt(
            session, fund.officer, moment, found.receipt_id, reason="Another loan", key=new_id()
        )
    aware = view(fund, loan_id, as_of=late, known=entered_on)
    assert aware.balances.paid_minor == LEVEL
    assert aware.receipts[0].reversed_on is None
    now = view(fund, loan_id, as_of=late)
    assert (now.balances.paid_minor, now.balances.outstanding_minor) == (0, 10_800_000)
    assert (now.balances.principal_paid_minor, now.balances.overdue_minor) == (0, LEVEL)
    assert now.receipts[0].reversed_on == reversed_on


def test_each_status_is_told_from_the_facts(fund: Fund) -> None:
    slow = golden_draft(golden_measure(implementation_months=4))
    partly = signed_loan(fund, slow)
    pay_out(fund, partly, amount_minor=1_000_000)
    made = (signed_loan(fund), partly, disbursed_loan(fund), repaid_loan(fund))
    for loan_id in (*made, written_off_loan(fund)):
        with fund.database.reading() as session:
            stored = session.get_one(Loan, loan_id).status
        assert view(fund, loan_id, as_of=date(2028, 8, 1)).status == stored


def test_the_borrower_sees_money_but_no_names_reasons_entries_or_acts(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    seen = {
        actor.role: view(fund, loan_id, actor, as_of=date(2026, 12, 1))
        for actor in (fund.officer, fund.enterprise, fund.adviser)
    }
    for role in (Role.ENTERPRISE, Role.ADVISER):
        found = seen[role]
        assert found.balances == seen[Role.OFFICER].balances
        assert (found.acts, found.history) == ((), ())
        text = repr(found)
        for secret in ("Person", "stands still", *_entry_ids(seen[Role.OFFICER])):
            assert secret not in text


def _entry_ids(found: LoanView) -> list[str]:
    lines = (*found.pay_outs, *found.receipts, found.write_off)
    return [line.entry_id for line in lines if line is not None and line.entry_id is not None]


def test_a_foreign_loan_does_not_exist(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    for actor in (fund.other_enterprise, fund.administrator):
        with pytest.raises(Missing):
            view(fund, loan_id, actor, as_of=FIRST_DUE_ON)
    with pytest.raises(Missing):
        view(fund, "no-such-loan", as_of=FIRST_DUE_ON)


def test_the_acts_of_an_officer_follow_the_life_of_the_loan(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    day = PAY_OUT_ON
    assert acts(view(fund, loan_id, as_of=day)) == {
        "prepare-disbursement": True,
        "receipt": False,
        "charge": False,
        "new-terms": False,
        "holiday": False,
        "give-up-rest": True,
        "request-write-off": False,
    }
    prepare_pay_out(fund, loan_id, amount_minor=10_800_000)
    waiting = view(fund, loan_id, as_of=day)
    assert not acts(waiting)["prepare-disbursement"]
    assert waiting.next_step.who is Role.MANAGER
    assert [line.is_released for line in waiting.pay_outs] == [False]
    with fund.act(day) as (session, moment):
        disbursing.release_disbursement(
            session, fund.manager, moment, waiting.pay_outs[0].disbursement_id, key=new_id()
        )
    assert acts(view(fund, loan_id, as_of=day)) == {
        "receipt": True,
        "charge": True,
        "new-terms": True,
        "holiday": True,
        "request-write-off": True,
    }


def test_the_acts_of_a_manager_are_those_that_wait(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    assert acts(view(fund, loan_id, fund.manager, as_of=PAY_OUT_ON)) == {}
    pay_out_id = prepare_pay_out(fund, loan_id, amount_minor=10_800_000)
    found = view(fund, loan_id, fund.manager, as_of=PAY_OUT_ON)
    assert acts(found) == {"release-disbursement": True, "send-back-disbursement": True}
    assert {act.target for act in found.acts} == {pay_out_id}
    promoted = replace(fund.officer, role=Role.MANAGER)
    own = view(fund, loan_id, promoted, as_of=PAY_OUT_ON)
    assert acts(own) == {"release-disbursement": False, "send-back-disbursement": True}
    assert view(fund, loan_id, fund.enterprise, as_of=PAY_OUT_ON).pay_outs == ()
    assert view(fund, loan_id, fund.auditor, as_of=PAY_OUT_ON).acts == ()
    with fund.act(PAY_OUT_ON) as (session, moment):
        disbursing.release_disbursement(session, fund.manager, moment, pay_out_id, key=new_id())
    with fund.act(FIRST_DUE_ON) as (session, moment):
        write_offs.request_write_off(session, fund.officer, moment, loan_id, reason="Insolvent")
    asked = view(fund, loan_id, fund.manager, as_of=FIRST_DUE_ON)
    assert acts(asked) == {"confirm-write-off": True, "send-back-write-off": True}
    assert asked.write_off is not None
    assert (asked.write_off.is_confirmed, asked.write_off.principal_minor) == (False, 10_800_000)
    assert not acts(view(fund, loan_id, promoted, as_of=FIRST_DUE_ON))["confirm-write-off"]
    assert view(fund, loan_id, fund.enterprise, as_of=FIRST_DUE_ON).write_off is None


def test_closed_loans_leave_only_money_that_still_comes(fund: Fund) -> None:
    day = date(2028, 8, 1)
    assert acts(view(fund, repaid_loan(fund), as_of=day)) == {"receipt": True}
    assert acts(view(fund, written_off_loan(fund), as_of=day)) == {
        "recovery": True,
        "receipt": True,
        "charge": True,
    }


def test_every_receipt_that_stands_can_be_reversed(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 2)
    found = view(fund, loan_id, as_of=date(2026, 6, 1))
    assert [line.can_be_reversed for line in found.receipts] == [True, True]
    assert found.receipt(found.receipts[1].receipt_id) == found.receipts[1]
    assert found.pay_out(found.pay_outs[0].disbursement_id) == found.pay_outs[0]
    assert found.receipt("none") is None


def test_the_list_shows_each_actor_their_own_loans(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    with fund.database.reading() as session:
        for actor, count in (
            (fund.officer, 1),
            (fund.auditor, 1),
            (fund.enterprise, 1),
            (fund.adviser, 1),
            (fund.other_enterprise, 0),
            (fund.administrator, 0),
        ):
            found = loans(session, actor, on=date(2026, 4, 12))
            assert [line.loan_id for line in found.lines] == [loan_id] * count
            assert set(found.counts.values()) <= {0, count}


def test_the_list_filters_searches_sorts_and_sums(fund: Fund) -> None:
    signed, paid, repaid = signed_loan(fund), disbursed_loan(fund), repaid_loan(fund)
    on = date(2028, 8, 1)
    with fund.database.reading() as session:

        def listed(**asked: object) -> list[str]:
            page = loans(session, fund.officer, on=on, **asked)  # type: ignore[arg-type]  # options
            return [line.loan_id for line in page.lines]

        assert listed() == [signed, paid, repaid]
        assert listed(status=LoanFilter.SIGNED) == [signed]
        assert listed(status=LoanFilter.ACTIVE) == listed(status=LoanFilter.LATE) == [paid]
        assert listed(status=LoanFilter.REPAID) == [repaid]
        assert listed(status=LoanFilter.WRITTEN_OFF) == []
        assert listed(search="ZALIAS") == listed(search="lt-100") == [signed, paid, repaid]
        assert listed(search="2026-002") == [paid]
        assert listed(search="severnaya") == []
        for order in LoanOrder:
            assert sorted(listed(order=order)) == sorted([signed, paid, repaid])
        assert listed(order=LoanOrder.OUTSTANDING, descending=True)[0] == paid
        assert listed(order=LoanOrder.DAYS_PAST_DUE, descending=True)[0] == paid
        page = loans(session, fund.officer, on=on, page_number=99)
    assert (page.page_number, page.page_count, page.count) == (1, 1, 3)
    assert page.outstanding_minor == sum(fund.outstanding(one) for one in (signed, paid, repaid))
    assert page.counts == {
        "all": 3,
        "active": 1,
        "late": 1,
        "signed": 1,
        "repaid": 1,
        "written-off": 0,
    }


def test_the_list_says_what_waits_for_a_second_person(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    prepare_pay_out(fund, loan_id, amount_minor=1)
    other = disbursed_loan(fund)
    with fund.act(FIRST_DUE_ON) as (session, moment):
        write_offs.request_write_off(session, fund.officer, moment, other, reason="Insolvent")
    with fund.database.reading() as session:
        lines = loans(session, fund.manager, on=FIRST_DUE_ON).lines
    assert {line.loan_id: line.waits_for for line in lines} == {
        loan_id: "pay-out",
        other: "write-off",
    }


def test_the_list_agrees_with_each_loan(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 2)
    on = date(2026, 7, 15)
    found = view(fund, loan_id, as_of=on)
    with fund.database.reading() as session:
        line = loans(session, fund.officer, on=on).lines[0]
    shared = {one.name for one in fields(line)} & {one.name for one in fields(found.balances)}
    assert shared >= {"outstanding_minor", "overdue_minor", "days_past_due", "disbursed_minor"}
    for name in shared:
        assert getattr(line, name) == getattr(found.balances, name), name
    assert found.balances.next_due is not None
    assert line.next_due_on == found.balances.next_due.due_on
