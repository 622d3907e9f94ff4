"""The loan that the ladder leaves, beside that of carrying everything out at once."""

from collections.abc import Iterator
from fractions import Fraction

from app.rendering import amount, count
from app.row_explanations import Explanation
from appraisal.ladder import Ladder
from appraisal.measure_type import MeasureType
from loans.assessing.finding import exact_percent_text
from loans.cases.assessment import Assessment


def ladder_explanations(assessment: Assessment, plan: Ladder | None) -> Iterator[Explanation]:
    """Both loans, what is put aside for the second, and what waiting costs.

    Nothing where no quick measure comes before a long one, or where terms are open: there is no
    ladder to explain then.
    """
    if plan is None:
        return
    long = [step for step in plan.steps if step.type is MeasureType.C]
    quick = [step for step in plan.steps if step.type is not MeasureType.C]
    if plan.loan is None or not long or not quick:
        return
    currency = assessment.figures.currency
    share = exact_percent_text(assessment.profile.terms.financed_share.required)
    invested = sum((step.investment for step in long), Fraction(0))
    paid = invested - plan.loan
    investments = tuple(f"{step.code}.investment" for step in long)
    yield Explanation(
        code="ladder.loan_at_once",
        name="Loan with everything at once",
        formula="Investment that own money does not pay, at most the share financed",
        with_numbers=(
            f"Investment of the long measures {amount(invested)}, own money "
            f"{amount(plan.own_funds)} less the quick measures, share {share}"
        ),
        result=amount(plan.at_once.loan, currency),
        rests_on=tuple(f"{step.code}.investment" for step in plan.steps),
    )
    yield Explanation(
        code="ladder.loan",
        name="Loan after the ladder",
        formula="Investment of the long measures - money at hand, at most the share financed",
        with_numbers=f"{amount(invested)} - {amount(paid)}",
        result=amount(plan.loan, currency),
        rests_on=(
            *investments,
            *(f"{step.code}.net_annual_saving" for step in quick),
            *(f"{step.code}.investment" for step in quick),
        ),
        note=(
            f"It begins in month {plan.loan_month}, after "
            f"{count(plan.saving_months, 'month')} of saving."
        ),
    )
    yield Explanation(
        code="ladder.net_present_value_lost",
        name="What waiting costs",
        formula="Net present value at once - net present value with the ladder",
        with_numbers=(
            f"{amount(plan.at_once.net_present_value)} - {amount(plan.net_present_value)}"
        ),
        result=amount(plan.net_present_value_lost, currency),
        rests_on=tuple(f"{step.code}.net_annual_saving" for step in plan.steps),
        note="Over the whole life of each measure, each flow in its month.",
    )
