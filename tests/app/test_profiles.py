"""The pages of the facility profiles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.term_words import rules_in_words, shown_value
from loans import profile
from loans.profile import Term
from loans.storage.database import Database
from tests.app.visiting import text_of, visitor


@pytest.fixture
def client(sqlite_database: Database) -> TestClient:
    return visitor(sqlite_database)


def test_a_visitor_finds_every_profile(client: TestClient) -> None:
    page = client.get("/profiles").text
    assert all(f'href="/profiles/{code}"' in page for code in profile.codes())


def test_every_term_stands_with_its_value_source_and_who_decided(client: TestClient) -> None:
    page = client.get("/profiles/nefco-1998").text
    words = text_of(page)
    loaded = profile.load("nefco-1998")
    assert all(term.label in words and term.source in words for _, term in loaded.all_terms())
    decided = sum(term.decided for _, term in loaded.all_terms())
    assert page.count(">The software</span>") == decided
    open_count = sum(term.value is None for _, term in loaded.all_terms())
    assert page.count(">Left open</span>") == open_count


def test_the_thirteen_rules_stand_with_what_the_software_does(client: TestClient) -> None:
    page = client.get("/profiles/nefco-1998").text
    assert all(f'<tr id="N{number}">' in page for number in range(1, 14))


@pytest.mark.parametrize("code", profile.codes())
def test_no_rule_is_told_without_the_values_that_it_names(code: str) -> None:
    told = rules_in_words(profile.load(code))
    assert not [rule for rule in told if "{" in rule.text + rule.application]


def test_a_rule_says_what_the_version_says_and_names_what_is_open() -> None:
    nefco = profile.load("nefco-1998")
    changed = {
        "financed_share": nefco.terms.financed_share.model_copy(update={"value": Decimal("0.85")}),
        "longest_maturity_months": nefco.terms.longest_maturity_months.model_copy(
            update={"value": None}
        ),
    }
    version = nefco.model_copy(update={"terms": nefco.terms.model_copy(update=changed)})
    rules = {rule.code: rule.text for rule in rules_in_words(version)}
    assert "at most 85 % of the eligible investment" in rules["N1"]
    assert "never beyond (open: Longest maturity)." in rules["N4"]
    assert "between EUR 50,000.00 and EUR 200,000.00" in rules["N2"]


def test_a_profile_that_does_not_exist_is_not_found(client: TestClient) -> None:
    assert client.get("/profiles/another").status_code == 404


@pytest.mark.parametrize(
    ("name", "value", "unit", "shown"),
    [
        ("financed_share", Decimal("0.90"), "part of the investment", "90 %"),
        ("annual_rate", Decimal("0.06"), "per year", "6 %"),
        ("minimum_amount", Decimal(50000), "amount", "EUR 50,000.00"),
        ("minimum_cover", Decimal("1.0"), "ratio", "1"),
        ("longest_maturity_months", 36, "months", "36"),
        ("countries", ("LT", "RU"), "countries", "Lithuania, Russia"),
        ("ownerships", ("local_private",), "choices", "private owners in the country"),
        ("supplier_tiers", (), "choices", "Not any"),
        ("measures_may_expand_capacity", False, "yes or no", "No"),
        ("collateral_minimum", None, "part of the principal", None),
    ],
)
def test_values_are_shown_as_people_read_them(
    name: str, value: Any, unit: str, shown: str | None
) -> None:
    term: Term[Any] = Term(value=value, unit=unit, label="x", source="x", decided=False)
    assert shown_value(name, term, "EUR") == shown
