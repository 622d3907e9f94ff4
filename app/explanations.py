"""All explanations of an assessment, from the rows of the form to the offer."""

from app.offer_explanations import offer_explanations
from app.project_explanations import project_explanations
from app.row_explanations import Explanation, measure_explanations, row_explanations
from loans.assessment import Assessment


def explanations(assessment: Assessment) -> tuple[Explanation, ...]:
    """Every figure with its formula and numbers; each names the figures that it rests on."""
    minor_investment = assessment.profile.terms.minor_investment.required
    return (
        *row_explanations(assessment.figures),
        *measure_explanations(assessment.figures, assessment.appraisal.measures, minor_investment),
        *project_explanations(assessment),
        *offer_explanations(assessment),
    )
