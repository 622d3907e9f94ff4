"""Proposals at random, with everything that a measure can have."""

from typing import Any

from hypothesis import strategies as st

from appraisal.proposal import Proposal
from tests.appraisal.proposals import measure_document, proposal

_KINDS = st.sampled_from(["equipment", "working_capital", "replacement"])
_EVIDENCE = st.sampled_from(["meter", "estimate"])
_ACTIVE = st.none() | st.lists(st.integers(1, 12), min_size=1, max_size=12, unique=True)


@st.composite
def _running(draw: st.DrawFn, horizon_months: int, implementation_months: int) -> dict[str, Any]:
    latest = horizon_months - implementation_months - 1
    return {
        "code": draw(st.sampled_from(["R1", "R2", "R3"])),
        "tier": draw(st.sampled_from([1, 1, 1, 2, 3])),
        "growth": draw(st.sampled_from([0.0, 0.0, 0.02, -0.015])),
        "start_month": draw(st.integers(0, min(latest, 20))),
        "ramp_months": draw(st.sampled_from([0, 0, 3, 14])),
        "active_months": draw(_ACTIVE),
        "evidence": draw(_EVIDENCE),
    }


@st.composite
def _saving(draw: st.DrawFn, *span: int) -> dict[str, Any]:
    shape = {
        **draw(_running(*span)),
        "counts_as_output": draw(st.sampled_from([False] * 5 + [True])),
    }
    if draw(st.booleans()):
        return {**shape, "annual_amount": str(draw(st.integers(0, 90_000)))}
    after = draw(st.integers(0, 5_000))
    before = after + draw(st.integers(0, 9_000))
    price = str(draw(st.decimals(0, 9, places=3)))
    quantities = {"quantity_before": str(before), "quantity_after": str(after)}
    return {**shape, **quantities, "unit": "m3", "unit_price": price}


@st.composite
def _cost(draw: st.DrawFn, *span: int) -> dict[str, Any]:
    shape = {**draw(_running(*span)), "code": draw(st.sampled_from(["C1", "C2"]))}
    if draw(st.booleans()):
        return {**shape, "annual_amount": str(draw(st.integers(0, 9_000)))}
    return {**shape, "quantity": str(draw(st.integers(0, 900))), "unit_price": "2.5"}


@st.composite
def _measure(draw: st.DrawFn, code: str, horizon_months: int) -> dict[str, Any]:
    installing = draw(st.integers(0, min(horizon_months - 1, 18)))
    span = (horizon_months, installing)
    return measure_document(
        code,
        investment=[
            {
                "code": f"I{number}",
                "amount": str(draw(st.integers(0, 200_000))),
                "month": draw(st.integers(0, min(horizon_months, 40))) if number else 0,
                "kind": draw(_KINDS),
            }
            for number in range(draw(st.integers(1, 3)))
        ],
        savings=draw(st.lists(_saving(*span), max_size=3)),
        added_costs=draw(st.lists(_cost(*span), max_size=2)),
        implementation_months=installing,
        life_years=draw(st.integers(1, 12)),
        residual_value=str(draw(st.sampled_from([0, 0, 7_000]))),
    )


@st.composite
def proposals(draw: st.DrawFn, most_measures: int = 3) -> Proposal:
    """A proposal of up to ``most_measures``, in annual or monthly timing."""
    horizon_years = draw(st.integers(1, 8))
    measures = [
        draw(_measure(f"M{number}", 12 * horizon_years))
        for number in range(draw(st.integers(1, most_measures)))
    ]
    return proposal(
        *measures,
        horizon_years=horizon_years,
        timing=draw(st.sampled_from(["annual", "annual", "monthly"])),
        discount_rate=draw(st.sampled_from([0.0, 0.1, 0.23])),
        inflation=draw(st.sampled_from([0.0, 0.03])),
    )
