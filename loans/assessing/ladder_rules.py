"""The rules about the ladder: housekeeping first, and a loan that its savings make smaller."""

from collections.abc import Iterator
from fractions import Fraction

from appraisal.appraise import Appraisal, MeasureAppraisal
from appraisal.ladder import Ladder
from appraisal.measure_type import MeasureType
from appraisal.proposal import Proposal
from loans.assessing.finding import (
    Finding,
    Outcome,
    Subject,
    at_least_text,
    count_text,
    finding,
    money_text,
)
from loans.assessing.offer import Offer
from loans.assessing.savings_ladder import savings_ladder
from loans.profile import Profile


def ladder_findings(
    proposal: Proposal, appraisal: Appraisal, offer: Offer, profile: Profile
) -> Iterator[Finding]:
    """Findings where the proposal has measures of type A, or short ones beside a long one."""
    types = {measure.type for measure in appraisal.measures}
    housekeeping = [m for m in appraisal.measures if m.type is MeasureType.A]
    if housekeeping:
        yield _housekeeping(housekeeping, proposal.currency, profile)
    if MeasureType.C in types and types & {MeasureType.A, MeasureType.B}:
        yield _ladder(proposal, offer, profile)


def _housekeeping(measures: list[MeasureAppraisal], currency: str, profile: Profile) -> Finding:
    borrowing = [measure for measure in measures if measure.financed]
    return finding(
        "housekeeping_first",
        profile.terms.borrowing_types,
        Outcome.WARN if borrowing else Outcome.PASS,
        rule="Housekeeping comes first and needs no loan",
        value=(
            f"{_codes(borrowing)} in the loan"
            if borrowing
            else f"{_codes(measures)} outside the loan"
        ),
        limit="type A is paid from own money at once",
        needed=" ".join(
            f"Carry out {m.code} now from own money: it costs {money_text(m.investment, currency)} "
            f"and saves {money_text(m.net_annual_saving, currency)} a year."
            for m in borrowing
        ),
        subject=Subject.LADDER,
    )


def over_cover(plan: Ladder, offer: Offer, profile: Profile) -> str | None:
    """What the ladder's loan lacks where the savings cover less of it, and what would do.

    None where they cover it, and where no loan could be worked out to hold it against.
    """
    covered, loan = offer.cover_limited_amount, plan.loan
    if covered is None or loan is None or loan <= covered:
        return None
    ways = [f"pay {at_least_text(loan - Fraction(covered), offer.currency)} more from own money"]
    later = next(
        (
            point.month
            for point in plan.curve
            if point.loan <= covered
            and not point.own_money_missing
            and (not point.loan or point.loan >= plan.minimum_loan)
        ),
        None,
    )
    if later is not None:
        ways.append(f"save until month {later}")
    return (
        f"The rules allow a loan of at most {money_text(covered, offer.currency)} over "
        f"{count_text(offer.maximum_maturity_months or 0, 'month')}, the largest with a savings "
        f"cover of {float(profile.minimum_cover):g}: {', or '.join(ways)}."
    )


def _ladder(proposal: Proposal, offer: Offer, profile: Profile) -> Finding:
    term = profile.terms.minimum_amount
    outcome, value, needed = _planned(proposal, offer, profile)
    return finding(
        "ladder",
        term,
        outcome,
        rule="Short measures make the loan smaller, and not too small",
        value=value,
        limit=f"a loan of {money_text(term.required, proposal.currency)} or none",
        needed=needed,
        subject=Subject.LADDER,
    )


def _planned(proposal: Proposal, offer: Offer, profile: Profile) -> tuple[Outcome, str, str | None]:
    """How the ladder comes out, in words, and what would pass."""
    currency = proposal.currency
    try:
        plan = savings_ladder(proposal, profile)
    except ValueError:
        return Outcome.UNKNOWN, "its present value is too large to state", "A higher discount rate."
    if plan.loan is None:
        missing = money_text(plan.at_once.own_money_missing, currency)
        value = "own money and savings do not reach the part left to pay"
        return Outcome.WARN, value, f"Own money of {missing} more: then everything starts at once."
    value = (
        f"short measures first: the loan is {money_text(plan.loan, currency)} in month "
        f"{plan.loan_month}, {money_text(plan.at_once.loan, currency)} at once; waiting costs a "
        f"present value of {money_text(plan.net_present_value_lost, currency, 0)}"
    )
    if beyond := over_cover(plan, offer, profile):
        return Outcome.WARN, value, beyond
    if plan.falls_under_minimum:
        return Outcome.WARN, value, _before_too_small(plan)
    return Outcome.PASS, value, None


def _before_too_small(plan: Ladder) -> str:
    """When a loan that the facility gives can begin, and from when none is needed."""
    parts = []
    enough = [
        point.month
        for point in plan.curve
        if point.loan >= plan.minimum_loan and not point.own_money_missing
    ]
    if enough:
        parts.append(f"Begin the loan by month {max(enough)}, while it is large enough")
    if plan.no_loan_from_month is not None:
        parts.append(f"wait until month {plan.no_loan_from_month}, when no loan is needed")
    if not parts:
        return "Finance more at a time, so that the loan is large enough."
    return f"{', or '.join(parts)}.".capitalize()


def _codes(measures: list[MeasureAppraisal]) -> str:
    return ", ".join(measure.code for measure in measures)
