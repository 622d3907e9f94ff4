"""The steps of a case from the signature to the last repayment, each by its person at a page."""

from __future__ import annotations

import re
from datetime import date

from tests.journeys.life import Life

SIGNED_ON = date(2026, 2, 9)
PAY_OUT_ON = date(2026, 3, 2)
FIRST_DUE_ON = date(2026, 4, 2)
LATE_ON = date(2026, 4, 22)
SECOND_DUE_ON = date(2026, 5, 2)
REST_ON = date(2026, 5, 11)
REPAID_ON = date(2026, 6, 2)


def sign(life: Life) -> None:
    life.calendar.turn_to(SIGNED_ON)
    life.sit_down("officer", f"/applications/{life.ids['application']}")
    assert life.goto(f"/applications/{life.ids['application']}/acts/sign") == 200
    life.fill_day("signed_on", SIGNED_ON)
    life.fill_day("first_pay_out_on", PAY_OUT_ON)
    life.fill_day("first_due_on", FIRST_DUE_ON)
    life.press("Show the schedule for these days")
    life.assert_says("28, monthly", "2 July 2028", "Principal EUR 108,000.00")
    life.press_money("Record the signature", entries=0)
    life.ids["loan"] = life.page.url.partition("/loans/")[2].partition("?")[0]
    life.assert_says("Signed, not paid out")


def loan_act(life: Life, words: str) -> None:
    life.goto(f"/loans/{life.ids['loan']}")
    life.follow(words)


def pay_out_with_two_people(life: Life) -> None:
    """Who prepared a pay-out does not see the release, and cannot reach it."""
    life.calendar.turn_to(PAY_OUT_ON)
    life.sit_down("officer", f"/loans/{life.ids['loan']}")
    loan_act(life, "Prepare a pay-out")
    assert life.page.input_value("#amount") == "108000"
    life.fill({"purpose": "Invoice 17 of Baltic Filters"})
    life.press_money("Prepare the pay-out", entries=0)
    assert life.goto(f"/loans/{life.ids['loan']}/acts/release-disbursement") == 403
    life.assert_says("This is for the role manager")
    life.sit_down("manager", f"/loans/{life.ids['loan']}")
    loan_act(life, "Release")
    life.assert_says("Invoice 17 of Baltic Filters", "Officer Person", "EUR 108,000.00")
    life.assert_says("It cannot be released yet", "EUR 12,000.00 of EUR 12,000.00 is not shown")
    meet_conditions(life)
    life.sit_down("manager", f"/loans/{life.ids['loan']}")
    loan_act(life, "Release")
    life.press_money("Release the pay-out", entries=1)
    life.assert_says("Being repaid", "EUR 108,000.00")
    assert life.fund.outstanding(life.ids["loan"]) == 10_800_000
    assert life.fund.balance() == 89_200_000


def meet_conditions(life: Life) -> None:
    """The officer shows the own money and enters the signed pledge, each at its page."""
    pay_outs = f"/loans/{life.ids['loan']}/pay-outs"
    life.sit_down("officer", pay_outs)
    life.follow("Enter own money of the borrower")
    assert life.page.input_value("#amount") == "12000"
    life.page.check("input[value=bank]")
    life.fill({"supplier": "Baltic Filters", "document": "Statement 3"})
    life.fill({"paid_on": PAY_OUT_ON.isoformat()})
    life.press("Record the own money")
    life.follow("Enter that it is met")
    life.fill({"document": "Pledge agreement 7"})
    life.press("Record that it is met")
    life.assert_says("Every condition that applies is met or waived")


def receive(life: Life, amount: str, on: date) -> None:
    """Enter money that came in on a day, see what it pays, and record it."""
    loan_act(life, "Record a receipt")
    life.fill({"amount": amount, "received_on": on.isoformat(), "bank_reference": "Line 4"})
    life.press("Check what it pays")
    life.assert_says("Nothing is recorded yet", "instalment")
    # The interest earned until then is an entry of its own.
    life.press_money("Record the receipt", entries=2)


def receive_late(life: Life) -> None:
    life.calendar.turn_to(LATE_ON)
    life.sit_down("officer", f"/loans/{life.ids['loan']}")
    life.assert_says("20 days past due", "Overdue EUR 4,1")
    first = due(life)
    receive(life, first, LATE_ON)
    life.assert_says("Overdue EUR 0.00")


def due(life: Life) -> str:
    """What the form of a receipt proposes: what is overdue, or the next instalment."""
    loan_act(life, "Record a receipt")
    return life.page.input_value("#amount")


def receive_a_part_and_the_rest(life: Life) -> None:
    life.calendar.turn_to(SECOND_DUE_ON)
    life.sit_down("officer", f"/loans/{life.ids['loan']}")
    receive(life, "2 000,00", SECOND_DUE_ON)
    life.calendar.turn_to(REST_ON)
    life.sit_down("officer", f"/loans/{life.ids['loan']}")
    life.assert_says("9 days past due")
    receive(life, due(life), REST_ON)
    life.assert_says("Overdue EUR 0.00")


def repay(life: Life) -> None:
    """The check of a receipt names what would end the loan; exactly that does."""
    life.calendar.turn_to(REPAID_ON)
    life.sit_down("officer", f"/loans/{life.ids['loan']}")
    loan_act(life, "Record a receipt")
    life.fill({"amount": "500 000", "bank_reference": "Last line"})
    life.press("Check what it pays")
    found = re.search(r"EUR ([0-9,.]+) would close the loan on that day", life.words())
    assert found, life.words()
    receive(life, found[1], REPAID_ON)
    life.assert_says("Repaid", "Principal outstanding EUR 0.00")
    assert life.fund.outstanding(life.ids["loan"]) == 0


def read_as_borrower(life: Life) -> None:
    life.sit_down("enterprise", "/loans")
    life.page.locator("main a").first.click()
    life.assert_says("Repaid", "Still to repay, without interest EUR 0.00", "EUR 108,000.00")
    life.follow("See the repayment schedule")
    life.assert_says("All 28 instalments", "108,000.00", "20 days late")
    life.goto(f"/loans/{life.ids['loan']}/statement")
    life.assert_says("Pay-out", "Receipt", "22 April 2026", "2,000.00")


def read_as_auditor(life: Life) -> None:
    """The books as the auditor sees them: in balance, with the interest earned."""
    life.sit_down("auditor", "/ledger")
    life.assert_says("In balance", "Debits equal credits")
    life.goto("/ledger/check")
    life.assert_says("The books are sound")
    balances = life.fund.trial_balance()
    assert sum(balances.values()) == 0
    assert life.fund.outstanding(life.ids["loan"]) == 0
    assert life.fund.balance() > 100_000_000
    assert life.fund.available() == life.fund.balance()
