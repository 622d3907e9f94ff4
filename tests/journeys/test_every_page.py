"""Every page that a role may open, on the demonstration fund, as Chromium shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from httpx2 import Client
from playwright.sync_api import Error, Page, Request

from app.auth.access import VISITOR, access_table
from app.dependencies import COOKIE
from loans.figures.fund_definitions import DEFINITIONS
from loans.people import Role
from loans.storage.database import Database
from tests.app.visiting import signed_in, text_of
from tests.browser.checks import (
    NARROW_PX,
    NOT_WORDS,
    assert_form_reports_problems,
    assert_keyboard_reaches_everything,
    assert_layout,
    assert_page_is_sound,
    assert_plain_text,
    assert_plain_words,
    assert_sound_at_both_widths,
    assert_sound_in_every_look,
)
from tests.browser.fixtures import OpenPage
from tests.funds import open_fund
from tests.journeys.demonstration import FILES, Demonstration
from tests.sweeps import one_of_each_kind

pytestmark = pytest.mark.browser

MOST_BYTES = 200_000
ROLES = (VISITOR, *(role.value for role in Role))
SEE_NO_PAGE_OF_THEIR_OWN = (Role.ADVISER.value, Role.AUDITOR.value)
"""What an adviser sees, an enterprise sees too, and what an auditor sees, an officer."""

Check = Callable[[Page], object]
LOOKS: tuple[Check, ...] = (assert_sound_at_both_widths, assert_sound_in_every_look)
"""Every other page is looked at in the dark too; in a whole sweep each one is."""


def sign_in(page: Page, shown: Demonstration, role: str) -> None:
    if shown.tokens[role]:
        cookie: Any = {"name": COOKIE, "value": shown.tokens[role], "url": shown.address}
        page.context.add_cookies([cookie])


def problems_of(page: Page, address: str, path: str, checks: tuple[Check, ...]) -> list[str]:
    """What is wrong with one page; nothing where it is as it should be."""
    elsewhere: list[str] = []
    host = urlsplit(address).netloc

    def note(request: Request) -> None:
        if urlsplit(request.url).netloc != host and not request.url.startswith("data:"):
            elsewhere.append(request.url)

    page.on("request", note)
    answer = page.goto(address + path)
    found = [f"asks {one}" for one in elsewhere]
    page.remove_listener("request", note)
    if answer is None or answer.status != 200:
        return [*found, f"status {answer.status if answer else None}"]
    if (size := len(answer.body())) > MOST_BYTES:
        found.append(f"{size} bytes")
    for check in checks:
        try:
            check(page)
        except (AssertionError, Error) as fault:
            found.append(f"{check.__name__}: {str(fault)[:600]}")
    return found


def assert_nothing_found(found: dict[str, list[str]]) -> None:
    assert found, "no page was opened"
    wrong = {path: faults for path, faults in found.items() if faults}
    report = "\n".join(f"{path}: {fault}" for path, faults in wrong.items() for fault in faults)
    assert not wrong, f"{len(wrong)} of {len(found)} pages\n{report}"


def test_every_address_of_the_table_has_a_page_to_visit(demonstration: Demonstration) -> None:
    for role in ROLES:
        empty = [path for path, filled in demonstration.paths[role].items() if not filled]
        assert not empty, (role, empty)
    visited = {path for paths in demonstration.paths.values() for path in paths}
    apart = {"/healthz", "/readyz", *FILES}
    pages = {
        path for method, path in access_table() if method == "GET" and not path.startswith("/api/")
    }
    assert visited == pages - apart


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, marks=[pytest.mark.whole] * (role in SEE_NO_PAGE_OF_THEIR_OWN))
        for role in ROLES
    ],
)
def test_every_page_is_sound_and_reached_by_keyboard(
    demonstration: Demonstration, open_page: OpenPage, role: str, *, whole: bool
) -> None:
    page = open_page(width_px=NARROW_PX)
    sign_in(page, demonstration, role)
    alike = role in SEE_NO_PAGE_OF_THEIR_OWN
    pages = {
        one: demonstration.pages_of(one)
        for one in (VISITOR, *reversed(ROLES[1:]))
        if whole or one not in SEE_NO_PAGE_OF_THEIR_OWN
    }
    found = {}
    for number, path in enumerate(one_of_each_kind(pages, whole=whole)[role]):
        look = assert_sound_in_every_look if whole else LOOKS[number % len(LOOKS)]
        full = (look, assert_keyboard_reaches_everything)
        checks: tuple[Check, ...] = (assert_layout, assert_plain_words) if alike else full
        found[path] = problems_of(page, demonstration.address, path, checks)
    assert_nothing_found(found)


REFUSED = (
    (VISITOR, "/nowhere", 404),
    ("enterprise", "/queue", 403),
    ("officer", "/applications/none", 404),
    ("auditor", "/users", 403),
    ("manager", "/loans/none/acts/recovery", 403),
)


@pytest.mark.parametrize(("role", "path", "status"), REFUSED)
def test_pages_that_refuse_are_sound_too(
    demonstration: Demonstration, open_page: OpenPage, role: str, path: str, status: int
) -> None:
    page = open_page()
    sign_in(page, demonstration, role)
    answer = page.goto(demonstration.address + path)
    assert answer is not None
    assert answer.status == status
    assert_sound_in_every_look(page)


@pytest.mark.parametrize("query", ["", "?as_of=2024-06-30", "?as_of=1999-01-01"])
def test_every_figure_of_the_fund_is_in_plain_words(
    demonstration: Demonstration, query: str
) -> None:
    cookies = {COOKIE: demonstration.tokens["auditor"]}
    with Client(base_url=demonstration.address, cookies=cookies) as client:
        for code in DEFINITIONS:
            answer = client.get(f"/fund/figures/{code}{query}")
            assert answer.status_code == 200, code
            assert len(answer.content) <= MOST_BYTES, code
            assert_plain_text(text_of(answer.text))


def test_an_empty_fund_has_words_instead_of_figures(sqlite_database: Database) -> None:
    fund = open_fund(sqlite_database, capital_minor=0)
    readers = {
        "manager": (fund.manager, ("/fund", "/queue", "/loans", "/ledger", "/ledger/entries")),
        "auditor": (
            fund.auditor,
            ("/ledger/check", *(f"/fund/figures/{code}" for code in DEFINITIONS)),
        ),
        "enterprise": (fund.enterprise, ("/proposals", "/loans")),
        "administrator": (fund.administrator, ("/users",)),
    }
    for actor, paths in readers.values():
        client = signed_in(sqlite_database, actor)
        for path in paths:
            page = client.get(path)
            assert page.status_code == 200, path
            assert not NOT_WORDS.findall(text_of(page.text)), path


def empty_form(page: Page) -> str | None:
    """The button of the page's form, if the form, sent without an answer, reports a problem."""
    form = page.locator("main form[method=post]").first
    if not form.count():
        return None
    values = form.evaluate(
        "f => Object.fromEntries([...f.querySelectorAll('[type=hidden]')]"
        ".filter(e => e.name !== 'confirmed').map(e => [e.name, e.value]))"
    )
    action = form.evaluate("f => f.action")
    answer = page.request.post(action, form=values, max_redirects=0)
    if answer.status != 422:
        return None
    button = form.locator("button:visible").last
    buttons = [one.inner_text() for one in form.locator("button.btn-primary:visible").all()]
    return buttons[0] if buttons else button.inner_text()


ASKS = {
    "enterprise": {"sections", "measures"},
    "officer": {"return", "override", "refuse", "receipt", "request-write-off", "recovery"},
    "manager": {"send-back", "cancel", "contribution", "administration", "close"},
    "administrator": {"users"},
    VISITOR: {"sign-in", "pre-check"},
}
"""Words in the addresses of forms that cannot be sent empty."""


@pytest.mark.whole
@pytest.mark.parametrize("role", ASKS)
def test_every_form_sent_empty_says_what_is_missing(
    own_demonstration: Demonstration, open_page: OpenPage, role: str
) -> None:
    page = open_page(width_px=NARROW_PX)
    sign_in(page, own_demonstration, role)
    asked: set[str] = set()
    for path in own_demonstration.pages_of(role):
        page.goto(own_demonstration.address + path)
        button = empty_form(page)
        if button is None:
            continue
        page.goto(own_demonstration.address + path)
        page.evaluate(
            "() => { for (const e of document.querySelectorAll('main form[method=post] *')) {"
            " if (e.type === 'checkbox' || e.type === 'radio') e.checked = false;"
            " else if (['text', 'email', 'password', 'textarea'].includes(e.type)) e.value = '';"
            " else if (e.tagName === 'SELECT') e.value = ''; } }"
        )
        assert_form_reports_problems(page, button)
        assert_page_is_sound(page)
        asked |= set(path.replace("?", "/").split("/"))
    assert ASKS[role] <= asked, ASKS[role] - asked
