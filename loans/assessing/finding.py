"""One stated fact for or against a proposal, with the rule, the figures and what would pass."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any

from appraisal.money import minor_digits
from loans.profile import Term, TermMissing

_MINUS = "\N{MINUS SIGN}"


class Outcome(StrEnum):
    """How a rule comes out; ``unknown`` when the proposal does not say."""

    PASS = "pass"  # noqa: S105  # an outcome, no password
    FAIL = "fail"
    WARN = "warn"
    UNKNOWN = "unknown"


class Subject(StrEnum):
    """What a rule is about; pages group the rule sheet by it, in this order."""

    ENTERPRISE = "enterprise"
    MEASURES = "measures"
    EVIDENCE = "evidence"
    WORTH = "worth"
    ENVIRONMENT = "environment"
    LADDER = "ladder"
    LOAN = "loan"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one rule comes out; everything in words, ``what_would_pass`` None when it passes."""

    code: str
    outcome: Outcome
    rule: str
    value: str
    limit: str
    source: str
    what_would_pass: str | None
    subject: Subject = Subject.MEASURES


def finding(
    code: str,
    term: Term[Any],
    outcome: Outcome,
    *,
    value: str,
    limit: str,
    needed: str | None = None,
    rule: str | None = None,
    subject: Subject = Subject.MEASURES,
) -> Finding:
    """A finding about one term of the profile, which gives the rule its words and its source.

    ``needed`` says what would pass; it is left out when the rule passes. ``rule`` words a rule
    that follows from the term without being it.
    """
    what_would_pass = None if outcome is Outcome.PASS else needed
    return Finding(
        code, outcome, rule or term.label, value, limit, term.source, what_would_pass, subject
    )


def where_decided(*rules: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The findings of each rule whose terms the fund has decided.

    A rule that needs an open term has no finding of its own: the open terms are named together.
    """
    for rule in rules:
        try:
            found = tuple(rule())
        except TermMissing:
            continue
        yield from found


def at_least_text(amount: Decimal | Fraction, currency: str) -> str:
    """An amount rounded up to the minor unit: what is entered as written is enough."""
    unit = 10 ** minor_digits(currency)
    return money_text(Fraction(ceil(Fraction(amount) * unit), unit), currency)


def at_most_text(amount: Decimal | Fraction, currency: str) -> str:
    """An amount rounded down to the minor unit: what is entered as written is not too much."""
    unit = 10 ** minor_digits(currency)
    return money_text(Fraction(floor(Fraction(amount) * unit), unit), currency)


def money_text(amount: Decimal | Fraction | float, currency: str, digits: int | None = None) -> str:
    """An amount in words: ``EUR 49,999.50``, ``EUR \N{MINUS SIGN}6,276`` with 0 ``digits``.

    ``digits`` None shows those of the currency. What rounds to nothing has no sign.
    """
    places = minor_digits(currency) if digits is None else digits
    exact = Decimal(Fraction(amount).numerator) / Fraction(amount).denominator
    shown = f"{abs(exact):,.{places}f}"
    sign = _MINUS if amount < 0 and shown.strip("0.,") else ""
    return f"{currency} {sign}{shown}"


def percent_text(share: Decimal | Fraction) -> str:
    """A share in per cent, to a tenth: 0.9 -> 90 %."""
    return f"{100 * float(share):.1f}".removesuffix(".0") + " %"


def exact_percent_text(share: Decimal) -> str:
    """A share in per cent to its last decimal, as a term states it: 0.1234 -> 12.34 %."""
    text = f"{100 * share:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


def share_text(part: Decimal | Fraction, whole: Decimal | Fraction) -> str:
    """A part of a whole in per cent; of nothing it is 0 %."""
    return percent_text(Fraction(part) / Fraction(whole) if whole else Fraction(0))


def count_text(count: int, unit: str) -> str:
    """A number of whole units: 1 month, 28 months."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def period_text(months: int) -> str:
    """What stands between two instalments: month, quarter, period of 2 months."""
    return {1: "month", 3: "quarter"}.get(months, f"period of {months} months")
