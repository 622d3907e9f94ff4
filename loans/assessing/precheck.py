"""The five-question pre-check: what a project could be lent, before anybody signs in."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from appraisal.appraise import appraise
from appraisal.measure_type import MeasureType
from appraisal.proposal import (
    Assumptions,
    Enterprise,
    InvestmentLine,
    Measure,
    Ownership,
    Proposal,
    SavingLine,
    Technique,
)
from loans.assessing.coded_words import words
from loans.assessing.eligibility import rule_sheet
from loans.assessing.finding import Finding, Outcome, exact_percent_text
from loans.assessing.offer import Offer, make_offer
from loans.profile import Profile, Terms

_CODE = "the measure"
_AT_HOME = "local"


@dataclass(frozen=True, slots=True)
class PrecheckAnswer:
    """Type, payback in years, the offer, which rules refuse or warn, and what to do next."""

    measure_type: MeasureType | None
    payback_ratio: Fraction | None
    offer: Offer
    refusals: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    next_steps: tuple[str, ...]


def precheck(
    *,
    country: str,
    ownership: Ownership,
    change: Technique,
    cost: Decimal,
    yearly_saving: Decimal,
    profile: Profile,
    expands_capacity: bool | None = None,
) -> PrecheckAnswer:
    """What one measure that costs ``cost`` and saves ``yearly_saving`` could be lent.

    The rules are those of an application: the same saving every month, installed at once.

    Raises:
        pydantic.ValidationError: an amount with too many decimals, negative or too large.
    """
    proposal = Proposal(
        facility=profile.code,
        title=words(change),
        currency=profile.currency,
        enterprise=Enterprise(name="?", country=country, ownership=ownership),
        assumptions=Assumptions(discount_rate=float(profile.terms.default_discount_rate.required)),
        measures=(
            Measure(
                code=_CODE,
                title=words(change),
                technique=change,
                expands_capacity=expands_capacity,
                investment=(InvestmentLine(code="I1", amount=cost),),
                savings=(SavingLine(code="S1", annual_amount=yearly_saving),),
            ),
        ),
    )
    appraisal = appraise(
        proposal, minor_investment=profile.terms.minor_investment.required, finance_rate=None
    )
    offer = make_offer(proposal, appraisal, profile)
    findings = rule_sheet(proposal, appraisal, offer, profile)
    measure = appraisal.measures[0]
    return PrecheckAnswer(
        measure_type=measure.type,
        payback_ratio=measure.payback_ratio,
        offer=offer,
        refusals=tuple(found for found in findings if found.outcome is Outcome.FAIL),
        warnings=tuple(found for found in findings if found.outcome is Outcome.WARN),
        next_steps=_next_steps(measure.type, offer, profile),
    )


def _next_steps(
    measure_type: MeasureType | None, offer: Offer, profile: Profile
) -> tuple[str, ...]:
    if measure_type is MeasureType.A:
        return ("Carry the measure out now: it costs little and pays for itself within a year.",)
    if not offer.eligible and not offer.is_undecided:
        return ("Change what the rules name, and ask again.",)
    return tuple(_papers(profile.terms))


def _papers(terms: Terms) -> Iterator[str]:
    """What the fund will ask for, as its terms say."""
    yield "Bills or meter readings of the last 12 months for what the measure saves."
    nearest, *farther = terms.supplier_tiers.value or ("",)
    near = ", from a supplier at home first" if nearest == _AT_HOME and farther else ""
    yield f"A quotation for the investment{near}."
    if terms.measures_may_expand_capacity.value is False:
        yield "Capacity before and after, to show that production is not enlarged."
    if duties := terms.responsibilities.value:
        named = ", ".join(words(duty) for duty in duties)
        yield f"Who answers for {named}, each with a plan and a date."
    least = terms.own_contribution_minimum.value
    if least:
        yield f"Proof of the enterprise's own contribution, at least {exact_percent_text(least)}."
