"""Terms that are lists, on the page of the next version: ticked, or written one to a line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from starlette.datastructures import FormData
from starlette.testclient import TestClient

from app import clock
from app.term_boxes import box_groups
from app.term_forms import filled_terms, term_changes, terms_form
from app.term_lines import WRITTEN, LineUnread
from app.term_lists import TICKED
from loans import profile as profiles
from loans.component import Component
from loans.coverage import AssetKind
from loans.profile import Profile, Terms
from loans.schedules.schedule import Method
from loans.storage.database import Database
from loans.versions.profile_draft_views import OpenDraft
from loans.versions.profile_drafts import TermChange
from loans.versions.profile_views import draft_of
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


Answers = Mapping[str, str | tuple[str, ...]]


def changes_of(
    before: Profile, answers: Answers, draft: OpenDraft | None = None
) -> dict[str, TermChange]:
    """What the form says is changed, where only these boxes are."""
    typed = {**REASON, **terms_form(before, draft, clock.today()).typed, **answers}
    pairs: list[tuple[str, Any]] = [
        (name, one)
        for name, text in typed.items()
        if name != "valid_from"
        for one in ((text,) if isinstance(text, str) else text)
    ]
    form = filled_terms(FormData(pairs), before, draft)
    assert form.value is not None, form.errors
    return term_changes(form.value, before, draft)


def values_of(changes: Mapping[str, TermChange]) -> dict[str, object]:
    return {name: change.value for name, change in changes.items()}


def stating(**values: object) -> Profile:
    """The shipped profile with these terms as a program would have them."""
    terms = {
        name: getattr(SHIPPED.terms, name).model_copy(update={"value": value})
        for name, value in values.items()
    }
    return SHIPPED.model_copy(update={"terms": SHIPPED.terms.model_copy(update=terms)})


def drafted_from(before: Profile, after: Profile) -> OpenDraft:
    return OpenDraft(
        *("one", before, after, clock.today(), "First", "two", "Two"),
        drafted_at=clock.now(),
        content_hash="0",
    )


LISTS = (*TICKED, *WRITTEN)
UNUSUAL = stating(
    responsibilities=("identification", "audit"),
    frequency_months=(2, 7, 3),
    haircuts=((AssetKind.EQUIPMENT, Decimal("0.3333333")),),
    recovery_order=(Component.PRINCIPAL,),
    countries=("XQ",),
    supplier_tiers=("x" * 60,),
)
"""What the page would not let anybody write, and keeps as it is."""


@pytest.mark.parametrize(
    "profile",
    [
        *(profiles.load(code) for code in profiles.codes()),
        stating(**dict.fromkeys(LISTS, ())),
        stating(**dict.fromkeys(LISTS)),
        UNUSUAL,
    ],
    ids=[*profiles.codes(), "all empty", "all open", "unusual"],
)
def test_a_form_that_nobody_touched_changes_no_term(profile: Profile) -> None:
    assert changes_of(profile, {}) == {}
    assert changes_of(SHIPPED, {}, drafted_from(SHIPPED, profile)) == {}


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
    assert set(LISTS) == lists


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_left_open_and_decided_to_be_empty(name: str) -> None:
    blank, none = ("", "not any") if name in WRITTEN else ((), ("none",))
    assert values_of(changes_of(SHIPPED, {name: blank})) == {name: None}
    before = stating(**{name: None})
    assert values_of(changes_of(before, {name: none})) == {name: []}
    assert changes_of(before, {name: blank}) == {}


def test_a_draft_that_goes_back_to_the_version_before_is_again_as_that_one() -> None:
    before = stating(frequency_months=(1, 3), conditions_first_pay_out=None)
    draft = drafted_from(
        before, stating(frequency_months=(3,), conditions_first_pay_out=("invoices",))
    )
    answers: Answers = {
        "frequency_months": "each month\n3 months",
        "conditions_first_pay_out": (),
        "reminder_days": "-7\n1\n15\n30\n60\n90\n",
    }
    assert values_of(changes_of(before, answers, draft)) == {
        "frequency_months": [1, 3],
        "conditions_first_pay_out": None,
    }
    swapped = changes_of(before, {**answers, "frequency_months": "Each quarter\nEach month"}, draft)
    assert swapped["frequency_months"].value == [3, 1]


def test_boxes_offer_what_only_the_draft_names() -> None:
    boxes = {box.name: box for group in box_groups(SHIPPED, UNUSUAL) for box in group.boxes}
    assert ("audit", "audit") in boxes["responsibilities"].choices
    assert ("none", "Not any of these") in boxes["ownerships"].choices
    assert "Now Each month, Each quarter." in boxes["frequency_months"].hint
    assert "Vehicles" in boxes["haircuts"].hint


def test_a_manager_changes_lists_on_the_page(fund: Fund, manager: TestClient) -> None:
    answer = kept(
        manager,
        schedule_methods="Everything at the end\r\nequal-principal",
        frequency_months="Each quarter\n2 months",
        conditions_every_pay_out=["invoices"],
        haircuts="land and buildings: 25 %\n\n  equipment : 50,5\n",
        provision_rates="91: 60 %\n1: 5 %",
        allocation_order="Late interest\nFees\nInterest\nPrincipal",
        reminder_days="15\n-7",
        countries="Lithuania\nUA",
        supplier_tiers="In the country\nNordic countries\nBaltic states",
    )
    assert answer.headers["location"] == f"{SECOND}?done=terms-drafted"
    terms = drafted(fund)
    assert terms.schedule_methods.value == (Method.BULLET, Method.EQUAL_PRINCIPAL)
    assert terms.frequency_months.value == (3, 2)
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
    assert terms.supplier_tiers.value == ("local", "nordic", "Baltic states")
    assert terms.guarantee_haircuts == SHIPPED.terms.guarantee_haircuts
    words = text_of(manager.get(SECOND).text)
    assert "level instalments, equal parts of principal" in words
    assert "land and buildings: 25 %, equipment: 50.5 %" in words


BAD = {
    "haircuts": ("Equipment 50 %", "Line 1: Write a colon before the percentage, such as"),
    "guarantee_haircuts": ("Bank: 10 %\n\nUncle: 5 %", "Line 3: Write one of: State or"),
    "provision_rates": ("1: 5 %\n1: 10 %", "Line 2 names again what stands above it."),
    "recovery_order": ("Interest\nPrincipal", "Costs of enforcement, Fees, Late interest"),
    "allocation_order": ("Fees\nInterest", "missing: Late interest, Principal."),
    "reminder_days": ("tomorrow", "Line 1:"),
    "countries": ("Lithuania\nAtlantis", "Line 2: Write the country's English name"),
    "ownerships": (["none", "state"], "Tick “Not any of these” alone"),
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
    for text in (typed,) if isinstance(typed, str) else typed:
        assert text in answer.text
    assert manager.get(SECOND).status_code == 404


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("haircuts", "Equipment: 101 %", "Line 1: The part is too large. Write 100 % or less."),
        ("haircuts", "Equipment: -1 %", "Line 1:"),
        ("haircuts", "Equipment: 33.33333 %", "Line 1:"),
        ("provision_rates", "-1: 5 %", "Line 1: Write days from 0 to 3660."),
        ("provision_rates", "3661: 5 %", "Line 1: Write days from 0 to 3660."),
        ("provision_rates", "1: NaN", "Line 1:"),
        ("reminder_days", "-367", "Line 1: Write days from -366"),
        ("reminder_days", "1.5", "Line 1:"),
        ("reminder_days", "\N{ARABIC-INDIC DIGIT ONE}x", "Line 1:"),
        ("allocation_order", "Fees, interest", "Line 1: Write one of: Costs of enforcement"),
        ("supplier_tiers", "x" * 41, "Line 1: Write at most 40 characters."),
        ("frequency_months", "Sometimes", "Line 1:"),
        ("countries", "\n".join(map(str, range(400))), "Write at most 300 lines."),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(name: str, text: str, message: str) -> None:
    with pytest.raises(LineUnread) as refused:
        WRITTEN[name].read(text)
    assert str(refused.value).startswith(message)
    assert text not in str(refused.value)
