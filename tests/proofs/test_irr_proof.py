"""A slice of the proof, and that the proof would see a fault."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from appraisal.irr import IrrResult, all_internal_rates_of_return, internal_rate_of_return
from tests.proofs import irr_proof
from tests.proofs.flow_sets import SHARES, flow_sets
from tests.proofs.irr_proof import held

Floats = NDArray[np.float64]

SEED = 20261124
SLICE = 0.02


def test_two_thousand_lists_have_exactly_the_certified_roots() -> None:
    sets = list(flow_sets(SEED, SLICE))
    assert len(sets) == sum(SHARES.values()) * SLICE
    result = held(sets)
    assert result.fault is None
    assert result.roots > len(sets) * 0.75
    assert result.largest_error < 1e-12


def test_the_sets_hold_every_number_of_roots_up_to_four() -> None:
    sets = list(flow_sets(SEED, SLICE))
    counts = {len(internal_rate_of_return(flows).roots) for _, flows in sets}
    assert counts >= {0, 1, 2, 3}


def _last_root_dropped(result: IrrResult) -> IrrResult:
    return result._replace(log_roots=result.log_roots[:-1])


def _roots_moved(result: IrrResult) -> IrrResult:
    return result._replace(log_roots=tuple(root + 1e-10 for root in result.log_roots))


@pytest.mark.parametrize(
    ("spoil", "words"), [(_last_root_dropped, "0 roots, not 1"), (_roots_moved, "wrong by 1.0")]
)
def test_a_fault_of_the_solver_for_one_list_is_seen(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[IrrResult], IrrResult], words: str
) -> None:
    monkeypatch.setattr(
        irr_proof, "internal_rate_of_return", lambda flows: spoil(internal_rate_of_return(flows))
    )
    found = held(list(flow_sets(SEED, 0.001))).fault
    assert found is not None
    assert words in found
    assert "in the batch" not in found


@pytest.mark.parametrize(
    ("moved", "dropped", "words"), [(1e-10, 0, "wrong by"), (0.0, 1, "0 roots, not 1")]
)
def test_a_fault_of_the_batch_is_seen(
    monkeypatch: pytest.MonkeyPatch, moved: float, dropped: int, words: str
) -> None:
    def spoilt(flows: Floats) -> tuple[Floats, NDArray[np.intp]]:
        rates, counts = all_internal_rates_of_return(flows)
        return rates + moved * (1 + rates), np.maximum(counts - dropped, 0)

    monkeypatch.setattr(irr_proof, "all_internal_rates_of_return", spoilt)
    found = held(list(flow_sets(SEED, 0.001))).fault
    assert found is not None
    assert "in the batch" in found
    assert words in found
