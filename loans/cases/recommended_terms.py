"""Whether recommended terms are inside the offer and the profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.money import from_minor
from loans.assessing.finding import money_text
from loans.assessing.matched_offer import largest_matched
from loans.assessing.offer import Offer, make_offer, offer_figures
from loans.cases.assessment import Assessment
from loans.cases.decisions import Terms
from loans.profile import Profile
from loans.refusal import WrongValue
from loans.schedules.instalment_periods import LISTED, period_lengths
from loans.schedules.schedule import Method


class AboveOffer(WrongValue):
    """More or longer than the rules allow, or a schedule that they do not know."""


def check_terms(assessment: Assessment, terms: Terms) -> None:
    """Refuse terms outside the offer.

    Raises:
        AboveOffer: amount, maturity, rate or schedule are not what the rules allow.
    """
    currency, profile = assessment.figures.currency, assessment.profile
    longest = assessment.offer.maximum_maturity_months
    if longest is None or not 1 <= terms.maturity_months <= longest:
        message = f"Enter a maturity of 1 to {longest or 0} months."
        raise AboveOffer(message, field="maturity_months")
    _check_schedule(profile, terms)
    most = largest_amount(assessment, terms)
    amount = from_minor(terms.amount_minor, currency)
    if most is None or amount > most:
        message = (
            f"The amount is above {_limit_words(terms)} for {terms.maturity_months} months. "
            f"Enter at most {money_text(most or Decimal(0), currency)}."
        )
        raise AboveOffer(message, field="amount")
    least = profile.terms.minimum_amount.required
    if amount < least:
        message = f"The facility lends {money_text(least, currency)} or more. Enter at least that."
        raise AboveOffer(message, field="amount")
    _check_balloon(profile, terms)


def _limit_words(terms: Terms) -> str:
    if terms.method == Method.SAVINGS_MATCHED:
        return "what the savings repay at the cover that is wanted"
    return "the offer"


def largest_amount(assessment: Assessment, terms: Terms) -> Decimal | None:
    """The most that may be lent for the months and by the method of ``terms``."""
    figures = assessment.figures
    finance = figures.finance.model_copy(
        update={"requested_maturity_months": terms.maturity_months}
    )
    shorter = figures.model_copy(update={"finance": finance})
    offer = make_offer(shorter, assessment.appraisal, assessment.profile)
    if terms.method != Method.SAVINGS_MATCHED:
        return offer.maximum_amount
    return largest_matched(
        offer_figures(shorter, assessment.appraisal),
        offer,
        assessment.profile,
        lengths_of(terms, assessment.profile),
    )


def lengths_of(terms: Terms, profile: Profile) -> Sequence[int]:
    """Months of each period; where the contract lists its days, those of the rarest frequency."""
    frequency = terms.frequency_months
    if frequency == LISTED:
        frequency = longest_gap_months(profile)
    return period_lengths(terms.maturity_months, frequency, terms.last_period)


def longest_gap_months(profile: Profile) -> int:
    """The most months that may lie between two due days."""
    return max(profile.terms.frequency_months.required)


def _check_schedule(profile: Profile, terms: Terms) -> None:
    rate = profile.terms.annual_rate.required
    if terms.annual_rate != rate:
        in_percent = f"{(100 * rate).normalize():f} %"
        message = f"Every loan of the facility carries its fixed rate. Enter {in_percent}."
        raise AboveOffer(message, field="annual_rate")
    methods = profile.terms.schedule_methods.required
    if terms.method not in methods:
        message = f"Choose one of these schedules: {', '.join(methods)}."
        raise AboveOffer(message, field="method")
    offered = profile.terms.frequency_months.required
    if terms.frequency_months not in (LISTED, *offered):
        months = ", ".join(map(str, offered))
        message = f"Choose one of these numbers of months between instalments: {months}."
        raise AboveOffer(message, field="frequency_months")


def _check_balloon(profile: Profile, terms: Terms) -> None:
    if not terms.balloon_minor:
        return
    if Method.BULLET not in profile.terms.schedule_methods.required:
        message = "The facility wants every loan repaid step by step. Leave the balloon empty."
        raise AboveOffer(message, field="balloon")
    if terms.method == Method.BULLET:
        message = "A bullet schedule repays everything at the end. Leave the balloon empty."
        raise AboveOffer(message, field="balloon")
    if not 0 < terms.balloon_minor < terms.amount_minor:
        message = "Enter a balloon smaller than the loan, or none."
        raise AboveOffer(message, field="balloon")


@dataclass(frozen=True)
class ScheduleChoices:
    """What a recommendation may choose, and what it may reach, at the longest maturity.

    ``largest_matched`` is None where the fund offers no schedule that follows the savings.
    """

    methods: tuple[Method, ...]
    frequencies: tuple[int, ...]
    allows_balloon: bool
    largest_matched: Decimal | None


def schedule_choices(assessment: Assessment) -> ScheduleChoices:
    """What the profile and the figures leave to choose."""
    profile, offer = assessment.profile, assessment.offer
    methods = profile.terms.schedule_methods.required
    return ScheduleChoices(
        methods=methods,
        frequencies=(*profile.terms.frequency_months.required, LISTED),
        allows_balloon=Method.BULLET in methods,
        largest_matched=_largest_matched(assessment, offer, profile),
    )


def _largest_matched(assessment: Assessment, offer: Offer, profile: Profile) -> Decimal | None:
    months = offer.maximum_maturity_months
    if months is None:
        return None
    figures = offer_figures(assessment.figures, assessment.appraisal)
    return largest_matched(figures, offer, profile, period_lengths(months, 1))
