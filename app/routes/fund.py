"""The fund's page: how it stands on a day, and the rows behind each figure."""

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.as_of import asked_days
from app.dependencies import Reading, SignedIn
from app.figure_words import (
    ShownFigure,
    amount_words,
    column_head,
    divisor_words,
    shown_figure,
    shown_row,
)
from app.fund_charts import fund_charts
from app.rendering import page
from app.router import Router
from app.routes import fund_acts
from loans.books.cash_accounts import cash_accounts
from loans.figures.fund_cases import LAGS
from loans.figures.fund_figures import STAGES, Unit, figure_rows, fund_figures
from loans.figures.fund_series import fund_series
from loans.fund import Facility, the_facility
from loans.people import Role

router = Router()
router.include_router(fund_acts.router)

_HEADLINES = ("c5", "c4", "c2", "par-30", "par-90", "repaid-this-year", "s2", "c7")
_FURTHER = (
    *(
        "contributions",
        "c1",
        "c3",
        "restricted",
        "c6",
        "c7-committed",
        "c11",
        "par-60",
        "q5",
        "allowance",
        "coverage",
        "q7",
        "q10",
        "under-minimum",
    ),
)
_SIDE_EXITS = ("pending", "refused", "withdrawn", "cancelled")


@router.get("/fund")
def show(
    request: Request, session: Reading, actor: SignedIn, as_of: str = "", known_on: str = ""
) -> Response:
    """How the fund stands on a day: key figures, charts, and every figure with its rows."""
    days = asked_days(as_of, known_on)
    facility = the_facility(session)
    figures = fund_figures(session, facility, days.as_of, days.known_on)
    series = fund_series(session, facility, days.as_of, days.known_on)
    shown = {
        code: shown_figure(figure, figures.currency, days.query)
        for code, figure in figures.figures.items()
    }

    def chosen(*codes: str) -> tuple[ShownFigure, ...]:
        return tuple(shown[code] for code in codes)

    return page(
        request,
        "fund/show.html",
        days.status,
        days=days,
        form=days.form,
        currency=figures.currency,
        other_currencies=_other_currencies(session, facility),
        headlines=chosen(*_HEADLINES),
        further=chosen(*_FURTHER),
        stages=chosen(*STAGES, *_SIDE_EXITS),
        lags=chosen(*(lag.code for lag in LAGS)),
        charts=fund_charts(figures, series),
        may_book=actor.role is Role.MANAGER,
    )


def _other_currencies(session: Session, facility: Facility) -> list[str]:
    """The currencies of accounts at banks whose money no figure counts."""
    found = {one.currency for one in cash_accounts(session, facility.facility_id)}
    return sorted(found - {facility.currency})


@router.get("/fund/figures/{figure}")
def show_figure(
    request: Request, session: Reading, figure: str, as_of: str = "", known_on: str = ""
) -> Response:
    """One figure: its formula, its rows and their sum."""
    days = asked_days(as_of, known_on)
    found = figure_rows(session, the_facility(session), figure, days.as_of, days.known_on)
    chosen, currency = found.figure, found.currency
    return page(
        request,
        "fund/figure.html",
        days.status,
        days=days,
        form=days.form,
        figure=chosen,
        shown=shown_figure(chosen, currency, days.query),
        column=column_head(chosen, currency),
        rows=tuple(shown_row(row, chosen, currency, days.query) for row in found.rows),
        total=amount_words(chosen, chosen.total, currency),
        divisor=divisor_words(chosen, currency),
        is_summed=chosen.unit is not Unit.DAYS,
    )
