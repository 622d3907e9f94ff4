"""Measures that exclude one another, as the form asks for it: "instead of measure M2".

The proposal keeps a group's name on each of its measures; a group of one is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from appraisal.proposal import Measure


def rival_of(measures: Sequence[Measure], code: str) -> str | None:
    """The first other measure of the group of ``code``; None without a group."""
    group = next((one.alternative_group for one in measures if one.code == code), None)
    others = (one.code for one in measures if group and one.alternative_group == group)
    return next((other for other in others if other != code), None)


def with_rival(
    measures: Sequence[Measure], code: str, rival_code: str | None
) -> tuple[Measure, ...]:
    """The measures with ``code`` in the group of its rival, which begins one where it has none.

    Without a rival ``code`` leaves its group. A rival that is not there counts as none.
    """
    rival = next((one for one in measures if one.code == rival_code != code), None)
    if rival is None:
        return without_lone_alternatives(_regrouped(measures, {code: None}))
    group = rival.alternative_group or _free_name(measures, rival.code)
    return without_lone_alternatives(_regrouped(measures, {code: group, rival.code: group}))


def without_lone_alternatives(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures without groups of which a single one is left."""
    sizes = Counter(one.alternative_group for one in measures)
    lone = [one.code for one in measures if sizes[one.alternative_group] == 1]
    return _regrouped(measures, dict.fromkeys(lone))


def _regrouped(measures: Sequence[Measure], groups: dict[str, str | None]) -> tuple[Measure, ...]:
    return tuple(
        one.model_copy(update={"alternative_group": groups[one.code]})
        if one.code in groups
        else one
        for one in measures
    )


def _free_name(measures: Sequence[Measure], code: str) -> str:
    """The name of a new group, after the measure that it begins with."""
    used = {one.alternative_group for one in measures}
    names = (f"{code[:30]}-{number}" for number in range(1, len(used) + 2))
    return next(name for name in names if name not in used)
