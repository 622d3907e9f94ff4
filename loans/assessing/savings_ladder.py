"""The ladder of a proposal under a facility: its measures, its own money, the facility's limits."""

from fractions import Fraction

from appraisal.cash_flow import eligible_investment_of, investment_of, net_annual_saving_of
from appraisal.ladder import DEFAULT_HORIZON_MONTHS, DEFAULT_SAVING_MONTHS, Ladder, ladder
from appraisal.measure_type import MeasureType, classify
from appraisal.proposal import Measure, Proposal
from loans.profile import Profile

LADDER_TERMS = frozenset({"financed_share", "minor_investment", "minimum_amount", "maximum_amount"})
"""The terms without which no ladder can be planned."""


def savings_ladder(
    proposal: Proposal,
    profile: Profile,
    *,
    saving_months: int = DEFAULT_SAVING_MONTHS,
    horizon_months: int = DEFAULT_HORIZON_MONTHS,
) -> Ladder:
    """Plan all measures of ``proposal`` within the limits of ``profile``.

    Own funds are the own contribution stated; where none is, the part of the long measures that
    no loan pays, since the enterprise has to bring that in any case.

    Raises:
        TermMissing: a term that the ladder needs is open in the profile.
        ValueError: months that make no plan.
    """
    measures = ladder_measures(proposal)
    own_funds = proposal.finance.own_contribution
    return ladder(
        measures,
        _least_own_money(measures, profile) if own_funds is None else own_funds,
        profile.financed_share,
        minor_investment=profile.terms.minor_investment.required,
        discount_rate=proposal.assumptions.discount_rate,
        minimum_loan=profile.terms.minimum_amount.required,
        maximum_loan=profile.terms.maximum_amount.required,
        saving_months=saving_months,
        horizon_months=horizon_months,
    )


def ladder_measures(proposal: Proposal) -> tuple[Measure, ...]:
    """All measures of the proposal; of alternatives only one.

    The financed one; where none of a group is financed, the one that saves most for its
    investment.
    """
    financed = {measure.code for measure in proposal.financed_measures}
    groups: dict[str, Measure] = {}
    for measure in proposal.measures:
        group = measure.alternative_group
        if group is not None and (group not in groups or _better(measure, groups[group], financed)):
            groups[group] = measure
    return tuple(
        m
        for m in proposal.measures
        if m.alternative_group is None or groups[m.alternative_group] is m
    )


def _better(measure: Measure, rival: Measure, financed: set[str]) -> bool:
    if (measure.code in financed) != (rival.code in financed):
        return measure.code in financed
    earned, rival_earned = (Fraction(net_annual_saving_of([m])) for m in (measure, rival))
    cost, rival_cost = (Fraction(investment_of([m])) for m in (measure, rival))
    return earned * rival_cost > rival_earned * cost


def _least_own_money(measures: tuple[Measure, ...], profile: Profile) -> Fraction:
    minor = profile.terms.minor_investment.required
    long = [
        measure
        for measure in measures
        if classify(investment_of([measure]), net_annual_saving_of([measure]), minor)
        is MeasureType.C
    ]
    largest = profile.financed_share * Fraction(eligible_investment_of(long))
    largest = min(largest, Fraction(profile.terms.maximum_amount.required))
    return Fraction(investment_of(long)) - largest
