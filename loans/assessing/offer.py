"""What the facility can lend on a project: amount, maturity, and which rule set each."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor

from appraisal.appraise import Appraisal
from appraisal.money import from_minor, minor_digits, to_minor
from appraisal.proposal import Proposal
from loans.assessing.finding import Outcome, count_text, money_text
from loans.assessing.level_service import LevelService
from loans.assessing.maturity import maturity_limits, roi_period
from loans.assessing.offer_remedies import enough_for_minimum, months_left_to_repay
from loans.assessing.offer_result import (
    AmountLimit,
    AmountRule,
    MaturityLimit,
    MaturityRule,
    Offer,
    OfferFigures,
)
from loans.assessing.project_rules import project_findings
from loans.profile import Profile

__all__ = [
    "AmountLimit",
    "AmountRule",
    "MaturityLimit",
    "MaturityRule",
    "Offer",
    "OfferFigures",
    "level_service",
    "make_offer",
    "offer_figures",
    "offer_on",
]

_SAVINGS_APART = frozenset({AmountRule.FINANCED_SHARE, AmountRule.FACILITY_MAXIMUM})
"""The rules that do not look at the savings: they cap the debt capacity."""


def make_offer(proposal: Proposal, appraisal: Appraisal, profile: Profile) -> Offer:
    """The offer for the financed measures; not eligible when any rule fails, with the reasons.

    While the fund leaves open a term that an approval needs, nothing is worked out and each such
    term is named.
    """
    if open_terms := profile.missing_terms():
        message = f"The rules leave open: {', '.join(open_terms)}. The fund has to decide first."
        offer = Offer(
            eligible=False, currency=proposal.currency, reasons=(message,), open_terms=open_terms
        )
    else:
        offer = offer_on(offer_figures(proposal, appraisal), profile)
    failed = [
        f"{found.rule}: {found.value}. {found.what_would_pass}"
        for found in project_findings(proposal, appraisal, profile)
        if found.outcome is Outcome.FAIL
    ]
    return replace(offer, eligible=offer.eligible and not failed, reasons=(*failed, *offer.reasons))


def offer_figures(proposal: Proposal, appraisal: Appraisal) -> OfferFigures:
    """What the offer on ``proposal`` rests on: equipment, payback, nominal savings, wishes."""
    project = appraisal.project
    return OfferFigures(
        currency=proposal.currency,
        eligible_investment=project.eligible_investment,
        payback_ratio=project.payback_ratio,
        implementation_months=project.implementation_months,
        monthly_net_savings=appraisal.nominal_monthly_net_savings,
        requested_amount=proposal.finance.requested_amount,
        requested_maturity_months=proposal.finance.requested_maturity_months,
    )


def offer_on(figures: OfferFigures, profile: Profile) -> Offer:
    """The offer that the figures alone allow, in exact arithmetic.

    Amount = min(financed share x eligible investment, facility maximum, cover-limited amount,
    amount asked for), rounded down to the minor unit and refused under the minimum. Maturity =
    min(floor((1 + extension) x ROI period), longest maturity, months asked for), at least 1,
    counted from the first disbursement, grace included. Instalments have the profile's frequency.

    Raises:
        TermMissing: a term that the offer needs is open in the profile.
    """
    if figures.currency != profile.currency:
        message = f"The facility lends in {profile.currency}. Enter the figures in it."
        return Offer(eligible=False, currency=figures.currency, reasons=(message,))
    roi_period_months = roi_period(figures, profile)
    if roi_period_months is None:
        message = "The net yearly saving does not recover the investment, so nothing can be lent."
        return Offer(eligible=False, currency=figures.currency, reasons=(message,))
    limits = maturity_limits(roi_period_months, figures, profile)
    rule, months = min(limits, key=lambda limit: limit.months)
    offer = Offer(
        eligible=True,
        currency=figures.currency,
        maximum_maturity_months=months,
        maturity_rule=rule,
        maturity_limits=limits,
        grace_months=figures.implementation_months,
        frequency_months=profile.frequency_months,
        roi_period_months=roi_period_months,
    )
    if offer.instalments < 1:
        message = (
            f"Installation takes {count_text(figures.implementation_months, 'month')} and the loan "
            f"ends after {count_text(months, 'month')}. "
            f"{months_left_to_repay(offer, figures, profile)}"
        )
        return replace(offer, eligible=False, reasons=(message,))
    return _with_amount(offer, figures, profile)


def _with_amount(offer: Offer, figures: OfferFigures, profile: Profile) -> Offer:
    service = level_service(offer, figures.monthly_net_savings, profile)
    covered = service.largest(profile.minimum_cover)
    limits = _amount_limits(figures, covered, profile)
    rule, amount = min(limits, key=lambda limit: limit.amount)
    weakest_month, weakest_saving = service.weakest()
    capacity = service.capacity(profile.target_cover)
    offer = replace(
        offer,
        maximum_amount=amount,
        amount_rule=rule,
        limits=limits,
        cover_limited_amount=covered,
        target_cover_amount=service.largest(profile.target_cover),
        debt_capacity=min(capacity, *(lim.amount for lim in limits if lim.rule in _SAVINGS_APART)),
        weakest_saving=weakest_saving,
        weakest_month=weakest_month,
    )
    if amount > 0:
        offer = service.serve(offer, amount)
    if amount <= 0 or amount < profile.terms.minimum_amount.required:
        reason = (
            f"The loan would be {money_text(amount, offer.currency)}. "
            f"{enough_for_minimum(offer, profile)}"
        )
        return replace(offer, eligible=False, reasons=(reason,))
    return offer


def level_service(
    offer: Offer, monthly_net_savings: Sequence[Fraction], profile: Profile
) -> LevelService:
    """What the savings carry as a level loan of the maturity that ``offer`` allows."""
    return LevelService(
        savings=monthly_net_savings,
        annual_rate=profile.terms.annual_rate.required,
        currency=offer.currency,
        before_months=offer.months_before_repayment,
        lengths=offer.period_lengths,
        grace_period_months=offer.frequency_months if offer.grace_months else None,
    )


def _amount_limits(
    figures: OfferFigures, covered: Decimal, profile: Profile
) -> tuple[AmountLimit, ...]:
    """What each rule allows, rounded down to the minor unit."""
    share = profile.financed_share * Fraction(figures.eligible_investment)
    financed_minor = floor(share * 10 ** minor_digits(figures.currency))
    maximum, asked = profile.terms.maximum_amount.required, figures.requested_amount
    return (
        AmountLimit(AmountRule.FINANCED_SHARE, from_minor(financed_minor, figures.currency)),
        AmountLimit(AmountRule.FACILITY_MAXIMUM, _whole(maximum, figures)),
        AmountLimit(AmountRule.COVER, covered),
        *([AmountLimit(AmountRule.REQUESTED, _whole(asked, figures))] if asked is not None else []),
    )


def _whole(amount: Decimal, figures: OfferFigures) -> Decimal:
    """The amount with the currency's decimal places."""
    return from_minor(to_minor(amount, figures.currency), figures.currency)
