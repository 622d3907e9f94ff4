"""One sitting of a simulation: from where its checkpoint stands to the end, or to a stop."""

import time
from collections.abc import Callable
from pathlib import Path

from app import simulation_checkpoint
from app.simulation_checkpoint import Standing
from app.simulation_request import SimulationRequest
from app.simulation_runs import Way
from appraisal.simulation import ChunkResult

SECONDS_BETWEEN_CHECKPOINTS = 5.0


def run_to_end(
    request: SimulationRequest,
    way: Way,
    checkpoint: Path | None,
    told: Callable[[int], None],
) -> ChunkResult:
    """Compute the chunks that are open; ``told`` hears after each how many draws are done.

    What is done is put into the checkpoint every few seconds, and whatever ends the sitting.

    Raises:
        WrongValue: a checkpoint that cannot be used, or processes that cannot run.
    """
    standing = Standing.at_start(request.run)
    if checkpoint:
        standing = simulation_checkpoint.load(checkpoint, request.fingerprint, request.run)
        # At once, so that a place that cannot be written is told now and not hours later.
        simulation_checkpoint.save(checkpoint, request.fingerprint, standing)
    told(standing.draws)
    saved_at = time.monotonic()
    try:
        for number, result in way(request.run, standing.open_chunks):
            standing = standing.with_chunk(number, result)
            told(standing.draws)
            if checkpoint and time.monotonic() - saved_at >= SECONDS_BETWEEN_CHECKPOINTS:
                simulation_checkpoint.save(checkpoint, request.fingerprint, standing)
                saved_at = time.monotonic()
    finally:
        if checkpoint:
            simulation_checkpoint.save(checkpoint, request.fingerprint, standing)
    return standing.finished()
