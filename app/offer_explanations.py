"""The figures of the offer: ROI period, maturity, amount, payment and savings cover."""

from collections.abc import Iterator
from fractions import Fraction

from app.case_words import AMOUNT_RULE, MATURITY_RULE
from app.rendering import amount, count, percent
from app.row_explanations import Explanation, form_rows
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.loan_cover import present_value_of_savings
from loans.assessment import Assessment
from loans.offer import AmountRule
from loans.profile import RoiPeriodFrom

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


def _limits(assessment: Assessment) -> Iterator[Explanation]:
    """What each rule allows by itself."""
    offer, profile, figures = assessment.offer, assessment.profile, assessment.figures
    share, eligible = profile.financed_share, assessment.appraisal.project.eligible_investment
    least = amount(profile.terms.minimum_cover.required, places=1)
    equipment = tuple(row.code for row in form_rows(figures.financed_measures) if row.is_eligible)
    ways: dict[AmountRule, tuple[str, str, tuple[str, ...]]] = {
        AmountRule.FINANCED_SHARE: (
            "Largest share that is financed x equipment, rounded down",
            f"{percent(share, 0)} x {amount(eligible)}",
            equipment,
        ),
        AmountRule.FACILITY_MAXIMUM: ("Largest loan of the facility", "As the rules say", ()),
        AmountRule.COVER: (
            "Largest level loan that each month covers, rounded down",
            (
                f"Weakest month {amount(offer.weakest_saving)} / cover {least} = "
                f"{amount((offer.weakest_saving or 0) / Fraction(profile.minimum_cover))} a month, "
                f"for {offer.instalments} instalments at {_monthly_rate(assessment)}"
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
    wanted = amount(target, places=1)
    yield Explanation(
        code="target_cover_amount",
        name="Largest loan with the wanted cover",
        formula="Largest level loan that each month covers as wanted, rounded down",
        with_numbers=(
            f"Weakest month {amount(offer.weakest_saving)} / cover {wanted} = "
            f"{amount((offer.weakest_saving or 0) / Fraction(target))} a month, for "
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
    offer = assessment.offer
    return present_value_of_savings(
        assessment.appraisal.nominal_monthly_net_savings,
        assessment.profile.terms.annual_rate.required,
        grace_months=offer.grace_months,
        instalments=offer.instalments,
    )


def _monthly_rate(assessment: Assessment) -> str:
    return f"{percent(assessment.profile.terms.annual_rate.required)} / 12"


def _flows(assessment: Assessment) -> tuple[str, ...]:
    years = range(1, 1 + assessment.figures.assumptions.horizon_years)
    return tuple(f"flow.{year}" for year in years)


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
        note=f"{count(grace, 'month')} of interest only come first." if grace else "",
    )


def _grace(assessment: Assessment) -> Iterator[Explanation]:
    """Interest of a month of installation, where there is one."""
    offer = assessment.offer
    if offer.grace_interest_payment is not None:
        yield Explanation(
            code="grace_interest_payment",
            name="Interest a month during installation",
            formula="Loan x i, i one twelfth of the yearly rate",
            with_numbers=f"{amount(offer.maximum_amount)} x {_monthly_rate(assessment)}",
            result=amount(offer.grace_interest_payment, offer.currency),
            rests_on=("maximum_amount",),
            note="It is paid from own money: nothing is saved yet.",
        )


def _covers(assessment: Assessment) -> Iterator[Explanation]:
    """In the weakest month, on average, and over the life of the loan."""
    offer = assessment.offer
    payment = offer.indicative_level_payment
    rests_on = ("indicative_level_payment", *_flows(assessment))
    yield Explanation(
        code="minimum_cover",
        name="Savings cover in the weakest month",
        formula="Net saving of the month / payment, over the instalments that repay principal",
        with_numbers=f"{amount(offer.weakest_saving)} / {amount(payment)}",
        result=amount(offer.minimum_cover, places=2),
        rests_on=rests_on,
        note=f"Month {offer.weakest_month} from the first pay-out.",
    )
    total = sum(offer.covers, Fraction(0)) * Fraction(payment or 0)
    yield Explanation(
        code="average_cover",
        name="Savings cover on average",
        formula="Net saving of all months that repay principal / payments of these months",
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
