"""What to bear in mind with an appraisal: where its figures disagree or rest on little."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from appraisal.alternatives import AlternativeComparison
from appraisal.appraisal_result import ProjectAppraisal
from appraisal.cash_flow import CashFlow
from appraisal.cost_inventory import INDIRECT_TIER, CountedAs, Level, counted, is_output
from appraisal.cost_lines import CONTINGENT_TIER, RunningLine
from appraisal.indicators import recovery_count
from appraisal.irr_result import IrrStatus
from appraisal.proposal import Proposal

_NOTABLE_DIFFERENCE = 0.1


def cautions_on(
    proposal: Proposal,
    project: ProjectAppraisal,
    flow: CashFlow,
    comparisons: Sequence[AlternativeComparison],
) -> Iterator[str]:
    """Sentences in the order in which the figures are shown: payback, rates, lines, choices."""
    yield from _on_payback(proposal, project, flow)
    yield from _on_rates(project)
    yield from _on_lines(proposal)
    yield from _on_choices(comparisons)


def _on_payback(proposal: Proposal, project: ProjectAppraisal, flow: CashFlow) -> Iterator[str]:
    simple, cumulative = project.payback_ratio, project.cumulative_payback_years
    if simple is not None and cumulative is None:
        yield (
            f"Simple payback is {float(simple):.2f} years, but the investment is not recovered "
            f"within the horizon (years: {proposal.assumptions.horizon_years})."
        )
    if simple and cumulative is not None and _differs_notably(simple, cumulative):
        yield (
            f"Simple payback is {float(simple):.2f} years and cumulative payback "
            f"{cumulative:.2f} years, more than 10 % apart: look at delay, ramp and seasons."
        )
    if recovery_count(flow.monthly_without_residual) > 1:
        yield "The investment is recovered more than once; payback is the last time."


def _on_rates(project: ProjectAppraisal) -> Iterator[str]:
    if project.internal_rate_of_return.status is IrrStatus.MULTIPLE:
        yield str(project.internal_rate_of_return.reason)
    direct, scenario = project.lines[Level.TIER_1], project.lines[Level.WITH_TIER_3]
    if direct.net_present_value < 0 <= scenario.net_present_value:
        yield (
            "The net present value is below zero on direct money alone: the project pays only "
            "with its indirect or contingent items."
        )


def _on_lines(proposal: Proposal) -> Iterator[str]:
    lines: list[RunningLine] = [
        line for m in proposal.financed_measures for line in (*m.savings, *m.added_costs)
    ]
    if any(is_output(line) for line in lines):
        yield "Savings from extra output are shown and counted nowhere."
    left_out = [line for line in lines if counted(line) is CountedAs.SHOWN_ONLY]
    undocumented = [line.code for line in left_out if line.tier == INDIRECT_TIER]
    if undocumented:
        yield f"Indirect lines without a document are left out: {', '.join(undocumented)}."
    unlikely = [line.code for line in left_out if line.tier == CONTINGENT_TIER]
    if unlikely:
        yield f"Contingent lines without a probability are left out: {', '.join(unlikely)}."


def _on_choices(comparisons: Sequence[AlternativeComparison]) -> Iterator[str]:
    for comparison in comparisons:
        chosen = next((one.code for one in comparison.alternatives if one.financed), None)
        if chosen is not None and comparison.best not in (None, chosen):
            yield (
                f"Measure {chosen} is to be financed, but its alternative {comparison.best} is "
                f"worth more. {comparison.reason}"
            )


def _differs_notably(simple: Fraction, cumulative: float) -> bool:
    return abs(cumulative / float(simple) - 1) > _NOTABLE_DIFFERENCE
