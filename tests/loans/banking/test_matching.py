"""Lines matched, explained, undone; and a month signed off with its figures."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy.orm import Session

from loans.banking import line_bookings, matching, signed_months
from loans.banking.facts import BankFacts
from loans.banking.importing import MonthSigned
from loans.banking.line_bookings import NoCharge, NoInterest
from loans.banking.line_views import EXPLAINED, MATCHED, UNMATCHED, first_values, line_detail
from loans.banking.matching import MatchedBefore, OtherDirection, UndoneBefore
from loans.banking.proposals import Proposal, propose
from loans.banking.signed_months import NotReconciled, SignedBefore, sign_month
from loans.banking.stated import StatedLine
from loans.banking.views import reconciliation_of
from loans.books import ledger
from loans.books.books_check import check_books
from loans.chart import ADMINISTRATION, BANK_INTEREST, CASH
from loans.closing.months import close_month
from loans.people import WrongPerson
from loans.refusal import Missing, WrongValue
from loans.servicing import reversals
from loans.servicing.receipts import reverse_receipt
from loans.storage.database import Database, new_id
from loans.tables import Loan
from tests.builders import (
    FIRST_DUE_ON,
    OPENED_ON,
    PAY_OUT_ON,
    Fund,
    at,
    disbursed_loan,
    open_fund,
    receive,
)
from tests.loans.banking.banks import CAPITAL, TODAY, bank_of, line_id_of, stated, take_in

PAID_OUT = StatedLine(PAY_OUT_ON, -10_800_000, "B1", "Baltic Filters", "Invoice 17")
RECEIVED = StatedLine(FIRST_DUE_ON, 414_382, "B2", "UAB Pavyzdys Žalias", "Loan L-2026-001")
FEE = StatedLine(date(2026, 4, 30), -1_250, "B3", "", "Account fee")


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database)


@pytest.fixture
def quick_fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def states(fund: Fund) -> dict[str, str]:
    return {one.bank_reference: one.state for one in bank_of(fund).lines}


def accept(fund: Fund) -> Sequence[str]:
    with fund.act(TODAY) as (session, moment):
        return matching.accept_proposals(session, fund.officer, moment, CASH)


def match(fund: Fund, reference: str, *entry_ids: str) -> Sequence[str]:
    with fund.act(TODAY) as (session, moment):
        return matching.match_line(
            session, fund.officer, moment, line_id_of(fund, reference), entry_ids=entry_ids
        )


def proposed_entry(fund: Fund, reference: str) -> str:
    (line,) = [one for one in bank_of(fund).lines if one.bank_reference == reference]
    assert line.proposal is not None
    return line.proposal.entries[0].entry_id


def undo(fund: Fund, match_id: str) -> None:
    with fund.act(TODAY) as (session, moment):
        matching.unmatch(session, fund.officer, moment, match_id, reason="The wrong line")


def sign(fund: Fund, month: str) -> None:
    with fund.act(TODAY) as (session, moment):
        sign_month(session, fund.manager, moment, CASH, month=month)


def test_a_month_of_a_loan_is_explained_to_the_last_line(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    take_in(fund, stated(CAPITAL, PAID_OUT, RECEIVED, FEE, to_on=date(2026, 4, 30)))
    for reference in ("B0", "B1"):
        match(fund, reference, proposed_entry(fund, reference))
    (named,) = [one for one in bank_of(fund, UNMATCHED).lines if one.bank_reference == "B2"]
    (loan,) = named.loans
    assert (loan.loan_id, loan.act(named.booked_on)) == (loan_id, "receipt")
    with fund.database.reading() as session:
        amount, on, reference, account = first_values(session, named.line_id)
    assert account == CASH
    receive(fund, loan_id, amount, on=on, entered_on=TODAY, bank_reference=reference)
    assert states(fund)["B2"] == MATCHED
    with pytest.raises(NotReconciled, match="1 line of the bank is neither matched"):
        sign(fund, "2026-04")
    with fund.act(TODAY) as (session, moment):
        fee_id = line_id_of(fund, "B3")
        line_bookings.book_charge(
            session, fund.manager, moment, fee_id, purpose="Account fee of April", key=new_id()
        )
    assert states(fund) == {"B0": MATCHED, "B1": MATCHED, "B2": MATCHED, "B3": EXPLAINED}
    assert fund.balance(ADMINISTRATION) == 1_250
    with fund.database.reading() as session:
        _, found = reconciliation_of(session, CASH, date(2026, 4, 30))
        assert found is not None
        assert (found.difference_minor, found.is_explained) == (0, True)
        assert found.books_minor == fund.balance(as_of=date(2026, 4, 30))
        assert check_books(session).is_sound
    sign(fund, "2026-04")
    ((signed, _),) = bank_of(fund).signed
    assert (signed.month, signed.bank_minor) == ("2026-04", found.bank_minor)
    with pytest.raises(SignedBefore):
        sign(fund, "2026-04")


def test_what_the_bank_names_is_matched_in_one_go(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON, bank_reference="Order 7")
    take_in(fund, stated(CAPITAL, PAID_OUT, RECEIVED))
    assert bank_of(fund).named_count == 1
    assert len(accept(fund)) == 1
    assert states(fund)["B2"] == MATCHED
    assert accept(fund) == ()


def test_several_lines_stand_for_one_entry_each_in_part(quick_fund: Fund) -> None:
    disbursed_loan(quick_fund)
    halves = [
        StatedLine(PAY_OUT_ON, -5_400_000, one, "Baltic Filters", "Part") for one in ("H1", "H2")
    ]
    take_in(quick_fund, stated(CAPITAL, *halves))
    with quick_fund.database.reading() as session:
        detail = line_detail(session, line_id_of(quick_fund, "H1"))
    ((entry, left),) = detail.candidates
    assert left == -10_800_000
    match(quick_fund, "H1", entry.entry_id)
    with quick_fund.database.reading() as session:
        ((_, left),) = line_detail(session, line_id_of(quick_fund, "H2")).candidates
    assert left == -5_400_000
    match(quick_fund, "H2", entry.entry_id)
    with pytest.raises(MatchedBefore):
        match(quick_fund, "H2", entry.entry_id)


def test_a_match_is_undone_and_its_history_stays(quick_fund: Fund) -> None:
    take_in(quick_fund, stated(CAPITAL))
    (match_id,) = match(quick_fund, "B0", proposed_entry(quick_fund, "B0"))
    undo(quick_fund, match_id)
    assert states(quick_fund) == {"B0": UNMATCHED}
    with pytest.raises(UndoneBefore):
        undo(quick_fund, match_id)
    match(quick_fund, "B0", proposed_entry(quick_fund, "B0"))
    with quick_fund.database.reading() as session:
        history = line_detail(session, line_id_of(quick_fund, "B0")).matches
    assert [(one.counts, one.reason) for one in history] == [(False, "The wrong line"), (True, "")]


def test_a_receipt_that_is_reversed_leaves_its_line_open(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    take_in(fund, stated(CAPITAL, PAID_OUT, RECEIVED))
    receipt = receive(
        fund, loan_id, 414_382, on=FIRST_DUE_ON, entered_on=TODAY, bank_reference="B2"
    )
    assert states(fund)["B2"] == MATCHED
    with fund.act(TODAY) as (session, moment):
        reverse_receipt(
            session, fund.officer, moment, receipt.receipt_id, reason="Wrong loan", key=new_id()
        )
    assert states(fund)["B2"] == UNMATCHED
    with fund.database.reading() as session:
        _, found = reconciliation_of(session, CASH, TODAY)
        assert found is not None
        assert found.only_books_minor == CAPITAL.amount_minor + PAID_OUT.amount_minor
        assert check_books(session).is_sound
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON, entered_on=TODAY, bank_reference="B2")
    assert states(fund)["B2"] == MATCHED
    with fund.database.reading() as session:
        assert check_books(session).is_sound


def test_a_receipt_with_other_words_matches_nothing_by_itself(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    take_in(quick_fund, stated(CAPITAL, PAID_OUT, RECEIVED))
    receive(quick_fund, loan_id, 414_382, on=FIRST_DUE_ON, bank_reference="Another")
    assert states(quick_fund)["B2"] == UNMATCHED


def booked_interest(fund: Fund, reference: str) -> str:
    with fund.act(TODAY) as (session, moment):
        line_id = line_id_of(fund, reference)
        return line_bookings.book_interest(
            session, fund.manager, moment, line_id, purpose="Interest of April", key=new_id()
        )


def test_interest_of_the_bank_is_income_of_its_own(fund: Fund) -> None:
    paid = StatedLine(date(2026, 4, 30), 2_075, "B4", "", "Credit interest")
    again = StatedLine(date(2026, 5, 29), 1_925, "B5", "", "Credit interest")
    take_in(fund, stated(CAPITAL, FEE, paid, again))
    with fund.act(TODAY) as (session, moment):
        close_month(session, fund.manager, moment, month="2026-04", are_warnings_seen=True)
    entry_id = booked_interest(fund, "B4")
    booked_interest(fund, "B5")
    assert fund.balance(BANK_INTEREST) == -4_000
    assert fund.balance(BANK_INTEREST, as_of=date(2026, 4, 30)) == -2_075
    assert states(fund)["B4"] == MATCHED
    with fund.database.reading() as session:
        entry = ledger.entry(session, facility_id=fund.facility_id, entry_id=entry_id)
        assert (entry.effective_on, entry.booked_at.date()) == (paid.booked_on, TODAY)
        assert check_books(session).is_sound
    with pytest.raises(NoInterest):
        booked_interest(fund, "B3")
    with pytest.raises(MatchedBefore):
        booked_interest(fund, "B4")
    with fund.act(TODAY) as (session, moment):
        reversals.reverse_entry(
            session, fund.manager, moment, entry_id, reason="Of the other account", key=new_id()
        )
    assert (fund.balance(BANK_INTEREST), states(fund)["B4"]) == (-1_925, UNMATCHED)


def test_two_officers_cannot_both_match_one_entry(fund: Fund) -> None:
    twin = StatedLine(OPENED_ON, CAPITAL.amount_minor, "B9", "Donor One", "Contribution")
    take_in(fund, stated(CAPITAL, twin))
    entry_id = proposed_entry(fund, "B0")
    line_ids = [line_id_of(fund, reference) for reference in ("B0", "B9")]
    gate = threading.Barrier(2)

    def work(line_id: str) -> str:
        def tried(session: Session) -> object:
            return matching.match_line(
                session, fund.officer, at(TODAY), line_id, entry_ids=(entry_id,)
            )

        gate.wait()
        try:
            fund.database.retrying(tried)
        except MatchedBefore:
            return "refused"
        return "matched"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(work, line_ids)) == ["matched", "refused"]
    with fund.database.reading() as session:
        assert check_books(session).is_sound


def test_a_line_is_not_booked_as_a_charge_while_all_proposals_are_taken(
    fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    loan_id = disbursed_loan(fund)
    with fund.database.reading() as session:
        reference = session.get_one(Loan, loan_id).reference
    paid = StatedLine(PAY_OUT_ON, -10_800_000, "B1", "Baltic Filters", f"Loan {reference}")
    take_in(fund, stated(CAPITAL, paid))
    line_id = line_id_of(fund, "B1")
    has_read, is_booked = threading.Event(), threading.Event()

    def read_then_wait(facts: BankFacts) -> tuple[Proposal, ...]:
        found = propose(facts)
        has_read.set()
        is_booked.wait(0.2)  # The charge gets its chance; it has to stand and wait.
        return found

    def charge() -> str:
        def tried(session: Session) -> object:
            return line_bookings.book_charge(
                session, fund.manager, at(TODAY), line_id, purpose="Fee", key=new_id()
            )

        assert has_read.wait(10)
        try:
            fund.database.retrying(tried)
        except MatchedBefore:
            return "refused"
        finally:
            is_booked.set()
        return "booked"

    monkeypatch.setattr("loans.banking.matching.propose", read_then_wait)
    with ThreadPoolExecutor(1) as threads:
        charged = threads.submit(charge)
        assert len(accept(fund)) == 1
        assert charged.result() == "refused"
    assert fund.balance(ADMINISTRATION) == 0
    with fund.database.reading() as session:
        assert check_books(session).is_sound


def test_an_entry_matched_twice_is_found_by_the_check(quick_fund: Fund) -> None:
    twin = StatedLine(OPENED_ON, CAPITAL.amount_minor, "B9", "Donor One", "Contribution")
    take_in(quick_fund, stated(CAPITAL, twin))
    entry_id = proposed_entry(quick_fund, "B0")
    match(quick_fund, "B0", entry_id)
    with quick_fund.act(TODAY) as (session, moment):
        line = matching.locked_line(session, line_id_of(quick_fund, "B9"))
        matching.keep_match(
            session,
            quick_fund.officer,
            moment,
            line,
            matching.MATCH,
            entry_id=entry_id,
            amount=line.amount_minor,
        )
    with quick_fund.database.reading() as session:
        report = check_books(session)
    broken = [result.name for result in report.results if not result.ok]
    assert broken == ["No entry is matched to the bank beyond what it moved there"]


def test_refusals_name_what_is_wrong(quick_fund: Fund) -> None:
    take_in(quick_fund, stated(CAPITAL, FEE))
    entry_id = proposed_entry(quick_fund, "B0")
    with pytest.raises(OtherDirection):
        match(quick_fund, "B3", entry_id)
    with pytest.raises(Missing):
        match(quick_fund, "B0", new_id())
    with pytest.raises(WrongValue, match="Choose the entry"):
        match(quick_fund, "B0")
    with quick_fund.act(TODAY) as (session, moment):
        came_in = line_id_of(quick_fund, "B0")
        with pytest.raises(NoCharge):
            line_bookings.book_charge(
                session, quick_fund.manager, moment, came_in, purpose="Fee", key=new_id()
            )
        with pytest.raises(WrongPerson):
            line_bookings.book_charge(
                session, quick_fund.officer, moment, came_in, purpose="Fee", key=new_id()
            )
        with pytest.raises(WrongPerson):
            matching.match_line(session, quick_fund.manager, moment, came_in, entry_ids=(entry_id,))


def test_a_noted_line_stays_between_bank_and_books_and_may_be_signed(quick_fund: Fund) -> None:
    take_in(quick_fund, stated(CAPITAL, FEE, to_on=date(2026, 4, 30)))
    (match_id,) = match(quick_fund, "B0", proposed_entry(quick_fund, "B0"))
    with quick_fund.act(TODAY) as (session, moment):
        matching.note_line(
            session,
            quick_fund.officer,
            moment,
            line_id_of(quick_fund, "B3"),
            note="The bank gives it back in May",
        )
    assert states(quick_fund)["B3"] == EXPLAINED
    sign(quick_fund, "2026-04")
    ((signed, now),) = bank_of(quick_fund).signed
    assert not signed.differs_from(now)
    assert (signed.only_bank_minor, signed.only_books_minor) == (-1_250, 0)
    sign(quick_fund, "2026-01")
    with pytest.raises(MonthSigned):
        undo(quick_fund, match_id)
    with pytest.raises(MonthSigned, match="April 2026 was signed off"):
        take_in(quick_fund, stated(CAPITAL, FEE, FEE))


@pytest.mark.parametrize(
    ("month", "words"),
    [("2026-06", "not over"), ("2026-05", "do not reach 31 May 2026"), ("2025-12", "do not reach")],
)
def test_a_month_is_signed_when_it_is_over_and_stated(
    quick_fund: Fund, month: str, words: str
) -> None:
    take_in(quick_fund, stated(CAPITAL, to_on=date(2026, 5, 30)))
    with pytest.raises(NotReconciled, match=words):
        sign(quick_fund, month)
    with pytest.raises(WrongPerson), quick_fund.act(TODAY) as (session, moment):
        signed_months.sign_month(session, quick_fund.officer, moment, CASH, month=month)


def test_balances_that_do_not_follow_one_another_are_not_signed(quick_fund: Fund) -> None:
    take_in(quick_fund, stated(CAPITAL, opening=7))
    match(quick_fund, "B0", proposed_entry(quick_fund, "B0"))
    with pytest.raises(NotReconciled, match=r"differed by EUR 0\.07 before the first"):
        sign(quick_fund, "2026-05")
