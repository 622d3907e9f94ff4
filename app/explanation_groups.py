"""The explanations of an appraisal as the page has them: in groups, linked to one another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.environment_explanations import environment_explanations
from app.ladder_explanations import ladder_explanations
from app.line_explanations import line_explanations
from app.offer_explanations import offer_explanations
from app.price_explanations import price_explanations
from app.project_explanations import project_explanations
from app.row_explanations import Explanation, measure_explanations, row_explanations
from loans.assessing.study import Study
from loans.cases.assessment import Assessment

_BY_YEAR = ("flow.", "present_value.", "nominal.flow.", "after_tax.tax.", "after_tax.flow.")


@dataclass(frozen=True)
class Link:
    """A figure that another rests on: the anchor of its own explanation, and its code or name."""

    anchor: str
    words: str


YEARS = Link("figures-by-year", "each year's flow")
"""Where the flows and present values of all years stand."""


@dataclass(frozen=True)
class Explained:
    """One figure with its formula and numbers, as the page shows it."""

    anchor: str
    name: str
    formula: str
    with_numbers: str
    result: str
    note: str
    rests_on: tuple[Link, ...]


@dataclass(frozen=True)
class ExplanationGroups:
    """The figures of the project, of other prices, of the loan and so on, to the form rows."""

    project: tuple[Explained, ...]
    prices: tuple[Explained, ...]
    loan: tuple[Explained, ...]
    environment: tuple[Explained, ...]
    measures: tuple[Explained, ...]
    years: tuple[Explained, ...]
    rows: tuple[Explained, ...]


def explanation_groups(assessment: Assessment, studied: Study) -> ExplanationGroups:
    """Every figure; ``rows`` are in the order of ``form_rows``."""
    least = assessment.profile.terms.minor_investment.required
    rows = tuple(row_explanations(assessment.figures))
    measures = tuple(measure_explanations(assessment.figures, assessment.appraisal.measures, least))
    project = (*project_explanations(assessment), *line_explanations(assessment))
    prices = tuple(price_explanations(assessment))
    ladder = ladder_explanations(assessment, studied.ladder)
    loan = (*offer_explanations(assessment), *ladder)
    environment = tuple(environment_explanations(assessment, studied.environment))
    everything = (*project, *prices, *loan, *environment, *measures, *rows)
    links = {
        one.code: Link(f"figure-{number}", one.code if one in rows else one.name)
        for number, one in enumerate(everything, start=1)
    }
    return ExplanationGroups(
        project=_explained((one for one in project if not _is_by_year(one)), links),
        prices=_explained((one for one in prices if not _is_by_year(one)), links),
        loan=_explained(loan, links),
        environment=_explained(environment, links),
        measures=_explained(measures, links),
        years=_explained((one for one in (*project, *prices) if _is_by_year(one)), links),
        rows=_explained(rows, links),
    )


def _is_by_year(one: Explanation) -> bool:
    return one.code.startswith(_BY_YEAR)


def _explained(found: Iterable[Explanation], links: Mapping[str, Link]) -> tuple[Explained, ...]:
    return tuple(
        Explained(
            anchor=links[one.code].anchor,
            name=one.name,
            formula=one.formula,
            with_numbers=one.with_numbers,
            result=one.result,
            note=one.note,
            rests_on=_links(one.rests_on, links),
        )
        for one in found
    )


def _links(codes: tuple[str, ...], links: Mapping[str, Link]) -> tuple[Link, ...]:
    """The parts; the years, which are many, by one link to their table."""
    single = [links[code] for code in codes if not code.startswith(_BY_YEAR)]
    return (*single, YEARS) if len(single) < len(codes) else tuple(single)
