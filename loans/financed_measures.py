"""Which measures of a proposal the loan is to pay for, and what is still undecided about that.

A person may leave the choice open: then it is every measure that costs something and does not pay
for itself at once. Measures that are alternatives of one another exclude each other, so that one
of them has to be chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from appraisal.cash_flow import investment_of, net_annual_saving_of
from appraisal.measure_type import MeasureType, classify
from appraisal.proposal import Measure


def costed_measures(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures that cost something once: those that a loan could pay for."""
    return tuple(one for one in measures if any(line.amount > 0 for line in one.investment))


def borrowing_measures(
    measures: Sequence[Measure], minor_investment: Decimal
) -> tuple[Measure, ...]:
    """What an open choice means: the measures that cost something, housekeeping left out.

    Housekeeping (type A: at most ``minor_investment``, in major units, and back in under a year)
    is paid from own money as long as a measure of another type needs the loan.
    """
    costed = costed_measures(measures)
    lasting = (one for one in costed if not _is_housekeeping(one, minor_investment))
    return tuple(lasting) or costed


def _is_housekeeping(measure: Measure, minor_investment: Decimal) -> bool:
    one = [measure]
    found = classify(investment_of(one), net_annual_saving_of(one), minor_investment)
    return found is MeasureType.A


def financed_codes(
    measures: Sequence[Measure],
    chosen: Collection[str] | None = None,
    *,
    minor_investment: Decimal,
) -> tuple[str, ...]:
    """The codes to finance: those chosen, or those of an open choice; of alternatives the first.

    What was chosen and has left the proposal since, or costs nothing any more, is passed over;
    where nothing is left of the choice, it is open again.
    """
    picked = [one for one in costed_measures(measures) if one.code in (chosen or ())]
    wanted = picked or borrowing_measures(measures, minor_investment)
    taken: set[str] = set()
    codes = []
    for measure in wanted:
        group = measure.alternative_group
        if group is None or group not in taken:
            codes.append(measure.code)
            taken |= {group} if group else set()
    return tuple(codes)


def is_open_choice(
    measures: Sequence[Measure], chosen: Collection[str], *, minor_investment: Decimal
) -> bool:
    """Whether ``chosen`` says no more than an open choice does, now and later."""
    costed = costed_measures(measures)
    meant = borrowing_measures(measures, minor_investment)
    return all(
        (one.code in chosen) is (one in meant) and one.alternative_group is None for one in costed
    )


def undecided(measures: Sequence[Measure], chosen: Collection[str] | None = None) -> str:
    """What is still to be chosen, in a sentence; empty when the choice is clear."""
    costed = costed_measures(measures)
    if chosen is not None and costed and not any(one.code in chosen for one in costed):
        return "Choose at least one measure that the loan is to pay for."
    groups = dict.fromkeys(one.alternative_group for one in costed if one.alternative_group)
    sentences = (_rivalry(measures, group, chosen) for group in groups)
    return next((sentence for sentence in sentences if sentence), "")


def _rivalry(measures: Sequence[Measure], group: str, chosen: Collection[str] | None) -> str:
    """What is wrong with the choice among one group's alternatives.

    An alternative that costs nothing needs no loan: then none of the others has to be chosen.
    """
    members = [one for one in measures if one.alternative_group == group]
    rivals = costed_measures(members)
    taken = [one for one in rivals if chosen is None or one.code in chosen]
    if len(taken) == 1 or (not taken and len(rivals) < len(members)):
        return ""
    return (
        f"{_listed([one.code for one in rivals])} are alternatives of one another. "
        "Choose the one that is carried out."
    )


def _listed(codes: Sequence[str]) -> str:
    return f"{', '.join(codes[:-1])} and {codes[-1]}" if len(codes) > 1 else codes[0]
