"""The charts of the fund's page, made from its figures; each says in a sentence what it shows."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from app.charts import Chart, Heading, Series, bars, capital_bridge, lines, stacked_areas
from app.rendering import money, percent
from appraisal.money import from_minor, minor_digits
from loans.chart import (
    ADMINISTRATION,
    ALLOWANCE_CHANGE,
    BANK_INTEREST,
    CONTRIBUTION_PREFIX,
    FEES,
    INTEREST_INCOME,
    LOSSES,
    RECOVERIES,
)
from loans.day_words import shown_day
from loans.figures.fund_figures import STAGES, Band, FundFigures
from loans.figures.fund_rows import FigureRow
from loans.figures.fund_series import FundSeries

MOST_SOURCES = 5
OTHERS = "Other sources"
_SHORT = {
    INTEREST_INCOME: "Interest",
    FEES: "Fees and late interest",
    RECOVERIES: "Recoveries",
    BANK_INTEREST: "Bank interest",
    ADMINISTRATION: "Administration",
    LOSSES: "Losses",
    ALLOWANCE_CHANGE: "Allowance",
}
"""Names of accounts that leave room for the bars."""


def fund_charts(figures: FundFigures, series: FundSeries) -> dict[str, Chart]:
    """The charts of a fund by name; those of money only once there is some."""
    counts = {"funnel": _funnel(figures)}
    if not series.periods:
        return counts
    return {
        "bridge": _bridge(figures),
        "contributions": _contributions(figures, series),
        "money": _money_over_time(figures, series),
        "overdue": _overdue(figures),
        "commitments": _commitments(figures),
        **counts,
    }


def _heading(figures: FundFigures, title: str, sentence: str) -> Heading:
    return Heading(title, sentence, figures.currency, minor_digits(figures.currency))


def _in_words(figures: FundFigures, code: str) -> str:
    return money(figures.figures[code].total, figures.currency)


def _bridge(figures: FundFigures) -> Chart:
    paid_in, rest = _split(figures.capital)
    start = sum(row.amount for row in paid_in)
    change = figures.figures["c1"].total - start
    grew = "more" if change >= 0 else "less"
    sentence = (
        f"The capital is {_in_words(figures, 'c1')}, {money(abs(change), figures.currency)} "
        f"{grew} than was paid in."
    )
    return capital_bridge(
        _heading(figures, "Is the capital kept?", sentence),
        ("Contributions paid in", from_minor(start, figures.currency)),
        tuple(
            (_SHORT.get(row.subject_id, row.label), from_minor(row.amount, figures.currency))
            for row in rest
        ),
        "Capital base",
    )


def _split(rows: Iterable[FigureRow]) -> tuple[list[FigureRow], list[FigureRow]]:
    """Contributions, and what changed the capital since."""
    paid_in: list[FigureRow] = []
    rest: list[FigureRow] = []
    for row in rows:
        is_contribution = row.subject_id.startswith(CONTRIBUTION_PREFIX)
        (paid_in if is_contribution else rest).append(row)
    return paid_in, rest


def _contributions(figures: FundFigures, series: FundSeries) -> Chart:
    sources = len(series.contributions)
    sentence = (
        f"{_in_words(figures, 'contributions')} paid in by {sources} "
        f"{'source' if sources == 1 else 'sources'} up to {shown_day(figures.as_of)}."
    )
    return stacked_areas(
        _heading(figures, "How did the contributions grow?", sentence),
        _labels(series),
        tuple(
            Series(name, _major(values, figures.currency))
            for name, values in _few(series.contributions)
        ),
    )


def _few(
    sources: tuple[tuple[str, tuple[int, ...]], ...],
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The sources, the smallest of them added up where a chart could not tell so many apart."""
    if len(sources) <= MOST_SOURCES:
        return sources
    ordered = sorted(sources, key=lambda one: one[1][-1], reverse=True)
    kept, small = ordered[: MOST_SOURCES - 1], ordered[MOST_SOURCES - 1 :]
    together = tuple(map(sum, zip(*(values for _, values in small), strict=True)))
    return (*kept, (OTHERS, together))


def _money_over_time(figures: FundFigures, series: FundSeries) -> Chart:
    used = figures.figures["c7"].value
    share = f", {percent(used)} of the capital" if isinstance(used, Fraction) else ""
    sentence = f"{_in_words(figures, 'c2')} is lent out{share}; cash is {_in_words(figures, 'c3')}."
    return lines(
        _heading(figures, "How much of the money works?", sentence),
        _labels(series),
        (
            Series("Lent out", _major(series.outstanding, figures.currency)),
            Series("Cash", _major(series.cash, figures.currency)),
        ),
    )


def _labels(series: FundSeries) -> tuple[str, ...]:
    return tuple(period.label for period in series.periods)


def _major(values: tuple[int, ...], currency: str) -> tuple[Decimal, ...]:
    return tuple(from_minor(value, currency) for value in values)


def _overdue(figures: FundFigures) -> Chart:
    total = figures.figures["q5"].total
    oldest = next((band for band in reversed(figures.overdue_by_age) if band.amount_minor), None)
    sentence = (
        f"{_in_words(figures, 'q5')} is overdue; the oldest for {oldest.label} days."
        if total and oldest
        else "Nothing is overdue."
    )
    heading = _heading(figures, "How old are the arrears?", sentence)
    return _drawn_if(total, bars(heading, _by_age(figures.overdue_by_age, figures.currency)))


def _commitments(figures: FundFigures) -> Chart:
    sentence = f"{_in_words(figures, 'c4')} is approved and waits to be paid out."
    heading = _heading(figures, "How long do commitments wait?", sentence)
    chart = bars(heading, _by_age(figures.commitments_by_age, figures.currency))
    return _drawn_if(figures.figures["c4"].total, chart)


def _drawn_if(total: int, chart: Chart) -> Chart:
    """Bars of nothing say less than the sentence: they are left out."""
    return chart if total else replace(chart, svg=Markup())


def _by_age(bands: tuple[Band, ...], currency: str) -> tuple[tuple[str, Decimal], ...]:
    return tuple(
        (f"{band.label} days".capitalize(), from_minor(band.amount_minor, currency))
        for band in bands
    )


def _funnel(figures: FundFigures) -> Chart:
    counts = {code: figures.figures[code].total for code in STAGES}
    sentence = "No application was sent by this day."
    if counts["applied"]:
        sentence = (
            f"Of {counts['applied']} applications {counts['approved']} were approved and "
            f"{counts['disbursed']} disbursed; {counts['active']} loans are active."
        )
    chart = bars(
        Heading("How far do applications come?", sentence, "cases", places=0),
        tuple((figures.figures[code].label, Decimal(count)) for code, count in counts.items()),
    )
    return _drawn_if(counts["applied"], chart)
