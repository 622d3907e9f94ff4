"""One real case through its whole life, in a browser, with the roles in turn and the books proven.

The golden case: 120,000 saves 60,000 a year, which gives type C and at most 108,000 for at most
28 months at 6 %.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from app import cli
from tests.drafts import golden_draft
from tests.journeys.life import Life
from tests.journeys.loan_steps import (
    pay_out_with_two_people,
    read_as_auditor,
    read_as_borrower,
    receive_a_part_and_the_rest,
    receive_late,
    repay,
    sign,
)

pytestmark = pytest.mark.browser

BEGUN_ON = date(2026, 1, 12)
CAME_BACK_ON = date(2026, 1, 14)
DECIDED_ON = date(2026, 2, 2)
DRAFT = golden_draft()


@pytest.mark.parametrize(
    "databases", ["sqlite", pytest.param("postgresql", marks=pytest.mark.whole)], indirect=True
)
def test_from_pre_check_to_repaid(life: Life, database_url: str) -> None:
    check_before_having_an_account(life)
    begin_a_proposal(life)
    come_back_and_send_it(life)
    return_with_a_question(life)
    answer_and_send_again(life)
    appraise_and_recommend(life)
    decide_with_two_people(life)
    sign(life)
    pay_out_with_two_people(life)
    check_ledger(database_url)
    receive_late(life)
    receive_a_part_and_the_rest(life)
    repay(life)
    check_ledger(database_url)
    read_as_borrower(life)
    read_as_auditor(life)


def check_ledger(url: str) -> None:
    settings = {"CLEANLOOP_DATABASE_URL": url, "CLEANLOOP_TEST_SERVER": "true"}
    outcome = CliRunner(env=settings).invoke(cli.app, ["check-ledger"])
    assert outcome.exit_code == 0


def check_before_having_an_account(life: Life) -> None:
    life.goto("/")
    life.follow("Check a project")
    life.fill({"country": "LT", "ownership": "local_private", "change": "process"})
    life.fill({"cost": "120 000", "yearly_saving": "€60,000.00"})
    life.press("Check the project")
    life.assert_says("Type of measure C", "108,000.00", "28 months", "4,143.06", "2.00 years")


def begin_a_proposal(life: Life) -> None:
    """The first sitting: two sections, then home."""
    life.sit_down("enterprise", "/proposals")
    life.press("Begin a proposal")
    life.page.wait_for_url("**done=started")
    found = re.search(r"/proposals/([0-9a-f-]{36})", life.page.url)
    assert found
    life.ids["proposal"] = found[1]
    life.follow("The enterprise")
    life.fill(
        {
            "name": "UAB Pavyzdys Žalias",
            "registration_number": "LT-100200",
            "country": "LT",
            "town": "Kaunas",
            "ownership": "local_private",
            "sector": "Paper and board",
            "annual_turnover": "2 400 000",
        }
    )
    life.press("Save and go on")
    life.fill({"title": "White-water and fibre reuse", "description": "White water goes back."})
    life.press("Save and come back later")
    life.assert_says("1 of 5 sections", "In progress", "Your answers are saved")
    life.press("Sign out")


def come_back_and_send_it(life: Life) -> None:
    """The second sitting, on another day: everything is there, a mistake is found and mended."""
    life.calendar.turn_to(CAME_BACK_ON)
    life.sit_down("enterprise", "/proposals")
    life.follow("White-water and fibre reuse")
    life.follow("The project")
    assert life.page.input_value("#description") == "White water goes back."
    life.fill({"expands_capacity": "no", "adds_production_equipment": "no"})
    life.press("Save and go on")
    life.follow("Add a measure")
    enter_the_measure(life)
    life.follow("Go on to the money")
    life.assert_says("the fund could not lend")
    life.fill(
        {
            "requested_amount": "108 000",
            "requested_maturity_months": "28",
            "own_contribution": "12,000.00",
            "own_contribution_source": "Cash flow of the year",
        }
    )
    life.press("Save and go on")
    for task, one in DRAFT.responsibilities.items():
        life.fill({f"{task}_person": one.person or "", f"{task}_plan": one.plan or ""})
        life.fill_day(f"{task}_on", one.on or CAME_BACK_ON)
    life.press("Save and go on")
    life.assert_says("Check your answers", "Turnover of the last year EUR 2,400,000.00")
    mend_the_mistake(life)
    life.assert_says("Type C, payback 2.00 years", "EUR 108,000.00", "28 months")
    life.press("Send your proposal")
    life.page.wait_for_url("**done=sent")
    life.assert_says("Your proposal was sent", "Reference", "What happens next")


def enter_the_measure(life: Life) -> None:
    """A slip of the keyboard is said at its field, and what was typed stays."""
    life.fill(
        {
            "title": "White-water and fibre reuse",
            "technique": "on_site_recovery",
            "life_years": "5",
            "investment-0-label": "Save-all and pipes",
            "investment-0-amount": "12 0OO",
            "investment-0-evidence": "quote",
            "savings-0-label": "Fresh water",
            "savings-0-unit": "m3",
            "savings-0-quantity_before": "400 000",
            "savings-0-quantity_after": "100,000",
            "savings-0-unit_price": "0.20",
            "savings-0-evidence": "invoice",
        }
    )
    life.press("Save the measure")
    expect(life.page).to_have_title(re.compile("^Error: "))
    assert life.page.input_value("#investment-0-amount") == "12 0OO"
    assert life.page.input_value("#savings-0-quantity_before") == "400 000"
    life.assert_says("can be read as 100000 or as 100")
    life.fill({"investment-0-amount": "12 000", "savings-0-quantity_after": "100000"})
    life.press("Save the measure")
    life.assert_says("Your answers are saved", "White-water and fibre reuse")


def mend_the_mistake(life: Life) -> None:
    """The check page shows the amount in full, so that a missing nought is seen."""
    life.assert_says("EUR 12,000.00")
    life.follow("Change measure M1")
    life.fill({"investment-0-amount": "120 000"})
    life.press("Save the measure")
    life.assert_says("Check your answers", "EUR 120,000.00", "EUR 60,000.00")


def return_with_a_question(life: Life) -> None:
    life.sit_down("officer", "/queue")
    life.assert_says("1 application waits for you", "UAB Pavyzdys Žalias")
    life.page.locator("tbody a").first.click()
    life.ids["application"] = life.page.url.partition("/applications/")[2].partition("?")[0]
    life.assert_says("NPV at 10.0 % EUR 107,447", "IRR 41.0 %", "Profitability index 1.90")
    act(life, "return")
    life.press("Return to the enterprise")
    expect(life.page).to_have_title(re.compile("^Error: "))
    life.fill({"reason": "Which meter shows the water?"})
    life.press("Return to the enterprise")
    life.assert_says("was returned to the enterprise")


def answer_and_send_again(life: Life) -> None:
    life.sit_down("enterprise", f"/proposals/{life.ids['proposal']}")
    life.assert_says("The fund asks you", "Which meter shows the water?")
    life.follow("The project")
    life.fill({"description": "White water goes back. Meter W-12 at the machine shows it."})
    life.press("Save and come back later")
    life.follow("Check and send")
    life.press("Send your proposal")
    life.assert_says("Your proposal was sent")


def act(life: Life, name: str) -> None:
    """Open the page of an act on the application."""
    assert life.goto(f"/applications/{life.ids['application']}/acts/{name}") == 200


def appraise_and_recommend(life: Life) -> None:
    life.calendar.turn_to(DECIDED_ON)
    life.sit_down("officer", f"/applications/{life.ids['application']}")
    life.assert_says("Meter W-12 at the machine shows it")
    act(life, "complete")
    life.press("Confirm completeness")
    life.follow("The appraisal: how every figure came about")
    life.assert_says("EUR 107,447", "41.0 %", "1.90", "4,143.06", "2.00 years", "108,000.00")
    act(life, "appraise")
    life.press("Confirm the appraisal")
    recommend(life)


def recommend(life: Life) -> None:
    act(life, "recommend")
    assert life.page.input_value("#amount") == "108000"
    assert life.page.input_value("#maturity_months") == "28"
    life.fill({"method": "level", "reason": "Sound and short"})
    life.press("Recommend approval")
    life.assert_says("The loan is recommended")


def decide_with_two_people(life: Life) -> None:
    """The officer cannot approve; the manager sends back once, then approves."""
    approve = f"/applications/{life.ids['application']}/acts/approve"
    assert life.goto(approve) == 409
    life.assert_says("manager")
    life.sit_down("manager", f"/applications/{life.ids['application']}")
    act(life, "send-back")
    life.fill({"reason": "Say who reads the meter"})
    life.press("Send back to the officer")
    life.sit_down("officer", f"/applications/{life.ids['application']}")
    life.assert_says("Say who reads the meter")
    recommend(life)
    life.sit_down("manager", f"/applications/{life.ids['application']}")
    act(life, "approve")
    life.assert_says("EUR 1,000,000.00", "EUR 892,000.00", "Officer Person", "UAB Pavyzdys Žalias")
    life.press_money("Approve EUR 108,000.00", entries=1)
    assert life.fund.available() == 89_200_000
