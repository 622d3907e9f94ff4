"""What would let a loan through, in figures: each is worked out so that acting on it passes."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from appraisal.money import from_minor, round_half_up, to_minor
from appraisal.period_loan import level_payment_of_one
from loans.assessing.finding import at_least_text, count_text, money_text, period_text
from loans.assessing.maturity import longest_installation, longest_maturity
from loans.assessing.offer_result import AmountRule, Offer, OfferFigures
from loans.profile import Profile


def enough_for_minimum(offer: Offer, profile: Profile) -> str:
    """What would lift every limit that is under the facility's smallest loan up to it."""
    least = _smallest_loan(offer, profile)
    needs = _other_needs(least, offer, profile)
    if (offer.cover_limited_amount or Decimal(0)) < least:
        needs.append(saving_needed(least, profile.minimum_cover, offer, profile))
    return " ".join((f"The facility lends from {money_text(least, offer.currency)}.", *needs))


def enough_cover(offer: Offer, profile: Profile) -> str:
    """What would bring the weakest instalment to the wanted cover: a smaller loan, or savings."""
    smaller, smallest = offer.target_cover_amount or Decimal(0), _smallest_loan(offer, profile)
    if smaller >= smallest:
        return f"Ask for at most {money_text(smaller, offer.currency)}."
    least = max(offer.maximum_amount or Decimal(0), smallest)
    saving = saving_needed(least, profile.target_cover, offer, profile)
    return " ".join((*_other_needs(least, offer, profile), saving))


def _smallest_loan(offer: Offer, profile: Profile) -> Decimal:
    return max(profile.terms.minimum_amount.required, from_minor(1, offer.currency))


def _other_needs(least: Decimal, offer: Offer, profile: Profile) -> list[str]:
    """What lets the rules that do not look at the savings allow ``least``."""
    currency, needs = offer.currency, []
    for rule, amount in offer.limits:
        if rule is AmountRule.FINANCED_SHARE and amount < least:
            needed = at_least_text(Fraction(least) / profile.financed_share, currency)
            needs.append(f"That needs equipment for an investment of at least {needed}.")
        if rule is AmountRule.REQUESTED and amount < least:
            needs.append(f"Ask for at least {money_text(least, currency)}.")
    return needs


def saving_needed(amount: Decimal, cover: Fraction, offer: Offer, profile: Profile) -> str:
    """The saving of a period that pays the instalment of ``amount`` ``cover`` times, in words."""
    per_unit = level_payment_of_one(profile.terms.annual_rate.required, offer.period_lengths)
    exact = to_minor(amount, offer.currency) * per_unit
    payment = from_minor(max(1, round_half_up(exact)), offer.currency)
    needed = at_least_text(cover * Fraction(payment), offer.currency)
    saved = money_text(offer.weakest_saving or Fraction(0), offer.currency)
    return (
        f"A loan of {money_text(amount, offer.currency)} needs a net saving of at least {needed} "
        f"in each {period_text(offer.frequency_months)} with an instalment; the weakest "
        f"{'month of savings is' if offer.frequency_months == 1 else 'ends in'} month "
        f"{offer.weakest_month}, with {saved}."
    )


def months_left_to_repay(offer: Offer, figures: OfferFigures, profile: Profile) -> str:
    """The installation, or the maturity asked for, that leaves a period to repay."""
    months = longest_installation(figures, profile)
    install = f"in at most {count_text(months, 'month')}" if months else "within the first month"
    needed = f"Plan the installation {install}."
    by_rules = replace(figures, implementation_months=months, requested_maturity_months=None)
    longest = longest_maturity(by_rules, profile)
    if (figures.requested_maturity_months or 0) > longest:
        needed += f" Ask for at most {count_text(longest, 'month')}."
    least = offer.months_before_repayment + offer.frequency_months
    if (offer.longest_by_rules_months or 0) >= least:
        enough = count_text(least, "month")
        return f"Ask for at least {enough}. Otherwise: {needed}"
    return needed
