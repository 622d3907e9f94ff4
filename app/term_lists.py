"""The terms that are lists: ticked where the order says nothing, else written one to a line."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from app.case_words import METHOD
from app.loan_words import COMPONENT
from app.pay_out_words import TIER
from app.plain_words import SHORT_TYPES, TASKS
from app.security_words import ASSET_KIND, GUARANTOR_KIND
from app.term_lines import NONE, WRITTEN, numbered_lines
from loans.assessing.coded_words import EVIDENCE, OWNERSHIPS, TECHNIQUES
from loans.draft import Section
from loans.precedent import WORDS as PRECEDENTS

_TYPES = {one.value: words for one, words in SHORT_TYPES.items()}
_SECTIONS: Mapping[str, str] = {
    Section.ENTERPRISE: "The enterprise",
    Section.PROJECT: "The project",
    Section.MEASURES: "The measures",
    Section.FINANCE: "The finance",
    Section.RESPONSIBILITIES: "Who is responsible",
}
TICKED: Mapping[str, Mapping[Any, str]] = {
    "borrowing_types": _TYPES,
    "borrowing_types_in_group": _TYPES,
    "ownerships": OWNERSHIPS,
    "techniques_not_cleaner_production": TECHNIQUES,
    "baseline_evidence": EVIDENCE,
    "conditions_first_pay_out": PRECEDENTS,
    "conditions_every_pay_out": PRECEDENTS,
    "required_sections": _SECTIONS,
    "responsibilities": {task: words for task, (words, _) in TASKS.items()},
}
"""Lists of known choices: what can be ticked, in words."""

NAMED: Mapping[str, Mapping[Any, str]] = {
    **{name: words for name, words in TICKED.items() if words is not _TYPES},
    "schedule_methods": METHOD,
    "supplier_tiers": TIER,
    "allocation_order": COMPONENT,
    "recovery_order": COMPONENT,
    "haircuts": ASSET_KIND,
    "guarantee_haircuts": GUARANTOR_KIND,
}
"""Lists of codes that pages name by words."""


def as_boxes(name: str, value: Any) -> object:  # noqa: ANN401 - of any term
    """What the boxes of a term hold for its ``value``."""
    if value is None:
        return None
    if name in WRITTEN:
        return WRITTEN[name].write(value)
    return value or (NONE,) if name in TICKED else value


def stated(name: str, answer: Any, values: Sequence[Any]) -> Any:  # noqa: ANN401 - of any term
    """The value that an ``answer`` states, of a term with ``values``: now, and before the draft.

    An answer that says what one of them says is that value: nothing changes by being shown.

    Raises:
        ValueError: a list that cannot be read; the message says what to do.
    """
    if name not in TICKED and name not in WRITTEN:
        return answer
    for value in values:
        if _is_shown(name, answer, value):
            return value
    return _ticked(answer) if name in TICKED else WRITTEN[name].read(answer or "")


def _is_shown(name: str, answer: Any, value: Any) -> bool:  # noqa: ANN401 - of any list
    shown = as_boxes(name, value)
    if name in TICKED:
        return set(answer or ()) == set(shown or ())  # type: ignore[call-overload, no-any-return]
    return numbered_lines(answer or "") == numbered_lines(str(shown or ""))


def _ticked(answer: Sequence[str] | None) -> tuple[str, ...] | None:
    chosen = tuple(dict.fromkeys(answer or ()))
    if NONE in chosen and len(chosen) > 1:
        message = "Tick “Not any of these” alone, or those that apply."
        raise ValueError(message)
    return () if chosen == (NONE,) else chosen or None


def as_document(value: Any) -> object:  # noqa: ANN401 - of any term
    """A value as the profile writes it: decimals as text, codes of choices as they are."""
    if isinstance(value, tuple):
        return [as_document(part) for part in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.value if isinstance(value, Enum) else value
