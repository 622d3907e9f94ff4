"""The rule sheet: every rule of the profile that a proposal and its offer can be held against."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from appraisal.appraise import Appraisal
from appraisal.proposal import Proposal
from loans.finding import Finding, Outcome, finding, money_text, percent_text
from loans.offer import Offer, enough_for_minimum
from loans.profile import Profile
from loans.project_rules import project_findings

__all__ = ["Finding", "Outcome", "rule_sheet"]


def rule_sheet(
    proposal: Proposal, appraisal: Appraisal, offer: Offer, profile: Profile
) -> tuple[Finding, ...]:
    """All findings: the project's rules first, then those of the amount and the maturity.

    The offer is eligible exactly when none of them fails.
    """
    findings = project_findings(proposal, appraisal, profile)
    if offer.maximum_maturity_months is None:
        return findings
    return (*findings, *_loan_findings(proposal, appraisal, offer, profile))


def _loan_findings(
    proposal: Proposal, appraisal: Appraisal, offer: Offer, profile: Profile
) -> Iterator[Finding]:
    yield _maturity(proposal, offer, profile)
    if offer.maximum_amount is not None:
        investment = appraisal.project.investment
        yield _financed_share(proposal, investment, offer.maximum_amount, profile)
        yield _own_contribution(proposal, investment, offer.maximum_amount, profile)
        yield _minimum(offer, offer.maximum_amount, profile)
        yield _maximum(proposal, offer.maximum_amount, profile)
        yield _cover(offer, profile)


def _maturity(proposal: Proposal, offer: Offer, profile: Profile) -> Finding:
    longest = offer.longest_by_rules_months or 0
    asked = proposal.finance.requested_maturity_months
    cap = profile.terms.longest_maturity_months
    outcome, needed = Outcome.PASS, None
    if asked is not None and asked > longest:
        outcome, needed = Outcome.WARN, f"Ask for at most {longest} months."
    if (offer.maximum_maturity_months or 0) <= offer.grace_months:
        outcome = Outcome.FAIL
        needed = "A shorter installation or a longer maturity, so that months are left to repay."
    return finding(
        "maturity",
        cap,
        outcome,
        value=f"{asked or longest} months",
        limit=(
            f"{longest} months: the ROI period of {float(offer.roi_period_months or 0):.1f} months "
            f"and {percent_text(profile.maturity_extension)} more, at most {cap.required} months"
        ),
        needed=needed,
    )


def _financed_share(
    proposal: Proposal, investment: Decimal, amount: Decimal, profile: Profile
) -> Finding:
    asked = proposal.finance.requested_amount
    most = profile.financed_share * Fraction(investment)
    too_much = asked is not None and asked > most
    return finding(
        "financed_share",
        profile.terms.financed_share,
        Outcome.WARN if too_much else Outcome.PASS,
        value=_share_text(asked if asked is not None else amount, investment),
        limit=percent_text(profile.financed_share),
        needed=f"Ask for at most {money_text(most, proposal.currency)}.",
    )


def _own_contribution(
    proposal: Proposal, investment: Decimal, amount: Decimal, profile: Profile
) -> Finding:
    """What is left to pay beside the largest loan, and whether the own money offered covers it."""
    term = profile.terms.own_contribution_minimum
    left, own = investment - amount, proposal.finance.own_contribution
    rest = f"{money_text(left, profile.currency)}, {_share_text(left, investment)}"
    if own is None:
        value = f"{rest}, to be shown"
        return finding(
            "own_contribution",
            term,
            Outcome.PASS,
            value=value,
            limit=percent_text(term.required),
        )
    return finding(
        "financing_gap",
        term,
        Outcome.PASS if own >= left else Outcome.WARN,
        rule="The largest loan and the own money cover the investment",
        value=f"own money {money_text(own, profile.currency)}",
        limit=rest,
        needed=f"Show where {money_text(left - own, profile.currency)} more comes from.",
    )


def _minimum(offer: Offer, amount: Decimal, profile: Profile) -> Finding:
    term = profile.terms.minimum_amount
    return finding(
        "minimum_amount",
        term,
        Outcome.PASS if amount >= term.required else Outcome.FAIL,
        value=money_text(amount, offer.currency),
        limit=money_text(term.required, offer.currency),
        needed=enough_for_minimum(offer, profile),
    )


def _maximum(proposal: Proposal, amount: Decimal, profile: Profile) -> Finding:
    term = profile.terms.maximum_amount
    asked = proposal.finance.requested_amount
    too_much = asked is not None and asked > term.required
    limit = money_text(term.required, proposal.currency)
    return finding(
        "maximum_amount",
        term,
        Outcome.WARN if too_much else Outcome.PASS,
        value=money_text(asked if asked is not None else amount, proposal.currency),
        limit=limit,
        needed=f"Ask for at most {limit}.",
    )


def _cover(offer: Offer, profile: Profile) -> Finding:
    cover = offer.minimum_cover or Fraction(0)
    term = profile.terms.minimum_cover
    outcome = Outcome.PASS
    if cover < profile.target_cover:
        outcome = Outcome.WARN
    if cover < profile.minimum_cover:
        outcome = Outcome.FAIL
    return finding(
        "savings_cover",
        term,
        outcome,
        value=f"{float(cover):.2f} in the weakest month",
        limit=f"{float(profile.minimum_cover):g}, wanted {float(profile.target_cover):g}",
        needed="A smaller loan, a longer maturity inside the rules, or savings in every month.",
    )


def _share_text(part: Decimal, whole: Decimal) -> str:
    return percent_text(Fraction(part) / Fraction(whole)) if whole else percent_text(Fraction(0))
