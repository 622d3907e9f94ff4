"""What an officer studies beside the appraisal: how sure the result is, and what else follows."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from appraisal.appraise import Appraisal, ProjectAppraisal, appraise
from appraisal.cash_flow import MONTHS_PER_YEAR
from appraisal.changed_proposal import changed_proposal
from appraisal.environment import EnvironmentReport, environment_report
from appraisal.ladder import Ladder
from appraisal.npv_profile import NpvProfile, npv_profile
from appraisal.proposal import Proposal
from appraisal.savings_cover import savings_cover
from appraisal.scenario_model import LevelLoan
from appraisal.scenarios import SCENARIOS, Scenario, ScenarioName
from appraisal.sensitivity import Sensitivity, sensitivity
from appraisal.switching_values import PaybackLimit, SwitchingValue, switching_values
from loans.assessing.offer import Offer, make_offer
from loans.assessing.savings_ladder import LADDER_TERMS, savings_ladder
from loans.profile import Profile, RoiPeriodFrom


class Assessed(Protocol):
    """Figures with what follows from them under a profile."""

    @property
    def figures(self) -> Proposal:
        """The proposal."""

    @property
    def profile(self) -> Profile:
        """The terms it is judged by."""

    @property
    def appraisal(self) -> Appraisal:
        """What it is worth."""

    @property
    def offer(self) -> Offer:
        """What can be lent on it."""


@dataclass(frozen=True)
class ScenarioStudy:
    """One of the three scenarios, appraised exactly."""

    scenario: Scenario
    project: ProjectAppraisal
    offer: Offer
    """What could be lent if the figures had been entered like this."""

    minimum_cover: Fraction | None
    """Of the loan offered on the figures as entered, if things turn out like this."""


@dataclass(frozen=True)
class Study:
    """The parts of a study; ``loan`` is the instalment that covers are measured by."""

    loan: LevelLoan | None
    payback_limit: PaybackLimit | None
    sensitivity: Sensitivity
    scenarios: tuple[ScenarioStudy, ...]
    switching_values: tuple[SwitchingValue, ...]
    npv_profile: NpvProfile
    ladder: Ladder | None
    """None while one of ``LADDER_TERMS`` is open."""

    environment: EnvironmentReport


def study(assessment: Assessed) -> Study:
    """Everything about the figures beyond the appraisal, the simulation excepted.

    What needs a term that the fund left open is left out: the loan, its cover, the ladder.

    Raises:
        ValueError: figures that make a result too large to state.
    """
    try:
        with np.errstate(over="raise"):
            return _studied(assessment)
    except (FloatingPointError, OverflowError):
        message = "The figures make a result too large to state. Enter smaller ones."
        raise ValueError(message) from None


def _studied(assessment: Assessed) -> Study:
    figures, profile, offer = assessment.figures, assessment.profile, assessment.offer
    rates = assessment.appraisal.project.internal_rate_of_return
    loan, limit = offered_loan(offer), payback_limit(figures, profile)
    return Study(
        loan=loan,
        payback_limit=limit,
        sensitivity=sensitivity(figures, loan),
        scenarios=tuple(_scenario(each, assessment, loan) for each in SCENARIOS),
        switching_values=switching_values(figures, rates, loan, limit),
        npv_profile=npv_profile(figures, rates),
        ladder=None if profile.open_among(LADDER_TERMS) else savings_ladder(figures, profile),
        environment=environment_report(figures, funded_share=_funded_share(assessment)),
    )


def offered_loan(offer: Offer) -> LevelLoan | None:
    """The level loan of an offer by months; None where there is none.

    Of a payment that is due every so many months each of them bears its part.
    """
    payment = offer.indicative_level_payment
    if payment is None:
        return None
    months = sum(offer.period_lengths)
    return LevelLoan(
        payment * offer.instalments / months if offer.frequency_months > 1 else payment,
        offer.months_before_repayment,
        months,
    )


def payback_limit(figures: Proposal, profile: Profile) -> PaybackLimit | None:
    """The longest simple payback that the profile lets borrow, or that the maturity leaves.

    (Longest maturity / (1 + extension) - installation) / 12 years; installation counts where the
    profile counts the ROI period from the first disbursement. The shorter of it and the profile's
    own limit; None where the profile sets neither, and when nothing is left.
    """
    limits = [*_limit_of_profile(profile), *_limit_by_maturity(figures, profile)]
    return min(limits, key=lambda limit: limit.years, default=None)


def _limit_of_profile(profile: Profile) -> Iterator[PaybackLimit]:
    limit = profile.payback_limit_years
    if limit is not None:
        words = f"With a longer payback than {float(limit):g} years the facility does not lend."
        yield PaybackLimit(limit, words)


def _limit_by_maturity(figures: Proposal, profile: Profile) -> Iterator[PaybackLimit]:
    extension, begins = profile.maturity_extension, profile.terms.roi_period_from.value
    longest = profile.terms.longest_maturity_months.value
    if extension is None or longest is None or begins is None:
        return
    installing = max(measure.implementation_months for measure in figures.financed_measures)
    if begins is RoiPeriodFrom.COMMISSIONING:
        installing = 0
    months = longest / (1 + extension) - installing
    if months > 0:
        words = (
            f"With a longer payback the longest maturity of {longest} months is less than the ROI "
            f"period and {float(100 * extension):g} % of it."
        )
        yield PaybackLimit(months / MONTHS_PER_YEAR, words)


def _scenario(scenario: Scenario, assessment: Assessed, loan: LevelLoan | None) -> ScenarioStudy:
    appraisal, offer = assessment.appraisal, assessment.offer
    if scenario.name is not ScenarioName.BASE:
        changed = changed_proposal(assessment.figures, scenario.adjustment)
        profile = assessment.profile
        rate = profile.terms.annual_rate.value
        appraisal = appraise(
            changed,
            minor_investment=profile.terms.minor_investment.required,
            finance_rate=None if rate is None else float(rate),
        )
        offer = make_offer(changed, appraisal, profile)
    return ScenarioStudy(scenario, appraisal.project, offer, _cover(appraisal, loan))


def _cover(appraisal: Appraisal, loan: LevelLoan | None) -> Fraction | None:
    if loan is None:
        return None
    return savings_cover(
        appraisal.nominal_monthly_net_savings,
        loan.payment,
        grace_months=loan.grace_months,
        instalments=loan.instalments,
    ).minimum


def _funded_share(assessment: Assessed) -> Fraction | None:
    amount, investment = assessment.offer.maximum_amount, assessment.appraisal.project.investment
    return Fraction(amount) / Fraction(investment) if amount and investment else None
