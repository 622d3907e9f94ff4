"""How the offer came about: maturity, amount, payment and cover, with the numbers put in."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.appraisal_working import Working, money_of
from app.case_words import AMOUNT_RULE, MATURITY_RULE
from app.rendering import amount, percent
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.savings_cover import savings_cover
from loans.assessment import Assessment
from loans.offer import Offer
from loans.profile import RoiPeriodFrom


@dataclass(frozen=True)
class CoverRow:
    """The cover of one instalment that repays principal: saving of its month / payment.

    ``verdict`` is the words and tone of a badge, or None where the cover is as wanted.
    """

    month: int
    saving: Fraction
    payment: Decimal
    cover: Fraction
    verdict: tuple[str, str] | None


def offer_working(assessment: Assessment) -> tuple[Working, ...]:
    """ROI period, maturity, amount, payment and cover; empty where nothing can be lent."""
    offer = assessment.offer
    if offer.roi_period_months is None or offer.maximum_maturity_months is None:
        return ()
    steps = [_roi_period(assessment), _maturity(assessment)]
    if offer.maximum_amount is not None:
        steps.append(_amount(assessment, offer.maximum_amount))
    if offer.indicative_level_payment is not None:
        steps += [_payment(assessment), _cover(offer)]
    return tuple(steps)


def cover_rows(assessment: Assessment) -> tuple[CoverRow, ...]:
    """The cover of each instalment of the largest loan as a level loan."""
    offer = assessment.offer
    payment, maturity_months = offer.indicative_level_payment, offer.maximum_maturity_months
    if payment is None or maturity_months is None:
        return ()
    savings = assessment.appraisal.monthly_net_savings
    first, count = offer.grace_months, maturity_months - offer.grace_months
    cover = savings_cover(savings, payment, grace_months=first, instalments=count)
    return tuple(
        CoverRow(
            first + place + 1,
            savings[first + place] if first + place < len(savings) else Fraction(0),
            payment,
            one,
            _cover_verdict(one, assessment),
        )
        for place, one in enumerate(cover.per_instalment)
    )


def _cover_verdict(cover: Fraction, assessment: Assessment) -> tuple[str, str] | None:
    # The offer never goes below the smallest cover, so the target is what is left to miss.
    return ("Under the target", "warn") if cover < assessment.profile.target_cover else None


def _roi_period(assessment: Assessment) -> Working:
    project, offer = assessment.appraisal.project, assessment.offer
    commissioning = assessment.profile.terms.roi_period_from.required is RoiPeriodFrom.COMMISSIONING
    installing = 0 if commissioning else project.implementation_months
    months = MONTHS_PER_YEAR * (project.payback_ratio or 0)
    return Working(
        "ROI period",
        "Months of installation + 12 x simple payback",
        f"{installing} + {amount(Fraction(months), places=1)}",
        f"{amount(offer.roi_period_months, places=1)} months",
        "It runs from commissioning." if commissioning else "It runs from the first pay-out.",
    )


def _maturity(assessment: Assessment) -> Working:
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
    return Working(
        "Longest maturity",
        "The smallest of these, rounded down to whole months and at least 1",
        "; ".join(limits),
        f"{offer.maximum_maturity_months} months",
        f"Set by {MATURITY_RULE[offer.maturity_rule]}." if offer.maturity_rule else "",
    )


def _amount(assessment: Assessment, largest: Decimal) -> Working:
    offer, profile, figures = assessment.offer, assessment.profile, assessment.figures
    share, investment = profile.financed_share, assessment.appraisal.project.investment
    least = profile.terms.minimum_cover.required
    limits = [
        f"{percent(share, 0)} x {amount(investment)} = {amount(share * Fraction(investment))}",
        f"{amount(profile.terms.maximum_amount.required)}, the facility's largest loan",
        f"{amount(offer.cover_limited_amount)}, at which the cover is {amount(least, places=1)}",
    ]
    if figures.finance.requested_amount is not None:
        limits.append(f"{amount(figures.finance.requested_amount)} asked for")
    rule = f"Set by {AMOUNT_RULE[offer.amount_rule]}." if offer.amount_rule else ""
    return Working(
        "Largest loan",
        "The smallest of these",
        "; ".join(limits),
        money_of(assessment, largest),
        rule,
    )


def _payment(assessment: Assessment) -> Working:
    offer = assessment.offer
    rate = percent(assessment.profile.terms.annual_rate.required)
    count = (offer.maximum_maturity_months or 0) - offer.grace_months
    note = f"{offer.grace_months} months of interest only come first." if offer.grace_months else ""
    return Working(
        "Level monthly payment",
        "Loan x i / (1 - (1 + i) ^ -n), i one twelfth of the yearly rate",
        f"{amount(offer.maximum_amount)}, i = {rate} / 12, n = {count}",
        money_of(assessment, offer.indicative_level_payment),
        note,
    )


def _cover(offer: Offer) -> Working:
    return Working(
        "Savings cover",
        "Net saving of the month / payment, over the instalments that repay principal",
        "Month by month in the table of cover",
        f"{amount(offer.minimum_cover, places=2)} at least, "
        f"{amount(offer.average_cover, places=2)} on average",
    )
