"""A small application that shows every macro once, under the content policy of the product."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from fastapi import FastAPI, Request, Response
from jinja2 import ChoiceLoader, FileSystemLoader
from pydantic import Field

from app import rendering
from app.assets import mount_assets
from app.charts import (
    Chart,
    Heading,
    Series,
    Table,
    bars,
    capital_bridge,
    lines,
    stacked_areas,
    stacked_bars,
)
from app.column_chart import Limit, columns
from app.curve_chart import Curve, Mark, curves
from app.forms import Ask, FormModel, Reads, as_form, filled
from app.headers import SafeHeaders
from app.histogram_chart import Bin, Percentile, histogram
from app.rendering import Frame, Person, error_page, page
from app.tornado_chart import Swing, tornado

PAGES = Path(__file__).parent / "gallery_pages"
_FRAME = Frame(
    facility_name="Baltic Facility",
    demonstration=True,
    nav=(("Applications", "/form", False), ("Loans", "/parts", True), ("Fund", "/fund", False)),
    person=Person("Rasa Example", "Loan officer", "Baltic Facility Vilnius"),
)
_ROWS = (
    ("L-1", "Invented Dairy", 4_000_000, "On time", "good"),
    ("L-2", "Invented Paper Mill with a long name", 1_234_567, "Late", "warn"),
    ("L-3", "Invented Tannery", -5, "In arrears", "bad"),
)
_YEARS = ("2024", "2025", "2026")


class Proposal(FormModel):
    """Each kind of field once."""

    request_key: Annotated[str, Ask("the key")]
    title: Annotated[str, Ask("the title of the project"), Field(max_length=80)]
    investment: Annotated[Decimal, Ask("the total cost of the investment", Reads.AMOUNT)]
    rate: Annotated[Decimal, Ask("the discount rate", Reads.PERCENT)]
    months: Annotated[int, Ask("the time until it runs", unit="months")]
    country: Annotated[Literal["LT", "RU"], Ask("the country")]
    ownership: Annotated[Literal["state", "joint"], Ask("who owns the enterprise")]
    measures: Annotated[tuple[str, ...], Ask("what to finance"), Field(min_length=1)]
    begins_on: Annotated[date, Ask("the first day")]
    received_on: Annotated[date, Ask("the day of the receipt")]
    purpose: Annotated[str, Ask("what changes in the plant", Reads.LINES)]
    password: Annotated[str, Ask("your password")]
    is_true: Annotated[Literal[True], Ask("it", missing="Confirm that the figures are true.")]


def _charts() -> tuple[Chart, ...]:
    grown = Heading("Did the contributions grow?", "They reached EUR 6.7 million.", "EUR")
    split = Heading("Who paid in?", "NEFCO paid most of it.", "EUR")
    paces = Heading("Who grew fastest?", "Sweden doubled in a year.", "EUR")
    series = (
        Series("NEFCO", (Decimal(2_000_000), Decimal(3_000_000), Decimal(4_900_000))),
        Series("Sweden", (Decimal(0), Decimal(900_000), Decimal(1_800_000))),
    )
    items = (("1 to 30 days", Decimal("1200.50")), ("over 30 days", Decimal(900)))
    return (
        stacked_bars(grown, _YEARS, series),
        stacked_areas(split, _YEARS, series),
        lines(paces, _YEARS, series),
        bars(Heading("How old are the arrears?", "Most are young.", "EUR"), items),
        capital_bridge(
            Heading("Where did the capital go?", "Losses took EUR 900.", "EUR"),
            ("Contributions", Decimal(2_000_000)),
            (("Income kept", Decimal(180_000)), ("Losses", Decimal(-50_000))),
            "Capital base",
        ),
        *_study_charts(),
    )


def _study_charts() -> tuple[Chart, ...]:
    worth = Heading("What moves the worth most?", "The savings do.", "EUR", places=0)
    cover = Heading("Do the savings carry the loan?", "All but one month.", "times")
    zero = Heading("At which rate is nothing gained?", "At 14 %.", "EUR", places=0)
    likely = Heading("How likely is a loss?", "One run in eight loses.", "EUR", places=0)
    table = Table(zero.title, ("Rate", "NPV"), (("0 %", "20,000"), ("20 %", "-8,000")))
    return (
        tornado(
            worth,
            Decimal(107_447),
            (Swing("Savings", Decimal(-900), Decimal(153_000), "20 % less", "20 % more"),),
        ),
        columns(
            cover,
            ("1", "2", "3"),
            (Fraction("1.3"), Fraction("1.1"), Fraction("1.25")),
            (Limit("target 1.2", Fraction("1.2")), Limit("least 1.0", Fraction(1))),
            "Month",
        ),
        curves(
            zero,
            "Rate, % a year",
            (Curve("NPV", ((0.0, 20_000.0), (14.0, 0.0), (20.0, -8_000.0))),),
            (Mark("14 %", 14.0, 0.0), Mark("asked", 10.0)),
            table,
        ),
        histogram(
            likely,
            (Bin(Decimal(-1), Decimal(0), 3), Bin(Decimal(0), Decimal(7), 21)),
            "runs",
            (Percentile("middle", Decimal(4)),),
        ),
    )


def make_gallery() -> FastAPI:
    """The application; its templates join those of the product."""
    loaders = [FileSystemLoader(PAGES)]
    if rendering.environment.loader:
        rendering.environment.loader = ChoiceLoader([rendering.environment.loader, *loaders])
    app = FastAPI(openapi_url=None)
    app.add_middleware(SafeHeaders, is_secure=False)
    mount_assets(app)
    posts: list[str] = []

    @app.middleware("http")
    async def frame(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        request.state.frame = _FRAME
        return await call_next(request)

    @app.get("/form")
    def empty_form(request: Request) -> Response:
        return page(request, "form.html", form=as_form(Proposal))

    @app.post("/form")
    async def sent_form(request: Request) -> Response:
        posts.append("sent")
        form = filled(Proposal, await request.form(), currency="EUR")
        return page(request, "form.html", 422, form=form)

    @app.get("/posts")
    def post_count() -> int:
        return len(posts)

    @app.get("/parts")
    def parts(request: Request) -> Response:
        return page(request, "parts.html", rows=_ROWS, charts=_charts())

    @app.get("/errors/{status}")
    def error(request: Request, status: int) -> Response:
        return error_page(request, status, reference="7F3K-22QD")

    return app
