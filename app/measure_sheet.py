"""The measure form as a whole: as stored, as sent, with a line more or less, and as a measure.

A line that is edited keeps what the form does not ask about (tier, growth, start, seasons), and a
new one gets the next free code of the proposal: I01, R01, C01.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from app.forms import Filled, as_form, filled, filled_rows
from app.measure_forms import GROUPS, LineForm, MeasureForm, checked_row, is_blank
from appraisal.cash_flow import investment_of, net_annual_saving_of
from appraisal.measure_type import MeasureType, classify, payback_ratio
from appraisal.proposal import CostLine, Evidence, InvestmentLine, Measure, SavingLine
from loans.draft import Draft

Row = Filled[LineForm]
_FIELDS: Mapping[str, str] = {
    "investment": "investment",
    "savings": "savings",
    "costs": "added_costs",
}
_LETTERS: Mapping[str, str] = {"investment": "I", "savings": "R", "costs": "C"}
_LINES: Mapping[str, type[InvestmentLine | SavingLine | CostLine]] = {
    "investment": InvestmentLine,
    "savings": SavingLine,
    "costs": CostLine,
}
_MOST_LINES = 50


@dataclass(frozen=True)
class MeasureSheet:
    """The form of one measure: its head and, for each group, its lines."""

    head: Filled[MeasureForm]
    groups: Mapping[str, tuple[Row, ...]]
    new_line: str = ""
    """The prefix of a line just added, where the person goes on."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """All lines, in the order of the page."""
        return tuple(row for group in GROUPS for row in self.groups[group])

    @property
    def has_errors(self) -> bool:
        """Whether a field of the measure or of a line is to be corrected."""
        return self.head.value is None or any(row.value is None for row in self.rows)


@dataclass(frozen=True)
class MeasurePreview:
    """What the figures give so far: money in major units, payback in years."""

    investment: Decimal
    net_annual_saving: Decimal
    payback_ratio: Fraction | None
    type: MeasureType | None
    left_out_count: int
    """Lines that cannot be read yet."""


def sheet_of(measure: Measure | None) -> MeasureSheet:
    """The form of a stored measure, or an empty one with a line of each kind."""
    if measure is None:
        return with_lines(MeasureSheet(as_form(MeasureForm), dict.fromkeys(GROUPS, ())))
    return with_lines(
        MeasureSheet(
            as_form(MeasureForm, dict(measure)),
            {
                group: tuple(
                    as_form(model, _shown(dict(line))) for line in getattr(measure, _FIELDS[group])
                )
                for group, model in GROUPS.items()
            },
        )
    )


def _shown(line: dict[str, Any]) -> dict[str, Any]:
    if line["evidence"] is Evidence.NONE:
        del line["evidence"]
    if not line.get("counts_as_output"):
        line.pop("counts_as_output", None)
    return line


def sent_sheet(sent: FormData, *, currency: str) -> MeasureSheet:
    """The form as sent, with every problem of every line that is not blank."""
    head = filled(MeasureForm, sent, currency=currency, groups=tuple(GROUPS))
    groups = {group: _sent_rows(group, sent, currency) for group in GROUPS}
    return MeasureSheet(head, groups)


def _sent_rows(group: str, sent: FormData, currency: str) -> tuple[Row, ...]:
    """The lines in their places; where a person typed nothing, a blank line stands."""
    model = GROUPS[group]
    typed = {row.prefix: row for row in filled_rows(model, sent, group, currency=currency)}
    found = (re.fullmatch(rf"{group}-([0-9]{{1,3}})-.+", name) for name in sent)
    places = sorted({int(match[1]) for match in found if match})[:_MOST_LINES]
    rows = (typed.get(f"{group}-{place}-", as_form(model)) for place in places)
    return numbered(group, (row if is_blank(row) else checked_row(model, row) for row in rows))


def without_blanks(sheet: MeasureSheet) -> MeasureSheet:
    """The form without its blank lines: a stored line that was cleared is gone."""
    return replace(
        sheet,
        groups={
            group: numbered(group, (row for row in rows if not is_blank(row)))
            for group, rows in sheet.groups.items()
        },
    )


def numbered(group: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The lines with the prefixes that their places give them."""
    return tuple(replace(row, prefix=f"{group}-{place}-") for place, row in enumerate(rows))


def with_lines(sheet: MeasureSheet) -> MeasureSheet:
    """The same form with a blank line where a kind of line has none."""
    return replace(
        sheet,
        groups={
            group: numbered(group, sheet.groups[group] or (as_form(model),))
            for group, model in GROUPS.items()
        },
    )


def changed(sheet: MeasureSheet) -> MeasureSheet | None:
    """The form with a line more or less, where a button asked for that instead of saving.

    The problems are not shown: nobody asked for the form to be checked yet.
    """
    act, _, rest = str(sheet.head.typed.get("do", "")).partition(" ")
    group, _, place = rest.partition(" ")
    if group not in GROUPS or act not in {"add", "remove"}:
        return None
    rows = sheet.groups[group]
    new_line = ""
    if act == "add":
        rows = (*rows, as_form(GROUPS[group]))[:_MOST_LINES]
        new_line = f"{group}-{len(rows) - 1}-"
    elif place.isascii() and place.isdigit():
        rows = tuple(row for row in rows if row.prefix != f"{group}-{int(place)}-")
    quiet = {
        name: numbered(name, (replace(row, errors={}) for row in lines))
        for name, lines in ({**sheet.groups, group: rows}).items()
    }
    return with_lines(MeasureSheet(replace(sheet.head, errors={}), quiet, new_line))


def measure_of(sheet: MeasureSheet, draft: Draft, code: str) -> Measure:
    """The measure that the lines without problems give, under its code.

    Raises:
        pydantic.ValidationError: no title, or figures that contradict each other.
    """
    stored = next((dict(m) for m in draft.measures if m.code == code), {})
    head = sheet.head.value.model_dump(exclude={"version", "do", "to"}) if sheet.head.value else {}
    lines = {_FIELDS[group]: _lines(group, sheet.groups[group], draft, code) for group in GROUPS}
    return Measure.model_validate({"title": "?", **stored, **head, **lines, "code": code})


def next_measure_code(draft: Draft) -> str:
    """The first free code for a measure: M1, M2 ..."""
    return f"M{_largest((m.code for m in draft.measures), 'M') + 1}"


def preview(
    sheet: MeasureSheet, draft: Draft, code: str, minor_investment: Decimal
) -> MeasurePreview:
    """What the lines give that can be read so far."""
    readable = replace(
        sheet,
        groups={
            group: tuple(row for row in rows if row.value is not None)
            for group, rows in sheet.groups.items()
        },
    )
    left_out = sum(row.value is None and not is_blank(row) for row in sheet.rows)
    try:
        measure = measure_of(readable, draft, code)
    except ValidationError:
        return worth(None, minor_investment, left_out_count=left_out)
    return worth(measure, minor_investment, left_out_count=left_out)


def worth(
    measure: Measure | None, minor_investment: Decimal, *, left_out_count: int = 0
) -> MeasurePreview:
    """Investment, saving, payback and type of a measure; of none, nothing."""
    measures = [measure] if measure else []
    investment, saving = investment_of(measures), net_annual_saving_of(measures)
    return MeasurePreview(
        investment,
        saving,
        payback_ratio(investment, saving),
        classify(investment, saving, minor_investment),
        left_out_count,
    )


def _lines(
    group: str, rows: tuple[Row, ...], draft: Draft, measure_code: str
) -> tuple[InvestmentLine | SavingLine | CostLine, ...]:
    field, letter = _FIELDS[group], _LETTERS[group]
    stored = {
        line.code: dict(line)
        for measure in draft.measures
        if measure.code == measure_code
        for line in getattr(measure, field)
    }
    used = _largest((x.code for m in draft.measures for x in getattr(m, field)), letter)
    made = []
    for row in rows:
        if row.value is None:
            continue
        values = row.value.model_dump()
        if values["code"] not in stored:
            used += 1
            values["code"] = f"{letter}{used:02d}"
        made.append(_LINES[group].model_validate({**stored.get(values["code"], {}), **values}))
    return tuple(made)


def _largest(codes: Iterable[str], letter: str) -> int:
    numbers = (code.removeprefix(letter) for code in codes if code.startswith(letter))
    return max((int(n) for n in numbers if n.isascii() and n.isdigit()), default=0)
