"""The net present value profile: what the project is worth at every discount rate.

Every internal rate of return is where the curve meets zero; a project with several of them shows
here between which rates it is worth doing.
"""

import math
from dataclasses import dataclass

import numpy as np

from appraisal.irr_result import IrrResult
from appraisal.line_shares import FloatArray
from appraisal.proposal import Proposal
from appraisal.scenario_changes import Changes
from appraisal.scenario_model import Figure, ScenarioModel

_LOWEST_RATE, _LOWEST_DRAWN, _HIGHEST_DRAWN = -0.5, -0.95, 10.0
_STEPS = 150
_BEYOND = 1.25
"""The curve goes on to this many times the growth factor of the highest rate that matters."""

_ROOM = 2.0
"""Towards lower rates the curve is cut where it leaves this many times what lies between marks."""


@dataclass(frozen=True)
class ProfilePoint:
    """A discount rate, a fraction a year, and the net present value at it, in major units."""

    rate: float
    net_present_value: float


@dataclass(frozen=True)
class NpvProfile:
    """The curve by ascending rate, and what is marked on it."""

    points: tuple[ProfilePoint, ...]
    hurdle: ProfilePoint
    """At the proposal's own discount rate."""

    undiscounted: ProfilePoint
    """At a rate of zero: the plain sum of the flows."""

    internal_rates: tuple[ProfilePoint, ...]
    """Where the curve meets zero."""

    rates_beyond: tuple[float, ...]
    """Internal rates below -95 % or above 1,000 % a year, which are not drawn."""


def npv_profile(proposal: Proposal, rates: IrrResult) -> NpvProfile:
    """The profile of the financed measures; ``rates`` are their internal rates of return.

    From -50 %, or below the lowest internal rate, to beyond the highest and the discount rate.
    The low end is cut off where the curve leaves the size of what matters, so that it can be
    read. Points are spaced evenly in ln(1 + rate), closer where the curve is steep.
    """
    roots = [rate for rate in rates.roots if _LOWEST_DRAWN <= rate <= _HIGHEST_DRAWN]
    own_rate = proposal.assumptions.discount_rate
    marks = sorted({0.0, own_rate, *roots})
    first = min(_LOWEST_RATE, (1 + marks[0]) / _BEYOND - 1)
    last = (1 + marks[-1]) * _BEYOND - 1
    spaced = np.expm1(np.linspace(math.log1p(first), math.log1p(last), _STEPS + 1))
    drawn = np.unique(np.concatenate((spaced, marks)))
    values = _present_values(proposal, drawn)
    values[np.isin(drawn, roots)] = 0.0
    points = [ProfilePoint(float(r), float(v)) for r, v in zip(drawn, values, strict=True)]
    at = {point.rate: point for point in points}
    return NpvProfile(
        points=tuple(_readable(points, marks[0])),
        hurdle=at[own_rate],
        undiscounted=at[0.0],
        internal_rates=tuple(at[root] for root in roots),
        rates_beyond=tuple(rate for rate in rates.roots if rate not in roots),
    )


def _present_values(proposal: Proposal, rates: FloatArray) -> FloatArray:
    model = ScenarioModel.of(proposal.financed_measures, proposal.assumptions)
    results = model.results(Changes(discount_rate=rates), len(rates), {Figure.NET_PRESENT_VALUE})
    return results[Figure.NET_PRESENT_VALUE]


def _readable(points: list[ProfilePoint], lowest_mark: float) -> list[ProfilePoint]:
    """The points from the lowest mark on, and those before it that stay near their size."""
    size = max(abs(p.net_present_value) for p in points if p.rate >= lowest_mark)
    too_far = [
        place
        for place, point in enumerate(points)
        if point.rate < lowest_mark and abs(point.net_present_value) > _ROOM * size
    ]
    return points[too_far[-1] + 1 :] if too_far else points
