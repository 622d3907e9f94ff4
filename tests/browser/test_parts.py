"""Every macro of the pages, seen by Chromium: in both widths, both themes, without scripts."""

from collections.abc import Iterator

import pytest

from tests.browser.checks import (
    assert_axe_finds_nothing,
    assert_form_reports_problems,
    assert_keyboard_reaches_everything,
    assert_no_sideways_scroll,
    assert_plain_words,
    assert_sound_in_every_look,
    assert_structure,
    assert_targets_are_large_enough,
)
from tests.browser.fixtures import OpenPage
from tests.browser.gallery import make_gallery
from tests.browser.serving import serving

pytestmark = pytest.mark.browser
SEND = "Send your proposal"


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with serving(make_gallery()) as address:
        yield address


@pytest.mark.parametrize("path", ["/form", "/parts", "/errors/404", "/errors/500"])
def test_pages_are_sound(gallery: str, open_page: OpenPage, path: str) -> None:
    page = open_page()
    page.goto(gallery + path)
    assert_keyboard_reaches_everything(page)
    assert_sound_in_every_look(page)


def test_a_form_with_problems_is_sound(gallery: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{gallery}/form")
    assert_form_reports_problems(page, SEND)
    assert_sound_in_every_look(page)


def test_what_was_typed_is_still_in_the_form(gallery: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{gallery}/form")
    page.get_by_label("Total cost of the investment, in EUR").fill("1,000")
    page.get_by_label("A joint venture").check()
    page.get_by_label("Heat").check()
    page.get_by_label("Country").select_option("RU")
    page.get_by_label("Month", exact=True).fill("sausio")
    page.get_by_label("What changes in the plant").fill("\nfirst\nsecond")
    page.get_by_label("Password").fill("a secret")
    page.get_by_role("button", name=SEND).click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Total cost of the investment, in EUR").input_value() == "1,000"
    assert page.get_by_label("A joint venture").is_checked()
    assert page.get_by_label("Heat").is_checked()
    assert not page.get_by_label("White water").is_checked()
    assert page.get_by_label("Country").input_value() == "RU"
    assert page.get_by_label("Month", exact=True).input_value() == "sausio"
    assert page.get_by_label("What changes in the plant").input_value() == "\nfirst\nsecond"
    assert page.get_by_label("Password").input_value() == ""


def test_forms_work_without_scripts(gallery: str, open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    page.goto(f"{gallery}/form")
    page.get_by_role("button", name=SEND).click()
    assert page.get_by_role("alert").get_by_role("link").count() == 12
    assert page.title() == "Error: Your proposal - Cleanloop"


def test_a_double_click_sends_once(gallery: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{gallery}/form")
    before = int(page.request.get(f"{gallery}/posts").text())
    page.get_by_role("button", name=SEND).dblclick()
    page.get_by_role("alert").wait_for()
    assert int(page.request.get(f"{gallery}/posts").text()) == before + 1


def test_charts_draw_their_marks_in_the_theme_s_colours(gallery: str, open_page: OpenPage) -> None:
    fills = set()
    for theme in ("light", "dark"):
        page = open_page(theme=theme)
        page.goto(f"{gallery}/parts")
        assert page.locator("figure svg").count() == 9
        bar = page.locator("figure svg .mark-rect path").first
        fills.add(bar.evaluate("e => getComputedStyle(e).fill"))
    assert len(fills) == 2
    assert "none" not in fills


def test_print_leaves_out_navigation_and_is_dark_on_light(
    gallery: str, open_page: OpenPage
) -> None:
    page = open_page(theme="dark")
    page.goto(f"{gallery}/parts")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".site-nav").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 35, 32)"


FAULTS = {
    "axe": (assert_axe_finds_nothing, "document.querySelector('label').remove()"),
    "contrast": (assert_axe_finds_nothing, "document.querySelector('h1').style.color = '#ddd'"),
    "dark": (
        assert_sound_in_every_look,
        "document.querySelector('h1').style.color = 'light-dark(#000, #333)'",
    ),
    "heading": (assert_structure, "document.querySelector('h1').remove()"),
    "landmark": (assert_structure, "document.querySelector('footer').remove()"),
    "title": (assert_structure, "document.title = 'Cleanloop'"),
    "language": (assert_structure, "document.documentElement.lang = ''"),
    "width": (assert_no_sideways_scroll, "document.querySelector('h1').style.width = '2000px'"),
    "target": (
        assert_targets_are_large_enough,
        "document.querySelector('button.btn-money').style.cssText = 'min-height:0;padding:0'",
    ),
    "words": (assert_plain_words, "document.querySelector('h1').textContent = 'EUR None'"),
    "unkind": (assert_plain_words, "document.querySelector('h1').textContent = 'Invalid date'"),
    "keyboard": (
        assert_keyboard_reaches_everything,
        "document.querySelector('#title').style.outline = 'none'",
    ),
    "covered": (
        assert_keyboard_reaches_everything,
        (
            "(over => { over.style.cssText = 'position:fixed;inset:0';"
            " document.body.append(over); })(document.createElement('div'))"
        ),
    ),
    "unheard": (
        assert_keyboard_reaches_everything,
        (
            "addEventListener('keydown', e => { if (document.activeElement.id === 'title')"
            " e.stopImmediatePropagation(); }, true)"
        ),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_check_finds_a_planted_fault(open_page: OpenPage, gallery: str, fault: str) -> None:
    check, plant = FAULTS[fault]
    page = open_page()
    page.goto(f"{gallery}/form")
    check(page)
    page.evaluate(plant)
    with pytest.raises(AssertionError):
        check(page)
