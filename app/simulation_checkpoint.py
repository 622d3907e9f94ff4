"""What is done of a long simulation, in a file, so that it can go on after an interruption.

The file is NumPy's own archive of arrays without any objects in it; it is written beside its
place and then put there in one step, so that it is whole at every moment.
"""

import json
import math
import os
import zipfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from appraisal.histogram import BIN_COUNT, Binned, BoolArray, Kept
from appraisal.simulation import ChunkResult, SimulationRun
from appraisal.tally import FigurePlan, Tally
from loans.refusal import WrongValue

_COUNTED = ("finite", "never", "undefined", "under_mark", "over_mark")
_UNREADABLE = "The checkpoint cannot be read. Enter another file with --checkpoint, or remove it."
_OTHER_RUN = (
    "The checkpoint belongs to another run: other figures, ranges, number of draws or seed. "
    "Enter another file with --checkpoint, or repeat that run."
)


@dataclass(frozen=True, eq=False)
class Standing:
    """Where a run stands: which chunks are done, and what they showed together, if any are."""

    done: BoolArray
    result: ChunkResult | None = None

    @classmethod
    def at_start(cls, run: SimulationRun) -> "Standing":
        """Where a new run stands."""
        return cls(np.zeros(run.chunk_count, dtype=np.bool_))

    def with_chunk(self, number: int, result: ChunkResult) -> "Standing":
        """One chunk more."""
        self.done[number] = True
        return Standing(self.done, self.result.merged(result) if self.result else result)

    @property
    def draws(self) -> int:
        """How many draws are done."""
        return self.result.draws if self.result else 0

    def finished(self) -> ChunkResult:
        """What the whole run has shown.

        Raises:
            ValueError: chunks are open.
        """
        if self.result is None or self.open_chunks:
            message = "The simulation is not finished."
            raise ValueError(message)
        return self.result

    @property
    def open_chunks(self) -> list[int]:
        """Numbers of the chunks that are not done."""
        return [int(number) for number in np.flatnonzero(~self.done)]


def save(path: Path, fingerprint: str, standing: Standing) -> None:
    """Put the checkpoint in its place, whole or not at all.

    Raises:
        WrongValue: the file cannot be written.
    """
    tallies = standing.result.tallies if standing.result else ()
    header = {
        "run": fingerprint,
        "draws": standing.draws,
        "tallies": [_as_text(tally) for tally in tallies],
    }
    arrays = {f"places_{number}": _places(tally) for number, tally in enumerate(tallies)}
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as file:
            np.savez(file, header=np.array(json.dumps(header)), done=standing.done, **arrays)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        message = "The checkpoint cannot be written. Enter a file in a folder that is yours."
        raise WrongValue(message, field="--checkpoint") from error


def load(path: Path, fingerprint: str, run: SimulationRun) -> Standing:
    """Where the run stands by its checkpoint; at the beginning when there is none yet.

    Raises:
        WrongValue: the file is no checkpoint, or one of another run.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return _standing(archive, fingerprint, run)
    except FileNotFoundError:
        return Standing.at_start(run)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise WrongValue(_UNREADABLE, field="--checkpoint") from error


def _standing(archive: Any, fingerprint: str, run: SimulationRun) -> Standing:  # noqa: ANN401  # NumPy names no type for an open archive
    header = json.loads(str(archive["header"]))
    if header["run"] != fingerprint:
        raise WrongValue(_OTHER_RUN, field="--checkpoint")
    if not header["draws"]:
        return Standing.at_start(run)
    rows = zip(run.plans, header["tallies"], strict=True)
    tallies = tuple(
        _tally(plan, texts, archive[f"places_{number}"])
        for number, (plan, texts) in enumerate(rows)
    )
    done = archive["done"]
    draws = sum(run.chunk_draws(int(number)) for number in np.flatnonzero(done))
    if done.shape != (run.chunk_count,) or header["draws"] != draws:
        raise ValueError(draws)
    return Standing(done, ChunkResult(draws, tallies))


def _as_text(tally: Tally) -> dict[str, int | str]:
    """Numbers that JSON would round, as text that keeps every bit."""
    return {name: getattr(tally, name) for name in _COUNTED} | {
        "smallest": tally.smallest.hex(),
        "largest": tally.largest.hex(),
        "total": str(tally.total),
        "squares": str(tally.squares),
    }


def _tally(plan: FigurePlan, texts: dict[str, Any], places: Any) -> Tally:  # noqa: ANN401  # an array of values or of counts
    tally = Tally(
        **{name: int(texts[name]) for name in _COUNTED},
        smallest=float.fromhex(texts["smallest"]),
        largest=float.fromhex(texts["largest"]),
        total=Fraction(texts["total"]),
        squares=Fraction(texts["squares"]),
        places=Kept(places) if plan.bins is None else Binned(plan.bins, places),
    )
    expected = tally.finite if plan.bins is None else BIN_COUNT + 2
    if places.shape != (expected,) or math.isnan(tally.smallest + tally.largest):
        raise ValueError(expected)
    return tally


def _places(tally: Tally) -> Any:  # noqa: ANN401  # an array of values or of counts
    return tally.places.values if isinstance(tally.places, Kept) else tally.places.counts
