import os
import sys
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from app import simulation_runs
from app.simulation_runs import in_processes, in_this_process, on_ray
from appraisal import simulation
from appraisal.simulation import ChunkResult, SimulationRun, chunk, merged, result_of
from loans.refusal import WrongValue
from tests.app.simulated import request_of

DRAWS = 2 * simulation.CHUNK_DRAWS + 1
"""Three chunks; other processes know nothing of smaller ones."""


def result(run: SimulationRun, done: Iterator[tuple[int, ChunkResult]]) -> Any:
    return result_of(run, merged(one for _, one in done))


def test_several_processes_give_the_result_of_one_to_the_last_bit() -> None:
    run = request_of(DRAWS).run
    alone = result(run, in_this_process(run, [0, 1, 2]))
    assert result(run, in_processes(2)(run, [2, 0, 1])) == alone
    assert result(run, in_processes(4)(run, [1, 2, 0])) == alone


def test_a_process_that_dies_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation_runs, "chunk", _die)
    run = request_of(10).run
    with pytest.raises(WrongValue, match="ended before its time"):
        list(in_processes(1)(run, [0]))


def _die(run: SimulationRun, number: int) -> ChunkResult:
    del run, number
    os._exit(9)


def test_a_stop_leaves_no_process_behind() -> None:
    run = request_of(20 * simulation.CHUNK_DRAWS).run
    results = in_processes(2)(run, list(range(20)))
    assert next(results)[1].draws == simulation.CHUNK_DRAWS
    results.close()  # type: ignore[attr-defined]  # it is a generator
    import multiprocessing

    assert multiprocessing.active_children() == []


def test_the_main_module_is_there_again() -> None:
    main = sys.modules["__main__"]
    list(in_processes(1)(request_of(10).run, [0]))
    assert sys.modules["__main__"] is main


class Remote:
    """Ray's way of calling a function, done at once; the newest is ready first."""

    def __init__(self) -> None:
        self.module: Any = SimpleNamespace(
            init=self.init,
            put=lambda value: value,
            get=lambda reference: reference(),
            remote=lambda function: SimpleNamespace(
                remote=lambda run, number: lambda: function(run, number)
            ),
            cluster_resources=lambda: {"CPU": 1.0},
            wait=self.wait,
        )
        self.most_waiting = 0

    def init(self, **options: bool) -> None:
        assert options == {"ignore_reinit_error": True, "log_to_driver": False}

    def wait(self, waiting: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        self.most_waiting = max(self.most_waiting, len(waiting))
        return [waiting[-1]], list(waiting[:-1])


def test_ray_gets_the_same_pure_function_and_few_chunks_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simulation, "CHUNK_DRAWS", 64)
    remote = Remote()
    monkeypatch.setitem(sys.modules, "ray", remote.module)
    run = request_of(64 * 8).run
    done = list(on_ray(run, range(8)))
    assert sorted(number for number, _ in done) == list(range(8))
    assert result(run, iter(done)) == result(run, in_this_process(run, range(8)))
    assert remote.most_waiting == 3


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(WrongValue, match="Install Cleanloop with its extra"):
        list(on_ray(request_of(10).run, [0]))


def test_one_chunk_is_the_same_wherever_it_is_computed() -> None:
    run = request_of(DRAWS).run
    ((_, elsewhere),) = in_processes(1)(run, [2])
    assert elsewhere.draws == 1
    assert elsewhere.tallies[0].total == chunk(run, 2).tallies[0].total
