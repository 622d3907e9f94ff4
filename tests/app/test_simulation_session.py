from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app import simulation_session
from app.simulation_checkpoint import load
from app.simulation_runs import Done, Way, in_this_process
from app.simulation_session import run_to_end
from appraisal import simulation
from appraisal.simulation import SimulationRun, result_of
from loans.refusal import WrongValue
from tests.app.simulated import CHUNK_DRAWS, EXACT_DRAWS, request_of

DRAWS = 300


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "CHUNK_DRAWS", CHUNK_DRAWS)
    monkeypatch.setattr(simulation, "EXACT_DRAWS", EXACT_DRAWS)


def stopped_after(chunks: int) -> Way:
    """Computes so many chunks, then somebody presses Ctrl-C."""

    def way(run: SimulationRun, numbers: Sequence[int]) -> Iterator[Done]:
        yield from in_this_process(run, numbers[:chunks])
        raise KeyboardInterrupt

    return way


def test_a_run_is_told_as_it_goes() -> None:
    heard: list[int] = []
    run_to_end(request_of(DRAWS), in_this_process, None, heard.append)
    assert heard == [0, 64, 128, 192, 256, 300]


def test_stopped_twice_and_gone_on_it_gives_the_same_result(tmp_path: Path) -> None:
    request, path, heard = request_of(DRAWS), tmp_path / "run", list[int]()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run_to_end(request, stopped_after(1), path, heard.append)
    together = run_to_end(request, in_this_process, path, heard.append)
    at_once = run_to_end(request, in_this_process, None, heard.append)
    assert result_of(request.run, together) == result_of(request.run, at_once)
    assert heard[:7] == [0, 64, 64, 128, 128, 192, 256]


def test_a_finished_run_is_answered_from_its_checkpoint(tmp_path: Path) -> None:
    request, path = request_of(DRAWS), tmp_path / "run"
    first = run_to_end(request, in_this_process, path, lambda _: None)
    again = run_to_end(request, in_this_process, path, lambda _: None)
    assert result_of(request.run, again) == result_of(request.run, first)


def test_what_is_done_is_kept_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed leaves what it had done a few seconds before."""
    monkeypatch.setattr(simulation_session, "SECONDS_BETWEEN_CHECKPOINTS", 0.0)
    request, path, seen = request_of(DRAWS), tmp_path / "run", list[int]()

    def look(_draws: int) -> None:
        seen.append(load(path, request.fingerprint, request.run).draws)

    run_to_end(request, in_this_process, path, look)
    assert seen == [0, 0, 64, 128, 192, 256]


def test_a_place_that_cannot_be_written_is_told_before_anything_is_computed(
    tmp_path: Path,
) -> None:
    with pytest.raises(WrongValue, match="cannot be written"):
        run_to_end(request_of(DRAWS), _never, tmp_path / "missing" / "run", lambda _: None)


def _never(run: SimulationRun, numbers: Sequence[int]) -> Iterator[Done]:
    raise AssertionError(run, numbers)
