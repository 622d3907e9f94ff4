"""The answers of the calculators as tables for the command line."""

from collections.abc import Iterator
from typing import Any, Literal

from rich.markup import escape
from rich.table import Table

Parts = list[dict[str, Any]]
_WHOLE_FROM = 1000
"""Columns are narrow: from here on a figure stands in whole units, and in full with --json."""

_RESULTS = (
    "net_annual_saving",
    "payback_years",
    "net_present_value",
    "internal_rate_of_return",
)
_OWN_TABLES = (
    "lines",
    "nominal",
    "after_tax",
    "alternatives",
    "sensitivity",
    "switching_values",
    "scenarios",
    "npv_profile",
)
_LINES = {
    "tier_1": "Tier 1",
    "tiers_1_2": "Tiers 1 and 2",
    "with_tier_3": "With tier 3",
}
_INVENTORY = ("measure", "code", "label", "entry", "tier", "amount", "counted", "reason")
_LADDER = (
    "code",
    "type",
    "start_month",
    "investment",
    "paid_from_own_funds",
    "paid_from_savings",
    "loan",
    "monthly_saving_after",
)
_SCENARIOS = (
    "name",
    "net_annual_saving",
    "payback_years",
    "net_present_value",
    "internal_rate_of_return",
    "minimum_cover",
    "maximum_amount",
    "maximum_maturity_months",
)
_ALTERNATIVES = (
    "code",
    "financed",
    "investment",
    "net_annual_saving",
    "payback_years",
    "net_present_value",
    "equivalent_annual_value",
    "internal_rate_of_return",
)
_TAX_YEARS = (
    "year",
    "investment",
    "net_saving",
    "residual_value",
    "depreciation",
    "disposal_gain",
    "taxable",
    "tax",
    "flow",
)
_ENVIRONMENT = (
    "label",
    "unit",
    "before",
    "after",
    "reduction",
    "lifetime_reduction",
    "funded_reduction",
    "evidence",
)
_CHECKS = ("verdict", "rule", "value", "limit", "what_would_pass")
_RULES = ("outcome", "rule", "value", "limit", "what_would_pass")
_EXPLAINED = ("label", "formula", "with_numbers", "result")


def appraisal_tables(answered: dict[str, Any]) -> Iterator[Table]:
    """Measures, results, what moves them, the loan, the environment, rules and explanations."""
    project, offer = answered["appraisal"], answered["offer"]
    for measure in answered["measures"]:
        yield figures(f"Measure {measure['code']}", measure)
    yield _rows("Cost inventory", _INVENTORY, answered["inventory"])
    yield figures("Appraisal", {k: v for k, v in project.items() if k not in _OWN_TABLES})
    lines = [{"line": _LINES[name], **line} for name, line in project["lines"].items()]
    yield _rows("Results on three lines", ("line", *_RESULTS), lines)
    yield from _other_bases(project)
    for group in project["alternatives"]:
        title = f"Alternatives: {group['reason']}"
        yield _rows(title, _ALTERNATIVES, group["alternatives"])
    yield _sensitivity(project["sensitivity"])
    yield _switching(project["switching_values"])
    yield _rows("Scenarios", _SCENARIOS, project["scenarios"])
    limits = ("limits", "maturity_limits", "covers")
    yield figures("Offer", {k: v for k, v in offer.items() if k not in limits})
    yield _rows("Limits of the amount", ("rule", "amount"), offer["limits"])
    yield _rows("Limits of the maturity", ("rule", "months"), offer["maturity_limits"])
    yield _rows("Ladder", _LADDER, answered["ladder"])
    if answered["ladder_loan"] is not None:
        yield figures("Loan after the ladder", answered["ladder_loan"])
    yield _rows("Environment", _ENVIRONMENT, answered["environment"])
    yield _rows("Plausibility", _CHECKS, answered["plausibility"])
    yield _rows("Rules", _RULES, answered["findings"])
    yield _rows("How every figure came about", _EXPLAINED, answered["explanations"])


def _other_bases(project: dict[str, Any]) -> Iterator[Table]:
    """In money of the day and after tax, where they were asked for."""
    if project["nominal"] is not None:
        yield figures("In money of the day", project["nominal"])
    taxed = project["after_tax"]
    if taxed is not None:
        yield figures("After tax", {k: v for k, v in taxed.items() if k != "years"})
        yield _rows("Tax year by year", _TAX_YEARS, taxed["years"])


def _sensitivity(bars: Parts) -> Table:
    """Each input with the net present value on either side."""
    rows = [
        {
            "input": bar["label"],
            "unit": bar["unit"],
            **{
                f"{side}_{name}": bar[side] and bar[side][figure]
                for side in ("low", "high")
                for name, figure in (("value", "value"), ("NPV", "net_present_value"))
            },
            "swing": bar["swing"],
        }
        for bar in bars
    ]
    columns = ("input", "unit", "low_value", "low_NPV", "high_value", "high_NPV", "swing")
    return _rows("Sensitivity", columns, rows)


def _switching(inputs: dict[str, dict[str, Any]]) -> Table:
    """Each input with its value for each target, or why there is none."""
    targets = ("npv_zero", "cover_one", "payback_limit")
    rows = [
        {
            "input": found["label"],
            "unit": found["unit"],
            "as_entered": found["base"],
            **{
                target: found[target] and (found[target]["value"] or found[target]["note"])
                for target in targets
            },
        }
        for found in inputs.values()
    ]
    return _rows("Switching values", ("input", "unit", "as_entered", *targets), rows)


def _rows(title: str, columns: tuple[str, ...], rows: Parts) -> Table:
    """One row a part; of a rate of return the rate, or what stands for it."""
    table = Table(title=escape(title))
    cells = [[_cell(row[name]) for name in columns] for row in rows]
    for name, column in zip(columns, zip(*cells, strict=True) if cells else columns, strict=True):
        words = name.replace("_", " ")
        justify: Literal["left", "right"] = "right" if all(map(_is_number, column)) else "left"
        table.add_column(words[:1].upper() + words[1:], justify=justify, overflow="fold")
    for row_cells in cells:
        table.add_row(*map(escape, row_cells))
    return table


def _is_number(cell: str) -> bool:
    """Whether a cell holds digits, or nothing."""
    return not cell or cell.lstrip("-").replace(",", "").replace(".", "").isdigit()


def _cell(value: object) -> str:
    if isinstance(value, dict):
        rate = value["rate"]
        return str(value["status"]) if rate is None else _shown(rate)
    if isinstance(value, float) and abs(value) >= _WHOLE_FROM:
        return f"{value:,.0f}"
    return "" if value is None else _shown(value)


def figures(title: str, answered: dict[str, Any]) -> Table:
    """Names and values; what is inside a figure stands under its name."""
    table = Table(title=escape(title))
    table.add_column("Figure")
    table.add_column("Value", justify="right", overflow="fold")
    for name, value in _flattened(answered):
        table.add_row(name, escape(value))
    return table


def _flattened(figures: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in figures.items():
        label = before + name.replace("_", " ")
        if isinstance(value, dict):
            rows += _flattened(value, f"{label}: ")
        elif value not in ([], {}):
            rows.append((label, _shown(value)))
    return rows


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1 else f"{value:,.4f}"
    if isinstance(value, list):
        return "\n".join(_shown(part) for part in value)
    return str(value)
