"""From any figure to its formula with the numbers put in: the rows of the form, and the measures.

Every figure is one :class:`Explanation` with a code; ``rests_on`` names the figures that its
numbers are, so that a page links them and a program follows them. The leaves are the rows of the
form, coded by measure and row: ``M1.R04``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.case_words import EVIDENCE_NAMES
from app.rendering import amount, lower_first, percent, years
from appraisal.appraise import MeasureAppraisal
from appraisal.cash_flow import cash_flow, yearly
from appraisal.cost_inventory import CountedAs, Level, counted, is_in
from appraisal.cost_lines import CostLine, InvestmentKind, InvestmentLine, SavingLine
from appraisal.measure_type import MeasureType
from appraisal.proposal import Measure, Proposal

FormLine = InvestmentLine | SavingLine | CostLine

_OUTLAYS = {
    InvestmentKind.EQUIPMENT: "Equipment",
    InvestmentKind.WORKING_CAPITAL: "Working capital, which comes back at the end",
    InvestmentKind.REPLACEMENT: "Later replacement: in the flows, not in the simple payback",
}
_COUNTED = {
    CountedAs.COUNTED: "Counted.",
    CountedAs.PROVISIONAL: "Counted provisionally, until a document shows the figure.",
    CountedAs.SECOND_LINE: "Indirect and documented: in the second line of results only.",
    CountedAs.SCENARIO: "Contingent: in the third line of results only, as a scenario.",
    CountedAs.SHOWN_ONLY: "Shown, and counted in no figure.",
}


@dataclass(frozen=True)
class Explanation:
    """One figure: what it is called, how it is worked out, with which numbers, and the result."""

    code: str
    name: str
    formula: str
    with_numbers: str
    result: str
    rests_on: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One row of the form, with the code under which figures name it."""

    code: str
    measure: Measure
    line: FormLine

    @property
    def is_initial(self) -> bool:
        """Whether it is part of the initial investment."""
        line = self.line
        return isinstance(line, InvestmentLine) and line.kind is not InvestmentKind.REPLACEMENT

    @property
    def is_eligible(self) -> bool:
        """Whether a loan can finance it."""
        line = self.line
        return isinstance(line, InvestmentLine) and line.kind is InvestmentKind.EQUIPMENT

    @property
    def is_yearly(self) -> bool:
        """Whether it is part of the net saving of a full year."""
        return not isinstance(self.line, InvestmentLine) and is_in(self.line, Level.TIER_1)

    @property
    def worth(self) -> Fraction:
        """The outlay, or the money expected in a full year; an added cost is negative."""
        line = self.line
        if isinstance(line, InvestmentLine):
            return Fraction(line.amount)
        money = line.annual_saving if isinstance(line, SavingLine) else -line.annual_cost
        return Fraction(money) * Fraction(1 if line.probability is None else line.probability)


def form_rows(measures: tuple[Measure, ...]) -> tuple[Row, ...]:
    """The rows in the order of the form; where a code stands twice, the second gets a number."""
    seen: dict[str, int] = {}
    rows = []
    for measure in measures:
        lines: tuple[FormLine, ...] = (*measure.investment, *measure.savings, *measure.added_costs)
        for line in lines:
            code = f"{measure.code}.{line.code}"
            seen[code] = seen.get(code, 0) + 1
            rows.append(Row(code if seen[code] == 1 else f"{code}.{seen[code]}", measure, line))
    return tuple(rows)


def flow_of(row: Row, horizon_months: int, level: Level = Level.TIER_1) -> tuple[Fraction, ...]:
    """What a row adds to the flow of a line of results by month; outlays and costs negative."""
    alone = row.measure.model_copy(
        update={
            "investment": (row.line,) if isinstance(row.line, InvestmentLine) else (),
            "savings": (row.line,) if isinstance(row.line, SavingLine) else (),
            "added_costs": (row.line,) if isinstance(row.line, CostLine) else (),
            "residual_value": Decimal(0),
        }
    )
    return cash_flow([alone], horizon_months, level=level).monthly


def by_year(row: Row, horizon_months: int) -> tuple[Fraction, ...]:
    """What a row adds to the flow at the start and in each year."""
    return yearly(flow_of(row, horizon_months))


def row_explanations(proposal: Proposal) -> Iterator[Explanation]:
    """The leaves: what each row of the form says and is worth."""
    for row in form_rows(proposal.measures):
        formula, numbers = _formula(row.line)
        evidence = lower_first(EVIDENCE_NAMES[row.line.evidence])
        yield Explanation(
            code=row.code,
            name=f"{row.line.code} {row.line.label}".strip(),
            formula=formula,
            with_numbers=numbers,
            result=amount(row.worth, proposal.currency),
            note=f"{_COUNTED[counted(row.line)]} Evidence: {evidence}.",
        )


def _formula(line: FormLine) -> tuple[str, str]:
    if isinstance(line, InvestmentLine):
        return _OUTLAYS[line.kind], f"{amount(line.amount)}, paid in month {line.month}"
    formula, numbers = _yearly_formula(line)
    if line.probability is not None:
        formula, numbers = f"Probability x ({formula})", f"{percent(line.probability)} x {numbers}"
    if line.year is not None:
        return f"{formula}, once", f"{numbers}, in year {line.year}"
    return f"{formula}, a year", numbers


def _yearly_formula(line: SavingLine | CostLine) -> tuple[str, str]:
    if line.annual_amount is not None:
        sign = "" if isinstance(line, SavingLine) else "-"
        return "Amount as entered", f"{sign}{amount(line.annual_amount)}"
    price = _plain(line.unit_price)
    unit = line.unit or "units"
    if isinstance(line, CostLine):
        return "Quantity x price", f"-{_plain(line.quantity)} {unit} x {price}"
    before, after = _plain(line.quantity_before), _plain(line.quantity_after)
    return "(Quantity before - quantity after) x price", f"({before} - {after}) {unit} x {price}"


def _plain(number: Decimal | None) -> str:
    """The number with all the digits that were typed."""
    if number is None:
        return "0"
    return f"{number:,f}"


def measure_explanations(
    proposal: Proposal, measures: tuple[MeasureAppraisal, ...], minor_investment: Decimal
) -> Iterator[Explanation]:
    """Investment, net saving, payback and type of each measure, from the rows of the form."""
    rows = form_rows(proposal.measures)
    for measure in measures:
        own = [row for row in rows if row.measure.code == measure.code]
        outlays = [row for row in own if row.is_initial]
        running = [row for row in own if row.is_yearly]
        yield Explanation(
            code=f"{measure.code}.investment",
            name=f"Investment of {measure.code}",
            formula="Sum of equipment and working capital",
            with_numbers=summed((row.line.code, row.worth) for row in outlays),
            result=amount(measure.investment, proposal.currency),
            rests_on=tuple(row.code for row in outlays),
        )
        yield Explanation(
            code=f"{measure.code}.net_annual_saving",
            name=f"Net saving a year of {measure.code}",
            formula="Counted savings less added costs of a full year, at today's prices",
            with_numbers=summed((row.line.code, row.worth) for row in running),
            result=amount(measure.net_annual_saving, proposal.currency),
            rests_on=tuple(row.code for row in running),
        )
        yield from _payback_and_type(measure, minor_investment, proposal.currency)


def _payback_and_type(
    measure: MeasureAppraisal, minor_investment: Decimal, currency: str
) -> Iterator[Explanation]:
    ratio = measure.payback_ratio
    investment, saving = (
        f"{measure.code}.{figure}" for figure in ("investment", "net_annual_saving")
    )
    yield Explanation(
        code=f"{measure.code}.payback_years",
        name=f"Simple payback of {measure.code}",
        formula="Investment / net saving a year",
        with_numbers=f"{amount(measure.investment)} / {amount(measure.net_annual_saving)}",
        result="Not recovered" if ratio is None else years(ratio),
        rests_on=(investment, saving),
    )
    yield Explanation(
        code=f"{measure.code}.type",
        name=f"Type of {measure.code}",
        formula="C from one year of payback; under one year A up to a minor investment, else B",
        with_numbers=(
            f"Payback {'not recovered' if ratio is None else years(ratio)}; investment "
            f"{amount(measure.investment)}, minor up to {amount(minor_investment)}"
        ),
        result="No type" if measure.type is None else f"Type {measure.type}",
        rests_on=(f"{measure.code}.payback_years", investment),
        note=type_reason(measure.type, minor_investment, currency),
    )


def type_reason(measure_type: MeasureType | None, minor_investment: Decimal, currency: str) -> str:
    """Why a measure has its type."""
    limit = amount(minor_investment, currency)
    match measure_type:
        case MeasureType.A:
            return f"Payback under one year, investment at most {limit}"
        case MeasureType.B:
            return f"Payback under one year, investment above {limit}"
        case MeasureType.C:
            return "Payback of one year or more"
        case None:
            return "Not recovered: the net yearly saving is not above zero"


def summed(values: Iterator[tuple[str, Decimal | Fraction | float]]) -> str:
    """The addends with their names: "I01 100.00 + C01 -20.00"; nothing adds up to 0.00."""
    return " + ".join(f"{name} {amount(value)}" for name, value in values) or amount(0)
