"""The verdict on a project: what can be lent, and the four things that a decision rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.rendering import amount, count, lower_first, percent, years
from appraisal.cost_inventory import CountedAs, counted
from appraisal.cost_lines import SavingLine
from loans.assessing.finding import Outcome, Subject, period_text
from loans.cases.assessment import Assessment


@dataclass(frozen=True)
class Point:
    """One thing to weigh: what it is about, a badge (words and tone), and the figures."""

    subject: str
    badge: tuple[str, str]
    words: str


@dataclass(frozen=True)
class Verdict:
    """What can be lent, in one sentence with a tone, and the points behind it."""

    tone: str
    headline: str
    points: tuple[Point, ...]


def verdict(assessment: Assessment) -> Verdict:
    """The loan, then worth, recovery, cover, evidence and rules."""
    offer = assessment.offer
    headline = "Nothing can be lent on these figures."
    if offer.eligible:
        headline = (
            f"The fund can lend up to {amount(offer.maximum_amount, offer.currency)} for "
            f"{count(offer.maximum_maturity_months or 0, 'month')}."
        )
    elif offer.is_undecided:
        headline = "What can be lent is open: the fund has not decided all its terms."
    points = (
        _worth(assessment),
        _recovery(assessment),
        *_cover(assessment),
        _evidence(assessment),
        *_environment(assessment),
        _rules(assessment),
    )
    tone = "good" if offer.eligible else ("warn" if offer.is_undecided else "bad")
    return Verdict(tone, headline, points)


def _worth(assessment: Assessment) -> Point:
    worth = assessment.appraisal.project.net_present_value
    assumed = assessment.figures.assumptions
    gains = worth >= 0
    money = amount(abs(worth), assessment.figures.currency, 0)
    return Point(
        "Worth",
        ("Gains", "good") if gains else ("Loses", "bad"),
        f"After {percent(assumed.discount_rate)} a year on the money tied up, the project "
        f"{'gains' if gains else 'loses'} {money} in today's money within "
        f"{count(assumed.horizon_years, 'year')} (net present value, NPV).",
    )


def _recovery(assessment: Assessment) -> Point:
    project = assessment.appraisal.project
    if project.payback_ratio is None:
        return Point(
            "Payback", ("Not recovered", "bad"), "The net yearly saving is not above zero."
        )
    by_rule = years(project.payback_ratio)
    if project.cumulative_payback_years is None:
        horizon = count(assessment.figures.assumptions.horizon_years, "year")
        words = f"Simple payback is {by_rule}, but not within the horizon of {horizon}."
        return Point("Payback", ("Look at it", "warn"), words)
    words = (
        f"A full year's saving brings the investment back in {by_rule} (simple payback); month by "
        f"month it is back after {years(project.cumulative_payback_years)}."
    )
    return Point("Payback", ("Recovered", "good"), words)


def _cover(assessment: Assessment) -> Iterator[Point]:
    cover = assessment.offer.minimum_cover
    if cover is not None:
        target = assessment.profile.target_cover
        every = period_text(assessment.offer.frequency_months)
        yield Point(
            "Loan",
            ("Carried", "good") if cover >= target else ("Thin", "warn"),
            f"In the weakest {every} the savings pay the instalment {amount(cover)} times; "
            f"{amount(target, places=1)} times is wanted.",
        )


def _evidence(assessment: Assessment) -> Point:
    lines = [line for measure in assessment.figures.financed_measures for line in measure.savings]
    open_part = _sum(lines, CountedAs.PROVISIONAL)
    whole = open_part + _sum(lines, CountedAs.COUNTED)
    currency = assessment.figures.currency
    if not whole:
        return Point("Evidence", ("Nothing saved", "bad"), "No saving is counted.")
    if not open_part:
        return Point("Evidence", ("Documented", "good"), "Every counted saving has a document.")
    return Point(
        "Evidence",
        ("Provisional", "warn"),
        f"{amount(open_part, currency)} of {amount(whole, currency)} saved a year rests on an "
        "estimate or on nothing.",
    )


def _environment(assessment: Assessment) -> Iterator[Point]:
    """A claim that cannot be stands in front: it casts doubt on the other figures too."""
    doubtful = [
        found
        for found in assessment.findings
        if found.subject is Subject.ENVIRONMENT and found.outcome in {Outcome.WARN, Outcome.FAIL}
    ]
    if doubtful:
        words = ". ".join(f"{found.value}; {lower_first(found.limit)}" for found in doubtful)
        yield Point("Environment", ("Doubtful", "warn"), f"{words}.")


def _sum(lines: Sequence[SavingLine], kind: CountedAs) -> Decimal:
    return sum((line.annual_saving for line in lines if counted(line) is kind), Decimal(0))


def _rules(assessment: Assessment) -> Point:
    outcomes = [finding.outcome for finding in assessment.findings]
    failed = outcomes.count(Outcome.FAIL)
    doubtful = len(outcomes) - failed - outcomes.count(Outcome.PASS)
    words = (
        f"Of {count(len(outcomes), 'rule')} {failed or 'none'} "
        f"{'fail' if failed > 1 else 'fails'} and {doubtful or 'none'} "
        f"{'ask' if doubtful > 1 else 'asks'} for a closer look."
    )
    if failed:
        return Point("Rules", ("Fails", "bad"), words)
    return Point("Rules", ("Look at it", "warn") if doubtful else ("Passes", "good"), words)


def types_words(assessment: Assessment) -> str:
    """The types of the financed measures: "C", or "B and C"."""
    financed = [measure for measure in assessment.appraisal.measures if measure.financed]
    types = sorted({measure.type for measure in financed if measure.type is not None})
    without = any(measure.type is None for measure in financed)
    words = " and ".join([*map(str, types), *(["not recovered"] if without else [])])
    return words[:1].upper() + words[1:]
