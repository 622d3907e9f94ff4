"""The measure: our time against a rival's, interleaved, as the ratio of the minima of some rounds.

Seven, or fewer where one takes long. Minima leave out what other programs on the machine took;
interleaving gives both the same weather. A rival that takes long is timed on fewer rows and
counted per row.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
RivalAnswer = TypeVar("RivalAnswer")

ROUNDS = 7
ATTEMPTS = 2
"""A goal is missed only when it is missed this many times in a row."""


@dataclass(frozen=True)
class Contender(Generic[Answer]):
    """Something to time: ``run`` works through ``rows`` rows, ``repeat`` times a round."""

    name: str
    rows: int
    run: Callable[[], Answer]
    repeat: int = 1

    def seconds_per_row(self) -> float:
        """Of one round."""
        start = perf_counter()
        for _ in range(self.repeat):
            self.run()
        return (perf_counter() - start) / (self.rows * self.repeat)


@dataclass(frozen=True)
class Ratio:
    """Seconds per row of both, at their best, and what is asked of their ratio."""

    what: str
    ours: float
    rival_name: str
    rival: float
    at_least: float

    @property
    def value(self) -> float:
        """How many times as long as ours the rival takes."""
        return self.rival / self.ours


@dataclass
class Measurements:
    """All that was measured in this run, for the table at its end."""

    ratios: list[Ratio] = field(default_factory=list)


MEASURED = Measurements()


def hold_ratio(
    what: str,
    ours: Contender[Answer],
    rival: Contender[RivalAnswer],
    *,
    at_least: float,
    agree: Callable[[Answer, RivalAnswer], None],
) -> None:
    """Assert that the rival takes ``at_least`` times our time for each row, and that both agree.

    ``agree`` asserts that the two answers are the same; the runs for it warm both up.
    """
    agree(ours.run(), rival.run())
    hold(lambda: _measured(what, ours, rival, at_least))


def hold(measure: Callable[[], Ratio]) -> None:
    """Measure, once more where the goal is missed, keep it for the table and assert it."""
    ratio = measure()
    for _ in range(ATTEMPTS - 1):
        if ratio.value < ratio.at_least:
            ratio = measure()
    MEASURED.ratios.append(ratio)
    assert ratio.value >= ratio.at_least, (
        f"{ratio.what}: {ratio.value:.3g} x {ratio.rival_name}, not {ratio.at_least:g} x"
    )


def _measured(
    what: str, ours: Contender[Answer], rival: Contender[RivalAnswer], at_least: float
) -> Ratio:
    our_times, rival_times = [], []
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            our_times.append(ours.seconds_per_row())
            rival_times.append(rival.seconds_per_row())
    finally:
        gc.enable()
    return Ratio(what, min(our_times), rival.name, min(rival_times), at_least)
