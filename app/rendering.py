"""Pages: strict templates, the filters they use, and the refusal of anything but plain values.

Templates do no arithmetic and see no table rows: ``page`` checks at run time that everything
handed to a template is a plain frozen value, so that a page can never query the database.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from pydantic import BaseModel

from app.amounts import as_typed, shown_amount, shown_number
from app.assets import asset, scripts, stylesheets
from appraisal.money import from_minor, round_half_up
from loans.assessing.finding import period_text
from loans.coverage import percent_down
from loans.day_words import shown_day, shown_month

NOT_KNOWN = "\N{EN DASH}"
_PLAIN = (str, int, float, Decimal, Fraction, date, datetime, time, Enum, type(None))
_MONTHS_A_YEAR = 12
_YEARS_SHOWN_IN_MONTHS = 2


class NotPlainError(TypeError):
    """A page was given a value that is not plain and frozen, such as a table row."""


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the head of every page says."""

    name: str
    role: str
    organisation: str = ""


@dataclass(frozen=True)
class Frame:
    """What surrounds every page; a request carries its own as ``request.state.frame``."""

    facility_name: str = ""
    demonstration: bool = False
    nav: tuple[tuple[str, str, bool], ...] = ()
    person: Person | None = None
    sign_in_href: str | None = None
    has_own_page: bool = False
    """Whether the address by itself has a page for the person, as forms that only act have not."""

    notice: str | None = None


def page(request: Request, template: str, status: int = 200, **context: object) -> HTMLResponse:
    """The page made of ``template`` and plain values; never stored by browsers or proxies.

    ``errors`` (the title then begins with "Error:") says whether a form, or a row of forms, among
    the values has errors; ``nav`` comes from the request's frame. Both may be given instead.

    Raises:
        NotPlainError: a value is a table row or anything else that is not plain and frozen.
    """
    for name, value in context.items():
        _check_plain(value, name)
    frame = getattr(request.state, "frame", Frame())
    has_errors = any(_has_errors(value) for value in context.values())
    values = {"frame": frame, "nav": frame.nav, "errors": has_errors, **context}
    html = environment.get_template(template).render(values)
    headers = {"Cache-Control": "no-store", "Vary": "HX-Request, Cookie"}
    return HTMLResponse(html, status_code=status, headers=headers)


def error_page(
    request: Request,
    status: int,
    *,
    title: str | None = None,
    message: str | None = None,
    reference: str | None = None,
) -> HTMLResponse:
    """What happened in plain words, a way on, and the reference that stands in the log.

    ``title`` and ``message`` replace the words that belong to the status.
    """
    known = f"errors/{status}.html"
    if known not in environment.list_templates():
        known = "errors/400.html" if status < 500 else "errors/500.html"  # noqa: PLR2004  # HTTP
    return page(request, known, status, title=title, message=message, reference=reference)


def money(minor: int, currency: str) -> str:
    """Whole minor units with the currency: 100050 -> ``EUR 1,000.50``."""
    return shown_amount(from_minor(minor, currency), currency)


def bare_money(minor: int, currency: str) -> str:
    """Whole minor units for a column whose head names the currency: ``1,000.50``."""
    return money(minor, currency).removeprefix(currency).strip()


def amount(value: Decimal | Fraction | float | None, currency: str = "", places: int = 2) -> str:
    """A number of major units, rounded for show: ``EUR 1,000.50``; without a value, a dash."""
    text = _rounded(value, places)
    return f"{currency} {text}" if currency and text != NOT_KNOWN else text


def percent(rate: Decimal | Fraction | float | None, places: int = 1) -> str:
    """A fraction as a percentage: 0.06 -> ``6.0 %``; without a value, a dash."""
    text = _rounded(None if rate is None else rate * 100, places)
    return text if text == NOT_KNOWN else f"{text} %"


def years(value: Decimal | Fraction | float | None) -> str:
    """A payback: to 0.1 month below two years, to 0.01 year from there on."""
    if value is None:
        return NOT_KNOWN
    if value < _YEARS_SHOWN_IN_MONTHS:
        return f"{_rounded(value * _MONTHS_A_YEAR, 1)} months"
    return f"{_rounded(value, 2)} years"


def day(value: date | None) -> str:
    """A day in words: "15 January 2026"; without a value, a dash."""
    return NOT_KNOWN if value is None else shown_day(value)


def instant(value: datetime | None, zone: str = "UTC") -> str:
    """An instant with its zone: "15 January 2026, 14:05 UTC"; without a value, a dash."""
    if value is None:
        return NOT_KNOWN
    local = value.astimezone(ZoneInfo(zone))
    return f"{shown_day(local.date())}, {local:%H:%M} {zone}"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 loan", "2 loans", "no loans"."""
    noun = one if number == 1 else many or f"{one}s"
    return f"{shown_number(Decimal(number)) if number else 'no'} {noun}"


def frequency(months: int) -> str:
    """How often an instalment is due: 3 -> "every 3 months"; 0: the contract lists the days."""
    if not months:
        return "on the days that the contract lists"
    return "monthly" if months == 1 else f"every {months} months"


def open_words(labels: Sequence[str]) -> str:
    """In place of a figure that needs terms which the fund left open: "open: Longest maturity"."""
    return f"open: {'; '.join(labels)}"


def lower_first(text: str) -> str:
    """``text`` to stand inside a sentence: "Total cost" -> "total cost"; "EUR" stays."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """``text`` to begin a sentence or a line: "the ROI period" -> "The ROI period"."""
    return text[:1].upper() + text[1:]


def _rounded(value: Decimal | Fraction | float | None, places: int) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NOT_KNOWN
    steps = round_half_up(Fraction(value) * 10**places)
    return shown_number(Decimal(steps).scaleb(-places), places)


def _has_errors(value: object) -> bool:
    forms = value if isinstance(value, tuple) else (value,)
    return any(getattr(form, "errors", None) for form in forms)


def _check_plain(value: object, name: str) -> None:
    """Walk through ``value`` and refuse what is not plain and frozen."""
    if isinstance(value, _PLAIN):
        return
    for part, key in _parts(value, name):
        _check_plain(part, key)


def _parts(value: object, name: str) -> list[tuple[object, str]]:
    if isinstance(value, dict):
        return [(part, f"{name}[{key}]") for key, part in value.items()]
    if isinstance(value, tuple | list | frozenset):
        return [(part, name) for part in value]
    if is_dataclass(value) and not isinstance(value, type) and _is_frozen(value):
        return [(getattr(value, field.name), f"{name}.{field.name}") for field in fields(value)]
    if isinstance(value, BaseModel) and value.model_config.get("frozen"):
        return [(part, f"{name}.{key}") for key, part in value]
    message = f"{name} is a {type(value).__qualname__}; pages take plain frozen values only"
    raise NotPlainError(message)


def _is_frozen(value: object) -> bool:
    return bool(getattr(value, "__dataclass_params__").frozen)  # noqa: B009  # typed nowhere


def _shown_or_dash(value: object) -> object:
    return NOT_KNOWN if value is None else value


def _product_version() -> str:
    try:
        return version("cleanloop")
    except PackageNotFoundError:
        return "(not installed)"


def payment_words(months: int) -> str:
    """A level payment that falls due every so many months, at the beginning of a sentence."""
    adverb = {1: "monthly ", 3: "quarterly ", 6: "half-yearly ", 12: "yearly "}.get(months, "")
    return f"Level {adverb}payment" if adverb else f"Level payment every {months} months"


def with_roles(rows: Markup) -> Markup:
    """Rows of a table with their roles said: in a narrow window they are no boxes of a table."""
    said = str(rows)
    for tag, role in _ROLES:
        said = said.replace(tag, f'{tag} role="{role}"')
    return Markup(said)  # noqa: S704 - what came in was safe, and nothing but roles is added


_ROLES = (("<tr", "row"), ("<td", "cell"), ('<th scope="row"', "rowheader"))


def _make_environment() -> Environment:
    made = Environment(
        loader=PackageLoader("app", "pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        finalize=_shown_or_dash,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for show in (
        money,
        bare_money,
        amount,
        percent,
        years,
        day,
        instant,
        count,
        frequency,
        open_words,
        lower_first,
        upper_first,
        period_text,
        payment_words,
    ):
        made.filters[show.__name__] = show
    made.filters["as_typed"] = as_typed
    made.filters["month"] = shown_month
    made.filters["percent_down"] = percent_down
    made.filters["with_roles"] = with_roles
    made.globals |= {
        "asset": asset,
        "stylesheets": stylesheets,
        "scripts": scripts,
        "product_version": _product_version(),
    }
    return made


environment = _make_environment()
