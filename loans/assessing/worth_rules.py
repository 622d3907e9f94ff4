"""The rules about what the project is worth: present value, rate of return, payback, horizon."""

from collections.abc import Iterator
from fractions import Fraction

from appraisal.alternatives import AlternativeComparison, DecidedBy
from appraisal.appraise import Appraisal
from appraisal.cash_flow import MONTHS_PER_YEAR, cash_flow
from appraisal.discounting import timed
from appraisal.indicators import net_present_value
from appraisal.irr_result import IrrStatus
from appraisal.proposal import Proposal, horizon_years_of
from loans.assessing.finding import (
    Finding,
    Outcome,
    Subject,
    at_least_text,
    count_text,
    finding,
    money_text,
    percent_text,
)
from loans.profile import Profile

_NOTABLE_DIFFERENCE = Fraction(1, 10)
_ROUNDING = 1e-9
"""Relative room above a figure worked out with binary fractions, so that acting on it passes."""


def worth_findings(proposal: Proposal, appraisal: Appraisal, profile: Profile) -> Iterator[Finding]:
    """One finding for each rule about worth; alternatives where the proposal has any."""
    yield _net_present_value(proposal, appraisal, profile)
    yield _rate_of_return(proposal, appraisal, profile)
    yield _paybacks(proposal, appraisal, profile)
    yield _horizon(proposal, profile)
    for comparison in appraisal.alternatives:
        yield _alternative(comparison, proposal.currency, profile)


def _net_present_value(proposal: Proposal, appraisal: Appraisal, profile: Profile) -> Finding:
    value = appraisal.project.net_present_value
    rate = percent_text(Fraction(proposal.assumptions.discount_rate))
    years = count_text(proposal.assumptions.horizon_years, "year")
    return finding(
        "net_present_value",
        profile.terms.default_discount_rate,
        Outcome.PASS if value >= 0 else Outcome.WARN,
        rule="The project is worth what it costs",
        value=f"net present value {money_text(value, proposal.currency, 0)}",
        limit=f"zero or more within {years} at {rate} a year",
        needed=None if value >= 0 else _saving_for_zero(proposal, appraisal),
        subject=Subject.WORTH,
    )


def _saving_for_zero(proposal: Proposal, appraisal: Appraisal) -> str:
    """The net yearly saving, in the same pattern, at which the present value is zero."""
    assumed, project = proposal.assumptions, appraisal.project
    flow = cash_flow(proposal.financed_measures, MONTHS_PER_YEAR * assumed.horizon_years)
    savings = net_present_value(assumed.discount_rate, *timed(flow.net_savings, assumed.timing))
    if savings <= 0 or project.net_annual_saving <= 0:
        return "A net yearly saving above zero within the horizon."
    factor = 1 - project.net_present_value / savings
    needed = Fraction(project.net_annual_saving) * Fraction(factor * (1 + _ROUNDING))
    return (
        f"A net yearly saving of at least {at_least_text(needed, proposal.currency)} in place of "
        f"{money_text(project.net_annual_saving, proposal.currency)}, in the same pattern."
    )


def _rate_of_return(proposal: Proposal, appraisal: Appraisal, profile: Profile) -> Finding:
    irr = appraisal.project.internal_rate_of_return
    roots = ", ".join(percent_text(Fraction(root)) for root in irr.roots)
    misleads = irr.rate is None and irr.status is not IrrStatus.NONE
    value = ". ".join(part for part in (roots, irr.reason) if part)
    value_text = money_text(appraisal.project.net_present_value, proposal.currency, 0)
    return finding(
        "one_rate_of_return",
        profile.terms.default_discount_rate,
        Outcome.WARN if misleads else Outcome.PASS,
        rule="At most one internal rate of return is meant",
        value=value,
        limit="one rate, or none",
        needed=f"Decide by the net present value of {value_text}, not by a rate.",
        subject=Subject.WORTH,
    )


def _paybacks(proposal: Proposal, appraisal: Appraisal, profile: Profile) -> Finding:
    simple = appraisal.project.payback_ratio
    cumulative = appraisal.project.cumulative_payback_years
    outcome, value, limit = Outcome.PASS, "not recovered by either", "within 10 % of one another"
    needed = None
    if simple is not None:
        value = f"simple {float(simple):.2f} years, "
        value += "cumulative " + (f"{cumulative:.2f} years" if cumulative is not None else "never")
        most = float((1 + _NOTABLE_DIFFERENCE) * simple)
        least = float((1 - _NOTABLE_DIFFERENCE) * simple)
        if cumulative is None:
            outcome = Outcome.WARN
            needed = (
                "Savings that recover the outlay within the horizon (years: "
                f"{proposal.assumptions.horizon_years})."
            )
        elif not least - _ROUNDING <= cumulative <= most + _ROUNDING:
            outcome = Outcome.WARN
            needed = (
                f"A cumulative payback of {least:.2f} to {most:.2f} years: look at installation, "
                "ramp, pauses, growth and replacements."
            )
    return finding(
        "payback_methods",
        profile.terms.maturity_extension,
        outcome,
        rule="Simple and cumulative payback agree",
        value=value,
        limit=limit,
        needed=needed,
        subject=Subject.WORTH,
    )


def _horizon(proposal: Proposal, profile: Profile) -> Finding:
    years = proposal.assumptions.horizon_years
    life_years = max(measure.life_years for measure in proposal.measures)
    longest_years = horizon_years_of(proposal.measures)
    longest = count_text(longest_years, "year")
    return finding(
        "horizon",
        profile.terms.default_discount_rate,
        Outcome.PASS if years <= longest_years else Outcome.WARN,
        rule="The horizon is no longer than the life of the equipment",
        value=count_text(years, "year"),
        limit=f"{longest}: the longest life is {count_text(life_years, 'year')}",
        needed=f"A horizon of at most {longest}.",
        subject=Subject.WORTH,
    )


def _alternative(comparison: AlternativeComparison, currency: str, profile: Profile) -> Finding:
    by_code = {one.code: one for one in comparison.alternatives}
    chosen = next((one for one in comparison.alternatives if one.financed), None)
    best = None if comparison.best is None else by_code[comparison.best]
    decided_by = comparison.decided_by
    return finding(
        f"alternative_{comparison.group}",
        profile.terms.default_discount_rate,
        Outcome.PASS if chosen in (None, best) else Outcome.WARN,
        rule="Of alternatives the one that is worth most is carried out",
        value=f"{chosen.code} chosen" if chosen else "none of them is to be financed",
        limit="; ".join(
            f"{one.code} "
            + money_text(
                one.net_present_value
                if decided_by is DecidedBy.NET_PRESENT_VALUE
                else one.equivalent_annual_value,
                currency,
                0,
            )
            for one in comparison.alternatives
        )
        + (" a year" if decided_by is DecidedBy.EQUIVALENT_ANNUAL_VALUE else ""),
        needed=f"Finance {best.code} instead. {comparison.reason}" if best else comparison.reason,
        subject=Subject.WORTH,
    )
