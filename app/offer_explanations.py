"""The figures of the offer: ROI period, maturity, amount, payment and savings cover."""

from collections.abc import Iterator
from fractions import Fraction

from app.case_words import AMOUNT_RULE, MATURITY_RULE
from app.rendering import amount, count, payment_words, percent
from app.row_explanations import Explanation, form_rows
from appraisal.cash_flow import MONTHS_PER_YEAR
from loans.assessing.finding import period_text
from loans.assessing.offer import AmountRule, Offer, level_service
from loans.cases.assessment import Assessment
from loans.profile import Profile, RoiPeriodFrom

_APART_FROM_SAVINGS = (AmountRule.FINANCED_SHARE, AmountRule.FACILITY_MAXIMUM)


def offer_explanations(assessment: Assessment) -> Iterator[Explanation]:
    """What the facility can lend and why; nothing where nothing can be lent."""
    offer = assessment.offer
    if offer.roi_period_months is None or offer.maximum_maturity_months is None:
        return
    yield _roi_period(assessment)
    yield _maturity(assessment)
    if offer.maximum_amount is not None:
        yield from _limits(assessment)
        yield _amount(assessment)
        yield from _carried(assessment)
    if offer.indicative_level_payment is not None:
        yield _payment(assessment)
        yield from _grace(assessment)
        yield from _covers(assessment)


def _roi_period(assessment: Assessment) -> Explanation:
    project, offer = assessment.appraisal.project, assessment.offer
    commissioning = assessment.profile.terms.roi_period_from.required is RoiPeriodFrom.COMMISSIONING
    installing = 0 if commissioning else project.implementation_months
    months = MONTHS_PER_YEAR * (project.payback_ratio or 0)
    begins = "commissioning" if commissioning else "the first pay-out"
    return Explanation(
        code="roi_period_months",
        name=f"ROI period from {begins}",
        formula="Months of installation + 12 x payback",
        with_numbers=f"{installing} + {amount(Fraction(months), places=1)}",
        result=f"{amount(offer.roi_period_months, places=1)} months",
        rests_on=("payback_years",),
        note="The time until savings have paid the measures back, counted as the terms say.",
    )


def _maturity(assessment: Assessment) -> Explanation:
    offer, profile = assessment.offer, assessment.profile
    cap = profile.terms.longest_maturity_months.required
    asked = assessment.figures.finance.requested_maturity_months
    limits = [
        *_extended(offer, profile),
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


def _extended(offer: Offer, profile: Profile) -> Iterator[str]:
    """The ROI period with its extension, where the profile limits the maturity by it."""
    if profile.maturity_extension is not None:
        factor = 1 + profile.maturity_extension
        extended = factor * (offer.roi_period_months or 0)
        yield (
            f"{amount(factor, places=2)} x {amount(offer.roi_period_months, places=1)} = "
            f"{amount(extended, places=1)}"
        )


def _limits(assessment: Assessment) -> Iterator[Explanation]:
    """What each rule allows by itself."""
    offer, profile, figures = assessment.offer, assessment.profile, assessment.figures
    share, eligible = profile.financed_share, assessment.appraisal.project.eligible_investment
    least = amount(profile.terms.minimum_cover.required, places=1)
    every = period_text(offer.frequency_months)
    equipment = tuple(row.code for row in form_rows(figures.financed_measures) if row.is_eligible)
    ways: dict[AmountRule, tuple[str, str, tuple[str, ...]]] = {
        AmountRule.FINANCED_SHARE: (
            "Largest share that is financed x equipment, rounded down",
            f"{percent(share, 0)} x {amount(eligible)}",
            equipment,
        ),
        AmountRule.FACILITY_MAXIMUM: ("Largest loan of the facility", "As the rules say", ()),
        AmountRule.COVER: (
            f"Largest level loan that each {every} covers, rounded down",
            (
                f"Weakest {every} {amount(offer.weakest_saving)} / cover {least} = "
                f"{amount((offer.weakest_saving or 0) / Fraction(profile.minimum_cover))} "
                f"a {every}, for {offer.instalments} instalments at {_monthly_rate(assessment)}"
            ),
            ("maximum_maturity_months", *_flows(assessment)),
        ),
        AmountRule.REQUESTED: ("Amount asked for", "As entered", ()),
    }
    for limit in offer.limits:
        formula, numbers, rests_on = ways[limit.rule]
        yield Explanation(
            code=f"limit.{limit.rule}",
            name=f"Limit: {AMOUNT_RULE[limit.rule]}",
            formula=formula,
            with_numbers=numbers,
            result=amount(limit.amount, offer.currency),
            rests_on=rests_on,
        )


def _amount(assessment: Assessment) -> Explanation:
    offer = assessment.offer
    return Explanation(
        code="maximum_amount",
        name="Largest loan",
        formula="The smallest of the limits",
        with_numbers="; ".join(
            f"{amount(limit.amount)}, {AMOUNT_RULE[limit.rule]}" for limit in offer.limits
        ),
        result=amount(offer.maximum_amount, offer.currency),
        rests_on=tuple(f"limit.{limit.rule}" for limit in offer.limits),
        note=f"Set by {AMOUNT_RULE[offer.amount_rule]}." if offer.amount_rule else "",
    )


def _carried(assessment: Assessment) -> Iterator[Explanation]:
    """What the savings carry at the cover that is wanted: as a level loan, and at most."""
    offer, target = assessment.offer, assessment.profile.target_cover
    wanted, every = amount(target, places=1), period_text(offer.frequency_months)
    yield Explanation(
        code="target_cover_amount",
        name="Largest loan with the wanted cover",
        formula=f"Largest level loan that each {every} covers as wanted, rounded down",
        with_numbers=(
            f"Weakest {every} {amount(offer.weakest_saving)} / cover {wanted} = "
            f"{amount((offer.weakest_saving or 0) / Fraction(target))} a {every}, for "
            f"{offer.instalments} instalments at {_monthly_rate(assessment)}"
        ),
        result=amount(offer.target_cover_amount, offer.currency),
        rests_on=("maximum_maturity_months", *_flows(assessment)),
    )
    caps = [limit for limit in offer.limits if limit.rule in _APART_FROM_SAVINGS]
    worth = _savings_worth(assessment)
    yield Explanation(
        code="debt_capacity",
        name="Debt capacity",
        formula="Savings of the loan's life, discounted at its rate / wanted cover, rounded down "
        "and within the other limits",
        with_numbers="; ".join(
            [
                f"{amount(worth)} / {wanted} = {amount(worth / Fraction(target))}",
                *(f"{amount(limit.amount)}, {AMOUNT_RULE[limit.rule]}" for limit in caps),
            ]
        ),
        result=amount(offer.debt_capacity, offer.currency),
        rests_on=(
            "maximum_maturity_months",
            *(f"limit.{limit.rule}" for limit in caps),
            *_flows(assessment),
        ),
        note="Payments that follow the savings could repay as much.",
    )


def _savings_worth(assessment: Assessment) -> Fraction:
    """Present value, when repayment begins, of the savings that have to pay instalments."""
    savings = assessment.appraisal.nominal_monthly_net_savings
    return level_service(assessment.offer, savings, assessment.profile).worth


def _monthly_rate(assessment: Assessment) -> str:
    months, rate = assessment.offer.frequency_months, assessment.profile.terms.annual_rate.required
    return f"{percent(rate)} / 12" if months == 1 else f"{percent(rate)} x {months} / 12"


def _flows(assessment: Assessment) -> tuple[str, ...]:
    years = range(1, 1 + assessment.figures.assumptions.horizon_years)
    return tuple(f"flow.{year}" for year in years)


def _payment(assessment: Assessment) -> Explanation:
    offer = assessment.offer
    grace, last = offer.grace_months, offer.period_lengths[-1]
    notes = [f"{count(grace, 'month')} of interest only come first."] if grace else []
    if last != offer.frequency_months:
        notes.append(f"The last payment comes after {count(last, 'month')}.")
    return Explanation(
        code="indicative_level_payment",
        name=payment_words(offer.frequency_months),
        formula=f"Loan x i / (1 - (1 + i) ^ -n), i {_part_of_rate(offer)} of the yearly rate",
        with_numbers=(
            f"{amount(offer.maximum_amount)}, i = {_monthly_rate(assessment)}, "
            f"n = {offer.instalments}"
        ),
        result=amount(offer.indicative_level_payment, offer.currency),
        rests_on=("maximum_amount", "maximum_maturity_months"),
        note=" ".join(notes),
    )


def _part_of_rate(offer: Offer) -> str:
    """The part of the yearly rate that falls into a period."""
    months = offer.frequency_months
    return {1: "one twelfth", 3: "one quarter"}.get(months, f"{months} twelfths")


def _grace(assessment: Assessment) -> Iterator[Explanation]:
    """Interest of a month of installation, where there is one."""
    offer = assessment.offer
    if offer.grace_interest_payment is not None:
        yield Explanation(
            code="grace_interest_payment",
            name=f"Interest a {period_text(offer.frequency_months)} during installation",
            formula=f"Loan x i, i {_part_of_rate(offer)} of the yearly rate",
            with_numbers=f"{amount(offer.maximum_amount)} x {_monthly_rate(assessment)}",
            result=amount(offer.grace_interest_payment, offer.currency),
            rests_on=("maximum_amount",),
            note="It is paid from own money: nothing is saved yet.",
        )


def _covers(assessment: Assessment) -> Iterator[Explanation]:
    """In the weakest month, on average, and over the life of the loan."""
    offer = assessment.offer
    payment, every = offer.indicative_level_payment, period_text(offer.frequency_months)
    rests_on = ("indicative_level_payment", *_flows(assessment))
    yield Explanation(
        code="minimum_cover",
        name=f"Savings cover in the weakest {every}",
        formula=f"Net saving of the {every} / payment, over the instalments that repay principal",
        with_numbers=f"{amount(offer.weakest_saving)} / {amount(payment)}",
        result=amount(offer.minimum_cover, places=2),
        rests_on=rests_on,
        note=f"Month {offer.weakest_month} from the first pay-out.",
    )
    total = sum(offer.covers, Fraction(0)) * Fraction(payment or 0)
    yield Explanation(
        code="average_cover",
        name="Savings cover on average",
        formula=f"Net saving of all {every}s that repay principal / payments of these {every}s",
        with_numbers=f"{amount(total)} / ({len(offer.covers)} x {amount(payment)})",
        result=amount(offer.average_cover, places=2),
        rests_on=rests_on,
    )
    yield Explanation(
        code="loan_life_cover",
        name="Cover over the life of the loan",
        formula="Savings of the loan's life, discounted at its rate / loan",
        with_numbers=f"{amount(_savings_worth(assessment))} / {amount(offer.maximum_amount)}",
        result=amount(offer.loan_life_cover, places=2),
        rests_on=("maximum_amount", "maximum_maturity_months", *_flows(assessment)),
    )
