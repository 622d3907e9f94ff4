"""What every page must satisfy, as functions that a test calls with an open Playwright page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW_PX = 320
WIDE_PX = 1280
HEIGHT_PX = 800
SMALLEST_TARGET_PX = 24
MONEY_TARGET_PX = 44
MOST_TABS = 120
"""Further links of a long list are as the first ones."""
TABS_AT_ONCE = 10
"""Each question to the browser takes as long as a key."""
ROWS_WITH_CONTRAST = 8
"""Of a table; further rows repeat the colours of the first, and measuring contrast is slow."""
_AXE = Axe().axe_script
_CONTRAST = "color-contrast"
_AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {_CONTRAST: {"enabled": False}},
}
_CONTRAST_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": [_CONTRAST]},
}
_SHORT_TABLES = {"exclude": [[f"tbody > tr:nth-child(n + {ROWS_WITH_CONTRAST + 1})"]]}
NOT_WORDS = re.compile(r"\b(nan|None|NaN|inf|undefined|null|Infinity)\b")
_UNFRIENDLY = re.compile(
    r"please|invalid|required field|oops|validation error|traceback|exception", re.IGNORECASE
)

_TARGETS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => e.checkVisibility() && !e.closest('.skip-link')
      && !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'
           && e.closest('p, dd, li, label, .notice')))
  .map(e => { const box = e.getBoundingClientRect();
      return {what: e.outerHTML.slice(0, 120), width: box.width, height: box.height,
              money: e.classList.contains('btn-money')}; })"""

_SIDEWAYS = """() => { const wide = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll('*')]
    .filter(e => !e.closest('.table-scroll, .chart-scroll, .visually-hidden, .skip-link'))
    .filter(e => e.getBoundingClientRect().right > wide + 1)
    .map(e => e.outerHTML.slice(0, 120)); }"""

_STRUCTURE = """() => { const count = what => document.querySelectorAll(what).length;
  return {language: document.documentElement.lang, title: document.title, headings: count('h1'),
          landmarks: ['header', 'main', 'footer'].map(one => count('body > ' + one))}; }"""

_WALK = """() => { document.activeElement.blur(); window.scrollTo(0, 0);
  const listens = Boolean(window.walked);
  window.walked = [];
  const stop = () => { const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return {what: e.outerHTML.slice(0, 120), outline: parseFloat(style.outlineWidth),
            drawn: style.outlineStyle !== 'none',
            order: [...document.querySelectorAll('*')].indexOf(e),
            skip: e.classList.contains('skip-link'), width: box.width,
            covered: box.width > 0 && at !== null && !e.contains(at) && !at.contains(e)}; };
  if (!listens) document.addEventListener('keydown', () => window.walked.push(stop()), true); }"""
"""Notes at each key where the focus stands before the key moves it on."""


@dataclass(frozen=True)
class Stop:
    """One stop of the Tab key: the element's opening tag and its place in the document."""

    what: str
    order: int


def assert_page_is_sound(page: Page) -> None:
    """Everything that can be checked without knowing what the page is for."""
    assert_axe_finds_nothing(page)
    assert_structure(page)
    assert_layout(page)
    assert_plain_words(page)


def assert_layout(page: Page) -> None:
    """What depends on the width of the page."""
    assert_no_sideways_scroll(page)
    assert_targets_are_large_enough(page)


def assert_sound_in_every_look(page: Page) -> None:
    """Everything when narrow, the layout when wide, the contrast in the dark."""
    assert_sound_at_both_widths(page)
    page.emulate_media(color_scheme="dark")
    try:
        assert not (found := _low_contrast(page)), found
    finally:
        page.emulate_media(color_scheme="light")


def assert_sound_at_both_widths(page: Page) -> None:
    """Everything when narrow, the layout when wide."""
    page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
    assert_page_is_sound(page)
    page.set_viewport_size({"width": WIDE_PX, "height": HEIGHT_PX})
    assert_layout(page)


def assert_axe_finds_nothing(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA or of axe-core's best practices."""
    assert not (found := [*_violations(page, _AXE_OPTIONS), *_low_contrast(page)]), found


def _low_contrast(page: Page) -> list[tuple[str, ...]]:
    return _violations(page, _CONTRAST_OPTIONS, _SHORT_TABLES)


def _violations(
    page: Page, options: dict[str, Any], context: dict[str, Any] | None = None
) -> list[tuple[str, ...]]:
    """What axe-core finds; it is brought into a page once."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_AXE)
    run = "([context, options]) => axe.run(context || document, options)"
    return [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in page.evaluate(run, [context, options])["violations"]
        for node in rule["nodes"]
    ]


def assert_structure(page: Page) -> None:
    """A language, a title "Task - Cleanloop", one first-level heading, the landmarks."""
    found = page.evaluate(_STRUCTURE)
    assert found["language"], "the page names no language"
    assert re.fullmatch(r"(Error: )?\S.* - Cleanloop", found["title"]), found["title"]
    assert found["headings"] == 1, f"{found['headings']} first-level headings"
    assert found["landmarks"] == [1, 1, 1], f"header, main, footer: {found['landmarks']}"


def assert_no_sideways_scroll(page: Page) -> None:
    """Nothing reaches beyond the right edge; tables and charts may scroll in their own box."""
    assert not (wide := page.evaluate(_SIDEWAYS)), wide
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def assert_targets_are_large_enough(page: Page) -> None:
    """Controls measure 24 x 24 pixels, those that move money 44; links inside text are exempt."""
    small = [
        target
        for target in page.evaluate(_TARGETS)
        if min(target["width"], target["height"])
        < (MONEY_TARGET_PX if target["money"] else SMALLEST_TARGET_PX) - 0.01
    ]
    assert not small, small


def assert_plain_words(page: Page) -> None:
    """No value that a program prints by mistake, and none of the words that blame the reader."""
    assert_plain_text(page.inner_text("body"))


def assert_plain_text(text: str) -> None:
    """The same of what was read of a page without a browser."""
    assert not (found := NOT_WORDS.findall(text)), found
    assert not (unkind := _UNFRIENDLY.findall(text)), unkind


def assert_keyboard_reaches_everything(page: Page) -> tuple[Stop, ...]:
    """Tab visits the skip link first, then every control in document order, each with an outline.

    A page with problems begins at their summary instead, which has the focus.
    """
    has_problems = page.locator(".error-summary").count() > 0
    stops: list[Stop] = []
    for focused in islice(_walked(page), MOST_TABS):
        if focused is None or (stops and focused["order"] == stops[0].order):
            break
        is_first = not stops and not has_problems
        assert not is_first or focused["skip"], (
            f"the first stop is not the skip link: {focused['what']}"
        )
        assert focused["drawn"], f"no outline: {focused['what']}"
        assert focused["outline"] >= 2, f"thin outline: {focused['what']}"
        assert not focused["covered"], f"hidden under something: {focused['what']}"
        stops.append(Stop(focused["what"], focused["order"]))
    orders = [stop.order for stop in stops]
    assert orders == sorted(orders), stops
    assert stops, "no control can be reached"
    return tuple(stops)


def _walked(page: Page) -> Iterator[dict[str, Any] | None]:
    """Where each further Tab brings the focus; None where that is nowhere in the page."""
    page.evaluate(_WALK)
    page.keyboard.press("Tab")
    assert page.evaluate("walked.splice(0).length") == 1, "the page hears no key"
    while True:
        for _ in range(TABS_AT_ONCE):
            page.keyboard.press("Tab")
        heard = page.evaluate("walked.splice(0)")
        assert len(heard) == TABS_AT_ONCE, "the page does not hear every key"
        yield from heard


def assert_form_reports_problems(page: Page, submit: str) -> None:
    """An empty submit gives a focused summary whose links lead to fields with the same message."""
    assert page.locator(".error-summary").count() == 0, "a problem is reported before submitting"
    assert page.locator("main form[novalidate]").count() >= 1, "the browser would check by itself"
    page.get_by_role("button", name=submit, exact=True).click()
    summary = page.get_by_role("alert")
    assert summary.get_by_role("heading").inner_text() == "There is a problem"
    assert page.title().startswith("Error: ")
    if page.evaluate("document.scripts.length > 0"):
        assert summary.evaluate("e => e === document.activeElement"), "the summary has no focus"
    for link in summary.get_by_role("link").all():
        _assert_leads_to_field(page, link.get_attribute("href") or "", link.inner_text())


def _assert_leads_to_field(page: Page, href: str, message: str) -> None:
    field = page.locator(f'[id="{href.removeprefix("#")}"]')
    assert field.count() == 1, f"nothing has the id {href}"
    page.locator(f'.error-summary a[href="{href}"]').click()
    assert field.evaluate("e => e === document.activeElement"), f"{href} takes no focus"
    described = field.evaluate(
        "e => (e.closest('fieldset[aria-describedby]') || e).getAttribute('aria-describedby') || ''"
    )
    texts = [page.locator(f'[id="{name}"]').inner_text() for name in described.split()]
    assert any(message in text for text in texts), (message, texts)
