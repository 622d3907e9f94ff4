"""Chunks of a simulation in this process, in several, or on a Ray cluster: the same answer.

Each way hands the numbers of the open chunks to one pure function and yields its results as they
come; the order means nothing.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from types import ModuleType

from appraisal.simulation import ChunkResult, SimulationRun, chunk
from loans.refusal import WrongValue

Done = tuple[int, ChunkResult]
Way = Callable[[SimulationRun, Sequence[int]], Iterator[Done]]
"""How chunks are computed: the run, the numbers of the chunks, and out come numbers and results."""

_WAITING_PER_PROCESS = 3
"""Chunks that are handed to each process at a time, so that none waits and none is lost."""

_WORKER_SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # glibc would give each array of a chunk back to the system and fetch it again: a fifth of
    # the time. With these it keeps the few megabytes.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 1024 * 1024),
}


def in_this_process(run: SimulationRun, numbers: Sequence[int]) -> Iterator[Done]:
    """One chunk after the other."""
    for number in numbers:
        yield number, chunk(run, number)


def in_processes(processes: int) -> Way:
    """Chunks side by side in so many processes of this machine."""

    def way(run: SimulationRun, numbers: Sequence[int]) -> Iterator[Done]:
        with _pool(processes) as pool:
            yield from _as_completed(pool, run, numbers, processes * _WAITING_PER_PROCESS)

    return way


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes with one thread each, that leave an interruption to this one."""
    os.environ |= _WORKER_SETTINGS
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        yield pool
    except BrokenProcessPool as error:
        message = (
            "A process of the simulation ended before its time, perhaps for want of memory. "
            "Repeat the command with fewer --processes; a checkpoint keeps what was done."
        )
        raise WrongValue(message, field="--processes") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _as_completed(
    pool: ProcessPoolExecutor, run: SimulationRun, numbers: Sequence[int], most_waiting: int
) -> Iterator[Done]:
    """Results as they come; only a few chunks wait at a time, so memory stays small."""
    waiting: dict[Future[ChunkResult], int] = {}
    rest = iter(numbers)
    while True:
        with _without_main_module():
            for number in islice(rest, most_waiting - len(waiting)):
                waiting[pool.submit(chunk, run, number)] = number
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield waiting.pop(future), future.result()


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Keep a new process from importing the whole program: it needs only the arithmetic.

    A spawned process imports the main module of its parent first, here the command line with web
    framework and database, which costs each a second and eighty megabytes.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def on_ray(run: SimulationRun, numbers: Sequence[int]) -> Iterator[Done]:
    """Chunks on the Ray cluster that the environment names, or on this machine without one.

    Raises:
        WrongValue: Ray is not installed.
    """
    try:
        import ray
    except ImportError:
        message = (
            "Ray is not installed. Install Cleanloop with its extra “ray”, or leave --ray out "
            "and choose --processes."
        )
        raise WrongValue(message, field="--ray") from None
    ray.init(ignore_reinit_error=True, log_to_driver=False)
    remote, shared = ray.remote(chunk), ray.put(run)
    most_waiting = _WAITING_PER_PROCESS * max(1, int(ray.cluster_resources().get("CPU", 1)))
    rest = iter(numbers)
    waiting = {remote.remote(shared, number): number for number in islice(rest, most_waiting)}
    while waiting:
        ready, _ = ray.wait(list(waiting))
        for reference in ready:
            yield waiting.pop(reference), ray.get(reference)
        for number in islice(rest, most_waiting - len(waiting)):
            waiting[remote.remote(shared, number)] = number
