"""What the facility can lend on a project: amount, maturity, and which rule set each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from appraisal.appraise import Appraisal
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.money import from_minor, minor_digits, to_minor
from appraisal.proposal import Proposal
from appraisal.savings_cover import largest_loan, level_payment, savings_cover
from loans.finding import Outcome, money_text
from loans.profile import Profile, RoiPeriodFrom
from loans.project_rules import project_findings


class AmountRule(StrEnum):
    """What limits the amount; of several equal limits the first of these is named."""

    FINANCED_SHARE = "financed_share"
    FACILITY_MAXIMUM = "facility_maximum"
    COVER = "cover"
    REQUESTED = "requested"


class MaturityRule(StrEnum):
    """What limits the maturity; of several equal limits the first of these is named."""

    PAYBACK_PLUS_20_PERCENT = "payback_plus_20_percent"
    THREE_YEAR_CAP = "three_year_cap"
    REQUESTED = "requested"


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """What an offer rests on; amounts in major units, ``monthly_net_savings`` from month 1."""

    currency: str
    investment: Decimal
    payback_ratio: Fraction | None
    implementation_months: int
    monthly_net_savings: Sequence[Fraction]
    requested_amount: Decimal | None = None
    requested_maturity_months: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The largest loan for the longest time. Amounts in major units; None where there is none.

    ``minimum_cover`` is the smallest monthly saving over the level payment, among the instalments
    that repay principal; during the ``grace_months`` of installation only interest is due.
    """

    eligible: bool
    currency: str
    maximum_amount: Decimal | None = None
    amount_rule: AmountRule | None = None
    maximum_maturity_months: int | None = None
    maturity_rule: MaturityRule | None = None
    longest_by_rules_months: int | None = None
    grace_months: int = 0
    roi_period_months: Fraction | None = None
    cover_limited_amount: Decimal | None = None
    indicative_level_payment: Decimal | None = None
    minimum_cover: Fraction | None = None
    average_cover: Fraction | None = None
    reasons: tuple[str, ...] = ()


def make_offer(proposal: Proposal, appraisal: Appraisal, profile: Profile) -> Offer:
    """The offer for the financed measures; not eligible when any rule fails, with the reasons.

    Raises:
        TermMissing: a term that the offer needs is open in the profile.
    """
    project = appraisal.project
    figures = OfferFigures(
        currency=proposal.currency,
        investment=project.investment,
        payback_ratio=project.payback_ratio,
        implementation_months=project.implementation_months,
        monthly_net_savings=appraisal.monthly_net_savings,
        requested_amount=proposal.finance.requested_amount,
        requested_maturity_months=proposal.finance.requested_maturity_months,
    )
    offer = offer_on(figures, profile)
    failed = [
        f"{found.rule}: {found.value}. {found.what_would_pass}"
        for found in project_findings(proposal, appraisal, profile)
        if found.outcome is Outcome.FAIL
    ]
    return replace(offer, eligible=offer.eligible and not failed, reasons=(*failed, *offer.reasons))


def offer_on(figures: OfferFigures, profile: Profile) -> Offer:
    """The offer that the figures alone allow, in exact arithmetic.

    Amount = min(financed share x investment, facility maximum, cover-limited amount, amount
    asked for), rounded down to the minor unit and refused under the minimum. Maturity =
    min(floor((1 + extension) x ROI period), longest maturity, months asked for), at least 1,
    counted from the first disbursement, grace included.
    """
    if figures.currency != profile.currency:
        message = f"The facility lends in {profile.currency}. Enter the figures in it."
        return Offer(eligible=False, currency=figures.currency, reasons=(message,))
    roi_period_months = roi_period(figures, profile)
    if roi_period_months is None:
        message = "The net yearly saving does not recover the investment, so nothing can be lent."
        return Offer(eligible=False, currency=figures.currency, reasons=(message,))
    by_rules = _longest_by_rules(roi_period_months, profile)
    maturity_rule, maturity_months = by_rules
    asked = figures.requested_maturity_months
    if asked is not None and asked < maturity_months:
        maturity_rule, maturity_months = MaturityRule.REQUESTED, asked
    offer = Offer(
        eligible=True,
        currency=figures.currency,
        maximum_maturity_months=maturity_months,
        maturity_rule=maturity_rule,
        longest_by_rules_months=by_rules[1],
        grace_months=figures.implementation_months,
        roi_period_months=roi_period_months,
    )
    if maturity_months <= figures.implementation_months:
        message = (
            f"Installation takes {figures.implementation_months} months and the loan ends after "
            f"{maturity_months}. Enter a shorter installation or a longer maturity."
        )
        return replace(offer, eligible=False, reasons=(message,))
    return _with_amount(offer, figures, profile)


def roi_period(figures: OfferFigures, profile: Profile) -> Fraction | None:
    """Months until the returns materialise: 12 x payback, after installation where so agreed."""
    if figures.payback_ratio is None:
        return None
    earning_months = MONTHS_PER_YEAR * figures.payback_ratio
    if profile.terms.roi_period_from.required is RoiPeriodFrom.COMMISSIONING:
        return earning_months
    return figures.implementation_months + earning_months


def _longest_by_rules(roi_period_months: Fraction, profile: Profile) -> tuple[MaturityRule, int]:
    """Rounded down to whole months, since the extension and the cap are ceilings."""
    extended = max(1, floor((1 + profile.maturity_extension) * roi_period_months))
    cap = profile.terms.longest_maturity_months.required
    if extended <= cap:
        return MaturityRule.PAYBACK_PLUS_20_PERCENT, extended
    return MaturityRule.THREE_YEAR_CAP, cap


def _with_amount(offer: Offer, figures: OfferFigures, profile: Profile) -> Offer:
    instalments = (offer.maximum_maturity_months or 0) - offer.grace_months
    rate = profile.terms.annual_rate.required
    covered = largest_loan(
        figures.monthly_net_savings,
        profile.minimum_cover,
        rate,
        offer.currency,
        grace_months=offer.grace_months,
        instalments=instalments,
    )
    rule, amount = _amount(figures, covered, profile)
    offer = replace(offer, maximum_amount=amount, amount_rule=rule, cover_limited_amount=covered)
    if amount > 0:
        payment = level_payment(amount, rate, instalments, offer.currency)
        cover = savings_cover(
            figures.monthly_net_savings,
            payment,
            grace_months=offer.grace_months,
            instalments=instalments,
        )
        offer = replace(
            offer,
            indicative_level_payment=payment,
            minimum_cover=cover.minimum,
            average_cover=cover.average,
        )
    if amount <= 0 or amount < profile.terms.minimum_amount.required:
        reason = (
            f"The loan would be {money_text(amount, offer.currency)}. "
            f"{enough_for_minimum(offer, profile)}"
        )
        return replace(offer, eligible=False, reasons=(reason,))
    return offer


def _amount(
    figures: OfferFigures, covered: Decimal, profile: Profile
) -> tuple[AmountRule, Decimal]:
    share = profile.financed_share * Fraction(figures.investment)
    financed_minor = floor(share * 10 ** minor_digits(figures.currency))
    limits = [
        (AmountRule.FINANCED_SHARE, from_minor(financed_minor, figures.currency)),
        (AmountRule.FACILITY_MAXIMUM, _whole(profile.terms.maximum_amount.required, figures)),
        (AmountRule.COVER, covered),
    ]
    if figures.requested_amount is not None:
        limits.append((AmountRule.REQUESTED, _whole(figures.requested_amount, figures)))
    return min(limits, key=lambda limit: limit[1])


def _whole(amount: Decimal, figures: OfferFigures) -> Decimal:
    """The amount with the currency's decimal places."""
    return from_minor(to_minor(amount, figures.currency), figures.currency)


def enough_for_minimum(offer: Offer, profile: Profile) -> str:
    """What would lift the loan to the facility's minimum, with figures."""
    minimum = profile.terms.minimum_amount.required
    least = money_text(minimum, offer.currency)
    match offer.amount_rule:
        case AmountRule.FINANCED_SHARE:
            unit = 10 ** minor_digits(offer.currency)
            needed = Fraction(ceil(Fraction(minimum) / profile.financed_share * unit), unit)
            return (
                f"The facility lends from {least}, which needs an investment of at least "
                f"{money_text(needed, offer.currency)}."
            )
        case AmountRule.COVER:
            return (
                f"The facility lends from {least}; the weakest month of savings must pay the "
                f"instalment of that loan {float(profile.minimum_cover):g} times."
            )
        case _:
            return f"The facility lends from {least}. Ask for at least that much."
