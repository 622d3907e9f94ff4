"""The measure form as a whole: as stored, as sent, with a row more or less, and as a measure.

A line that is edited keeps its code and what the form does not ask about; a new one gets the next
free code of the proposal: I01, R01, C01. Results for the environment have no code.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import FormData

from app.forms import Filled, as_form, filled, filled_rows
from app.measure_alternatives import rival_of
from app.measure_checks import Span, checked_row, within_span
from app.measure_forms import (
    GROUPS,
    ITEMS,
    ROW_WORDS,
    EvidencedRow,
    MeasureForm,
    is_blank,
    item_choice,
)
from app.rendering import lower_first
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.proposal import (
    LONGEST_HORIZON_YEARS,
    CostLine,
    InvestmentLine,
    Measure,
    ResultLine,
    RunningLine,
    SavingLine,
)
from loans.draft import Draft

Row = Filled[EvidencedRow]
Line = InvestmentLine | SavingLine | CostLine | ResultLine
_FIELDS: Mapping[str, str] = {
    "investment": "investment",
    "savings": "savings",
    "costs": "added_costs",
    "results": "results",
}
_LETTERS: Mapping[str, str] = {"investment": "I", "savings": "R", "costs": "C"}
_LINES: Mapping[str, type[Line]] = {
    "investment": InvestmentLine,
    "savings": SavingLine,
    "costs": CostLine,
    "results": ResultLine,
}
_FOR_THE_FORM = {"version", "do", "to", "alternative_to"}
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


def sheet_of(measure: Measure | None, draft: Draft) -> MeasureSheet:
    """The form of a stored measure of the draft, or an empty one with a line of each kind."""
    if measure is None:
        return with_lines(MeasureSheet(as_form(MeasureForm), dict.fromkeys(GROUPS, ())))
    head = {
        **dict(measure),
        "residual_value": measure.residual_value or None,
        "alternative_to": rival_of(draft.measures, measure.code),
    }
    groups = {
        group: tuple(as_form(model, _said(line)) for line in getattr(measure, _FIELDS[group]))
        for group, model in GROUPS.items()
    }
    return with_lines(MeasureSheet(as_form(MeasureForm, head), groups))


def _said(line: BaseModel) -> dict[str, Any]:
    """What was answered about a line; where nothing was, the field stays empty."""
    fields = type(line).model_fields
    said = {name: value for name, value in line if value != fields[name].default}
    if isinstance(line, RunningLine):
        said["item"] = item_choice(line)
        standard = ITEMS.get(said["item"])
        if standard and line.unit and standard.indicator == line.indicator:
            said.pop("indicator", None)
    return said


def sent_sheet(sent: FormData, *, currency: str, others: Sequence[Measure] = ()) -> MeasureSheet:
    """The form as sent, with every problem of every row that is not blank.

    ``others`` are the measures that the proposal has beside this one.
    """
    head = filled(MeasureForm, sent, currency=currency, groups=tuple(GROUPS))
    span = _span(head.value, others)
    groups = {
        group: tuple(within_span(row, span) for row in _sent_rows(group, sent, currency))
        for group in GROUPS
    }
    return MeasureSheet(head, groups)


def _span(head: MeasureForm | None, others: Sequence[Measure]) -> Span:
    """When the lines of the measure count; while the head cannot be read, as far as any can."""
    if head is None:
        farthest = MONTHS_PER_YEAR * LONGEST_HORIZON_YEARS
        return Span(0, farthest, farthest)
    lives = [head.life_years, *(one.life_years for one in others)]
    horizon_months = MONTHS_PER_YEAR * min(max(lives), LONGEST_HORIZON_YEARS)
    return Span(head.implementation_months, MONTHS_PER_YEAR * head.life_years, horizon_months)


def _sent_rows(group: str, sent: FormData, currency: str) -> tuple[Row, ...]:
    """The rows in their places; where a person typed nothing, a blank row stands."""
    model = GROUPS[group]
    typed = {row.prefix: row for row in filled_rows(model, sent, group, currency=currency)}
    found = (re.fullmatch(rf"{group}-([0-9]{{1,3}})-.+", name) for name in sent)
    places = sorted({int(match[1]) for match in found if match})[:_MOST_LINES]
    rows = (typed.get(f"{group}-{place}-", as_form(model)) for place in places)
    return numbered(group, (row if is_blank(row) else checked_row(model, row) for row in rows))


def without_blanks(sheet: MeasureSheet) -> MeasureSheet:
    """The form as it is judged: blank rows are gone, and each problem names its row."""
    return replace(
        sheet,
        groups={
            group: tuple(
                _naming_its_row(row, f"{ROW_WORDS[group]} {number}")
                for number, row in enumerate(_filled_rows_of(group, rows), start=1)
            )
            for group, rows in sheet.groups.items()
        },
    )


def _filled_rows_of(group: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    return numbered(group, (row for row in rows if not is_blank(row)))


def _naming_its_row(row: Row, words: str) -> Row:
    errors = {name: f"{words}: {lower_first(problem)}" for name, problem in row.errors.items()}
    return replace(row, errors=errors)


def numbered(group: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The lines with the prefixes that their places give them."""
    return tuple(replace(row, prefix=f"{group}-{place}-") for place, row in enumerate(rows))


def with_lines(sheet: MeasureSheet) -> MeasureSheet:
    """The same form with a blank line where a kind of line has none; results come when asked."""
    blank = {group: (as_form(model),) for group, model in GROUPS.items() if group in _LETTERS}
    return replace(
        sheet,
        groups={
            group: numbered(group, sheet.groups[group] or blank.get(group, ())) for group in GROUPS
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
    """The measure that the head and the rows without problems give, under its code."""
    stored = next((dict(m) for m in draft.measures if m.code == code), {})
    head = sheet.head.value.model_dump(exclude=_FOR_THE_FORM) if sheet.head.value else {}
    lines = {_FIELDS[group]: _lines(group, sheet.groups[group], draft, code) for group in GROUPS}
    return Measure.model_validate({"title": "?", **stored, **head, **lines, "code": code})


def left_out_count(sheet: MeasureSheet) -> int:
    """How many rows hold something that cannot be read yet."""
    return sum(row.value is None and not is_blank(row) for row in sheet.rows)


def lacks_investment(sheet: MeasureSheet) -> bool:
    """Whether an outlay cannot be read yet, so that no payback can be told from the others."""
    return any(row.value is None and not is_blank(row) for row in sheet.groups["investment"])


def next_measure_code(draft: Draft) -> str:
    """The first free code for a measure: M1, M2 ..."""
    return f"M{_largest((m.code for m in draft.measures), 'M') + 1}"


def _lines(group: str, rows: tuple[Row, ...], draft: Draft, measure_code: str) -> tuple[Line, ...]:
    values = [row.value.figures() for row in rows if row.value is not None]
    if group not in _LETTERS:
        return tuple(_LINES[group].model_validate(one) for one in values)
    field, letter = _FIELDS[group], _LETTERS[group]
    stored = {
        line.code: dict(line)
        for measure in draft.measures
        if measure.code == measure_code
        for line in getattr(measure, field)
    }
    used = _largest((x.code for m in draft.measures for x in getattr(m, field)), letter)
    made = []
    for one in values:
        if one["code"] not in stored:
            used += 1
            one["code"] = f"{letter}{used:02d}"
        made.append(_LINES[group].model_validate({**stored.get(one["code"], {}), **one}))
    return tuple(made)


def _largest(codes: Iterable[str], letter: str) -> int:
    numbers = (code.removeprefix(letter) for code in codes if code.startswith(letter))
    return max((int(n) for n in numbers if n.isascii() and n.isdigit()), default=0)
