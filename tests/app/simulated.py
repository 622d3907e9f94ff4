"""Requests of a few hundred draws that still have several chunks, kept or counted in bins."""

from app.simulation_request import SimulationRequest, simulation_request
from tests.app.test_calculators import PROPOSAL

CHUNK_DRAWS = 64
EXACT_DRAWS = 200


def request_of(draws: int, seed: int = 1) -> SimulationRequest:
    """A request about the golden proposal."""
    request = simulation_request(PROPOSAL, draws, seed)
    assert isinstance(request, SimulationRequest)
    return request
