"""Recommending, approving and signing other schedules at the pages, and every version shown."""

from dataclasses import replace

import pytest

from loans.cases.decisions import Terms
from loans.schedules.instalment_periods import LISTED
from loans.storage.database import Database
from tests import builders
from tests.app.test_applications import act_address, do
from tests.app.visiting import signed_in, text_of
from tests.builders import GOLDEN_TERMS, Fund, open_fund
from tests.drafts import seasonal_draft


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def days(**changes: str) -> dict[str, str]:
    typed = {"signed_on": "9 2 2026", "first_pay_out_on": "2 3 2026"} | changes
    return {
        f"{name}-{part}": text
        for name, words in typed.items()
        for part, text in zip(("day", "month", "year"), words.split(), strict=True)
    }


def test_a_seasonal_loan_from_its_recommendation_to_its_schedule(fund: Fund) -> None:
    application_id = builders.appraised_application(fund, seasonal_draft())
    officer = signed_in(fund.database, fund.officer)
    manager = signed_in(fund.database, fund.manager)
    asked = text_of(officer.get(act_address(application_id, "recommend")).text)
    assert "instalments that follow the savings it can be EUR 90,000.00" in asked
    typed = {"amount": "90000", "method": "savings-matched", "reason": "Follows the winters"}
    done = do(officer, application_id, "recommend", **typed)
    assert done.status_code == 303, text_of(done.text)
    approval = text_of(manager.get(act_address(application_id, "approve")).text)
    assert "Instalments that follow the savings, monthly" in approval
    assert "takes the same part of the savings: they cover it 1.24 times" in approval
    assert do(manager, application_id, "approve").status_code == 303
    shown = text_of(do(officer, application_id, "sign", preview="yes").text)
    assert "28, monthly, the first 3 with interest only" in shown
    signed = do(officer, application_id, "sign")
    loan = signed.headers["location"].partition("?")[0]
    page = text_of(officer.get(loan).text)
    assert "Every version of the contract" in page
    assert "Signed contract" in page
    assert "3; their interest is paid" in page
    schedule = text_of(officer.get(f"{loan}/schedule").text)
    assert "which cover them 1.24 times as signed; wanted is 1.20" in schedule


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("2 May 2026\n32 May 2026", "due day 2 with a day from 1 to 31"),
        ("2 May 2026\n2 December 2026", "more than 3 months after the day before it"),
        ("", "Enter each of them, one on a line"),
    ],
)
def test_listed_days_are_refused_at_their_box(fund: Fund, lines: str, words: str) -> None:
    terms = replace(GOLDEN_TERMS, frequency_months=LISTED)
    application_id = builders.approved_application(fund, terms=terms)
    officer = signed_in(fund.database, fund.officer)
    answer = do(officer, application_id, "sign", **days(), due_dates=lines)
    assert answer.status_code == 422
    assert words in text_of(answer.text)


def test_listed_days_are_signed_and_shown(fund: Fund) -> None:
    terms: Terms = replace(GOLDEN_TERMS, frequency_months=LISTED)
    application_id = builders.approved_application(fund, terms=terms)
    officer = signed_in(fund.database, fund.officer)
    typed = "2 June 2026\n\n1.9.2026\n2026-11-30"
    shown = do(officer, application_id, "sign", **days(), due_dates=typed, preview="yes")
    assert "3, on the days that the contract lists" in text_of(shown.text)
    signed = do(officer, application_id, "sign", **days(), due_dates=typed)
    assert signed.status_code == 303
    loan = officer.get(signed.headers["location"].partition("?")[0]).text
    assert "Level instalments, on the days that the contract lists" in text_of(loan)
