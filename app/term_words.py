"""The terms of a facility as people read them: under headings, each with its value in words.

The name of a term is its label, which each version states for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from app.amounts import shown_amount, shown_number
from app.countries import country_name
from app.rendering import open_words
from app.term_lines import NOT_ANY
from app.term_lists import NAMED
from loans.assessing.coded_words import words
from loans.assessing.finding import exact_percent_text
from loans.profile import TERM_IN_TEXT, Profile, Rule, Term
from loans.versions.profile_views import Standing

LEFT_OPEN = "Left open"

TERM_GROUPS: Mapping[str, tuple[str, ...]] = {
    "What is lent, and at what price": (
        "financed_share",
        "own_contribution_minimum",
        "minimum_amount",
        "maximum_amount",
        "annual_rate",
        "origination_fee",
    ),
    "How long a loan runs, and how it is repaid": (
        "longest_maturity_months",
        "maturity_extension",
        "roi_period_from",
        "payback_limit_years",
        "schedule_methods",
        "frequency_months",
        "grace_interest",
        "day_count",
    ),
    "How a project is judged": (
        "minimum_cover",
        "target_cover",
        "default_discount_rate",
    ),
    "Which measures may borrow": (
        "minor_investment",
        "borrowing_types",
        "borrowing_types_in_group",
        "measures_may_expand_capacity",
        "measures_may_add_production_equipment",
        "techniques_not_cleaner_production",
        "other_technique_share_for_review",
    ),
    "Who may borrow, and what is asked": (
        "ownerships",
        "countries",
        "required_sections",
        "prior_assessment_required",
        "responsibilities",
        "baseline_evidence",
    ),
    "Pay-outs": (
        "conditions_first_pay_out",
        "conditions_every_pay_out",
        "supplier_tiers",
    ),
    "Receipts, arrears and losses": (
        "allocation_order",
        "recovery_order",
        "arrears_tolerance",
        "late_interest_margin",
        "non_accrual_days",
        "backdating_days",
        "reminder_days",
        "business_day_country",
        "provision_rates",
        "restructured_provision",
    ),
    "Security": ("collateral_minimum", "haircuts", "guarantee_haircuts"),
    "The fund's own cash": ("liquidity_reserve",),
}
"""Every term under one heading."""

STANDING: Mapping[Standing, tuple[str, str]] = {
    Standing.PAST: ("Past", "plain"),
    Standing.IN_FORCE: ("In force", "good"),
    Standing.TO_COME: ("Published, not yet in force", "info"),
    Standing.DRAFT: ("Draft", "warn"),
}
"""Where a version stands: in words, and the tone of the badge."""

_SHARES = ("part of", "per year")
_COUNTED_IN = frozenset({"months", "days", "years"})
_COUNTRIES = frozenset({"countries", "business_day_country"})


@dataclass(frozen=True)
class TermLine:
    """One term as the page shows it; ``value`` None where the fund left it open."""

    label: str
    value: str | None
    unit: str
    source: str
    decided: bool
    note: str


@dataclass(frozen=True)
class TermGroup:
    """Terms of one kind under a heading."""

    heading: str
    lines: tuple[TermLine, ...]


@dataclass(frozen=True)
class ChangedTerm:
    """One term that two versions state otherwise."""

    label: str
    before: str
    after: str
    source: str
    note: str


def term_groups(profile: Profile) -> tuple[TermGroup, ...]:
    """All terms of a version, each under its heading."""
    return tuple(
        TermGroup(heading, tuple(_line(profile, name) for name in names))
        for heading, names in TERM_GROUPS.items()
    )


def changed_terms(before: Profile, after: Profile) -> tuple[ChangedTerm, ...]:
    """The terms that ``after`` states otherwise than ``before``, in the order of the headings."""
    names = after.terms_unlike(before)
    ordered = (name for group in TERM_GROUPS.values() for name in group if name in names)
    return tuple(_changed(before, after, name) for name in ordered)


def rules_in_words(profile: Profile) -> tuple[Rule, ...]:
    """The rules of a version; where a text names a term, with the value that the version states."""
    return tuple(
        rule.model_copy(
            update={
                "text": _with_terms(rule.text, profile),
                "application": _with_terms(rule.application, profile),
            }
        )
        for rule in profile.rules
    )


def _with_terms(text: str, profile: Profile) -> str:
    return TERM_IN_TEXT.sub(lambda found: _value_of(found[1], profile), text)


def _value_of(name: str, profile: Profile) -> str:
    line = _line(profile, name)
    return f"({open_words((line.label,))})" if line.value is None else _with_unit(line)


def shown_value(name: str, term: Term[Any], currency: str) -> str | None:
    """A term's value as people read it: ``90 %``, ``EUR 50,000.00``, "a contract, a quotation"."""
    value = term.value
    if value is None or isinstance(value, bool):
        return None if value is None else ("Yes" if value else "No")
    if isinstance(value, tuple):
        return ", ".join(_shown_part(name, part) for part in value) or NOT_ANY
    if isinstance(value, Decimal) and term.unit.startswith(_SHARES):
        return exact_percent_text(value)
    if isinstance(value, Decimal) and term.unit == "amount":
        return shown_amount(value, currency)
    return _shown_part(name, value)


def _line(profile: Profile, name: str) -> TermLine:
    term: Term[Any] = getattr(profile.terms, name)
    return TermLine(
        term.label,
        shown_value(name, term, profile.currency),
        term.unit,
        term.source,
        term.decided,
        term.note,
    )


def _changed(before: Profile, after: Profile, name: str) -> ChangedTerm:
    old, new = (_line(version, name) for version in (before, after))
    return ChangedTerm(new.label, _with_unit(old), _with_unit(new), new.source, new.note)


def _with_unit(line: TermLine) -> str:
    if line.value is None:
        return LEFT_OPEN
    return f"{line.value} {line.unit}" if line.unit in _COUNTED_IN else line.value


def _shown_part(name: str, part: object) -> str:
    if isinstance(part, tuple):
        what, share = part
        return f"{_shown_part(name, what)}: {exact_percent_text(share)}"
    if isinstance(part, Decimal | int):
        return shown_number(Decimal(part))
    text = str(part.value) if isinstance(part, Enum) else str(part)
    if name in _COUNTRIES:
        return country_name(text)
    named = NAMED.get(name, {}).get(text)
    return words(text) if named is None else named[0].lower() + named[1:]
