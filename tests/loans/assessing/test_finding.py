from decimal import Decimal
from fractions import Fraction

import pytest

from loans.assessing.finding import (
    Outcome,
    Subject,
    at_least_text,
    at_most_text,
    count_text,
    exact_percent_text,
    finding,
    money_text,
    percent_text,
    share_text,
)
from tests.loans.proposals import NEFCO


def test_amounts_that_are_asked_for_are_rounded_to_the_safe_side() -> None:
    third = Fraction(100, 3)
    assert at_least_text(third, "EUR") == "EUR 33.34"
    assert at_most_text(third, "EUR") == "EUR 33.33"
    assert at_least_text(Decimal("5555.55"), "EUR") == "EUR 5,555.55"
    assert at_least_text(third, "JPY") == "JPY 34"
    assert money_text(Fraction(-5, 4), "EUR") == "EUR \N{MINUS SIGN}1.25"


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(1, 3, "33.3 %"), (9, 10, "90 %"), (5, 0, "0 %")]
)
def test_shares_in_per_cent(part: int, whole: int, text: str) -> None:
    assert share_text(Decimal(part), Decimal(whole)) == text


def test_a_rule_has_its_words_and_source_from_the_term_and_needs_nothing_when_it_passes() -> None:
    term = NEFCO.terms.financed_share
    passed = finding("x", term, Outcome.PASS, value="1", limit="2", needed="3")
    assert (passed.rule, passed.source, passed.what_would_pass) == (term.label, term.source, None)
    failed = finding(
        "x", term, Outcome.FAIL, value="1", limit="2", needed="3", rule="R", subject=Subject.LOAN
    )
    assert (failed.rule, failed.what_would_pass, failed.subject) == ("R", "3", Subject.LOAN)


def test_an_amount_that_rounds_to_nothing_has_no_sign() -> None:
    assert money_text(-0.4, "EUR", 0) == "EUR 0"
    assert money_text(-6_276.4, "EUR", 0) == "EUR \N{MINUS SIGN}6,276"


def test_words() -> None:
    assert (count_text(1, "month"), count_text(28, "month")) == ("1 month", "28 months")
    assert percent_text(Decimal("0.125")) == "12.5 %"


@pytest.mark.parametrize(
    ("share", "words"),
    [("0.1234", "12.34 %"), ("0.10", "10 %"), ("0", "0 %"), ("1.000", "100 %"), ("12", "1,200 %")],
)
def test_a_term_is_quoted_to_its_last_decimal(share: str, words: str) -> None:
    assert exact_percent_text(Decimal(share)) == words
