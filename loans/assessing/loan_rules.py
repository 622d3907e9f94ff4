"""The rules about the largest loan: its time, its size, what it leaves to pay, and its cover."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial

from appraisal.appraise import Appraisal
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.proposal import InvestmentKind, Proposal
from loans.assessing.finding import (
    Finding,
    Outcome,
    Subject,
    at_least_text,
    at_most_text,
    count_text,
    exact_percent_text,
    finding,
    money_text,
    period_text,
    share_text,
)
from loans.assessing.offer import Offer, offer_figures
from loans.assessing.offer_remedies import enough_cover, enough_for_minimum, months_left_to_repay
from loans.profile import Profile, RoiPeriodFrom

_loan_finding = partial(finding, subject=Subject.LOAN)


def loan_findings(
    proposal: Proposal, appraisal: Appraisal, offer: Offer, profile: Profile
) -> Iterator[Finding]:
    """One finding for each rule about the largest loan; none where no maturity can be named."""
    if offer.roi_period_months is None:
        return
    yield _roi_period(appraisal, offer, offer.roi_period_months, profile)
    yield _maturity(proposal, appraisal, offer, profile)
    yield from _not_financed(proposal, offer, profile)
    if offer.maximum_amount is not None:
        amount = offer.maximum_amount
        yield _financed_share(proposal, appraisal.project.eligible_investment, amount, profile)
        yield _rest_to_pay(proposal, appraisal.project.investment, amount, profile)
        yield _minimum(offer, amount, profile)
        yield _maximum(proposal, amount, profile)
        if amount > 0 or not offer.cover_limited_amount:
            yield _cover(offer, profile)


def _roi_period(appraisal: Appraisal, offer: Offer, months: Fraction, profile: Profile) -> Finding:
    """Whether the returns are in before the longest loan ends."""
    cap = profile.terms.longest_maturity_months
    from_commissioning = profile.terms.roi_period_from.required is RoiPeriodFrom.COMMISSIONING
    installing = 0 if from_commissioning else offer.grace_months
    if installing < cap.required:
        earning = Fraction(appraisal.project.investment) * MONTHS_PER_YEAR
        least = at_least_text(earning / (cap.required - installing), offer.currency)
        needed = f"A net yearly saving of at least {least}."
    else:
        needed = f"An installation of less than {count_text(cap.required, 'month')}."
    return _loan_finding(
        "roi_period",
        profile.terms.roi_period_from,
        Outcome.PASS if months <= cap.required else Outcome.WARN,
        rule="The returns are in before the longest loan ends",
        value=f"{float(months):.1f} months",
        limit=count_text(cap.required, "month"),
        needed=needed,
    )


def _maturity(proposal: Proposal, appraisal: Appraisal, offer: Offer, profile: Profile) -> Finding:
    longest = offer.longest_by_rules_months or 0
    asked = proposal.finance.requested_maturity_months
    cap = profile.terms.longest_maturity_months
    outcome, needed = Outcome.PASS, None
    if asked is not None and asked > longest:
        outcome, needed = Outcome.WARN, f"Ask for at most {count_text(longest, 'month')}."
    if offer.instalments < 1:
        outcome = Outcome.FAIL
        needed = months_left_to_repay(offer, offer_figures(proposal, appraisal), profile)
    return _loan_finding(
        "maturity",
        cap,
        outcome,
        value=count_text(asked or longest, "month"),
        limit=f"{count_text(longest, 'month')}: {_maturity_limit(offer, profile)}",
        needed=needed,
    )


def _maturity_limit(offer: Offer, profile: Profile) -> str:
    cap = f"at most {count_text(profile.terms.longest_maturity_months.required, 'month')}"
    if profile.maturity_extension is None:
        return cap
    return (
        f"the ROI period of {float(offer.roi_period_months or 0):.1f} months and "
        f"{exact_percent_text(profile.terms.maturity_extension.required)} more, {cap}"
    )


def _not_financed(proposal: Proposal, offer: Offer, profile: Profile) -> Iterator[Finding]:
    """Outlays beside the equipment, where there are any: who pays for them, and when."""
    term, currency = profile.terms.financed_share, proposal.currency
    outlays = [line for measure in proposal.financed_measures for line in measure.investment]
    stocks = [line for line in outlays if line.kind is InvestmentKind.WORKING_CAPITAL]
    if stocks:
        total = money_text(sum((line.amount for line in stocks), Decimal(0)), currency)
        yield _loan_finding(
            "working_capital",
            term,
            Outcome.WARN,
            rule="The loan finances equipment only",
            value=f"{total} of working capital: {', '.join(line.code for line in stocks)}",
            limit="not financed; in the payback and released at the end",
            needed=f"Show which own money pays {total}.",
        )
    last_month = offer.maximum_maturity_months or 0
    renewed = [line for line in outlays if line.kind is InvestmentKind.REPLACEMENT]
    early = [line for line in renewed if line.month <= last_month]
    if renewed:
        total = money_text(sum((line.amount for line in early), Decimal(0)), currency)
        yield _loan_finding(
            "replacements",
            term,
            Outcome.WARN if early else Outcome.PASS,
            rule="Parts are renewed after the loan is repaid",
            value=(
                f"{total} falls due before: {', '.join(line.code for line in early)}"
                if early
                else f"first in month {min(line.month for line in renewed)}"
            ),
            limit=f"after month {last_month}; not financed, and in no payback ratio",
            needed=f"Show which own money pays {total} while the loan is repaid.",
        )


def _financed_share(
    proposal: Proposal, eligible: Decimal, amount: Decimal, profile: Profile
) -> Finding:
    asked = proposal.finance.requested_amount
    most = profile.financed_share * Fraction(eligible)
    too_much = asked is not None and asked > most
    return _loan_finding(
        "financed_share",
        profile.terms.financed_share,
        Outcome.WARN if too_much else Outcome.PASS,
        value=share_text(asked if asked is not None else amount, eligible),
        limit=exact_percent_text(profile.terms.financed_share.required),
        needed=f"Ask for at most {at_most_text(most, proposal.currency)}.",
    )


def _rest_to_pay(
    proposal: Proposal, investment: Decimal, amount: Decimal, profile: Profile
) -> Finding:
    """What is left to pay beside the largest loan, and whether the own money offered covers it."""
    term = profile.terms.own_contribution_minimum
    left, own = investment - amount, proposal.finance.own_contribution
    rest = f"{money_text(left, profile.currency)}, {share_text(left, investment)} of the investment"
    if own is None:
        return _loan_finding(
            "own_contribution",
            term,
            Outcome.PASS,
            value=f"{rest}, to be shown",
            limit=exact_percent_text(term.required),
        )
    return _loan_finding(
        "financing_gap",
        term,
        Outcome.PASS if own >= left else Outcome.WARN,
        rule="The largest loan and the own money cover the investment",
        value=f"own money {money_text(own, profile.currency)}",
        limit=rest,
        needed=f"Show where {at_least_text(left - own, profile.currency)} more comes from.",
    )


def _minimum(offer: Offer, amount: Decimal, profile: Profile) -> Finding:
    term = profile.terms.minimum_amount
    return _loan_finding(
        "minimum_amount",
        term,
        Outcome.PASS if amount >= term.required and amount > 0 else Outcome.FAIL,
        value=money_text(amount, offer.currency),
        limit=money_text(term.required, offer.currency),
        needed=enough_for_minimum(offer, profile),
    )


def _maximum(proposal: Proposal, amount: Decimal, profile: Profile) -> Finding:
    term = profile.terms.maximum_amount
    asked = proposal.finance.requested_amount
    too_much = asked is not None and asked > term.required
    limit = money_text(term.required, proposal.currency)
    return _loan_finding(
        "maximum_amount",
        term,
        Outcome.WARN if too_much else Outcome.PASS,
        value=money_text(asked if asked is not None else amount, proposal.currency),
        limit=limit,
        needed=f"Ask for at most {limit}.",
    )


def _cover(offer: Offer, profile: Profile) -> Finding:
    cover = offer.minimum_cover or Fraction(0)
    outcome = Outcome.PASS
    if cover < profile.target_cover:
        outcome = Outcome.WARN
    if cover < profile.minimum_cover:
        outcome = Outcome.FAIL
    return _loan_finding(
        "savings_cover",
        profile.terms.minimum_cover,
        outcome,
        value=f"{float(cover):.2f} in the weakest {period_text(offer.frequency_months)}",
        limit=f"{float(profile.minimum_cover):g}, wanted {float(profile.target_cover):g}",
        needed=enough_cover(offer, profile),
    )
