from typing import Any

import pytest

from loans.assessing.finding import Outcome, Subject
from tests.loans.proposals import measure
from tests.loans.sheets import GOOD, needed, of, with_terms

STOCKS = {"code": "I2", "amount": "20000", "kind": "working_capital", "evidence": "quote"}
RENEWED = {"code": "I3", "amount": "9000", "kind": "replacement", "evidence": "quote"}


def with_outlays(*outlays: dict[str, Any]) -> dict[str, Any]:
    return GOOD | {"investment": [*GOOD["investment"], *outlays]}


def test_returns_that_come_after_the_longest_loan_name_the_saving_that_would_do() -> None:
    late = of(measure(cost="120000", saving="39999"))["roi_period"]
    assert (late.outcome, late.subject) == (Outcome.WARN, Subject.LOAN)
    assert (late.value, late.limit) == ("36.0 months", "36 months")
    assert needed(late) == "A net yearly saving of at least EUR 40,000.00."
    assert of(measure(cost="120000", saving="40000"))["roi_period"].outcome is Outcome.PASS


def test_installation_shortens_the_time_in_which_the_returns_come() -> None:
    slow = measure(cost="120000", saving="50000", implementation_months=12)
    assert needed(of(slow)["roi_period"]) == "A net yearly saving of at least EUR 60,000.00."
    later = with_terms(roi_period_from="commissioning")
    assert of(slow, profile=later)["roi_period"].outcome is Outcome.PASS
    endless = of(slow | {"implementation_months": 36})["roi_period"]
    assert needed(endless) == "An installation of less than 36 months."


def test_working_capital_is_paid_from_own_money() -> None:
    sheet = of(with_outlays(STOCKS), finance={"own_contribution": "32000"})
    found = sheet["working_capital"]
    assert (found.outcome, found.value) == (Outcome.WARN, "EUR 20,000.00 of working capital: I2")
    assert needed(found) == "Show which own money pays EUR 20,000.00."
    assert sheet["own_contribution"].value == "EUR 32,000.00, 26.7 %"
    assert sheet["financing_gap"].outcome is Outcome.PASS
    assert sheet["financing_gap"].limit.startswith("EUR 32,000.00")
    assert sheet["financing_gap"].limit.endswith(" % of the investment")
    assert "working_capital" not in of(GOOD)


def test_parts_renewed_while_the_loan_is_repaid_are_a_warning() -> None:
    early = of(with_outlays(RENEWED | {"month": 28}))["replacements"]
    assert (early.outcome, early.value) == (Outcome.WARN, "EUR 9,000.00 falls due before: I3")
    assert "EUR 9,000.00 while the loan is repaid" in needed(early)
    late = of(with_outlays(RENEWED | {"month": 29}))["replacements"]
    assert (late.outcome, late.value) == (Outcome.PASS, "first in month 29")
    assert "replacements" not in of(GOOD)


def test_a_thin_cover_names_the_largest_loan_that_reaches_the_wanted_one() -> None:
    found = of(measure(cost="300000", saving="75000"))["savings_cover"]
    assert found.outcome is Outcome.WARN
    assert needed(found) == "Ask for at most EUR 171,203.26."


def test_a_thin_cover_of_the_smallest_loan_names_the_saving_of_a_month() -> None:
    found = of(measure(cost="63000", saving="19000"))["savings_cover"]
    assert found.outcome is Outcome.WARN
    assert needed(found).startswith(
        "A loan of EUR 52,045.83 needs a net saving of at least EUR 1,900.00 in each month"
    )


def test_no_loan_has_no_cover_unless_the_savings_are_why() -> None:
    assert "savings_cover" not in of(measure(cost="0", saving="6000"))
    paused = {"code": "S1", "annual_amount": "60000", "active_months": [7], "evidence": "meter"}
    assert of(GOOD | {"savings": [paused]})["savings_cover"].outcome is Outcome.FAIL


def test_no_maturity_no_loan_rules() -> None:
    sheet = of(measure(cost="120000", saving="0"))
    assert not [found for found in sheet.values() if found.subject is Subject.LOAN]
    outlasting = of(GOOD | {"implementation_months": 36})
    assert "minimum_amount" not in outlasting
    assert needed(outlasting["maturity"]) == "Plan the installation in at most 35 months."


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (6, "Ask for at least 7 months. Otherwise: Plan the installation in at most 5 months."),
        (1, "Ask for at least 7 months. Otherwise: Plan the installation within the first month."),
    ],
)
def test_a_maturity_asked_for_that_ends_with_the_installation(months: int, words: str) -> None:
    finance = {"requested_maturity_months": months}
    found = of(GOOD | {"implementation_months": 6}, finance=finance)["maturity"]
    assert (found.outcome, needed(found)) == (Outcome.FAIL, words)
