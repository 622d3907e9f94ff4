"""Old loans taken over: whole or not at all, on their own days, and the books sound afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from appraisal.proposal import Ownership
from loans.banking.tables import BankReconciliationRow
from loans.books.books_check import check_books
from loans.chart import CASH, LOANS
from loans.importing.loan_imports import (
    CashMissing,
    Doubtful,
    ImportedBefore,
    NotForFund,
    OwnFile,
    RowsToCorrect,
    keep_file,
    record_file,
)
from loans.importing.old_loans import OldLoan, OldLoans, OldPayOut, OldReceipt, problems_of
from loans.importing.views import ImportView, import_view
from loans.lending.loan_record import record_of
from loans.lending.loan_views import loan_view
from loans.people import Actor, WrongPerson
from loans.schedules.day_count import DayCount
from loans.schedules.schedule import Method
from loans.storage.database import Database, new_id
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, Received
from loans.subledger.replay import replay
from loans.tables import Loan
from loans.versions.profile_drafts import TermChange, draft_version
from loans.versions.profile_publishing import publish_version
from tests.builders import Fund, open_fund
from tests.funds import draft_as_read

TODAY = date(2026, 11, 2)
METHODS = (Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.BULLET)
DAY_COUNTS = tuple(DayCount)


@pytest.fixture
def fund(database: Database) -> Fund:
    return open_fund(database, capital_minor=0)


def old_loan(number: int) -> OldLoan:
    signed_on = date(2022, 1, 10) + timedelta(days=23 * number)
    return OldLoan(
        row=number + 2,
        reference=f"OLD-{number:03d}",
        borrower=f"Borrower {number % 7}",
        registration_number=f"30{number % 7}",
        country="LT",
        ownership=Ownership.LOCAL_PRIVATE,
        sector="Food",
        project=f"Heat recovery {number}",
        principal_minor=6_000_000 + 1_234 * number,
        annual_rate=Decimal("0.06"),
        method=METHODS[number % 3],
        day_count=DAY_COUNTS[number % len(DAY_COUNTS)],
        signed_on=signed_on,
        first_due_on=signed_on + timedelta(days=40),
        instalments=12 + number % 9,
        months_between=1 + 2 * (number % 2),
        grace_instalments=number % 3,
        outstanding_minor=None,
        outstanding_on=None,
    )


def old_loans(count: int) -> OldLoans:
    """Loans of all kinds: on time, late, in part, too much, some never paid."""
    loans = tuple(old_loan(number) for number in range(count))
    pay_outs: list[OldPayOut] = []
    receipts: list[OldReceipt] = []
    for number, loan in enumerate(loans):
        half = loan.principal_minor // 2
        for part, days in ((half, 5), (loan.principal_minor - half, 17)):
            on = loan.signed_on + timedelta(days=days)
            row = len(pay_outs) + 2
            pay_outs.append(OldPayOut(row, loan.reference, on, part, f"Invoice {row}"))
        for paid, due_on in enumerate(loan.due_on[: 3 + number % 6] if number % 5 else ()):
            on = due_on + timedelta(days=(paid * 11) % 40 - 3)
            amount = 300_000 + 70_001 * ((number + paid) % 9)
            row = len(receipts) + 2
            receipts.append(OldReceipt(row, loan.reference, on, amount, f"Line {number}-{paid}"))
    return OldLoans(loans, tuple(pay_outs), tuple(receipts))


def kept(fund: Fund, old: OldLoans, actor: Actor | None = None) -> str:
    with fund.act(TODAY) as (session, moment):
        return keep_file(session, actor or fund.officer, moment, old, ())


def recorded(
    fund: Fund, import_id: str, opening_minor: int = 400_000_000, *, is_looked_at: bool = False
) -> int:
    with fund.act(TODAY) as (session, moment):
        return record_file(
            *(session, fund.manager, moment, import_id),
            opening_minor=opening_minor,
            is_looked_at=is_looked_at,
            key=new_id(),
        )


def seen(fund: Fund, import_id: str) -> ImportView:
    with fund.database.reading() as session:
        return import_view(session, fund.manager, import_id, today=TODAY, available_minor=0)


def straight(old: OldLoans, loan: OldLoan, contract: Contract) -> int:
    """The principal that is left by the rows alone."""
    out = [one for one in old.pay_outs if one.loan == loan.reference]
    back = [one for one in old.receipts if one.loan == loan.reference]
    events: list[Event] = [
        *(PaidOut(one.paid_on, f"p{one.row}", one.amount_minor) for one in out),
        *(Received(one.received_on, f"r{one.row}", one.amount_minor) for one in back),
    ]
    return replay(contract, events, until=TODAY).principal_minor


def test_forty_loans_in_one_go_leave_balanced_books(fund: Fund) -> None:
    old = old_loans(40)
    assert recorded(fund, kept(fund, old)) == 40
    assert sum(fund.trial_balance().values()) == 0
    with fund.database.reading() as session:
        report = check_books(session)
        loans = {loan.reference: loan for loan in session.scalars(select(Loan))}
        contracts = {name: record_of(session, loan).contract for name, loan in loans.items()}
    assert report.is_sound, report.summary
    assert report.loan_count == 40
    left = sum(straight(old, one, contracts[one.reference]) for one in old.loans)
    assert fund.balance(LOANS) == left
    paid_out = sum(one.amount_minor for one in old.pay_outs)
    received = sum(one.amount_minor for one in old.receipts)
    assert fund.balance(CASH) == 400_000_000 - paid_out + received


def test_a_loan_taken_over_is_shown_like_any_other(fund: Fund) -> None:
    old = old_loans(2)
    import_id = kept(fund, old)
    recorded(fund, import_id)
    loan_id = {name: loan_id for loan_id, name in seen(fund, import_id).loans}["OLD-001"]
    with fund.database.reading() as session:
        view = loan_view(session, fund.officer, loan_id, as_of=TODAY)
    assert (view.application_id, view.title) == (None, "Heat recovery 1")
    assert [line.pay_on for line in view.pay_outs] == [one.paid_on for one in old.pay_outs[2:]]
    assert "import" in [line.action for line in view.history]


def test_the_principal_of_the_file_is_held_against_the_books(fund: Fund) -> None:
    old = old_loans(3)
    on = old.pay_outs[1].paid_on
    first, second, third = old.loans
    stated = (
        replace(first, outstanding_minor=first.principal_minor, outstanding_on=on),
        replace(second, outstanding_minor=5, outstanding_on=TODAY),
        third,
    )
    import_id = kept(fund, replace(old, loans=stated))
    recorded(fund, import_id, is_looked_at=True)
    view = seen(fund, import_id)
    assert view.compared_count == 2
    assert [(one.reference, one.stated_minor) for one in view.differences] == [("OLD-001", 5)]


def test_a_bad_row_keeps_everything_out(fund: Fund) -> None:
    old = old_loans(4)
    late = replace(old.receipts[0], received_on=TODAY + timedelta(days=1))
    import_id = kept(fund, replace(old, receipts=(late, *old.receipts[1:])))
    before = fund.trial_balance()
    with pytest.raises(RowsToCorrect):
        recorded(fund, import_id)
    assert fund.trial_balance() == before
    assert [(one.table, one.row) for one in seen(fund, import_id).problems] == [("receipts", 2)]


def test_cash_that_the_books_never_had_is_named_with_its_day(fund: Fund) -> None:
    import_id = kept(fund, old_loans(2))
    with pytest.raises(CashMissing, match="On 7 February 2022 the fund would lack"):
        recorded(fund, import_id, opening_minor=1_000_000)
    with fund.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Loan)) == 0


def test_the_same_file_is_recorded_once(fund: Fund) -> None:
    old = old_loans(2)
    first, second = kept(fund, old), kept(fund, old)
    recorded(fund, first)
    for import_id in (second, first):
        with pytest.raises(ImportedBefore):
            recorded(fund, import_id)


def test_two_people_take_loans_over_the_second_a_manager(fund: Fund) -> None:
    with pytest.raises(NotForFund, match="Your role is auditor"):
        kept(fund, old_loans(1), fund.auditor)
    own = kept(fund, old_loans(1), fund.manager)
    with pytest.raises(OwnFile, match="You sent this file yourself"):
        recorded(fund, own)
    with pytest.raises(WrongPerson, match="role manager"), fund.act(TODAY) as (session, moment):
        record_file(session, fund.second_officer, moment, own, key=new_id())


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"reference": "OLD-000-A-VERY-LONG-ONE"}, "reference"),
        ({"principal_minor": 1}, "principal"),
        ({"principal_minor": 6_000_001}, "principal"),
        ({"signed_on": date(2023, 1, 1)}, "signed_on"),
        ({"first_due_on": date(2022, 1, 12)}, "first_due_on"),
        ({"first_due_on": date(2022, 1, 15)}, "first_due_on"),
        ({"grace_instalments": 12}, "grace_instalments"),
        ({"method": Method.SAVINGS_MATCHED}, "method"),
        ({"outstanding_minor": 1}, "outstanding_on"),
        ({"outstanding_minor": 1, "outstanding_on": date(2020, 1, 1)}, "outstanding_on"),
        ({"instalments": 300, "months_between": 12}, "instalments"),
    ],
)
def test_each_row_that_contradicts_itself_is_named(change: dict[str, object], column: str) -> None:
    old = old_loans(1)
    changed = replace(old.loans[0], **change)  # type: ignore[arg-type]  # one field at a time
    moved = tuple(replace(one, loan=changed.reference) for one in old.pay_outs)
    found = problems_of(OldLoans((changed,), moved, ()), today=TODAY, known_references=())
    assert column in [one.column for one in found]
    assert all(one.message.endswith(".") for one in found)


def test_a_known_reference_and_a_receipt_twice_are_named() -> None:
    old = old_loans(2)
    twice = replace(old, receipts=(*old.receipts, replace(old.receipts[0], row=99)))
    found = problems_of(twice, today=TODAY, known_references={"OLD-000"})
    assert [(one.table, one.row, one.column) for one in found] == [
        ("loans", 2, "reference"),
        ("receipts", 99, "bank_reference"),
    ]


def test_todays_terms_never_charge_a_loan_that_was_signed_before_them(fund: Fund) -> None:
    margin = TermChange("0.02", "Decision of the board", is_decided=True)
    with fund.act(date(2026, 10, 1)) as (session, moment):
        draft_version(
            session,
            fund.manager,
            moment,
            "nefco-1998",
            valid_from=moment.on,
            reason="Late interest",
            changes={"late_interest_margin": margin},
        )
    with fund.act(date(2026, 10, 1)) as (session, moment):
        publish_version(
            session,
            fund.second_manager,
            moment,
            "nefco-1998",
            version=2,
            content_hash=draft_as_read(session),
        )
    old = old_loans(2)
    without, with_margin = old.loans[0], replace(old.loans[1], late_interest_margin=Decimal("0.01"))
    recorded(fund, kept(fund, replace(old, loans=(without, with_margin))))
    with fund.database.reading() as session:
        found = {loan.reference: loan for loan in session.scalars(select(Loan))}
        contracts = [record_of(session, found[one.reference]).contract for one in old.loans]
    assert [one.late_interest_margin for one in contracts] == [0, Decimal("0.01")]
    assert {loan.profile_version for loan in found.values()} == {1}


def test_the_rows_are_held_against_the_file_before_anything_is_recorded(fund: Fund) -> None:
    old = old_loans(3)
    on = old.pay_outs[1].paid_on
    first, second, third = old.loans
    stated = (
        replace(first, outstanding_minor=first.principal_minor, outstanding_on=on),
        replace(second, outstanding_minor=5, outstanding_on=TODAY),
        third,
    )
    import_id = kept(fund, replace(old, loans=stated))
    before = seen(fund, import_id)
    assert [one.reference for one in before.foreseen] == ["OLD-001", "OLD-000", "OLD-002"]
    assert before.foreseen_differences == 1
    assert before.cash is not None
    moved = before.received_minor - before.paid_out_minor
    assert (before.cash.change_minor, before.cash.first_on) == (moved, old.pay_outs[0].paid_on)
    with pytest.raises(Doubtful, match="OLD-001"):
        recorded(fund, import_id)
    recorded(fund, import_id, is_looked_at=True)
    after = seen(fund, import_id)
    assert (after.foreseen, after.cash) == ((), None)
    (booked,) = after.differences
    assert booked.ours_minor == before.foreseen[0].counted_minor


def test_a_loan_that_is_here_under_another_reference_is_looked_at_first(fund: Fund) -> None:
    old = old_loans(2)
    recorded(fund, kept(fund, old))
    loan = replace(old.loans[0], reference="NEW-1")
    rows = old.pay_outs_of()[old.loans[0].reference]
    again = OldLoans((loan,), tuple(replace(one, loan="NEW-1") for one in rows), ())
    import_id = kept(fund, again)
    assert [one.twin for one in seen(fund, import_id).twins] == [old.loans[0].reference]
    with pytest.raises(Doubtful, match="NEW-1"):
        recorded(fund, import_id)
    assert recorded(fund, import_id, is_looked_at=True) == 1


def test_a_signed_reconciliation_that_the_import_changes_is_named(fund: Fund) -> None:
    import_id = kept(fund, old_loans(1))
    row = BankReconciliationRow(
        id=new_id(),
        facility_id=fund.facility_id,
        account_code=CASH,
        bank_minor=0,
        books_minor=0,
        only_bank_minor=0,
        only_books_minor=0,
        items={},
        signed_by=fund.manager.user_id,
        month="2026-05",
    )
    with fund.act(TODAY) as (session, moment):
        row.signed_at = moment.at
        session.add(row)
    cash = seen(fund, import_id).cash
    assert cash is not None
    assert cash.signed_months == ("2026-05",)
