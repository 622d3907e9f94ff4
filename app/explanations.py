"""All explanations of an assessment, from the rows of the form to the offer and the environment."""

from app.environment_explanations import environment_explanations
from app.ladder_explanations import ladder_explanations
from app.line_explanations import line_explanations
from app.offer_explanations import offer_explanations
from app.price_explanations import price_explanations
from app.project_explanations import project_explanations
from app.row_explanations import Explanation, measure_explanations, row_explanations
from loans.assessing.study import Study
from loans.cases.assessment import Assessment


def explanations(assessment: Assessment, studied: Study) -> tuple[Explanation, ...]:
    """Every figure with its formula and numbers; each names the figures that it rests on."""
    minor_investment = assessment.profile.terms.minor_investment.required
    return (
        *row_explanations(assessment.figures),
        *measure_explanations(assessment.figures, assessment.appraisal.measures, minor_investment),
        *project_explanations(assessment),
        *line_explanations(assessment),
        *price_explanations(assessment),
        *offer_explanations(assessment),
        *ladder_explanations(assessment, studied.ladder),
        *environment_explanations(assessment, studied.environment),
    )
