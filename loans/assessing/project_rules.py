"""The rules that a project meets or fails before any loan is worked out."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial

from appraisal.appraise import Appraisal, MeasureAppraisal
from appraisal.cash_flow import investment_of
from appraisal.measure_type import MeasureType
from appraisal.proposal import Proposal
from loans.assessing.coded_words import words
from loans.assessing.finding import (
    Finding,
    Outcome,
    Subject,
    at_least_text,
    at_most_text,
    exact_percent_text,
    finding,
    money_text,
    percent_text,
    share_text,
    where_decided,
)
from loans.day_words import shown_day
from loans.profile import Profile, Term


def project_findings(
    proposal: Proposal, appraisal: Appraisal, profile: Profile
) -> tuple[Finding, ...]:
    """One finding for each rule about the enterprise and its measures that can refuse a loan."""
    rules: tuple[Callable[[], Iterable[Finding]], ...] = (
        partial(_ownership, proposal, profile),
        partial(_country, proposal, profile),
        partial(_currency, proposal, profile),
        partial(_prior_assessment, proposal, profile),
        partial(_recovered, appraisal, profile),
        partial(_payback_limit, proposal, appraisal, profile),
        partial(_types, appraisal, profile),
        partial(_existing_production, proposal, profile),
        partial(_extra_output, proposal, profile),
        partial(_techniques, proposal, profile),
        partial(_own_contribution, proposal, appraisal, profile),
    )
    return tuple(where_decided(*rules))


def _ownership(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    term = profile.terms.ownerships
    allowed = ", ".join(words(owner) for owner in term.required)
    yield finding(
        "ownership",
        term,
        Outcome.PASS if proposal.enterprise.ownership in term.required else Outcome.FAIL,
        value=words(proposal.enterprise.ownership),
        limit=allowed,
        needed=f"An enterprise with one of these owners: {allowed}.",
        subject=Subject.ENTERPRISE,
    )


def _country(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    term = profile.terms.countries
    allowed = ", ".join(term.required)
    yield finding(
        "country",
        term,
        Outcome.PASS if proposal.enterprise.country in term.required else Outcome.WARN,
        value=proposal.enterprise.country,
        limit=allowed,
        needed=f"A site in {allowed}, or the fund's agreement to lend elsewhere.",
        subject=Subject.ENTERPRISE,
    )


def _currency(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    yield finding(
        "currency",
        profile.terms.minimum_amount,
        Outcome.PASS if proposal.currency == profile.currency else Outcome.FAIL,
        value=f"Amounts in {proposal.currency}",
        limit=profile.currency,
        rule="Currency of the facility",
        needed=f"The same figures in {profile.currency}, the facility's currency.",
        subject=Subject.ENTERPRISE,
    )


def _recovered(appraisal: Appraisal, profile: Profile) -> Iterator[Finding]:
    lost = [m for m in _financed(appraisal) if m.payback_ratio is None]
    what = f"A net yearly saving above zero for {_codes(lost)}, or a loan without it."
    yield finding(
        "payback_positive",
        profile.terms.maturity_extension,
        Outcome.FAIL if lost else Outcome.PASS,
        value=f"{_codes(lost)} not recovered" if lost else "every measure is recovered",
        limit="the returns must materialise",
        needed=what,
        rule="The savings recover the investment",
    )


def _payback_limit(proposal: Proposal, appraisal: Appraisal, profile: Profile) -> Iterator[Finding]:
    """Whether the simple payback is short enough; nothing where there is no limit or no payback."""
    term, project = profile.terms.payback_limit_years, appraisal.project
    limit, payback = profile.payback_limit_years, project.payback_ratio
    if limit is None or payback is None:
        return
    most = at_most_text(limit * Fraction(project.net_annual_saving), proposal.currency)
    least = at_least_text(Fraction(project.investment) / limit, proposal.currency)
    yield finding(
        "payback_limit",
        term,
        Outcome.PASS if payback <= limit else Outcome.FAIL,
        value=f"{float(payback):.4g} years",
        limit=f"{float(limit):g} years",
        needed=f"A net yearly saving of at least {least}, or an investment of at most {most}.",
    )


def _prior_assessment(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    """Whether the plant was assessed before, where the facility asks for it."""
    term, assessed = profile.terms.prior_assessment_required, proposal.prior_assessment
    if not term.required:
        return
    yield finding(
        "prior_assessment",
        term,
        Outcome.FAIL if assessed is None else Outcome.PASS,
        value="none stated"
        if assessed is None
        else f"{shown_day(assessed.assessed_on)}, by {assessed.assessed_by}: {assessed.report}",
        limit="an assessment with its day, who made it, and its report",
        needed="An assessment of the plant: enter its day, who made it, and where its report is.",
        subject=Subject.ENTERPRISE,
    )


def _types(appraisal: Appraisal, profile: Profile) -> Iterator[Finding]:
    alone = profile.terms.borrowing_types
    in_group = profile.terms.borrowing_types_in_group.required
    typed = [m for m in _financed(appraisal) if m.type is not None]
    led = any(m.type in alone.required for m in typed)
    refused = [
        m for m in typed if m.type not in alone.required and not (led and m.type in in_group)
    ]
    limit = f"type {', '.join(alone.required)}"
    if in_group:
        limit += f"; type {', '.join(in_group)} together with it"
    yield finding(
        "borrowing_types",
        alone,
        Outcome.FAIL if refused else Outcome.PASS,
        value=", ".join(f"{m.code} is type {m.type}" for m in typed) or "no measure has a type",
        limit=limit,
        needed=" ".join(_instead_of_a_loan(m) for m in refused),
    )


def _instead_of_a_loan(measure: MeasureAppraisal) -> str:
    if measure.type is MeasureType.A:
        return f"Pay {measure.code} from own funds and leave it out of the loan."
    return (
        f"{measure.code} pays back in under a year: pay it from the operating budget, or finance "
        "it together with a long-term measure."
    )


def _existing_production(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    questions: tuple[tuple[str, Term[bool], list[bool | None], str], ...] = (
        (
            "expands_capacity",
            profile.terms.measures_may_expand_capacity,
            [measure.expands_capacity for measure in proposal.financed_measures],
            "the capacity grows",
        ),
        (
            "adds_production_equipment",
            profile.terms.measures_may_add_production_equipment,
            [measure.adds_production_equipment for measure in proposal.financed_measures],
            "production equipment is added",
        ),
    )
    for code, term, answers, happens in questions:
        yield finding(
            code,
            term,
            _answered(answers, allowed=term.required),
            value=_answer_text(answers, happens),
            limit="allowed" if term.required else "not allowed",
            needed=f"Evidence that for no measure {happens}.",
        )


def _answered(answers: list[bool | None], *, allowed: bool) -> Outcome:
    if allowed or not any(answer is not False for answer in answers):
        return Outcome.PASS
    return Outcome.FAIL if any(answers) else Outcome.UNKNOWN


def _answer_text(answers: list[bool | None], happens: str) -> str:
    if any(answers):
        return f"yes: {happens}"
    return "not answered" if None in answers else "no"


def _extra_output(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    lines = [
        line.code for m in proposal.financed_measures for line in m.savings if line.counts_as_output
    ]
    yield finding(
        "extra_output",
        profile.terms.measures_may_expand_capacity,
        Outcome.WARN if lines else Outcome.PASS,
        value=f"{', '.join(lines)} come from extra output" if lines else "no such saving",
        limit="counted in no figure",
        rule="Savings come from existing production",
        needed="Savings at unchanged output; these lines are shown and left out.",
    )


def _techniques(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    term = profile.terms.other_technique_share_for_review
    excluded = profile.terms.techniques_not_cleaner_production.required
    whole = investment_of(proposal.financed_measures)
    others = [m for m in proposal.financed_measures if m.technique in excluded]
    share = Fraction(investment_of(others)) / Fraction(whole) if whole else Fraction(0)
    over = bool(others) and (share > Fraction(term.required) or not whole)
    yield finding(
        "other_techniques",
        term,
        Outcome.WARN if over else Outcome.PASS,
        value=percent_text(share),
        limit=exact_percent_text(term.required),
        needed=(
            f"Spend at most {exact_percent_text(term.required)} of "
            f"{money_text(whole, proposal.currency)} on "
            f"{' and '.join(words(technique) for technique in excluded)}, or let an officer review."
        ),
    )


def _own_contribution(
    proposal: Proposal, appraisal: Appraisal, profile: Profile
) -> Iterator[Finding]:
    """Whether what the enterprise pays itself is enough; nothing where it does not say."""
    own, eligible = proposal.finance.own_contribution, appraisal.project.eligible_investment
    if own is None or not eligible:
        return
    term = profile.terms.own_contribution_minimum
    least = Fraction(term.required) * Fraction(eligible)
    yield finding(
        "own_contribution",
        term,
        Outcome.PASS if own >= least else Outcome.FAIL,
        value=f"{money_text(own, proposal.currency)}, {share_text(own, eligible)}",
        limit=exact_percent_text(term.required),
        needed=f"Pay at least {at_least_text(least, proposal.currency)} from your own money.",
        subject=Subject.LOAN,
    )


def _financed(appraisal: Appraisal) -> list[MeasureAppraisal]:
    return [measure for measure in appraisal.measures if measure.financed]


def _codes(measures: Iterable[MeasureAppraisal]) -> str:
    return ", ".join(measure.code for measure in measures)
