"""Entries undone by their opposite: which, by whom, and only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from loans import own_money
from loans.books import ledger
from loans.books.ledger import AlreadyReversed, NoSuchEntry, Overdrawn, PeriodClosed, close_period
from loans.chart import ADMINISTRATION, CASH, RECOVERIES
from loans.entered_text import TextMissing, TextTooLong, TextUnstorable
from loans.lending.loan_book import accrue, posted_balances
from loans.people import Actor, WrongPerson
from loans.refusal import Refusal
from loans.servicing.receipts import ReversedBefore
from loans.servicing.recoveries import record_recovery
from loans.servicing.reversals import LONGEST_REASON, NotReversible, reverse_entry
from loans.storage.database import Database, new_id
from loans.tables import CaseEvent, Loan
from tests.builders import (
    FIRST_DUE_ON,
    OPENED_ON,
    PAY_OUT_ON,
    Fund,
    disbursed_loan,
    open_fund,
    receive,
    repaid_loan,
    written_off_loan,
)

LATER = date(2028, 12, 1)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


def undo(
    fund: Fund,
    entry_id: str,
    actor: Actor | None = None,
    *,
    reason: str = "Entered twice",
    key: str = "",
    on: date = LATER,
) -> str:
    with fund.act(on) as (session, moment):
        return reverse_entry(
            session, actor or fund.manager, moment, entry_id, reason=reason, key=key or new_id()
        )


def given(fund: Fund, amount_minor: int = 5_000, source: str = "Donor Two") -> str:
    """A contribution; answers its entry."""
    with fund.act(OPENED_ON) as (session, moment):
        return own_money.record_contribution(
            session,
            fund.manager,
            moment,
            source=source,
            amount_minor=amount_minor,
            paid_on=OPENED_ON,
            key=new_id(),
        )


def spent(fund: Fund, amount_minor: int = 5_000) -> str:
    """Administration paid from the fund; answers its entry."""
    with fund.act(OPENED_ON) as (session, moment):
        return own_money.record_administration(
            session,
            fund.manager,
            moment,
            purpose="Audit of the year",
            amount_minor=amount_minor,
            paid_on=OPENED_ON,
            key=new_id(),
        )


def entries_of(fund: Fund, loan_id: str, event: str) -> list[str]:
    """The entries of a loan with an event, newest first."""
    with fund.database.reading() as session:
        page = ledger.entries(
            session, facility_id=fund.facility_id, loan_id=loan_id, event=event, limit=100
        )
    return [one.entry_id for one in page.entries]


def refused(fund: Fund, kind: type[Refusal], entry_id: str, actor: Actor | None = None) -> str:
    """The sentence of the refusal; the books stay as they are."""
    before = fund.trial_balance()
    with pytest.raises(kind) as found:
        undo(fund, entry_id, actor)
    assert fund.trial_balance() == before
    return found.value.message


@pytest.mark.parametrize("book", [given, spent])
def test_the_fund_s_own_money_is_undone_to_the_cent(
    fund: Fund, book: Callable[[Fund], str]
) -> None:
    before = fund.trial_balance()
    entry_id = book(fund)
    assert fund.trial_balance() != before
    reversal_id = undo(fund, entry_id)
    assert fund.trial_balance() == before
    with fund.database.reading() as session:
        old, new = (
            ledger.entry(session, facility_id=fund.facility_id, entry_id=one)
            for one in (entry_id, reversal_id)
        )
    assert (old.reversed_by, new.reversal_of) == (reversal_id, entry_id)
    assert (new.effective_on, new.booked_at.date()) == (OPENED_ON, LATER)
    assert new.memo == "Entered twice"


def test_a_reversal_stands_in_the_history_with_its_reason(fund: Fund) -> None:
    entry_id = given(fund)
    undo(fund, entry_id, reason="  The other donor  ")
    with fund.database.reading() as session:
        event = session.scalars(
            select(CaseEvent).where(CaseEvent.subject_id == entry_id, CaseEvent.action == "reverse")
        ).one()
    assert (event.actor_id, event.note, event.happened_on) == (
        fund.manager.user_id,
        "The other donor",
        LATER,
    )


def test_a_receipt_is_undone_with_what_it_paid(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    with fund.act(FIRST_DUE_ON) as (session, moment):
        loan = session.get_one(Loan, loan_id)
        assert accrue(session, fund.officer, moment, loan, key=new_id())
    before = fund.trial_balance()
    entry_id = receive(fund, loan_id, 414_382, on=FIRST_DUE_ON).entry_id
    assert fund.outstanding(loan_id) < 10_800_000
    undo(fund, entry_id, fund.officer, on=FIRST_DUE_ON)
    assert fund.trial_balance() == before
    assert fund.outstanding(loan_id) == 10_800_000


def test_the_last_receipt_undone_opens_the_loan_again(fund: Fund) -> None:
    loan_id = repaid_loan(fund)
    undo(fund, entries_of(fund, loan_id, "receipt")[0], fund.officer)
    with fund.database.reading() as session:
        assert session.get_one(Loan, loan_id).status == "repaying"
    assert fund.outstanding(loan_id) > 0


def test_a_recovery_is_undone_too(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    with fund.act(LATER) as (session, moment):
        entry_id = record_recovery(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=7_000,
            received_on=LATER,
            bank_reference="Sale",
            key=new_id(),
        )
    assert fund.balance(RECOVERIES) == -7_000
    undo(fund, entry_id, fund.officer)
    assert fund.balance(RECOVERIES) == 0


def test_receipts_are_undone_in_any_order_and_by_officers(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, 414_382, on=FIRST_DUE_ON).entry_id
    receive(fund, loan_id, 100_000, on=FIRST_DUE_ON)
    assert "for the role officer" in refused(fund, WrongPerson, first, fund.manager)
    undo(fund, first, fund.officer, on=FIRST_DUE_ON)
    other = disbursed_loan(fund)
    receive(fund, other, 100_000, on=FIRST_DUE_ON)
    assert fund.outstanding(loan_id) == fund.outstanding(other)
    with fund.database.reading() as session:
        one, two = (posted_balances(session, session.get_one(Loan, i)) for i in (loan_id, other))
    assert one == two


def test_pay_outs_write_offs_and_reversals_are_not_undone(fund: Fund) -> None:
    loan_id = written_off_loan(fund)
    reversal_id = undo(fund, given(fund))
    for entry_id in (
        *entries_of(fund, loan_id, "disbursement"),
        *entries_of(fund, loan_id, "write_off"),
        reversal_id,
    ):
        for actor in (fund.officer, fund.manager):
            words = refused(fund, NotReversible, entry_id, actor)
            assert words.startswith("Receipts, charges, contributions, releases, costs and")


@pytest.mark.parametrize("role", ["enterprise", "adviser", "officer", "auditor", "administrator"])
def test_the_fund_s_own_money_is_the_manager_s(fund: Fund, role: str) -> None:
    entry_id, actor = given(fund), getattr(fund, role)
    assert "for the role manager" in refused(fund, WrongPerson, entry_id, actor)


def test_nothing_is_undone_twice(fund: Fund) -> None:
    entry_id = given(fund)
    undo(fund, entry_id)
    refused(fund, AlreadyReversed, entry_id)
    loan_id = disbursed_loan(fund)
    receipt = receive(fund, loan_id, 1_000, on=FIRST_DUE_ON).entry_id
    undo(fund, receipt, fund.officer)
    assert (
        refused(fund, ReversedBefore, receipt, fund.officer) == "This receipt was reversed before."
    )


@pytest.mark.parametrize("entry_id", ["", "no-such-entry", "01a20b45-b058-7bd3-bd8b-d1bd471a3358"])
def test_what_is_not_there_is_missing(fund: Fund, entry_id: str) -> None:
    refused(fund, NoSuchEntry, entry_id)


def test_a_contribution_that_is_lent_already_cannot_be_taken_back(database: Database) -> None:
    fund = open_fund(database, capital_minor=0)
    entry_id = given(fund, 12_000_000)
    disbursed_loan(fund)
    refused(fund, Overdrawn, entry_id)
    assert fund.balance(CASH) == 1_200_000


def test_a_reversal_goes_to_the_open_month(fund: Fund) -> None:
    entry_id = given(fund)
    with fund.act(date(2026, 2, 1)) as (session, moment):
        close_period(
            session,
            facility_id=fund.facility_id,
            month="2026-01",
            actor_id=fund.manager.user_id,
            closed_at=moment.at,
        )
    with pytest.raises(PeriodClosed):
        undo(fund, entry_id, on=date(2026, 1, 31))
    undo(fund, entry_id, on=PAY_OUT_ON)
    assert fund.balance("3002") == 0


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (TextMissing, " "),
        (TextTooLong, "x" * (LONGEST_REASON + 1)),
        (TextUnstorable, "No\x00"),
        (TextUnstorable, "No\ud800"),
    ],
)
def test_a_reversal_needs_a_reason_that_can_be_kept(
    fund: Fund, kind: type[Refusal], reason: str
) -> None:
    loan_id = disbursed_loan(fund)
    receipt = receive(fund, loan_id, 1_000, on=FIRST_DUE_ON).entry_id
    for entry_id, actor in ((spent(fund), fund.manager), (receipt, fund.officer)):
        with pytest.raises(kind) as found:
            undo(fund, entry_id, actor, reason=reason)
        assert found.value.field == "reason"
    assert fund.balance(ADMINISTRATION) == 5_000


def test_two_people_may_choose_the_same_key(fund: Fund) -> None:
    first, second = given(fund), given(fund, source="Donor Three")
    undo(fund, first, fund.manager, key="k")
    undo(fund, second, fund.second_manager, key="k")
    assert fund.balance("3002") == fund.balance("3003") == 0
