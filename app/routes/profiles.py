"""The facility profiles: every term with its value, its source, and who decided it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app import clock
from app.amounts import shown_amount, shown_number
from app.countries import country_name
from app.dependencies import Reading
from app.rendering import page
from loans import profile as profiles
from loans.coded_words import words
from loans.finding import percent_text
from loans.profile import Profile, Term
from loans.profile_draft_views import profile_on

router = APIRouter()

_SHARES = ("part of", "per year")


@dataclass(frozen=True)
class ProfileLine:
    """One facility profile in the list."""

    code: str
    title: str
    version: int
    valid_from: date
    currency: str
    open_count: int


@dataclass(frozen=True)
class TermLine:
    """One term as the page shows it; ``value`` None where the fund left it open."""

    label: str
    value: str | None
    unit: str
    source: str
    decided: bool
    note: str


@router.get("/profiles")
def show_all(request: Request, session: Reading) -> Response:
    """The profiles that come with the program; that of the fund in the version in force."""
    today = clock.today()
    lines = tuple(_line(profile_on(session, code, today)) for code in profiles.codes())
    return page(request, "profiles/list.html", profiles=lines)


@router.get("/profiles/{profile_code}")
def show(request: Request, session: Reading, profile_code: str) -> Response:
    """One profile as it is in force today: its terms and its rules."""
    profile = profile_on(session, profile_code, clock.today())
    terms = tuple(
        TermLine(
            term.label,
            shown_value(name, term, profile.currency),
            term.unit,
            term.source,
            term.decided,
            term.note,
        )
        for name, term in profile.all_terms()
    )
    return page(request, "profiles/show.html", profile=profile, terms=terms)


def shown_value(name: str, term: Term[Any], currency: str) -> str | None:
    """A term's value as people read it: ``90 %``, ``EUR 50,000.00``, "a contract, a quotation"."""
    value = term.value
    if value is None or isinstance(value, bool):
        return None if value is None else ("Yes" if value else "No")
    if isinstance(value, tuple):
        return ", ".join(_shown_part(name, part) for part in value) or "Not any"
    if isinstance(value, Decimal) and term.unit.startswith(_SHARES):
        return percent_text(value)
    if isinstance(value, Decimal) and term.unit == "amount":
        return shown_amount(value, currency)
    return _shown_part(name, value)


def _shown_part(name: str, part: object) -> str:
    if isinstance(part, tuple):
        what, share = part
        return f"{_shown_part(name, what)}: {percent_text(share)}"
    if isinstance(part, Decimal | int):
        return shown_number(Decimal(part))
    text = str(part.value) if isinstance(part, Enum) else str(part)
    return country_name(text) if name == "countries" else words(text)


def _line(profile: Profile) -> ProfileLine:
    return ProfileLine(
        profile.code,
        profile.title,
        profile.version,
        profile.valid_from,
        profile.currency,
        sum(term.value is None for _, term in profile.all_terms()),
    )
