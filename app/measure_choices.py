"""What may be chosen in the measure form: words for each choice, and what the rows hold already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.measure_forms import DIRECT_TIER, ITEMS
from app.measure_sheet import MeasureSheet
from app.plain_words import INVESTMENT_KINDS, OTHER_ITEMS, SCORES, TECHNIQUES, TIERS, UNITS
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.indicator import INDICATORS
from appraisal.proposal import InvestmentKind
from loans.assessing.coded_words import EVIDENCE
from loans.draft import Draft

_USUAL_KIND = InvestmentKind.EQUIPMENT
_ITEM_GROUPS = tuple(
    (
        words,
        (
            ("" if tier == DIRECT_TIER else str(tier), OTHER_ITEMS[tier]),
            *((item.code, item.label) for item in ITEMS.values() if item.tier == tier),
        ),
    )
    for tier, words in TIERS.items()
)
_INDICATORS = tuple(
    (one.code, one.label) for one in sorted(INDICATORS.values(), key=lambda one: one.label)
)


def choices(sheet: MeasureSheet, draft: Draft, code: str) -> dict[str, Any]:
    """Everything that a select, radio or check box of the form offers.

    Units and indicators that a row holds already stay among the choices, whatever they are.
    """
    return {
        "techniques": tuple((one, words) for one, (words, _) in TECHNIQUES.items()),
        "technique_notes": {one: note for one, (_, note) in TECHNIQUES.items()},
        "evidence": tuple(EVIDENCE.items()),
        "investment_kinds": tuple(
            (kind, words) for kind, words in INVESTMENT_KINDS.items() if kind is not _USUAL_KIND
        ),
        "usual_kind": INVESTMENT_KINDS[_USUAL_KIND],
        "item_groups": _ITEM_GROUPS,
        "scores": tuple((str(score), words) for score, words in SCORES.items()),
        "month_choices": tuple((str(m), str(m)) for m in range(1, MONTHS_PER_YEAR + 1)),
        "unit_choices": _with_typed(((unit, unit) for unit in UNITS), sheet, "unit"),
        "indicator_choices": _with_typed(_INDICATORS, sheet, "indicator"),
        "other_measures": tuple(
            (one.code, f"{one.code} {one.title}") for one in draft.measures if one.code != code
        ),
    }


def _with_typed(
    usual: Iterable[tuple[str, str]], sheet: MeasureSheet, field: str
) -> tuple[tuple[str, str], ...]:
    known = dict(usual)
    typed = {str(row.typed.get(field, "")) for row in sheet.rows} - {"", *known}
    return (*known.items(), *((text, text) for text in sorted(typed)))
