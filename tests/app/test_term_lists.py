"""Terms that are lists, on the page of the next version: ticked, or written one to a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from starlette.datastructures import FormData
from starlette.testclient import TestClient

from app import clock
from app.forms import filled
from app.term_forms import TermsForm, term_changes, terms_form
from app.term_lists import NOT_ANY, TICKED, WRITTEN, as_boxes, as_list
from loans import profile as profiles
from loans.component import Component
from loans.coverage import AssetKind
from loans.database import Database
from loans.profile import Profile, Terms
from loans.profile_drafts import TermChange
from loans.profile_views import draft_of
from loans.schedule import Method
from tests.app.visiting import errors_of, filled_in, signed_in, text_of
from tests.builders import Fund, open_fund

CODE = "nefco-1998"
DRAFT = f"/profiles/{CODE}/draft"
SECOND = f"/profiles/{CODE}/versions/2"
SHIPPED = profiles.load(CODE)
REASON = {"reason": "Other security", "source": "Board of 3 May 2026"}


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


@pytest.fixture
def manager(fund: Fund) -> TestClient:
    return signed_in(fund.database, fund.manager)


def kept(client: TestClient, **answers: Any) -> Any:
    page = client.get(DRAFT).text
    return client.post(DRAFT, data=filled_in(page, DRAFT, {**REASON, **answers}))


def drafted(fund: Fund) -> Terms:
    with fund.database.reading() as session:
        draft = draft_of(session, CODE)
    assert draft is not None
    return draft.profile.terms


def changes_of(profile: Profile, **answers: str | tuple[str, ...]) -> dict[str, TermChange]:
    """What the form says is changed, where only these boxes are."""
    shown = terms_form(profile, None, clock.today())
    typed = {**shown.typed, **REASON, **answers}
    pairs: list[tuple[str, Any]] = [
        (name, one)
        for name, text in typed.items()
        if name != "valid_from"
        for one in ((text,) if isinstance(text, str) else text)
    ]
    form = filled(TermsForm, FormData(pairs), currency=profile.currency)
    assert form.value is not None, form.errors
    return term_changes(form.value, profile, None)


@pytest.mark.parametrize("code", profiles.codes())
def test_a_form_that_nobody_touched_changes_no_term_of_any_profile(code: str) -> None:
    assert changes_of(profiles.load(code)) == {}


@pytest.mark.parametrize("code", profiles.codes())
def test_every_list_that_can_be_written_reads_back_as_it_is(code: str) -> None:
    terms = profiles.load(code).terms
    for name, written in WRITTEN.items():
        value = getattr(terms, name).value
        if value is not None:
            assert written.read(written.write(value)) == value, name


def test_the_lists_are_those_of_the_terms() -> None:
    lists = {
        name
        for code in profiles.codes()
        for name, term in profiles.load(code).all_terms()
        if isinstance(term.value, tuple)
    }
    assert {*TICKED, *WRITTEN} == lists
    assert set(TICKED) > NOT_ANY


def test_a_manager_changes_lists_on_the_page(fund: Fund, manager: TestClient) -> None:
    answer = kept(
        manager,
        schedule_methods=["equal-principal", "bullet"],
        frequency_months=["3"],
        conditions_every_pay_out=["invoices"],
        haircuts="land and buildings: 25 %\n\n  equipment : 50,5\n",
        provision_rates="91: 60 %\n1: 5 %",
        allocation_order="Late interest\nFees\nInterest\nPrincipal",
        reminder_days="15\n-7",
        countries="Lithuania\nUA",
        supplier_tiers="In the country\nBaltic states",
    )
    assert answer.headers["location"] == f"{SECOND}?done=terms-drafted"
    terms = drafted(fund)
    assert terms.schedule_methods.value == (Method.EQUAL_PRINCIPAL, Method.BULLET)
    assert terms.frequency_months.value == (3,)
    assert terms.conditions_every_pay_out.value == ("invoices",)
    assert terms.haircuts.value == (
        (AssetKind.REAL_ESTATE, Decimal("0.25")),
        (AssetKind.EQUIPMENT, Decimal("0.505")),
    )
    assert terms.provision_rates.value == ((1, Decimal("0.05")), (91, Decimal("0.6")))
    assert terms.allocation_order.value == (
        *(Component.LATE_INTEREST, Component.FEES, Component.INTEREST, Component.PRINCIPAL),
    )
    assert terms.reminder_days.value == (-7, 15)
    assert terms.countries.value == ("LT", "UA")
    assert terms.supplier_tiers.value == ("local", "Baltic states")
    assert terms.guarantee_haircuts == SHIPPED.terms.guarantee_haircuts
    words = text_of(manager.get(SECOND).text)
    assert "level instalments, equal parts of principal" in words
    assert "land and buildings: 25 %, equipment: 50.5 %" in words


def test_what_was_ticked_before_stays_first() -> None:
    quarterly = SHIPPED.model_copy(
        update={
            "terms": SHIPPED.terms.model_copy(
                update={
                    "frequency_months": SHIPPED.terms.frequency_months.model_copy(
                        update={"value": (3, 1)}
                    )
                }
            )
        }
    )
    assert changes_of(quarterly, frequency_months=("1", "3")) == {}
    changed = changes_of(quarterly, frequency_months=("1", "3", "12"))
    assert changed["frequency_months"].value == [3, 1, 12]


def test_nothing_ticked_is_left_open_or_means_not_any() -> None:
    changed = changes_of(
        SHIPPED, schedule_methods=(), techniques_not_cleaner_production=(), countries=""
    )
    assert {name: change.value for name, change in changed.items()} == {
        "schedule_methods": None,
        "techniques_not_cleaner_production": [],
        "countries": None,
    }
    assert as_list("techniques_not_cleaner_production", None, None) is None
    assert as_boxes("haircuts", None) is None


BAD = {
    "haircuts": ("Equipment 50 %", "Line 1 cannot be read. Write one to a line, such as Equipment"),
    "guarantee_haircuts": ("Bank: 10 %\nUncle: 5 %", "Line 2 cannot be read."),
    "provision_rates": ("1: 5 %\n1: 10 %", "Line 2 names again what stands above it."),
    "recovery_order": ("Interest\nPrincipal", "Costs of enforcement, Fees, Late interest"),
    "reminder_days": ("tomorrow", "such as -7, or 15."),
    "countries": ("Lithuania\nAtlantis", "Line 2 cannot be read."),
}


@pytest.mark.parametrize("name", BAD)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_lost(
    manager: TestClient, name: str
) -> None:
    typed, message = BAD[name]
    answer = kept(manager, **{name: typed}, annual_rate="5")
    assert answer.status_code == 422
    errors = errors_of(answer.text)
    assert set(errors) == {name}
    assert message in errors[name]
    assert typed in answer.text
    assert manager.get(SECOND).status_code == 404


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("haircuts", "Equipment: 101 %"),
        ("haircuts", "Equipment: -1 %"),
        ("provision_rates", "-1: 5 %"),
        ("provision_rates", "3661: 5 %"),
        ("provision_rates", "1: NaN"),
        ("reminder_days", "-367"),
        ("reminder_days", "1.5"),
        ("reminder_days", "\N{ARABIC-INDIC DIGIT ONE}x"),
        ("allocation_order", "Fees, interest"),
        ("countries", "\n".join(str(number) for number in range(400))),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"^(Line \d+ cannot be read|Write at most 300 lines)"):
        WRITTEN[name].read(text)
