"""How a figure of the fund is written: money, a share, a multiple, cases or days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.rendering import NOT_KNOWN, amount, bare_money, money, percent
from appraisal.money import round_half_up
from loans.figures.fund_figures import Figure, FigureRow, Unit
from loans.figures.fund_rows import Behind

_WITHOUT_VALUE = {
    Unit.SHARE: "none yet",
    Unit.TIMES: "none yet",
    Unit.DAYS: "no case yet",
}
_UNIT_HEADS: Mapping[Unit, str] = {Unit.CASES: "Cases", Unit.DAYS: "Days"}
_HREFS: Mapping[Behind, Callable[[str, str], str]] = {
    Behind.LOAN: lambda subject, _query: f"/loans/{subject}",
    Behind.APPLICATION: lambda subject, _query: f"/applications/{subject}",
    Behind.ACCOUNT: lambda subject, query: f"/ledger/accounts/{subject}?{query}",
    Behind.CASH_EVENT: lambda subject, query: _moved_cash(*subject.split(), query=query),
    Behind.FIGURE: lambda subject, query: f"/fund/figures/{subject}?{query}",
}


def _moved_cash(account: str, event: str, *, query: str) -> str:
    return f"/ledger/accounts/{account}?{query}&event={event}"


@dataclass(frozen=True)
class ShownFigure:
    """A figure as a page shows it, with the address of its rows; a bad one is money at risk."""

    label: str
    symbol: str
    value: str
    bare_value: str
    note: str
    href: str
    is_bad: bool


@dataclass(frozen=True)
class ShownRow:
    """A row behind a figure, and where it leads; ``postings_href`` to its lines in the books."""

    label: str
    owner: str
    detail: str
    amount: str
    href: str
    postings_href: str | None


def shown_figure(figure: Figure, currency: str, query: str) -> ShownFigure:
    """The figure in words, for the days that ``query`` names."""
    return ShownFigure(
        label=figure.label,
        symbol=figure.symbol,
        value=value_words(figure, currency),
        bare_value=value_words(figure, currency).removeprefix(currency).strip(),
        note=_note(figure),
        href=f"/fund/figures/{figure.code}?{query}",
        is_bad=figure.symbol == "Q1" and figure.total > 0,
    )


def value_words(figure: Figure, currency: str) -> str:
    """The value as people read it; what cannot be divided yet is said in words."""
    value = figure.value
    if value is None:
        return _WITHOUT_VALUE.get(figure.unit, NOT_KNOWN)
    match figure.unit:
        case Unit.MONEY:
            return money(int(value), currency)
        case Unit.SHARE:
            return percent(Fraction(value))
        case Unit.TIMES:
            return f"{amount(Fraction(value))} times"
        case Unit.DAYS:
            return f"{amount(Fraction(value), places=1)} days"
        case Unit.CASES:
            return str(value)


def _note(figure: Figure) -> str:
    if figure.ninetieth is None:
        return ""
    return f"9 of 10 within {amount(figure.ninetieth, places=1)} days"


def column_head(figure: Figure, currency: str) -> str:
    """The head of the column of amounts."""
    return _UNIT_HEADS.get(figure.unit, f"Amount, {currency}")


def amount_words(figure: Figure, minor_or_count: int, currency: str) -> str:
    """One amount of that column."""
    if figure.unit in _UNIT_HEADS:
        return str(minor_or_count)
    return bare_money(minor_or_count, currency)


def divisor_words(figure: Figure, currency: str) -> str | None:
    """What the sum is divided by, to the nearest minor unit."""
    if figure.divisor is None:
        return None
    return bare_money(round_half_up(figure.divisor), currency)


def shown_row(row: FigureRow, figure: Figure, currency: str, query: str) -> ShownRow:
    """A row in words, with the address behind it."""
    is_money = row.behind is Behind.LOAN and figure.unit not in _UNIT_HEADS
    return ShownRow(
        label=row.label,
        owner=row.owner,
        detail=row.detail,
        amount=amount_words(figure, row.amount, currency),
        href=_HREFS[row.behind](row.subject_id, query),
        postings_href=(
            f"/ledger/accounts/1210?{query}&loan={row.subject_id}" if is_money else None
        ),
    )
