"""The pages of visitors and authors in Chromium: sound at both widths and themes, and alive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Dialog, Page

from app import clock
from app.dependencies import COOKIE
from app.main import create_app
from app.settings import Settings
from loans import sign_ins
from loans.cases import applications, proposals
from loans.storage.database import open_database
from tests.browser.checks import (
    NARROW_PX,
    assert_axe_finds_nothing,
    assert_form_reports_problems,
    assert_keyboard_reaches_everything,
    assert_sound_in_every_look,
)
from tests.browser.fixtures import OpenPage
from tests.browser.serving import serving
from tests.builders import SENT_ON, draft_proposal, submitted_application
from tests.databases import Databases
from tests.drafts import golden_draft, golden_measure
from tests.funds import Fund, open_fund

pytestmark = pytest.mark.browser

SEEN_IN_THE_DEMONSTRATION = {
    "pre-check": "/pre-check",
    "profiles": "/profiles",
    "profile": "/profiles/nefco-1998",
    "list": "/proposals",
    "standing": "/proposals/{sent}",
    "enterprise": "/proposals/{draft}/sections/enterprise",
    "project": "/proposals/{draft}/sections/project",
    "finance": "/proposals/{draft}/sections/finance",
    "responsibilities": "/proposals/{draft}/sections/responsibilities",
    "measures": "/proposals/{draft}/measures",
    "new measure": "/proposals/{draft}/measures/new",
    "measure": "/proposals/{unfinished}/measures/M2",
    "check": "/proposals/{draft}/check",
    "withdraw": "/proposals/{draft}/withdraw",
}
"""Sound there (test_every_page.py); with the figures of this site, part of the whole sweep."""

PAGES = {
    "tasks with gaps": "/proposals/{unfinished}",
    "tasks returned": "/proposals/{returned}",
    "measure with more": "/proposals/{rich}/measures/M1",
    "measures with alternatives": "/proposals/{rich}/measures",
    "finance with alternatives": "/proposals/{rich}/sections/finance",
    "check of everything": "/proposals/{rich}/check",
    "check with gaps": "/proposals/{unfinished}/check",
    "copy": "/proposals/{sent}/check",
}
FORMS = {
    "/pre-check": "Check the project",
    "/proposals/{empty}/sections/project": "Save and go on",
    "/proposals/{empty}/sections/finance": "Save and go on",
    "/proposals/{empty}/sections/responsibilities": "Save and go on",
    "/proposals/{empty}/measures/new": "Save the measure",
}
STEAM = golden_measure(
    code="M2",
    title="Steam traps",
    investment=[{"code": "I02", "label": "Traps", "amount": "3000.50"}],
    added_costs=[{"code": "C01", "label": "Maintenance", "annual_amount": "120"}],
)
RICH = golden_measure(
    alternative_group="water",
    residual_value="1000",
    investment=[
        {"code": "I01", "label": "Tank", "amount": "120000.00", "evidence": "quote"},
        {"code": "I02", "label": "Pump", "amount": "7000", "kind": "replacement", "month": 36},
    ],
    savings=[
        {
            "code": "R04",
            "label": "Fresh water",
            "item": "R04",
            "indicator": "water",
            "unit": "m3",
            "quantity_before": "400000",
            "quantity_after": "100000",
            "unit_price": "0.20",
            "growth": 0.02,
            "active_months": [5, 6, 7],
            "emission_factor_kg": "0.3",
            "emission_factor_source": "Water works",
            "evidence": "invoice",
        },
        {
            "code": "R05",
            "label": "Spill of chlorine",
            "item": "C01",
            "tier": 3,
            "annual_amount": "40000",
            "probability": "0.05",
            "year": 3,
        },
    ],
    added_costs=[{"code": "C01", "label": "Noise", "item": "L05", "tier": 4, "score": -1}],
    results=[{"indicator": "dust", "unit": "t", "reduction": "2"}],
)


@dataclass(frozen=True)
class Site:
    """A running program with proposals in every state, and the token of their author."""

    address: str
    token: str
    names: dict[str, str]

    def open(self, page: Page, path: str) -> None:
        page.context.add_cookies([{"name": COOKIE, "value": self.token, "url": self.address}])
        page.goto(self.address + path.format(**self.names))


@pytest.fixture(scope="module")
def site(sqlite_databases: Databases) -> Iterator[Site]:
    url = sqlite_databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database)
    names = {
        "draft": draft_proposal(fund),
        "unfinished": draft_proposal(
            fund, golden_draft(golden_measure(), STEAM, project={"expands_capacity": True})
        ),
        "empty": draft_proposal(fund, golden_draft(project={}, finance={}, responsibilities={})),
        "rich": draft_proposal(fund, golden_draft(RICH, STEAM | {"alternative_group": "water"})),
        "sent": _sent(fund),
        "returned": _sent(fund, returned=True),
    }
    with database.writing() as session:
        token = sign_ins.open_session(session, user_id=fund.enterprise.user_id, at=clock.now())
    with serving(create_app(Settings(database_url=url))) as address:
        yield Site(address, token, names)
    database.close()
    sqlite_databases.drop(url)


def _sent(fund: Fund, *, returned: bool = False) -> str:
    application_id = submitted_application(fund)
    with fund.act(SENT_ON) as (session, moment):
        if returned:
            words = "Which meter shows the water?"
            applications.return_application(
                session, fund.officer, moment, application_id, reason=words
            )
        found = proposals.proposals(session, fund.enterprise)
    return next(view.proposal_id for view in found if view.application_id == application_id)


@pytest.mark.parametrize(
    "path",
    [
        *(pytest.param(path, id=name) for name, path in PAGES.items()),
        *(
            pytest.param(path, id=name, marks=pytest.mark.whole)
            for name, path in SEEN_IN_THE_DEMONSTRATION.items()
        ),
    ],
)
def test_each_page_is_sound(site: Site, open_page: OpenPage, path: str) -> None:
    page = open_page()
    site.open(page, path)
    assert_sound_in_every_look(page)


@pytest.mark.parametrize("path", FORMS)
def test_each_form_reports_its_problems(site: Site, open_page: OpenPage, path: str) -> None:
    page = open_page(width_px=NARROW_PX)
    site.open(page, path)
    assert_form_reports_problems(page, FORMS[path])
    assert_axe_finds_nothing(page)


@pytest.mark.parametrize("change", ["process", "expansion", "housekeeping"])
def test_the_answer_of_the_pre_check_is_sound(site: Site, open_page: OpenPage, change: str) -> None:
    page = open_page()
    site.open(page, "/pre-check")
    page.select_option("#country", "LT")
    page.check("[name=ownership][value=state]")
    page.check(f"[name=change][value={change}]")
    page.fill("#cost", "120 000" if change != "housekeeping" else "3 000")
    page.fill("#yearly_saving", "60000")
    page.get_by_role("button", name="Check the project").click()
    page.get_by_role("heading", name="Your answers", exact=True).wait_for()
    assert_sound_in_every_look(page)


def _measure(page: Page) -> None:
    page.fill("#title", "Heat exchanger")
    page.fill("#investment-0-label", "Exchanger")
    page.fill("#investment-0-amount", "90 000")
    page.fill("#savings-0-label", "Heat")
    page.fill("#savings-0-annual_amount", "40000")


def test_payback_and_type_follow_the_typing_and_lines_come_and_go(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page()
    site.open(page, "/proposals/{empty}/measures/new")
    assert_keyboard_reaches_everything(page)
    _measure(page)
    page.locator("#measure-preview", has_text="2.25 years").wait_for()
    page.get_by_role("button", name="Add another saving line").click()
    page.locator("#savings-1-label:focus").wait_for()
    page.fill("#savings-1-label", "Water")
    page.fill("#savings-1-annual_amount", "5 000")
    page.locator("#measure-preview", has_text="2.00 years").wait_for()
    page.get_by_role("button", name="Remove saving 1").click()
    page.locator("#savings-1-label").wait_for(state="detached")
    assert page.input_value("#savings-0-label") == "Water"
    assert page.input_value("#title") == "Heat exchanger"


def test_more_opens_by_the_keyboard_and_every_field_in_it_is_reached(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page()
    site.open(page, "/proposals/{empty}/measures/new")
    assert not page.locator("#savings-0-growth").is_visible()
    page.locator("summary", has_text="More about saving 1").press("Enter")
    page.locator("#savings-0-growth").wait_for()
    assert_sound_in_every_look(page)
    site.open(page, "/proposals/{rich}/measures/M1")
    stops = [stop.what for stop in assert_keyboard_reaches_everything(page)]
    for name in ("growth", "active_months-12", "probability", "emission_factor_source"):
        assert any(f'id="savings-0-{name}"' in what for what in stops), name


@pytest.mark.parametrize("scripts", [True, False])
def test_a_problem_behind_more_is_shown_and_led_to(
    site: Site, open_page: OpenPage, *, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    site.open(page, "/proposals/{empty}/measures/new")
    _measure(page)
    page.locator("summary", has_text="More about saving 1").click()
    page.fill("#savings-0-probability", "5")
    page.fill("#savings-0-growth", "-100")
    page.get_by_role("button", name="Save the measure").click()
    page.locator(".error-summary a", has_text="Saving 1: the price growth").click()
    assert page.locator("#savings-0-growth").evaluate("e => e === document.activeElement")
    assert page.input_value("#savings-0-probability") == "5"
    assert page.locator("#savings-0-probability-error").is_visible()
    assert not page.locator("#costs-0-growth").is_visible()


def test_the_worth_follows_the_item_that_is_chosen(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.open(page, "/proposals/{empty}/measures/new")
    _measure(page)
    page.locator("#measure-preview", has_text="Net present value").wait_for()
    page.select_option("#savings-0-item", label="Insurance")
    page.select_option("#savings-0-evidence", "invoice")
    page.locator("#measure-preview", has_text="With documented indirect money").wait_for()
    assert "Not recovered" in page.inner_text("#measure-preview")


def test_enter_saves_instead_of_adding_a_line(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    site.open(page, "/proposals/{empty}/measures/new")
    _measure(page)
    page.locator("#title").press("Enter")
    page.wait_for_url("**/measures?done=saved")
    assert page.get_by_role("row", name="Heat exchanger C 90,000.00").count() == 1


def test_another_line_needs_no_script(site: Site, open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    site.open(page, "/proposals/{draft}/measures/new")
    _measure(page)
    page.get_by_role("button", name="Add another saving line").click()
    assert page.url.endswith("#savings-1-label")
    assert page.input_value("#savings-0-label") == "Heat"
    assert page.locator("#savings-1-label").count() == 1


def test_leaving_with_unsaved_answers_is_warned_of(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    site.open(page, "/proposals/{draft}/sections/project")
    site.open(page, "/proposals")
    assert asked == []
    site.open(page, "/proposals/{draft}/sections/project")
    page.fill("#title", "Another title")
    site.open(page, "/proposals")
    assert asked == ["beforeunload"]


def test_the_copy_prints_with_lines_to_sign_and_without_buttons(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page()
    site.open(page, "/proposals/{sent}/check")
    signature = page.get_by_text("For the enterprise: name, signature, day")
    assert not signature.is_visible()
    page.emulate_media(media="print")
    assert signature.is_visible()
    assert page.locator("main .btn:visible, nav:visible").count() == 0
