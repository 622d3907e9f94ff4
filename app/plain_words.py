"""Words for people in place of the codes of the program: types, techniques, evidence, rules."""

from collections.abc import Mapping
from decimal import Decimal

from appraisal.cost_inventory import CountedAs
from appraisal.measure_type import MeasureType
from appraisal.proposal import Depreciation, InvestmentKind, Technique
from loans.assessing import coded_words
from loans.assessing.finding import exact_percent_text
from loans.assessing.offer import AmountRule, MaturityRule, Offer
from loans.draft import Task
from loans.profile import Profile

TYPE_WORDS: Mapping[MeasureType, str] = {
    MeasureType.A: "Housekeeping: it costs little and pays for itself within a year. "
    "Carry it out now from your own money.",
    MeasureType.B: "Short-term: it pays for itself within a year. Pay it from the operating "
    "budget, or finance it together with a long-term measure.",
    MeasureType.C: "Long-term: it pays for itself in a year or more, and a loan fits it.",
}
SHORT_TYPES: Mapping[MeasureType, str] = {
    MeasureType.A: "Type A, housekeeping",
    MeasureType.B: "Type B, short-term",
    MeasureType.C: "Type C, long-term",
}
NOT_RECOVERED = "The yearly saving does not bring the investment back."

DEPRECIATIONS: Mapping[Depreciation, str] = {
    Depreciation.STRAIGHT_LINE: "In equal parts each year",
    Depreciation.DECLINING_BALANCE: "By declining balance, more in the first years",
    Depreciation.SUM_OF_YEARS_DIGITS: "By the sum of the years' digits",
}
"""How equipment is written off for tax."""

_TECHNIQUE_NOTES: Mapping[Technique, str] = {
    Technique.GOOD_HOUSEKEEPING: (
        "Leaks, spills and idling stop; people work more carefully with what is there."
    ),
    Technique.INPUT_SUBSTITUTION: (
        "A raw material, chemical or fuel is replaced by one that causes less waste."
    ),
    Technique.PROCESS_MODIFICATION: (
        "The same product is made by steps that need less or waste less."
    ),
    Technique.BETTER_CONTROL: (
        "Meters, sensors or automatic control keep the process where it wastes least."
    ),
    Technique.EQUIPMENT_MODIFICATION: (
        "Existing machines are insulated, rebuilt or given more efficient parts."
    ),
    Technique.TECHNOLOGY_CHANGE: (
        "A new way of producing replaces the old one, for the same output."
    ),
    Technique.ON_SITE_RECOVERY: (
        "Heat, water, solvent or material is caught and used again on the site."
    ),
    Technique.BY_PRODUCT: "What was waste becomes something that can be sold or used.",
    Technique.PRODUCT_MODIFICATION: (
        "The product itself is altered so that making or using it wastes less."
    ),
    Technique.OFF_SITE_RECYCLING: (
        "Waste leaves the plant and others recycle it. This is not cleaner production."
    ),
    Technique.END_OF_PIPE: (
        "Waste, smoke or water is cleaned after it arose. This is not cleaner production."
    ),
}
TECHNIQUES: Mapping[Technique, tuple[str, str]] = {
    technique: (name, _TECHNIQUE_NOTES[technique])
    for technique, name in coded_words.TECHNIQUES.items()
}
"""The name of each technique and what it means."""

INVESTMENT_KINDS: Mapping[InvestmentKind, str] = {
    InvestmentKind.EQUIPMENT: "Equipment, building work and installation",
    InvestmentKind.WORKING_CAPITAL: "Stocks and the like, whose money comes back at the end",
    InvestmentKind.REPLACEMENT: "A part that has to be renewed later",
}
TIERS: Mapping[int, str] = {
    1: "Direct: it stands on a bill or in the payroll",
    2: "Indirect, usually hidden in overheads",
    3: "It could happen",
    4: "It cannot be put in money",
}
"""How sure and how visible the money of a line is; it decides in which results the line counts."""

OTHER_ITEMS: Mapping[int, str] = {
    1: "Another direct item",
    2: "Another indirect item",
    3: "Something else that could happen",
    4: "Something else that is not money",
}
SCORES: Mapping[int, str] = {
    2: "Much better",
    1: "Better",
    0: "As it is",
    -1: "Worse",
    -2: "Much worse",
}
TASKS: Mapping[Task, tuple[str, str]] = {
    Task.IDENTIFICATION: ("Identification", "Who found the measures and measured what is used now"),
    Task.PREPARATION: ("Preparation", "Who works out the project, the quotations and the permits"),
    Task.SUPERVISION: ("Supervision", "Who watches over the installation until it runs"),
    Task.MONITORING: ("Monitoring", "Who measures the savings afterwards and reports them"),
}
_COUNTING: Mapping[CountedAs, tuple[str, str]] = {
    CountedAs.PROVISIONAL: (
        "1 line counts for now: say on which document it rests, so that it lasts.",
        "{number} lines count for now: say on which documents they rest, so that it lasts.",
    ),
    CountedAs.SECOND_LINE: (
        "1 line of indirect money counts in the second line of results.",
        "{number} lines of indirect money count in the second line of results.",
    ),
    CountedAs.SCENARIO: (
        "1 line counts in the scenario of what could happen only.",
        "{number} lines count in the scenario of what could happen only.",
    ),
    CountedAs.SHOWN_ONLY: (
        "1 line is shown and counts in no figure.",
        "{number} lines are shown and count in no figure.",
    ),
}
UNITS = (
    *("kWh", "MWh", "GJ", "Gcal", "m3", "1,000 m3", "Nm3", "l", "kg", "t", "t coal equivalent"),
    *("pieces", "hours", "months"),
)
"""Units as they stand on bills."""


def counting_words(how_many: Mapping[CountedAs, int]) -> tuple[str, ...]:
    """How far the lines of a measure count, where that is not plainly so."""
    return tuple(
        (one if how_many[counted_as] == 1 else many).format(number=how_many[counted_as])
        for counted_as, (one, many) in _COUNTING.items()
        if how_many.get(counted_as)
    )


def amount_rule_words(offer: Offer, profile: Profile) -> str:
    """What set the largest amount, in words."""
    match offer.amount_rule:
        case AmountRule.FINANCED_SHARE:
            share = exact_percent_text(profile.terms.financed_share.required)
            return f"The fund pays at most {share} of the investment"
        case AmountRule.FACILITY_MAXIMUM:
            return "The fund lends no more than this to one project"
        case AmountRule.COVER:
            return "The savings pay the instalments of this much and no more"
        case AmountRule.REQUESTED:
            return "You ask for this amount"
        case None:
            return ""


def maturity_rule_words(offer: Offer, profile: Profile) -> str:
    """What set the longest maturity, in words."""
    cap_months = profile.terms.longest_maturity_months.value
    match offer.maturity_rule:
        case MaturityRule.PAYBACK_PLUS_20_PERCENT:
            extension = exact_percent_text(profile.terms.maturity_extension.value or Decimal(0))
            return f"The payback (ROI period) and {extension} more, in whole months"
        case MaturityRule.THREE_YEAR_CAP:
            return f"No loan of the fund runs longer than {cap_months} months"
        case MaturityRule.REQUESTED:
            return "You ask for this time"
        case None:
            return ""
