"""The pages of loans: what each role sees of them, on any day, and what nobody may see."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from app import clock
from loans.component import Component
from loans.storage.database import Database
from tests.app.api.programs import program_of
from tests.app.loan_pages import LEVEL, NOT_IN_WORDS, TODAY, client_of
from tests.app.visiting import errors_of, text_of
from tests.builders import (
    FIRST_DUE_ON,
    Fund,
    charge,
    disbursed_loan,
    golden_draft,
    golden_measure,
    open_fund,
    pay_out,
    prepare_pay_out,
    receive,
    repay_instalments,
    signed_loan,
    written_off_loan,
)


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 10, 9, 0, tzinfo=UTC))


@pytest.fixture
def quick_fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_lists_and_the_fund_tell_the_past_as_it_was_known(quick_fund: Fund) -> None:
    fund = quick_fund
    loan_id = disbursed_loan(fund)
    entered_on = FIRST_DUE_ON + timedelta(days=20)
    receive(fund, loan_id, 414_382, on=FIRST_DUE_ON, entered_on=entered_on)
    client, program = client_of(fund, fund.officer), program_of(fund.database, fund.officer)
    then = f"as_of={FIRST_DUE_ON}&known_on={FIRST_DUE_ON}"
    listed = client.get(f"/loans?{then}&sort=reference").text
    assert "As of 2 April 2026, as known on 2 April 2026: EUR 108,000.00" in text_of(listed)
    assert f'href="/loans.csv?{then}"' in listed.replace("&amp;", "&")
    assert ",108000.00,0.00," in client.get(f"/loans.csv?{then}").text
    assert ",104406.54,0.00," in client.get(f"/loans.csv?as_of={FIRST_DUE_ON}").text
    shown = text_of(client.get(f"/fund?{then}").text)
    assert "The fund on 2 April 2026, as known on 2 April 2026" in shown
    assert "108,000.00" in shown
    assert "104,406.54" not in shown
    assert "104,406.54" in text_of(client.get(f"/fund?as_of={FIRST_DUE_ON}").text)
    days = {"as_of": str(FIRST_DUE_ON), "known_on": str(FIRST_DUE_ON)}
    assert program.get("/loans", **days).json()["loans"][0]["outstanding"] == "108000.00"
    figures = {one["code"]: one["value"] for one in program.get("/fund", **days).json()["figures"]}
    assert figures["c2"] == "108000.00"
    auditor = program_of(fund.database, fund.auditor)
    both = auditor.get("/ledger/trial-balance", **days, compare_on="2026-03-01").json()
    loans_of = {row["code"]: row["balance"] for row in both["accounts"]}
    before = {row["code"]: row["balance"] for row in both["compared"]}
    assert (loans_of["1210"], before["1210"]) == ("108000.00", "0.00")
    assert auditor.get("/ledger/trial-balance").json()["compared"] == []
    wrong = client.get("/loans?known_on=2999-01-01")
    assert (wrong.status_code, "known_on" in errors_of(wrong.text)) == (422, True)
    own = client_of(fund, fund.enterprise).get(f"/loans?{then}")
    assert "EUR 104,406.54" in text_of(own.text)


def test_a_foreign_loan_does_not_exist_on_any_page(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    stranger = client_of(quick_fund, quick_fund.other_enterprise)
    for path in ("", "/schedule", "/statement"):
        foreign = stranger.get(f"/loans/{loan_id}{path}")
        missing = stranger.get(f"/loans/no-such-loan{path}")
        assert foreign.status_code == missing.status_code == 404
        assert "Pavyzdys" not in foreign.text
        told = [
            re.sub("Reference [0-9a-f]{10}", "", text_of(one.text)) for one in (foreign, missing)
        ]
        assert told[0] == told[1]
    assert "Pavyzdys" not in stranger.get("/loans").text
    for search in ("pavyzdys", "L-2026"):
        assert "L-2026-001" not in stranger.get(f"/loans?search={search}").text


def test_the_borrower_sees_the_loan_calmly_and_nothing_of_the_fund(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    repay_instalments(quick_fund, loan_id, 1)
    borrower = client_of(quick_fund, quick_fund.enterprise)
    listed = text_of(borrower.get("/loans").text)
    assert "Loan L-2026-001" in listed
    assert "39 days late" in listed
    page = borrower.get(f"/loans/{loan_id}").text
    told = text_of(page)
    assert "EUR 8,306.13 is overdue, the oldest part for 39 days." in told
    assert "number 4, is EUR 4,179.62, due on 2 July 2026" in told
    everything = page + "".join(
        borrower.get(f"/loans/{loan_id}/{name}").text for name in ("schedule", "statement")
    )
    for hidden in ("Officer Person", "Manager Person", "/ledger/", "/acts/", "History"):
        assert hidden not in everything


def test_the_list_of_officers_is_sorted_filtered_and_searched_by_address(quick_fund: Fund) -> None:
    signed_loan(quick_fund)
    late = disbursed_loan(quick_fund)
    officer = client_of(quick_fund, quick_fund.officer)
    page = officer.get("/loans").text
    assert page.index("L-2026-002") < page.index("L-2026-001")
    assert "69 days late" in text_of(page)
    assert 'aria-sort="descending"' in page
    assert f"/loans/{late}" in officer.get("/loans?status=late&search=ZALIAS").text
    assert "L-2026-001" not in officer.get("/loans?status=late").text
    assert "No loan fits this filter and this search" in officer.get("/loans?search=zzz").text
    by_name = officer.get("/loans?sort=borrower&direction=up").text
    assert "sort=borrower&amp;direction=down" in by_name
    for odd in (
        "?status=zzz",
        "?sort=zzz&number=-1",
        "?number=99999999999999999999",
        "?search=%00",
    ):
        assert officer.get(f"/loans{odd}").status_code == 200


def test_the_page_of_a_loan_says_who_must_act_and_why_not_now(quick_fund: Fund) -> None:
    loan_id = signed_loan(quick_fund)
    officer = client_of(quick_fund, quick_fund.officer)
    told = text_of(officer.get(f"/loans/{loan_id}").text)
    assert "A loan officer prepares the first pay-out. That is you." in told
    assert "Record a receipt: not now. Nothing is paid out yet." in told
    waiting = prepare_pay_out(quick_fund, loan_id, amount_minor=10_800_000)
    told = text_of(officer.get(f"/loans/{loan_id}").text)
    assert "The fund manager releases the pay-out or sends it back." in told
    manager = client_of(quick_fund, quick_fund.manager).get(f"/loans/{loan_id}").text
    assert f"/acts/release-disbursement?target={waiting}" in manager
    auditor = client_of(quick_fund, quick_fund.auditor).get(f"/loans/{loan_id}").text
    assert "/acts/" not in auditor


def test_the_schedule_page_marks_late_next_and_paid_with_sums(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    repay_instalments(quick_fund, loan_id, 1)
    told = text_of(client_of(quick_fund, quick_fund.auditor).get(f"/loans/{loan_id}/schedule").text)
    assert "1 2 April 2026 3,593.46 550.36 4,143.82 104,406.54 4,143.82 Paid 2 April 2026" in told
    assert "Late 39 days" in told
    assert told.count("Next due") == 1
    assert "All 28 instalments 108,000.00 8,081.37 0.00 116,081.37" in told
    assert "Days and amounts are those of the schedule as signed" in told


def test_the_schedule_page_compares_with_the_first_plan(quick_fund: Fund) -> None:
    loan_id = signed_loan(quick_fund, golden_draft(golden_measure(implementation_months=4)))
    officer = client_of(quick_fund, quick_fund.officer)
    planned = text_of(officer.get(f"/loans/{loan_id}/schedule").text)
    assert "Nothing is paid out yet: this is the plan of the contract." in planned
    pay_out(quick_fund, loan_id, amount_minor=4_000_000)
    partly = text_of(officer.get(f"/loans/{loan_id}/schedule").text)
    assert "EUR 68,000.00 of the loan is not paid out yet." in partly
    assert "First plan: due on" in partly
    assert "The schedule as signed" in partly


def test_the_statement_is_for_any_day_and_says_what_it_cannot_be(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    receive(quick_fund, loan_id, LEVEL, on=FIRST_DUE_ON, entered_on=date(2026, 4, 20))
    officer = client_of(quick_fund, quick_fund.officer)
    base = f"/loans/{loan_id}/statement"
    assert "Receipt : Statement line 4" in text_of(officer.get(base).text)
    early = text_of(officer.get(f"{base}?as_of=1+April+2026").text)
    assert "As of 1 April 2026" in early
    assert "Statement line 4" not in early
    unaware = text_of(officer.get(f"{base}?as_of=2026-04-10&known_on=2026-04-10").text)
    assert "as known on 10 April 2026" in unaware
    assert "Statement line 4" not in unaware
    too_early = officer.get(f"{base}?as_of=2026-01-01")
    assert too_early.status_code == 422
    assert "signed on 9 February 2026" in errors_of(too_early.text)["as_of"]
    unread = officer.get(f"{base}?as_of=yesterday")
    assert unread.status_code == 422
    assert "yesterday" not in errors_of(unread.text)["as_of"]


def test_a_borrower_cannot_ask_what_was_known(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    receive(quick_fund, loan_id, LEVEL, on=FIRST_DUE_ON, entered_on=date(2026, 4, 20))
    borrower = client_of(quick_fund, quick_fund.enterprise)
    told = borrower.get(f"/loans/{loan_id}/statement?as_of=2026-04-10&known_on=2026-04-10").text
    assert "Statement line 4" in told
    assert "known_on" not in told


def test_charges_that_were_paid_are_named_beside_the_interest(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    charge(quick_fund, loan_id, 700, on=FIRST_DUE_ON, component=Component.FEES)
    receive(quick_fund, loan_id, 414_382 + 700, on=FIRST_DUE_ON)
    officer = client_of(quick_fund, quick_fund.officer)
    for address in (f"/loans/{loan_id}", f"/loans/{loan_id}/statement?as_of={FIRST_DUE_ON}"):
        assert "EUR 550.36 interest, EUR 7.00 fees and costs" in text_of(officer.get(address).text)


def test_every_page_of_a_written_off_loan_reads_in_words(quick_fund: Fund) -> None:
    loan_id = written_off_loan(quick_fund, on=TODAY - timedelta(days=1))
    for actor in (
        quick_fund.officer,
        quick_fund.manager,
        quick_fund.auditor,
        quick_fund.enterprise,
    ):
        client = client_of(quick_fund, actor)
        for path in ("", "/schedule", "/statement"):
            page = client.get(f"/loans/{loan_id}{path}")
            assert page.status_code == 200
            assert "Written off" in text_of(page.text) or "written off" in text_of(page.text)
            assert not NOT_IN_WORDS.search(text_of(page.text))
