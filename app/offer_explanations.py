"""The figures of the offer: ROI period, maturity, amount, payment and savings cover."""

from collections.abc import Iterator
from fractions import Fraction

from app.case_words import AMOUNT_RULE, MATURITY_RULE
from app.rendering import amount, percent
from app.row_explanations import Explanation, form_rows
from appraisal.cash_flow import MONTHS_PER_YEAR
from loans.assessment import Assessment
from loans.profile import RoiPeriodFrom


def offer_explanations(assessment: Assessment) -> Iterator[Explanation]:
    """What the facility can lend and why; nothing where nothing can be lent."""
    offer = assessment.offer
    if offer.roi_period_months is None or offer.maximum_maturity_months is None:
        return
    yield _roi_period(assessment)
    yield _maturity(assessment)
    if offer.maximum_amount is not None:
        yield _amount(assessment)
    if offer.indicative_level_payment is not None:
        yield _payment(assessment)
        yield _cover(assessment)


def _roi_period(assessment: Assessment) -> Explanation:
    project, offer = assessment.appraisal.project, assessment.offer
    commissioning = assessment.profile.terms.roi_period_from.required is RoiPeriodFrom.COMMISSIONING
    installing = 0 if commissioning else project.implementation_months
    months = MONTHS_PER_YEAR * (project.payback_ratio or 0)
    return Explanation(
        code="roi_period_months",
        name="ROI period",
        formula="Months of installation + 12 x simple payback",
        with_numbers=f"{installing} + {amount(Fraction(months), places=1)}",
        result=f"{amount(offer.roi_period_months, places=1)} months",
        rests_on=("payback_years",),
        note="It runs from commissioning." if commissioning else "It runs from the first pay-out.",
    )


def _maturity(assessment: Assessment) -> Explanation:
    offer, profile = assessment.offer, assessment.profile
    factor = amount(1 + profile.maturity_extension, places=2)
    extended = (1 + profile.maturity_extension) * (offer.roi_period_months or 0)
    cap = profile.terms.longest_maturity_months.required
    asked = assessment.figures.finance.requested_maturity_months
    limits = [
        f"{factor} x {amount(offer.roi_period_months, places=1)} = {amount(extended, places=1)}",
        f"{cap}, the longest",
        *([f"{asked} asked for"] if asked is not None else []),
    ]
    return Explanation(
        code="maximum_maturity_months",
        name="Longest maturity",
        formula="The smallest of these, rounded down to whole months and at least 1",
        with_numbers="; ".join(limits),
        result=f"{offer.maximum_maturity_months} months",
        rests_on=("roi_period_months",),
        note=f"Set by {MATURITY_RULE[offer.maturity_rule]}." if offer.maturity_rule else "",
    )


def _amount(assessment: Assessment) -> Explanation:
    offer, profile, figures = assessment.offer, assessment.profile, assessment.figures
    share, eligible = profile.financed_share, assessment.appraisal.project.eligible_investment
    least = profile.terms.minimum_cover.required
    limits = [
        f"{percent(share, 0)} x {amount(eligible)} = {amount(share * Fraction(eligible))}",
        f"{amount(profile.terms.maximum_amount.required)}, the facility's largest loan",
        f"{amount(offer.cover_limited_amount)}, at which the cover is {amount(least, places=1)}",
    ]
    if figures.finance.requested_amount is not None:
        limits.append(f"{amount(figures.finance.requested_amount)} asked for")
    return Explanation(
        code="maximum_amount",
        name="Largest loan",
        formula="The smallest of these",
        with_numbers="; ".join(limits),
        result=amount(offer.maximum_amount, offer.currency),
        rests_on=tuple(row.code for row in form_rows(figures.financed_measures) if row.is_eligible),
        note=f"Set by {AMOUNT_RULE[offer.amount_rule]}." if offer.amount_rule else "",
    )


def _payment(assessment: Assessment) -> Explanation:
    offer = assessment.offer
    rate = percent(assessment.profile.terms.annual_rate.required)
    number = (offer.maximum_maturity_months or 0) - offer.grace_months
    grace = offer.grace_months
    return Explanation(
        code="indicative_level_payment",
        name="Level monthly payment",
        formula="Loan x i / (1 - (1 + i) ^ -n), i one twelfth of the yearly rate",
        with_numbers=f"{amount(offer.maximum_amount)}, i = {rate} / 12, n = {number}",
        result=amount(offer.indicative_level_payment, offer.currency),
        rests_on=("maximum_amount", "maximum_maturity_months"),
        note=f"{grace} months of interest only come first." if grace else "",
    )


def _cover(assessment: Assessment) -> Explanation:
    offer = assessment.offer
    payment = offer.indicative_level_payment
    weakest = (offer.minimum_cover or 0) * Fraction(payment or 0)
    years = range(1, 1 + assessment.figures.assumptions.horizon_years)
    return Explanation(
        code="minimum_cover",
        name="Savings cover in the weakest month",
        formula="Net saving of the month / payment, over the instalments that repay principal",
        with_numbers=f"{amount(weakest)} / {amount(payment)}",
        result=amount(offer.minimum_cover, places=2),
        rests_on=("indicative_level_payment", *(f"flow.{year}" for year in years)),
        note=f"On average {amount(offer.average_cover, places=2)}.",
    )
