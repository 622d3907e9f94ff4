"""A running program with its books, a calendar that the test turns, and people at its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page
from sqlalchemy import func, select

from loans.books import ledger
from loans.books.books_check import check_books
from loans.books.tables import journal_entry
from loans.storage.database import Database
from tests.funds import PASSWORD, Fund

_FORM = """button => { const form = button.form, data = new FormData(form, button);
  return {action: form.action, values: Object.fromEntries(data.entries())}; }"""


@dataclass
class Calendar:
    """A clock that stands at nine in the morning of a day, and ticks at each look."""

    at: datetime

    def now(self) -> datetime:
        """The present instant; each look is later than the one before."""
        self.at += timedelta(milliseconds=20)
        return self.at

    def turn_to(self, on: date) -> None:
        """Go on to another day."""
        self.at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)


@dataclass
class Life:
    """One browser, in which the people of a fund sit down one after another."""

    fund: Fund
    address: str
    calendar: Calendar
    page: Page
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The books, looked at past the program."""
        return self.fund.database

    def sit_down(self, name: str, path: str = "/") -> None:
        """Sign out whoever sits here, and sign in as another person, who asks for ``path``."""
        if self.page.get_by_role("button", name="Sign out").count():
            self.page.get_by_role("button", name="Sign out").click()
        self.page.goto(f"{self.address}/sign-in?next={path}")
        self.page.fill("#email", f"{name}@example.org")
        self.page.fill("#password", PASSWORD)
        self.press("Sign in", exact=True, within="main")
        assert self.page.locator(".error-summary").count() == 0

    def goto(self, path: str) -> int:
        """Open a page; answer its status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        return answer.status

    def press(self, words: str, *, exact: bool = False, within: str = "body") -> None:
        """Press a button."""
        self.page.locator(within).get_by_role("button", name=words, exact=exact).click()

    def follow(self, words: str) -> None:
        """Follow a link."""
        self.page.locator("main").get_by_role("link", name=words).first.click()

    def words(self) -> str:
        """What the page says, in one line, once all of it has come."""
        self.page.wait_for_load_state("domcontentloaded")
        return " ".join(self.page.inner_text("main").split())

    def assert_says(self, *expected: str) -> None:
        """Each of these stands on the page."""
        words = self.words().casefold()
        missing = [text for text in expected if text.casefold() not in words]
        assert not missing, (missing, self.page.url, self.words())

    def entry_count(self) -> int:
        """How many entries the journal has."""
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(journal_entry)) or 0

    def press_money(self, words: str, *, entries: int) -> None:
        """Press a money button twice, then send the same form a third time: it counts once."""
        before = self.entry_count()
        button = self.page.get_by_role("button", name=words)
        assert "btn-money" in (button.get_attribute("class") or "")
        form = button.evaluate(_FORM)
        _press_twice(button)
        self.page.wait_for_url("**done=*")
        assert self.entry_count() == before + entries
        again = self.page.request.post(form["action"], form=form["values"])
        assert again.ok
        assert "done before" in again.text()
        self.page.reload()
        assert self.entry_count() == before + entries
        self.assert_books()

    def assert_books(self) -> None:
        """The trial balance is zero in all, and every rule of the books holds."""
        with self.database.reading() as session:
            rows = ledger.trial_balance(session, facility_id=self.fund.facility_id)
            report = check_books(session)
        assert sum(row.balance_minor for row in rows) == 0
        assert report.is_sound, report.summary

    def fill(self, answers: dict[str, str]) -> None:
        """Fill in boxes, choose from lists and tick radios, by the name of the field."""
        for name, text in answers.items():
            box = self.page.locator(f'[name="{name}"]:not([type=hidden])')
            kind: Any = box.first.evaluate("e => e.type")
            if kind == "select-one":
                box.select_option(text)
            elif kind in {"radio", "checkbox"}:
                self.page.check(f'[name="{name}"][value="{text}"]')
            else:
                box.fill(text)

    def fill_day(self, name: str, on: date) -> None:
        """Fill in the three boxes of a day."""
        parts = {"day": on.day, "month": on.month, "year": on.year}
        self.fill({f"{name}-{part}": str(number) for part, number in parts.items()})


def _press_twice(button: Locator) -> None:
    button.dblclick(no_wait_after=True)
