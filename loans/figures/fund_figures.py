"""How the fund is measured: every figure with its formula in words and the rows that sum to it.

A figure is made from its rows and from nothing else, so the two can never differ. The facts come
from the books, the loans and the cases as of one value date, see ``loans.figures.fund_state``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from loans.arrears import AGE_BANDS, AgeBand
from loans.figures import fund_rows as behind
from loans.figures.fund_definitions import DEFINITIONS, STAGES, Figure, Unit
from loans.figures.fund_rows import FigureRow, Rows
from loans.figures.fund_state import FundState, fund_state
from loans.fund import Facility
from loans.refusal import Missing

COMMITMENT_AGE_BANDS: tuple[tuple[int, int | None], ...] = (
    (0, 30),
    (31, 90),
    (91, 180),
    (181, None),
)
"""First and last day since the approval of each band of commitments; the last band is open."""


@dataclass(frozen=True)
class FigureRows:
    """A figure with the rows behind it."""

    figure: Figure
    rows: Rows
    currency: str
    as_of: date


@dataclass(frozen=True)
class Band:
    """An amount in minor units of one age."""

    label: str
    amount_minor: int


@dataclass(frozen=True)
class FundFigures:
    """All figures of the fund on a day, by code, and what the charts need beside them."""

    as_of: date
    currency: str
    figures: Mapping[str, Figure]
    capital: Rows
    commitments_by_age: tuple[Band, ...]
    overdue_by_age: tuple[Band, ...]


class NoSuchFigure(Missing):
    """The fund is not measured by a figure of this name."""


def fund_figures(
    session: Session, facility: Facility, as_of: date, known_on: date | None = None
) -> FundFigures:
    """All figures of the fund as of a value date, as known by the end of another day."""
    return figures_of(fund_state(session, facility, as_of, known_on))


def figures_of(state: FundState) -> FundFigures:
    """All figures that follow from the state of the fund."""
    figures = {code: one.figure(state) for code, one in DEFINITIONS.items()}
    return FundFigures(
        as_of=state.as_of,
        currency=state.currency,
        figures=figures,
        capital=behind.capital(state),
        commitments_by_age=_commitments_by_age(state),
        overdue_by_age=_overdue_by_age(state),
    )


def figure_rows(
    session: Session, facility: Facility, code: str, as_of: date, known_on: date | None = None
) -> FigureRows:
    """One figure as of a value date, as known on another, with the rows that sum to it.

    Raises:
        NoSuchFigure: no figure has this code.
    """
    if code not in DEFINITIONS:
        raise NoSuchFigure
    return rows_of(fund_state(session, facility, as_of, known_on), code)


def rows_of(state: FundState, code: str) -> FigureRows:
    """One figure that follows from the state of the fund, with its rows."""
    definition = DEFINITIONS[code]
    return FigureRows(definition.figure(state), definition.rows(state), state.currency, state.as_of)


def _commitments_by_age(state: FundState) -> tuple[Band, ...]:
    return tuple(
        Band(
            AgeBand(first, last, 0).label,
            sum(
                one.amount_minor
                for one in state.commitments
                if first <= one.age_days and (last is None or one.age_days <= last)
            ),
        )
        for first, last in COMMITMENT_AGE_BANDS
    )


def _overdue_by_age(state: FundState) -> tuple[Band, ...]:
    return tuple(
        Band(
            AgeBand(first, last, 0).label,
            sum(
                band.overdue_minor
                for loan in state.loans
                for band in loan.overdue_by_age
                if band.first_day == first
            ),
        )
        for first, last in AGE_BANDS
    )


__all__ = [
    "STAGES",
    "Band",
    "Figure",
    "FigureRow",
    "FigureRows",
    "FundFigures",
    "NoSuchFigure",
    "Unit",
    "figure_rows",
    "figures_of",
    "fund_figures",
    "rows_of",
]
