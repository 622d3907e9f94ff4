"""What the fields of one row of the measure form lack together, or say against each other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.forms import Filled
from app.measure_forms import (
    PAGE_ORDER,
    CostRow,
    EvidencedRow,
    InvestmentRow,
    RunningRow,
    SavingRow,
    tier_of,
)
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.cost_lines import CONTINGENT_TIER, INTANGIBLE_TIER, InvestmentKind

Problems = dict[str, str]
_NOT_BOTH = "Enter the quantities and the price, or the amount a year, not both. Clear one of them."
_ONE_WAY = "Enter the quantities and the price of one unit, or the amount a year."
_MORE_AFTER = (
    "More is used afterwards than now. Enter it as an added cost, or correct the quantities."
)
_ONLY_CONTINGENT = (
    "Likelihood and year belong to something that could happen. "
    "Choose such an item above, or clear them."
)
_ONLY_INTANGIBLE = (
    "What becomes better or worse belongs to something that cannot be put in money. "
    "Choose such an item above, or clear it."
)
_QUANTITIES: Mapping[type[EvidencedRow], tuple[tuple[str, str], ...]] = {
    SavingRow: (
        ("quantity_before", "Enter how much is used in a year now."),
        ("quantity_after", "Enter how much is used in a year afterwards."),
    ),
    CostRow: (("quantity", "Enter how much is used in a year."),),
}
_WITH_QUANTITIES = (
    ("unit", "Choose the unit on the bill."),
    ("unit_price", "Enter the price of one unit."),
)


def checked_row(model: type[EvidencedRow], row: Filled[EvidencedRow]) -> Filled[EvidencedRow]:
    """The row with what its fields together lack or contradict."""
    if not issubclass(model, RunningRow):
        return with_problems(row, {})
    found = {**_money_problems(model, row), **_tier_problems(row), **_factor_problems(row)}
    return with_problems(row, found)


@dataclass(frozen=True)
class Span:
    """From when to when the lines of a measure count, in months from the first payment."""

    runs_from_month: int
    life_months: int
    horizon_months: int

    @property
    def last_month(self) -> int:
        """The end of the life, at the latest the horizon."""
        return min(self.runs_from_month + self.life_months, self.horizon_months)

    @property
    def ends(self) -> str:
        """Why nothing counts after the last month, in words."""
        if self.last_month < self.horizon_months:
            return "the measure has stopped working"
        return f"the {self.horizon_months // MONTHS_PER_YEAR} years that the appraisal looks at"


def within_span(row: Filled[EvidencedRow], span: Span) -> Filled[EvidencedRow]:
    """The row with what lies where it counts in no figure, or in the wrong one."""
    value, found = row.value, Problems()
    if isinstance(value, InvestmentRow):
        found = _month_problems(value, span)
    elif isinstance(value, RunningRow):
        found = _start_problems(value, span)
    return with_problems(row, found)


def _month_problems(value: InvestmentRow, span: Span) -> Problems:
    """A later replacement is in no payback: what is paid before the start is none."""
    if value.month > span.last_month:
        return {"month": f"It is paid after {span.ends}. Enter {span.last_month} or less."}
    if value.kind is InvestmentKind.REPLACEMENT and value.month <= span.runs_from_month:
        words = "What is renewed later is paid once the measure runs. "
        return {"month": f"{words}Enter more than {span.runs_from_month}."}
    return {}


def _start_problems(value: RunningRow, span: Span) -> Problems:
    found: Problems = {}
    if span.runs_from_month + value.start_month >= span.last_month:
        found["start_month"] = (
            f"It begins after {span.ends}, with the months until the measure runs. "
            f"Enter less than {max(span.last_month - span.runs_from_month, 1)}."
        )
    last_year = -(-span.last_month // MONTHS_PER_YEAR)
    if value.year is not None and value.year > last_year:
        found["year"] = f"It is expected after {span.ends}. Enter {last_year} or less."
    return found


def with_problems(row: Filled[EvidencedRow], found: Problems) -> Filled[EvidencedRow]:
    """The row with further problems, in the order of the page; those of a field itself stand."""
    both = {**found, **row.errors}
    errors = {name: both[name] for name in PAGE_ORDER if name in both}
    return replace(row, value=None if errors else row.value, errors=errors)


def _money_problems(model: type[EvidencedRow], row: Filled[EvidencedRow]) -> Problems:
    parts = (*_QUANTITIES[model], *_WITH_QUANTITIES)
    given = [name for name, _ in parts if _has(row, name) and name != "unit"]
    if _has(row, "annual_amount"):
        return {"annual_amount": _NOT_BOTH} if given else {}
    if not given:
        return {} if _is_tier(row, INTANGIBLE_TIER) else {"annual_amount": _ONE_WAY}
    missing = {name: words for name, words in parts if not _has(row, name)}
    return missing or _too_much_after(row)


def _too_much_after(row: Filled[EvidencedRow]) -> Problems:
    saving = row.value
    if not isinstance(saving, SavingRow):
        return {}
    before, after = saving.quantity_before, saving.quantity_after
    is_more = before is not None and after is not None and after > before
    return {"quantity_after": _MORE_AFTER} if is_more else {}


def _tier_problems(row: Filled[EvidencedRow]) -> Problems:
    """A chance and a year belong to what could happen, a score to what has no price."""
    found: Problems = {}
    if not _is_tier(row, CONTINGENT_TIER):
        found = {name: _ONLY_CONTINGENT for name in ("probability", "year") if _has(row, name)}
    elif not _has(row, "probability"):
        found["probability"] = "Enter how likely it is in a year, as a percentage such as 5."
    if _has(row, "score") and not _is_tier(row, INTANGIBLE_TIER):
        found["score"] = _ONLY_INTANGIBLE
    return found


def _factor_problems(row: Filled[EvidencedRow]) -> Problems:
    """An emission factor has a source, and quantities to which it applies."""
    has_factor = _has(row, "emission_factor_kg")
    if has_factor and not _has(row, "emission_factor_source"):
        return {"emission_factor_source": "Enter where the emission factor is from."}
    if has_factor and not _has(row, "unit"):
        words = "An emission factor counts with quantities. Enter the quantities, or clear it."
        return {"emission_factor_kg": words}
    if not has_factor and _has(row, "emission_factor_source"):
        return {"emission_factor_kg": "Enter the emission factor, or clear its source."}
    return {}


def _is_tier(row: Filled[EvidencedRow], tier: int) -> bool:
    return tier_of(str(row.typed.get("item", "")).strip()) == tier


def _has(row: Filled[EvidencedRow], name: str) -> bool:
    return bool(str(row.typed.get(name, "")).strip())
