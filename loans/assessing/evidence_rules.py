"""The rules about what the figures rest on: which lines have a document, and which do not count."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from appraisal.cost_inventory import INDIRECT_TIER, CountedAs, Level, counted, is_in
from appraisal.cost_lines import CONTINGENT_TIER, CostLine, Evidence, InvestmentLine, SavingLine
from appraisal.proposal import Proposal
from loans.assessing.coded_words import words
from loans.assessing.finding import Finding, Outcome, Subject, finding, money_text
from loans.profile import Profile


def evidence_findings(proposal: Proposal, profile: Profile) -> Iterator[Finding]:
    """One finding for each rule about evidence; indirect and contingent lines if there are any."""
    lines: list[SavingLine | CostLine] = [
        line
        for m in proposal.financed_measures
        for lines_of in (m.savings, m.added_costs)
        for line in lines_of
    ]
    yield _baseline(lines, proposal.currency, profile)
    yield _investment(proposal, profile)
    yield from _indirect(lines, proposal.currency, profile)
    yield from _contingent(lines, proposal.currency, profile)


def _baseline(lines: Sequence[SavingLine | CostLine], currency: str, profile: Profile) -> Finding:
    """What the headline figures rest on: lines without a document count provisionally."""
    term = profile.terms.baseline_evidence
    direct = [line for line in lines if is_in(line, Level.TIER_1)]
    provisional = [line for line in direct if line.evidence not in term.required]
    value = "every saving and added cost that counts has its evidence"
    if provisional:
        value = (
            f"{_by_evidence(provisional)}; {_total(provisional, currency)} of "
            f"{_total(direct, currency)} a year counts provisionally"
        )
    return finding(
        "baseline_evidence",
        term,
        _outcome(provisional),
        value=value,
        limit=", ".join(words(evidence) for evidence in term.required),
        needed="Meter readings, bills or a calculation for each of these lines.",
        subject=Subject.EVIDENCE,
    )


def _investment(proposal: Proposal, profile: Profile) -> Finding:
    allowed = profile.terms.baseline_evidence.required
    outlays = [line for measure in proposal.financed_measures for line in measure.investment]
    provisional = [line for line in outlays if line.amount and line.evidence not in allowed]
    return finding(
        "investment_evidence",
        profile.terms.supplier_tiers,
        _outcome(provisional),
        rule="The investment rests on quotations",
        value=_by_evidence(provisional) if provisional else "every outlay has its evidence",
        limit=", ".join(words(evidence) for evidence in allowed),
        needed="A quotation or a calculation for each of these items.",
        subject=Subject.EVIDENCE,
    )


def _indirect(
    lines: Sequence[SavingLine | CostLine], currency: str, profile: Profile
) -> Iterator[Finding]:
    indirect = [line for line in lines if line.tier == INDIRECT_TIER]
    if not indirect:
        return
    left_out = [line for line in indirect if counted(line) is CountedAs.SHOWN_ONLY]
    kept = [line for line in indirect if line not in left_out]
    yield finding(
        "indirect_evidence",
        profile.terms.baseline_evidence,
        Outcome.WARN if left_out else Outcome.PASS,
        rule="Indirect lines have a document",
        value=(
            f"{_codes(left_out)} of {_total(left_out, currency)} a year left out"
            if left_out
            else f"{_codes(kept)} of {_total(kept, currency)} a year in the second line of results"
        ),
        limit="counted in the second line of results when a document shows them",
        needed="Meter readings, bills, a contract or a calculation for each of these lines.",
        subject=Subject.EVIDENCE,
    )


def _contingent(
    lines: Sequence[SavingLine | CostLine], currency: str, profile: Profile
) -> Iterator[Finding]:
    contingent = [line for line in lines if line.tier == CONTINGENT_TIER]
    if not contingent:
        return
    without = [line for line in contingent if line.probability is None]
    yield finding(
        "contingent_probability",
        profile.terms.baseline_evidence,
        Outcome.WARN if without else Outcome.PASS,
        rule="Contingent lines have a probability",
        value=(
            f"{_codes(without)} of {_total(without, currency)} left out"
            if without
            else f"{_codes(contingent)} in the scenario"
        ),
        limit="counted as probability x amount in the scenario only",
        needed="A probability from 0 to 1 for each of these lines.",
        subject=Subject.EVIDENCE,
    )


def _outcome(provisional: Sequence[SavingLine | CostLine | InvestmentLine]) -> Outcome:
    """A weak document is a warning; one that is not named is not known."""
    if any(line.evidence is not Evidence.NONE for line in provisional):
        return Outcome.WARN
    return Outcome.UNKNOWN if provisional else Outcome.PASS


def _by_evidence(lines: Sequence[SavingLine | CostLine | InvestmentLine]) -> str:
    unstated = [line for line in lines if line.evidence is Evidence.NONE]
    weak = [line for line in lines if line.evidence is not Evidence.NONE]
    parts = (("no evidence", unstated), ("not enough", weak))
    return "; ".join(f"{label}: {_codes(found)}" for label, found in parts if found)


def _codes(lines: Iterable[SavingLine | CostLine | InvestmentLine]) -> str:
    return ", ".join(line.code for line in lines)


def _total(lines: Iterable[SavingLine | CostLine], currency: str) -> str:
    """Savings and added costs together, as amounts of money that the lines move."""
    amounts = (
        line.annual_saving if isinstance(line, SavingLine) else line.annual_cost for line in lines
    )
    return money_text(sum(amounts, Decimal(0)), currency)
