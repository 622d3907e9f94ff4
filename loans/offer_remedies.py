"""What would let a loan through, in figures: each is worked out so that acting on it passes."""

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from appraisal.money import from_minor
from appraisal.savings_cover import level_payment
from loans.finding import at_least_text, at_most_text, money_text
from loans.maturity import longest_installation
from loans.offer_result import AmountRule, Offer, OfferFigures
from loans.profile import Profile


def enough_for_minimum(offer: Offer, profile: Profile) -> str:
    """What would lift every limit that is under the facility's smallest loan up to it."""
    minimum = profile.terms.minimum_amount.required
    least = max(minimum, from_minor(1, offer.currency))
    needs = [
        _need(limit.rule, least, offer, profile) for limit in offer.limits if limit.amount < least
    ]
    return f"The facility lends from {money_text(least, offer.currency)}. {' '.join(needs)}".strip()


def _need(rule: AmountRule, least: Decimal, offer: Offer, profile: Profile) -> str:
    match rule:
        case AmountRule.FINANCED_SHARE:
            needed = Fraction(least) / profile.financed_share
            return (
                "That needs equipment for an investment of at least "
                f"{at_least_text(needed, offer.currency)}."
            )
        case AmountRule.COVER:
            return saving_needed(least, profile.minimum_cover, offer, profile)
        case AmountRule.REQUESTED | AmountRule.FACILITY_MAXIMUM:
            return f"Ask for at least {money_text(least, offer.currency)}."
    assert_never(rule)


def enough_cover(offer: Offer, profile: Profile) -> str:
    """What would bring the weakest instalment to the wanted cover: a smaller loan, or savings."""
    smaller = offer.target_cover_amount or Decimal(0)
    if smaller >= profile.terms.minimum_amount.required and smaller > 0:
        return f"Ask for at most {at_most_text(smaller, offer.currency)}."
    amount = offer.maximum_amount or Decimal(0)
    least = max(amount, profile.terms.minimum_amount.required, from_minor(1, offer.currency))
    return saving_needed(least, profile.target_cover, offer, profile)


def saving_needed(amount: Decimal, cover: Fraction, offer: Offer, profile: Profile) -> str:
    """The saving of a month that pays the instalment of ``amount`` ``cover`` times, in words."""
    rate = profile.terms.annual_rate.required
    payment = level_payment(amount, rate, offer.instalments, offer.currency)
    payment = max(payment, from_minor(1, offer.currency))
    needed = at_least_text(cover * Fraction(payment), offer.currency)
    saved = money_text(offer.weakest_saving or Fraction(0), offer.currency)
    return (
        f"A loan of {money_text(amount, offer.currency)} needs a net saving of at least {needed} "
        f"in each month with an instalment; the weakest month, {offer.weakest_month}, saves "
        f"{saved}."
    )


def months_left_to_repay(offer: Offer, figures: OfferFigures, profile: Profile) -> str:
    """The installation, or the maturity asked for, that leaves a month to repay."""
    months = longest_installation(figures, profile)
    install = f"in at most {months} months" if months else "within the first month"
    needed = f"Plan the installation {install}."
    longest = offer.longest_by_rules_months or 0
    if longest > offer.grace_months:
        return f"Ask for at least {offer.grace_months + 1} months. Otherwise: {needed}"
    return needed
