"""Chromium for the tests of pages; without it they are skipped, or fail where it is demanded."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.checks import HEIGHT_PX, WIDE_PX

_NAMES = ("chromium", "chromium-browser", "google-chrome")

OpenPage = Callable[..., Page]


def _chromium() -> str:
    named = os.environ.get("CHROMIUM")
    found = named or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium: run 'apt-get install chromium', or set CHROMIUM to its path"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = _chromium()
    with sync_playwright() as driver:
        arguments = ["--disable-gpu", "--disable-gpu-rasterization"]  # drawing is not looked at
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--no-sandbox")
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open pages in contexts of their own; anything the console complains about fails the test."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status" not in message.text:
            complaints.append(message.text)

    def opened(*, width_px: int = WIDE_PX, theme: Any = "light", scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width_px, "height": HEIGHT_PX},
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in chromium.contexts:
        context.close()
    assert not complaints, complaints
