"""Booking the fund's own money in Chromium: what it does is seen at once, and the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from app import clock
from app.dependencies import COOKIE
from app.main import create_app
from app.settings import Settings
from loans import sign_ins
from loans.storage.database import open_database
from tests.browser.checks import NARROW_PX
from tests.browser.fixtures import OpenPage
from tests.browser.serving import serving
from tests.databases import Databases
from tests.funds import open_fund

pytestmark = pytest.mark.browser


@pytest.fixture
def office(sqlite_databases: Databases, open_page: OpenPage) -> Iterator[tuple[Page, str]]:
    """A narrow window of a manager, and the address of the fund's program."""
    url = sqlite_databases.migrated()
    database = open_database(url, is_test_server=True)
    fund = open_fund(database)
    with database.writing() as session:
        token = sign_ins.open_session(session, user_id=fund.manager.user_id, at=clock.now())
    database.close()
    with serving(create_app(Settings(database_url=url))) as address:
        page = open_page(width_px=NARROW_PX)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        yield page, address


def _to_the_check(page: Page, address: str) -> None:
    page.goto(f"{address}/fund/acts/contribution")
    page.get_by_label("Who paid").fill("Donor Two")
    page.get_by_label("Amount paid in").fill("1,234,567.89")
    page.get_by_role("button", name="Go on to check it").click()


def test_both_amounts_of_the_effect_stand_in_a_narrow_window(office: tuple[Page, str]) -> None:
    page, address = office
    _to_the_check(page, address)
    cells = page.get_by_role("table").locator("tbody td")
    boxes = [cell.bounding_box() for cell in cells.all()]
    assert len(boxes) == 6
    assert all(box is not None and box["x"] >= 0 for box in boxes)
    assert all(box is not None and box["x"] + box["width"] <= NARROW_PX for box in boxes)


def test_the_way_back_from_the_entry_is_a_new_form(office: tuple[Page, str]) -> None:
    """The check answered a form: the browser would ask whether to send it again, or refuse."""
    page, address = office
    _to_the_check(page, address)
    page.get_by_role("button", name="Book EUR 1,234,567.89").click()
    page.wait_for_url("**/ledger/entries/*done=contributed")
    page.go_back()
    assert page.get_by_role("heading", level=1).inner_text() == "Book a contribution"
    assert page.get_by_label("Who paid").input_value() == ""


def test_a_check_that_is_loaded_again_keeps_what_was_typed(office: tuple[Page, str]) -> None:
    page, address = office
    _to_the_check(page, address)
    page.reload()
    assert page.get_by_role("button", name="Book EUR 1,234,567.89").count() == 1


def test_a_box_called_method_keeps_no_form_from_being_sent_once(office: tuple[Page, str]) -> None:
    """A box of the name of a form's property stands in its place; new terms have such a box."""
    page, address = office
    page.goto(f"{address}/fund/acts/contribution")
    page.evaluate(
        "document.querySelector('main form').insertAdjacentHTML("
        "'beforeend', '<input type=hidden name=method value=level>')"
    )
    sent = page.evaluate(
        "() => { const form = document.querySelector('main form');"
        " const click = () => new SubmitEvent('submit', { bubbles: true, cancelable: true });"
        " return [form.dispatchEvent(click()), form.dispatchEvent(click())]; }"
    )
    assert sent == [True, False]
