"""The acts on a loan as pages: each once, checked first, and every refusal in words."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from app import clock
from loans.chart import CASH
from loans.closing.months import close_month
from loans.storage.database import Database
from tests.app.api.programs import program_of
from tests.app.loan_pages import LEVEL, TODAY, act_address, asked, client_of, do, view_of
from tests.app.visiting import boxes, errors_of, filled_in, text_of
from tests.builders import (
    FIRST_DUE_ON,
    PAY_OUT_ON,
    Fund,
    disbursed_loan,
    open_fund,
    prepare_pay_out,
    receive,
    signed_loan,
    written_off_loan,
)


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 10, 9, 0, tzinfo=UTC))


@pytest.fixture
def fund(database: Database) -> Fund:
    """On both databases, where money moves."""
    return open_fund(database)


@pytest.fixture
def quick_fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_a_receipt_of_a_closed_month_says_where_it_is_booked(quick_fund: Fund) -> None:
    fund = quick_fund
    loan_id = disbursed_loan(fund)
    with fund.act(date(2026, 5, 4)) as (session, moment):
        close_month(session, fund.manager, moment, month="2026-04", are_warnings_seen=True)
    said = (
        "April 2026 is closed: the {} counts from its value date 2 April 2026, "
        "and is booked on 10 June 2026."
    )
    client = client_of(fund, fund.officer)
    money = {"amount": "4,143.82", "received_on": str(FIRST_DUE_ON), "bank_reference": "B7"}
    checked = do(client, loan_id, "receipt", **money).text
    assert said.format("receipt") in text_of(checked)
    address = act_address(loan_id, "receipt")
    client.post(address, data=filled_in(checked, address, {"confirmed": "yes"}))
    receipt = view_of(fund, loan_id).receipts[0]
    page = asked(client, loan_id, "reverse-receipt", f"?receipt={receipt.receipt_id}")
    assert said.format("reversal") in text_of(page)
    program = program_of(fund.database, fund.officer)
    undone = program.post(f"/ledger/entries/{receipt.entry_id}/reverse", {"reason": "Twice"})
    assert undone.json()["notice"] == said.format("reversal")
    again = {"amount": "4143.82", "received_on": str(FIRST_DUE_ON), "bank_reference": "B8"}
    booked = program.post(f"/loans/{loan_id}/receipts", again).json()
    assert booked["notice"] == said.format("receipt")


def test_a_pay_out_is_prepared_by_one_and_released_by_another(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    officer, manager = client_of(fund, fund.officer), client_of(fund, fund.manager)
    page = asked(officer, loan_id, "prepare-disbursement")
    assert boxes(page, act_address(loan_id, "prepare-disbursement"))["amount"] == "108000"
    prepared = do(officer, loan_id, "prepare-disbursement", purpose="Invoice 17")
    assert prepared.headers["location"] == f"/loans/{loan_id}?done=prepared"
    assert fund.outstanding(loan_id) == 0
    waiting = view_of(fund, loan_id).pay_outs[0].disbursement_id
    query = f"?disbursement={waiting}"
    told = text_of(asked(manager, loan_id, "release-disbursement", query))
    for words in (
        "UAB Pavyzdys Žalias",
        "EUR 108,000.00",
        "Officer Person",
        "Manager Person",
        "Cash at bank, account 1010 1,000,000.00 892,000.00",
        "Can still be promised to others 892,000.00 892,000.00",
    ):
        assert words in told
    released = do(manager, loan_id, "release-disbursement", query)
    assert released.headers["location"] == f"/loans/{loan_id}?done=released"
    assert fund.outstanding(loan_id) == 10_800_000
    assert sum(fund.trial_balance().values()) == 0


def test_a_manager_sends_a_pay_out_back_with_a_reason(fund: Fund) -> None:
    loan_id = signed_loan(fund)
    prepare_pay_out(fund, loan_id, amount_minor=10_800_000)
    manager = client_of(fund, fund.manager)
    address = act_address(loan_id, "send-back-disbursement")
    empty = do(manager, loan_id, "send-back-disbursement")
    assert empty.status_code == 422
    assert errors_of(empty.text) == {"reason": "Enter what the officer should look at again."}
    back = client_of(fund, fund.manager).post(
        address, data=filled_in(empty.text, address, {"reason": "No invoice"})
    )
    assert back.headers["location"] == f"/loans/{loan_id}?done=sent-back"
    history = text_of(client_of(fund, fund.officer).get(f"/loans/{loan_id}").text)
    assert "Pay-out sent back to the officer" in history
    assert "No invoice" in history


def test_a_receipt_is_checked_before_it_is_recorded(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    officer = client_of(fund, fund.officer)
    address = act_address(loan_id, "receipt")
    before = fund.trial_balance()
    check = do(officer, loan_id, "receipt", amount="4 143,82", bank_reference="Line 4")
    told = text_of(check.text)
    assert check.status_code == 200
    assert "Check the receipt of EUR 4,143.82" in told
    assert "1: interest 550.36 1: principal 3,593.46" in told
    assert "Interest, late interest, fees and costs owed by borrowers 1,775.35 1,224.99" in told
    assert fund.trial_balance() == before
    recorded = officer.post(address, data=filled_in(check.text, address, {"confirmed": "yes"}))
    assert recorded.headers["location"] == f"/loans/{loan_id}?done=receipt"
    assert view_of(fund, loan_id).balances.paid_minor == LEVEL
    shown = text_of(officer.get(recorded.headers["location"]).text)
    assert "The receipt is recorded and allocated." in shown
    assert "1: interest 550.36 1: principal 3,593.46" in shown


def test_the_check_tells_what_other_money_would_pay_instead(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    receive(quick_fund, loan_id, LEVEL, on=FIRST_DUE_ON)
    officer = client_of(quick_fund, quick_fund.officer)
    early = FIRST_DUE_ON - timedelta(days=2)
    money = {"amount": "100", "received_on": str(early), "bank_reference": "Line 4"}
    told = text_of(do(officer, loan_id, "receipt", **money).text)
    assert "This receipt makes other money of the borrower be worked out anew" in told
    now, then = "1: interest 550.36; 1: principal 3,593.46", "1: interest 450.36; 1: principal"
    assert f"4,143.82 of 2 April 2026 {now} {then}" in told


def test_the_check_can_be_left_to_change_what_was_typed(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    officer = client_of(quick_fund, quick_fund.officer)
    address = act_address(loan_id, "receipt")
    check = do(officer, loan_id, "receipt", amount="4143.82", bank_reference="Line 4")
    again = officer.post(address, data=filled_in(check.text, address, {"confirmed": "change"}))
    assert again.status_code == 200
    typed = boxes(again.text, address)
    assert (typed["amount"], typed["bank_reference"]) == ("4143.82", "Line 4")
    assert errors_of(again.text) == {}


def test_a_double_click_and_a_reload_make_one_posting(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    officer = client_of(fund, fund.officer)
    address = act_address(loan_id, "receipt")
    check = do(officer, loan_id, "receipt", amount="4143.82", bank_reference="Line 4")
    form = filled_in(check.text, address, {"confirmed": "yes"})
    answers = [officer.post(address, data=form).headers["location"] for _ in range(3)]
    assert answers == [
        f"/loans/{loan_id}?done={code}" for code in ("receipt", *["already-done"] * 2)
    ]
    assert view_of(fund, loan_id).balances.paid_minor == LEVEL
    assert "nothing was done twice" in text_of(officer.get(answers[1]).text)
    again = do(officer, loan_id, "receipt", amount="4143.82", bank_reference="Line 4")
    assert "recorded already" in errors_of(again.text)["bank_reference"]


def test_money_that_comes_after_the_last_payment_is_recorded(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    owed = view_of(quick_fund, loan_id).balances.pay_off_minor
    receive(quick_fund, loan_id, owed, on=TODAY)
    officer = client_of(quick_fund, quick_fund.officer)
    address = act_address(loan_id, "receipt")
    assert "until two people give it back" in text_of(officer.get(address).text)
    check = do(officer, loan_id, "receipt", amount="50", bank_reference="Line 40")
    assert "EUR 50.00 waits afterwards: two people give it back." in text_of(check.text)
    assert "would close the loan" not in text_of(check.text)
    officer.post(address, data=filled_in(check.text, address, {"confirmed": "yes"}))
    shown = text_of(officer.get(f"/loans/{loan_id}").text)
    assert "A loan officer gives the waiting money back." in shown
    assert "lower the principal: not now. No principal is outstanding." in shown


def test_a_prepayment_that_goes_to_what_is_due_is_said_to(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    officer = client_of(quick_fund, quick_fund.officer)
    wanted = {"bank_reference": "Line 4", "purpose": "shorter-term"}
    some = do(officer, loan_id, "receipt", amount="4 143,82", **wanted)
    assert "None of it lowers the principal: what is due by that day" in text_of(some.text)
    more = do(officer, loan_id, "receipt", amount="30 000", **wanted)
    assert "None of it lowers" not in text_of(more.text)
    assert "principal not due yet" in text_of(more.text)
    last = do(officer, loan_id, "receipt", amount="300 000", **wanted)
    assert "None of it lowers" not in text_of(last.text)


def test_a_receipt_from_before_a_write_off_is_shown_with_what_it_takes_off_the_loss(
    quick_fund: Fund,
) -> None:
    loan_id = written_off_loan(quick_fund, on=TODAY - timedelta(days=1))
    officer = client_of(quick_fund, quick_fund.officer)
    form = text_of(asked(officer, loan_id, "receipt"))
    assert "The loan was written off on 9 June 2026" in form
    money = {"amount": "500", "received_on": "2 May 2026", "bank_reference": "Line 4"}
    late = do(officer, loan_id, "receipt", **{**money, "received_on": "9 June 2026"})
    assert "as a recovery" in errors_of(late.text)["received_on"]
    checked = do(officer, loan_id, "receipt", **money)
    told = text_of(checked.text)
    assert "2: interest 500.00" in told
    assert "Losses on loans written off, account 5020" in told
    address = act_address(loan_id, "receipt")
    done = officer.post(address, data=filled_in(checked.text, address, {"confirmed": "yes"}))
    assert done.status_code == 303
    page = text_of(officer.get(f"/loans/{loan_id}").text)
    assert "Interest, late interest, fees and costs" in page


def test_a_receipt_refused_keeps_what_was_typed(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    officer = client_of(quick_fund, quick_fund.officer)
    cases: list[tuple[dict[str, str], str, str]] = [
        ({"amount": ""}, "amount", "Enter the amount received, in EUR."),
        ({"amount": "0"}, "amount", "is too small"),
        ({"amount": "1.005"}, "amount", ""),
        ({"received_on": "11 June 2026"}, "received_on", "up to today"),
        (
            {"received_on": "1 March 2026"},
            "received_on",
            "from the first pay-out, 2 March 2026, on",
        ),
        ({"received_on": "31 June 2026"}, "received_on", ""),
        ({"bank_reference": ""}, "bank_reference", "reference of the payment"),
        ({"bank_reference": "x" * 121}, "bank_reference", "at most 120 characters"),
    ]
    for change, field, words in cases:
        answers = {"amount": "4143.82", "bank_reference": "Line 4"} | change
        page = do(officer, loan_id, "receipt", **answers)
        assert page.status_code == 422, change
        assert words in errors_of(page.text)[field]
        typed = boxes(page.text, act_address(loan_id, "receipt"))
        assert typed[field] == change[field]
        assert re.search(r"<title>\s*Error:", page.text)
    assert quick_fund.outstanding(loan_id) == 10_800_000


@pytest.mark.parametrize(
    "hostile",
    ["NaN", "Infinity", "1e400", "9" * 5_000, "9223372036854775808", "\x00", "-5", "=1+1"],
)
def test_hostile_amounts_are_refused_without_an_echo_in_words(
    sqlite_database: Database, hostile: str
) -> None:
    fund = open_fund(sqlite_database)
    loan_id = disbursed_loan(fund)
    page = do(
        client_of(fund, fund.officer), loan_id, "receipt", amount=hostile, bank_reference="Line 4"
    )
    assert page.status_code == 422
    assert hostile not in errors_of(page.text)["amount"]


def test_an_unknown_field_is_refused(quick_fund: Fund) -> None:
    loan_id = disbursed_loan(quick_fund)
    page = do(
        client_of(quick_fund, quick_fund.officer),
        loan_id,
        "receipt",
        amount="4143.82",
        bank_reference="Line 4",
        recorded_by="somebody",
    )
    assert page.status_code == 422
    assert quick_fund.outstanding(loan_id) == 10_800_000


def test_each_receipt_is_reversed_from_its_row(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    first = receive(fund, loan_id, LEVEL, on=FIRST_DUE_ON).receipt_id
    second = receive(fund, loan_id, LEVEL, on=date(2026, 5, 2)).receipt_id
    officer = client_of(fund, fund.officer)
    page = officer.get(f"/loans/{loan_id}").text
    for receipt_id in (first, second):
        assert f"reverse-receipt?receipt={receipt_id}" in page
        query = f"?receipt={receipt_id}"
        done = do(officer, loan_id, "reverse-receipt", query, reason="Entered twice")
        assert done.headers["location"] == f"/loans/{loan_id}?done=reversed"
    assert (fund.outstanding(loan_id), fund.balance(CASH)) == (10_800_000, 89_200_000)
    again = officer.get(act_address(loan_id, "reverse-receipt") + f"?receipt={first}")
    assert again.status_code == 409


def test_a_write_off_needs_two_people_and_leaves_room_for_a_recovery(fund: Fund) -> None:
    loan_id = disbursed_loan(fund)
    officer, manager = client_of(fund, fund.officer), client_of(fund, fund.manager)
    assert manager.get(act_address(loan_id, "confirm-write-off")).status_code == 409
    asked_for = do(officer, loan_id, "request-write-off", reason="Insolvent")
    assert asked_for.headers["location"] == f"/loans/{loan_id}?done=write-off-requested"
    told = text_of(asked(manager, loan_id, "confirm-write-off"))
    assert "Confirm the write-off of EUR 109,775.35" in told
    assert "Principal given up EUR 108,000.00" in told
    assert "Losses on loans written off, account 5020 0.00 109,775.35" in told
    back = do(manager, loan_id, "send-back-write-off", reason="Sell the machines")
    assert back.headers["location"] == f"/loans/{loan_id}?done=sent-back"
    do(officer, loan_id, "request-write-off", reason="The machines are sold")
    confirmed = do(manager, loan_id, "confirm-write-off")
    assert confirmed.headers["location"] == f"/loans/{loan_id}?done=written-off"
    assert fund.outstanding(loan_id) == 0
    address = act_address(loan_id, "recovery")
    check = do(officer, loan_id, "recovery", amount="700", bank_reference="Line 9")
    assert "what comes in is income of the fund" in text_of(check.text)
    done = officer.post(address, data=filled_in(check.text, address, {"confirmed": "yes"}))
    assert done.headers["location"] == f"/loans/{loan_id}?done=recovered"
    assert view_of(fund, loan_id).balances.recovered_minor == 70_000
    again = do(officer, loan_id, "recovery", amount="700", bank_reference="Line 9")
    assert "recorded already" in errors_of(again.text)["bank_reference"]


def test_an_act_out_of_turn_says_who_acts_instead(quick_fund: Fund) -> None:
    loan_id = signed_loan(quick_fund)
    officer = client_of(quick_fund, quick_fund.officer)
    page = officer.get(act_address(loan_id, "receipt"))
    assert page.status_code == 409
    assert "Nothing is paid out yet." in text_of(page.text)
    assert "A loan officer prepares the first pay-out." in text_of(page.text)
    assert officer.get(act_address(loan_id, "recovery")).status_code == 409
    assert officer.get(act_address(loan_id, "give-away")).status_code == 404


def test_acts_belong_to_their_role(quick_fund: Fund) -> None:
    loan_id = signed_loan(quick_fund)
    prepare_pay_out(quick_fund, loan_id, amount_minor=10_800_000)
    for actor, act in (
        (quick_fund.manager, "prepare-disbursement"),
        (quick_fund.manager, "receipt"),
        (quick_fund.officer, "release-disbursement"),
        (quick_fund.officer, "confirm-write-off"),
        (quick_fund.auditor, "receipt"),
        (quick_fund.enterprise, "receipt"),
    ):
        client = client_of(quick_fund, actor)
        assert client.get(act_address(loan_id, act)).status_code == 403
        sent = client.post(act_address(loan_id, act), data={"request_key": "k"})
        assert sent.status_code == 403
    assert quick_fund.outstanding(loan_id) == 0


def test_a_pay_out_of_another_loan_is_not_released_from_this_page(fund: Fund) -> None:
    mine, other = signed_loan(fund), signed_loan(fund)
    prepare_pay_out(fund, mine, amount_minor=100)
    foreign = prepare_pay_out(fund, other, amount_minor=200)
    manager = client_of(fund, fund.manager)
    address = act_address(mine, "release-disbursement")
    page = asked(manager, mine, "release-disbursement")
    sent = manager.post(address, data=filled_in(page, address, {"target": foreign}))
    assert sent.status_code == 404
    assert (fund.outstanding(mine), fund.outstanding(other)) == (0, 0)


def test_the_plan_day_of_a_first_pay_out_is_offered_or_today(quick_fund: Fund) -> None:
    loan_id = signed_loan(quick_fund)
    page = asked(client_of(quick_fund, quick_fund.officer), loan_id, "prepare-disbursement")
    offered = boxes(page, act_address(loan_id, "prepare-disbursement"))["pay_on"]
    assert PAY_OUT_ON < TODAY
    assert offered == "10 June 2026"


@pytest.mark.parametrize(
    ("act", "answers"),
    [
        ("holiday", {"instalments": "2", "interest": "paid"}),
        ("holiday", {"instalments": "3", "interest": "capitalised"}),
        (
            "new-terms",
            {"first_due_on": "20 July 2026", "instalments": "9", "method": "equal-principal"},
        ),
    ],
)
def test_other_terms_are_compared_before_they_are_asked_for_and_agreed_to(
    quick_fund: Fund, act: str, answers: dict[str, str]
) -> None:
    loan_id = disbursed_loan(quick_fund)
    officer = client_of(quick_fund, quick_fund.officer)
    manager = client_of(quick_fund, quick_fund.manager)
    address = act_address(loan_id, act)
    checked = do(officer, loan_id, act, **answers, reason="A bad season")
    now, then = _last_due_days(checked.text)
    assert now != then
    asked_for = officer.post(address, data=filled_in(checked.text, address, {"confirmed": "yes"}))
    assert asked_for.status_code == 303, text_of(asked_for.text)
    page = asked(manager, loan_id, "agree")
    assert _last_due_days(page) == (now, then)


def _last_due_days(page: str) -> tuple[str, str]:
    """The last day that stands in the plan as it is, and the last one as it would be."""
    rows = re.findall(
        r'<th scope="row"[^>]* class="text-nowrap">([^<]+)</th>\s*<td[^>]*>([^<]*)</td>'
        r"\s*<td[^>]*>([^<]*)</td>",
        page,
    )
    return (
        [day for day, now, _ in rows if now.strip()][-1],
        [day for day, _, then in rows if then.strip()][-1],
    )
