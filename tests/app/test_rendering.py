from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import PackageNotFoundError
from typing import Annotated

import pytest
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, DictLoader, UndefinedError
from pydantic import BaseModel
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app import rendering
from app.forms import Ask, FormModel, filled
from app.rendering import Frame, NotPlainError, Person, error_page, page

DASH = "\N{EN DASH}"


def request_with(frame: Frame | None = None) -> Request:
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    if frame:
        request.state.frame = frame
    return request


def html_of(answer: HTMLResponse) -> str:
    return bytes(answer.body).decode()


@pytest.fixture
def template(monkeypatch: pytest.MonkeyPatch) -> str:
    loader = DictLoader({"it.html": "{{ it }}"})
    monkeypatch.setattr(rendering, "environment", rendering.environment.overlay(loader=loader))
    return "it.html"


@dataclass(frozen=True)
class Loan:
    name: str
    parts: tuple[object, ...] = ()


@dataclass
class Mutable:
    name: str


class Base(DeclarativeBase):
    pass


class LoanRow(Base):
    __tablename__ = "loan"
    name: Mapped[str] = mapped_column(primary_key=True)


class Loose(BaseModel):
    name: str


def test_pages_are_not_stored_and_differ_for_fragments(template: str) -> None:
    answer = page(request_with(), template, 422, it="<b>")
    assert answer.status_code == 422
    assert answer.body == b"&lt;b&gt;"
    assert answer.headers["cache-control"] == "no-store"
    assert "HX-Request" in answer.headers["vary"]


def test_plain_values_are_taken(template: str) -> None:
    loan = Loan("L-1", (1, Decimal(2), Fraction(1, 3), date(2026, 1, 15), None, {"a": [1.5]}))
    assert "L-1" in html_of(page(request_with(), template, it=loan))


def test_table_rows_are_refused_however_deep(template: str) -> None:
    with create_engine("sqlite://").connect() as connection:
        row = connection.execute(text("select 1 as a")).one()
        mapping = connection.execute(text("select 1 as a")).mappings().one()
    for value in (LoanRow(name="L-1"), row, mapping, Mutable("x"), Loose(name="x"), print):
        with pytest.raises(NotPlainError, match="plain frozen values only"):
            page(request_with(), template, it=Loan("L-1", ({"rows": [value]},)))


def test_a_template_that_misses_a_value_fails(template: str) -> None:
    with pytest.raises(UndefinedError):
        page(request_with(), template)


def test_none_is_shown_as_a_dash(template: str) -> None:
    assert html_of(page(request_with(), template, it=None)) == DASH


def test_amounts_and_shares_are_shown_in_one_way() -> None:
    show = rendering
    assert show.money(100050, "EUR") == "EUR 1,000.50"
    assert show.money(-100050, "EUR") == "EUR \N{MINUS SIGN}1,000.50"
    assert show.money(1000, "JPY") == "JPY 1,000"
    assert show.bare_money(100050, "EUR") == "1,000.50"
    assert show.amount(Fraction(2, 3)) == "0.67"
    assert show.amount(Decimal("0.125"), "EUR") == "EUR 0.13"
    assert show.amount(107447.21, "EUR", 0) == "EUR 107,447"
    assert show.percent(0.41041) == "41.0 %"
    assert show.percent(Decimal("0.06"), 2) == "6.00 %"


def test_what_is_not_known_is_a_dash() -> None:
    show = rendering
    for value in (None, float("nan"), float("inf")):
        assert show.amount(value, "EUR") == DASH
        assert show.percent(value) == DASH
    assert show.years(None) == DASH
    assert show.day(None) == DASH
    assert show.instant(None) == DASH


def test_paybacks_are_months_below_two_years() -> None:
    assert rendering.years(Fraction(3, 2)) == "18.0 months"
    assert rendering.years(Fraction(2)) == "2.00 years"
    assert rendering.years(2.352) == "2.35 years"


def test_days_and_instants_are_shown_in_words_with_the_zone() -> None:
    assert rendering.day(date(2026, 1, 15)) == "15 January 2026"
    at = datetime(2026, 1, 15, 22, 5, tzinfo=UTC)
    assert rendering.instant(at) == "15 January 2026, 22:05 UTC"
    assert rendering.instant(at, "Europe/Vilnius") == "16 January 2026, 00:05 Europe/Vilnius"


def test_counts_and_sentences() -> None:
    assert [rendering.count(n, "loan") for n in (0, 1, 1200)] == [
        "no loans",
        "1 loan",
        "1,200 loans",
    ]
    assert rendering.count(2, "entry", "entries") == "2 entries"
    assert rendering.lower_first("Total cost") == "total cost"
    assert rendering.lower_first("EUR rate") == "EUR rate"


def test_the_first_letter_of_a_line_is_raised_alone() -> None:
    assert rendering.upper_first("the ROI period") == "The ROI period"
    assert rendering.upper_first("") == ""


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 500, 503])
def test_error_pages_say_what_to_do_and_give_the_reference(status: int) -> None:
    answer = error_page(request_with(), status, reference="7F3K")
    html = html_of(answer)
    assert answer.status_code == status
    assert html.count("<h1>") == 1
    assert "7F3K" in html
    assert "<title> - " not in html


def test_error_pages_take_other_words_and_unknown_statuses() -> None:
    html = html_of(error_page(request_with(), 418, title="No tea", message="Ask <b>later</b>."))
    assert "<title>No tea - Cleanloop</title>" in html
    assert "Ask &lt;b&gt;later&lt;/b&gt;." in html
    assert "Reference" not in html
    assert "on our side" in html_of(error_page(request_with(), 504))


def test_the_frame_says_who_where_and_that_it_is_a_demonstration() -> None:
    frame = Frame(
        facility_name="Baltic Facility",
        demonstration=True,
        nav=(("Loans", "/loans", True), ("Fund", "/fund", False)),
        person=Person("Rasa", "Loan officer", "Vilnius"),
        notice="Saved.",
    )
    html = html_of(error_page(request_with(frame), 404))
    for words in ("Baltic Facility", "Demonstration", "Rasa", "Loan officer, Vilnius", "Saved."):
        assert words in html
    assert '<a href="/loans" aria-current="page">' in html
    assert 'action="/sign-out"' in html
    assert "Sign in" in html_of(error_page(request_with(Frame(sign_in_href="/sign-in")), 404))


class Name(FormModel):
    name: Annotated[str, Ask("your name")]


def test_the_title_says_that_there_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    source = '{% extends "base.html" %}{% block title %}Sign in{% endblock %}'
    loaders = (DictLoader({"it.html": source}), rendering.environment.loader)
    overlay = rendering.environment.overlay(loader=ChoiceLoader([one for one in loaders if one]))
    monkeypatch.setattr(rendering, "environment", overlay)
    wrong = filled(Name, {})
    for context in ({"form": wrong}, {"rows": (wrong,)}):
        html = html_of(page(request_with(), "it.html", 422, **context))
        assert "<title>Error: Sign in - Cleanloop</title>" in html
    assert "<title>Sign in - Cleanloop</title>" in html_of(page(request_with(), "it.html"))


def test_frozen_models_are_plain_and_a_missing_version_is_said(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "name" in html_of(page(request_with(), template, it=Name(name="Rasa")))

    def not_installed(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(rendering, "version", not_installed)
    assert rendering._product_version() == "(not installed)"  # noqa: SLF001  # only shown in the footer


def test_rows_of_a_stacked_table_say_their_roles_and_stay_escaped() -> None:
    from_string = rendering.environment.from_string
    called = (
        '{% import "macros/parts.html" as parts %}{% call parts.table("Of <x>", (("A", ""),), '
        'stacks=STACKS) %}<tr><th scope="row">{{ name }}</th><td>1</td></tr>{% endcall %}'
    )
    html = from_string(called.replace("STACKS", "true")).render(name="<b>")
    assert '<tr role="row"><th scope="row" role="rowheader">&lt;b&gt;</th><td role="cell">1' in html
    assert [html.count(f'role="{role}"') for role in ("table", "rowgroup", "columnheader")] == [
        *(1, 2, 1)
    ]
    plain = from_string(called.replace("STACKS", "false")).render(name="<b>")
    assert '<tr><th scope="row">&lt;b&gt;</th><td>1' in plain
