"""A facility profile: the terms of a fund as versioned data, each with its source.

Nothing that a fund may want to change is a constant in code. A term may be open (``null``): data
entry goes on, approval waits until the fund decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from appraisal.money import minor_digits, to_minor
from loans.component import Component
from loans.coverage import Haircuts
from loans.later_terms import LATER_TERMS
from loans.profile_terms import MAY_STAY_OPEN, ProfileValue, RoiPeriodFrom, Term, TermMissing, Terms
from loans.refusal import Missing, WrongValue

__all__ = [
    "MAY_STAY_OPEN",
    "Profile",
    "ProfileRefused",
    "RoiPeriodFrom",
    "Rule",
    "Term",
    "TermMissing",
    "Terms",
    "codes",
    "load",
    "parse",
    "read",
]


TERM_IN_TEXT = re.compile(r"\{(\w+)\}")
"""How the text of a rule names a term whose value stands there."""


class ProfileRefused(WrongValue):
    """A document that is no profile."""

    code = "profile_refused"


class Rule(ProfileValue):
    """One rule of the facility in words, and what the software does about it.

    ``{name of a term}`` in either stands for the value that the version states.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z]\d{1,3}$")]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    text: Annotated[str, Field(min_length=1, max_length=500)]
    application: Annotated[str, Field(min_length=1, max_length=500)]


class Profile(ProfileValue):
    """The terms of one facility in one version."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    version: Annotated[int, Field(ge=1, strict=True)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    valid_from: date
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    terms: Terms
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        minor_digits(self.currency)
        terms = self.terms
        for amount in (terms.minimum_amount, terms.maximum_amount, terms.minor_investment):
            if amount.value is not None:
                to_minor(amount.value, self.currency)
        low, high = terms.minimum_amount.value, terms.maximum_amount.value
        if low is not None and high is not None and low > high:
            message = "The smallest loan is larger than the largest. Correct one of them."
            raise ValueError(message)
        lent, own = terms.financed_share.value, terms.own_contribution_minimum.value
        if lent is not None and own is not None and lent + own > 1:
            message = "The financed share and the own contribution exceed the whole investment."
            raise ValueError(message)
        self._check_order()
        self._check_rules()
        return self

    def _check_rules(self) -> None:
        texts = " ".join(f"{rule.text} {rule.application}" for rule in self.rules)
        if not set(TERM_IN_TEXT.findall(texts)) <= set(Terms.model_fields):
            message = "A rule names a term that there is not. Name one of the profile's terms."
            raise ValueError(message)

    def _check_order(self) -> None:
        order = self.terms.allocation_order.value
        named = () if order is None else (part for part in order if part is not Component.COSTS)
        if order is not None and sorted(named) != sorted(set(Component) - {Component.COSTS}):
            message = "Name fees, late interest, interest and principal once each."
            raise ValueError(message)

    def missing_terms(self) -> tuple[str, ...]:
        """Labels of the terms without which nothing can be approved, in the profile's order."""
        return self.open_among(frozenset(Terms.model_fields) - MAY_STAY_OPEN)

    def open_among(self, names: Collection[str]) -> tuple[str, ...]:
        """Labels of those terms of ``names`` that are open, in the profile's order."""
        return tuple(
            term.label for name, term in self.all_terms() if term.value is None and name in names
        )

    def all_terms(self) -> tuple[tuple[str, Term[Any]], ...]:
        """Each term with its code, for the page that shows them."""
        return tuple((name, getattr(self.terms, name)) for name in Terms.model_fields)

    def terms_unlike(self, other: Profile) -> tuple[str, ...]:
        """Codes of the terms that ``other`` states otherwise: its value, source or note."""
        others = dict(other.all_terms())
        return tuple(name for name, term in self.all_terms() if term != others[name])

    @property
    def financed_share(self) -> Fraction:
        """Largest part of the investment that the loan finances."""
        return Fraction(self.terms.financed_share.required)

    @property
    def maturity_extension(self) -> Fraction | None:
        """Part of the ROI period by which the maturity may exceed it; None: it sets no limit."""
        extension = self.terms.maturity_extension.value
        return None if extension is None else Fraction(extension)

    @property
    def payback_limit_years(self) -> Fraction | None:
        """Longest simple payback that may borrow; None: there is no such limit."""
        limit = self.terms.payback_limit_years.value
        return None if limit is None else Fraction(limit)

    @property
    def frequency_months(self) -> int:
        """Months between the instalments of an offer: the first choice of the term."""
        return self.terms.frequency_months.required[0]

    @property
    def minimum_cover(self) -> Fraction:
        """Smallest savings cover."""
        return Fraction(self.terms.minimum_cover.required)

    @property
    def collateral_minimum(self) -> Fraction | None:
        """Smallest coverage by collateral; None where the fund demands none."""
        value = self.terms.collateral_minimum.value
        return None if value is None else Fraction(value)

    @property
    def haircuts(self) -> Haircuts:
        """Which parts of assets and guarantees do not count."""
        return Haircuts(
            {kind: Fraction(part) for kind, part in self.terms.haircuts.value or ()},
            {kind: Fraction(part) for kind, part in self.terms.guarantee_haircuts.value or ()},
        )

    @property
    def target_cover(self) -> Fraction:
        """Savings cover below which a warning is given."""
        return Fraction(self.terms.target_cover.required)


def read(text: str) -> object:
    """The JSON document in ``text``, in which no name stands twice beside itself.

    Raises:
        ProfileRefused: a name does; JSON would take the last one without a word.
    """
    return json.loads(text, object_pairs_hook=_each_once)


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        message = f"{twice} stands more than once in the profile. Keep one of them."
        raise ProfileRefused(message, field=twice)
    return found


def parse(document: object) -> Profile:
    """The profile in ``document``, a JSON object already read.

    A document from before a term existed reads as ``LATER_TERMS`` says.

    Raises:
        ProfileRefused: naming the first term to correct.
    """
    try:
        return Profile.model_validate_json(json.dumps(_with_later_terms(document)))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        known = [str(part) for part in first["loc"] if part in _FIELDS]
        message = f"The profile cannot be read at {'.'.join(known) or 'its top'}. Correct it there."
        if not first["loc"] and "error" in first.get("ctx", {}):
            message = str(first["ctx"]["error"])  # Terms that do not fit together, in words.
        raise ProfileRefused(message, field=".".join(known) or None) from None


def _with_later_terms(document: object) -> object:
    if not isinstance(document, dict) or not isinstance(document.get("terms"), dict):
        return document
    return {**document, "terms": {**LATER_TERMS, **document["terms"]}}


_FIELDS = {*Profile.model_fields, *Terms.model_fields, *Term.model_fields, *Rule.model_fields}


def codes() -> tuple[str, ...]:
    """Codes of the profiles that come with the program, in alphabetical order."""
    files = resources.files("loans.profiles").iterdir()
    return tuple(sorted(f.name.removesuffix(".json") for f in files if f.name.endswith(".json")))


@cache
def load(code: str) -> Profile:
    """The profile called ``code`` that comes with the program.

    Raises:
        Missing: there is no such profile.
    """
    if code not in codes():
        message = f"There is no such facility. Enter one of: {', '.join(codes())}."
        raise Missing(message)
    text = resources.files("loans.profiles").joinpath(f"{code}.json").read_text(encoding="utf-8")
    return parse(read(text))
