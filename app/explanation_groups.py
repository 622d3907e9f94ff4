"""The explanations of an appraisal as the page has them: in groups, linked to one another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.offer_explanations import offer_explanations
from app.project_explanations import project_explanations
from app.row_explanations import Explanation, measure_explanations, row_explanations
from loans.assessment import Assessment

_BY_YEAR = ("flow.", "present_value.")


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
    """The figures of the project, of the loan, of each measure and each year, and the form rows."""

    project: tuple[Explained, ...]
    loan: tuple[Explained, ...]
    measures: tuple[Explained, ...]
    years: tuple[Explained, ...]
    rows: tuple[Explained, ...]


def explanation_groups(assessment: Assessment) -> ExplanationGroups:
    """Every figure; ``rows`` are in the order of ``form_rows``."""
    least = assessment.profile.terms.minor_investment.required
    rows = tuple(row_explanations(assessment.figures))
    measures = tuple(measure_explanations(assessment.figures, assessment.appraisal.measures, least))
    project = tuple(project_explanations(assessment))
    loan = tuple(offer_explanations(assessment))
    links = {
        one.code: Link(f"figure-{number}", one.code if one in rows else one.name)
        for number, one in enumerate((*project, *loan, *measures, *rows), start=1)
    }
    return ExplanationGroups(
        project=_explained((one for one in project if not one.code.startswith(_BY_YEAR)), links),
        loan=_explained(loan, links),
        measures=_explained(measures, links),
        years=_explained((one for one in project if one.code.startswith(_BY_YEAR)), links),
        rows=_explained(rows, links),
    )


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
