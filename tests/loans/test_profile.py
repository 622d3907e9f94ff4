import json
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from typing import Any

import pytest

from appraisal.proposal import Ownership
from loans import profile
from loans.component import Component
from loans.draft import Section
from loans.later_terms import LATER_TERMS
from loans.profile import Profile, ProfileRefused, TermMissing
from loans.refusal import Missing


@pytest.fixture
def document() -> dict[str, Any]:
    text = resources.files("loans.profiles").joinpath("nefco-1998.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def test_the_profile_of_1998_states_its_terms() -> None:
    nefco = profile.load("nefco-1998")
    terms = nefco.terms
    assert nefco.currency == "EUR"
    assert nefco.financed_share == Fraction(9, 10)
    assert nefco.maturity_extension == Fraction(1, 5)
    assert nefco.minimum_cover == 1
    assert nefco.target_cover == Fraction(6, 5)
    assert terms.minimum_amount.required == 50_000
    assert terms.maximum_amount.required == 200_000
    assert terms.longest_maturity_months.required == 36
    assert terms.annual_rate.required == Decimal("0.06")
    assert set(terms.ownerships.required) == set(Ownership)
    assert terms.allocation_order.required == tuple(Component)[1:]


def test_a_document_in_which_a_name_stands_twice_is_no_profile() -> None:
    assert profile.read('{"terms": {"a": 1, "b": {"a": 2}}}') == {"terms": {"a": 1, "b": {"a": 2}}}
    with pytest.raises(ProfileRefused, match=r"^annual_rate stands more than once") as refused:
        profile.read('{"terms": {"annual_rate": 1, "code": 2, "annual_rate": 1}}')
    assert refused.value.field == "annual_rate"


def test_every_term_has_a_source_and_what_we_decided_is_marked() -> None:
    terms = dict(profile.load("nefco-1998").all_terms())
    assert all(term.source for term in terms.values())
    assert terms["minor_investment"].decided
    assert not terms["financed_share"].decided


def test_the_thirteen_rules_are_told_in_order() -> None:
    rules = profile.load("nefco-1998").rules
    assert [rule.code for rule in rules] == [f"N{number}" for number in range(1, 14)]


def test_a_rule_names_only_terms_that_there_are(document: dict[str, Any]) -> None:
    document["rules"][0]["text"] = "At most {annual_rate} a year"
    assert profile.parse(document).rules[0].text == "At most {annual_rate} a year"
    document["rules"][0]["application"] = "Not {the_moon}"
    with pytest.raises(ProfileRefused, match="A rule names a term that there is not"):
        profile.parse(document)


def test_nothing_is_missing_for_an_approval() -> None:
    assert profile.load("nefco-1998").missing_terms() == ()


def test_an_open_term_is_named_and_refused_only_when_it_is_needed(
    document: dict[str, Any],
) -> None:
    document["terms"]["annual_rate"]["value"] = None
    open_rate = profile.parse(document)
    label = document["terms"]["annual_rate"]["label"]
    assert open_rate.missing_terms() == (label,)
    with pytest.raises(TermMissing, match=label):
        _ = open_rate.terms.annual_rate.required


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("financed_share", "1.5"),
        ("financed_share", True),
        ("financed_share", "0.95"),
        ("minimum_amount", "-1"),
        ("minimum_amount", "50000.001"),
        ("minimum_amount", "200001"),
        ("longest_maturity_months", 36.5),
        ("ownerships", ["somebody"]),
        ("day_count", "30/360"),
        ("allocation_order", ["fees", "interest", "principal"]),
        ("borrowing_types", ["D"]),
    ],
)
def test_a_wrong_term_is_refused_without_repeating_it(
    document: dict[str, Any], term: str, value: object
) -> None:
    document["terms"][term]["value"] = value
    with pytest.raises(ProfileRefused) as refused:
        profile.parse(document)
    assert "somebody" not in refused.value.message
    assert "30/360" not in refused.value.message


@pytest.mark.parametrize("wrong", [None, [], 1, "text", {}, {"code": "x"}])
def test_what_is_no_profile_is_refused(wrong: object) -> None:
    with pytest.raises(ProfileRefused):
        profile.parse(wrong)


def test_an_unknown_term_or_a_term_left_out_is_refused(document: dict[str, Any]) -> None:
    rate = document["terms"].pop("annual_rate")
    with pytest.raises(ProfileRefused, match=r"terms\.annual_rate"):
        profile.parse(document)
    document["terms"] |= {"annual_rate": rate, "surprise": rate}
    with pytest.raises(ProfileRefused, match="terms"):
        profile.parse(document)


def test_an_unknown_facility_is_missing_and_the_known_ones_are_named() -> None:
    with pytest.raises(Missing, match="nefco-1998"):
        profile.load("../../etc")


def test_a_profile_survives_being_stored(document: dict[str, Any]) -> None:
    read = profile.parse(document)
    assert profile.parse(read.model_dump(mode="json")) == read
    assert isinstance(read, Profile)


def test_a_document_older_than_a_term_reads_as_the_program_was_before(
    document: dict[str, Any],
) -> None:
    assert not set(LATER_TERMS) & set(document["terms"])
    read = profile.parse(document)
    assert read.payback_limit_years is None
    assert read.terms.required_sections.required == tuple(Section)
    assert read.terms.prior_assessment_required.required is False
    assert read.frequency_months == 1


def test_every_shipped_profile_is_read_with_a_source_for_each_term() -> None:
    for code in profile.codes():
        shipped = profile.load(code)
        assert (shipped.code, shipped.version) == (code, 1)
        assert all(term.source and term.label for _, term in shipped.all_terms())


def test_every_term_may_be_open_in_a_draft(document: dict[str, Any]) -> None:
    document = profile.parse(document).model_dump(mode="json")
    for term in document["terms"].values():
        term["value"] = None
    draft = profile.parse(document)
    assert len(draft.missing_terms()) == len(draft.all_terms()) - len(profile.MAY_STAY_OPEN)


def test_a_document_of_before_the_haircuts_gets_those_that_were_decided(
    document: dict[str, Any],
) -> None:
    stated = profile.parse(document)
    del document["terms"]["haircuts"], document["terms"]["guarantee_haircuts"]
    older = profile.parse(document)
    assert older.haircuts == stated.haircuts
    assert older.terms.haircuts.decided
