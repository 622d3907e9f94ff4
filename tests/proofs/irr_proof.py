"""Holds both solvers, for one list of flows and for many at once, against the certified roots."""

import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from appraisal.irr import all_internal_rates_of_return, internal_rate_of_return
from tests.proofs.certified_roots import CertifiedRoot, certified_roots, fault
from tests.proofs.flow_sets import Cents


@dataclass(frozen=True)
class Held:
    """What was compared in some lists, and the first fault in words."""

    lists: int
    roots: int
    largest_error: float
    uncertified: int
    fault: str | None


def held(sets: Sequence[tuple[str, Cents]]) -> Held:
    """All lists through both solvers; ends at the first fault."""
    references = [certified_roots(flows) for _, flows in sets]
    answers = [internal_rate_of_return(flows) for _, flows in sets]
    together = _batch_log_rates([flows for _, flows in sets])
    found = None
    errors = [0.0]
    for (name, flows), roots, answer, batch in zip(
        sets, references, answers, together, strict=True
    ):
        wrong = fault(list(answer.log_roots), roots) or _batch_fault(batch, roots)
        if wrong:
            found = f"set {name}, flows {flows} in cents: {wrong}"
            break
        errors += [
            abs(log_rate - root.log_rate)
            for log_rate, root in zip(answer.log_roots, roots, strict=True)
            if root.multiplicity == 1
        ]
    return Held(
        lists=len(sets),
        roots=sum(map(len, references)),
        largest_error=max(errors),
        uncertified=sum(not answer.certified for answer in answers),
        fault=found,
    )


def _batch_log_rates(lists: Sequence[Cents]) -> list[list[float]]:
    """ln(1 + rate) of each list, solved together with all others of its length."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, flows in enumerate(lists):
        places[len(flows)].append(place)
    found: list[list[float]] = [[] for _ in lists]
    for together in places.values():
        table = np.array([lists[place] for place in together], np.float64).T
        rates, counts = all_internal_rates_of_return(table)
        for column, place in enumerate(together):
            found[place] = np.log1p(rates[: counts[column], column]).tolist()
    return found


def _batch_fault(log_rates: list[float], roots: Sequence[CertifiedRoot]) -> str | None:
    """A rate near -100 % has lost the digits that its logarithm would need."""
    lost = sys.float_info.epsilon
    allowing = [
        replace(root, condition=root.condition + lost / math.exp(root.log_rate)) for root in roots
    ]
    wrong = fault(log_rates, allowing)
    return f"in the batch: {wrong}" if wrong else None
