import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.simulation_checkpoint import Standing, load, save
from appraisal import simulation
from appraisal.simulation import chunk, result_of
from loans.refusal import WrongValue
from tests.app.simulated import CHUNK_DRAWS, EXACT_DRAWS, request_of

KEPT, COUNTED = 150, 300


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "CHUNK_DRAWS", CHUNK_DRAWS)
    monkeypatch.setattr(simulation, "EXACT_DRAWS", EXACT_DRAWS)


def standing_after(draws: int, *numbers: int) -> Standing:
    run = request_of(draws).run
    standing = Standing.at_start(run)
    for number in numbers:
        standing = standing.with_chunk(number, chunk(run, number))
    return standing


@pytest.mark.parametrize("draws", [KEPT, COUNTED])
def test_a_run_goes_on_from_its_checkpoint_to_the_same_result(tmp_path: Path, draws: int) -> None:
    request, path = request_of(draws), tmp_path / "run"
    save(path, request.fingerprint, standing_after(draws, 1))
    standing = load(path, request.fingerprint, request.run)
    assert standing.draws == CHUNK_DRAWS
    assert 1 not in standing.open_chunks
    for number in standing.open_chunks:
        standing = standing.with_chunk(number, chunk(request.run, number))
    at_once = standing_after(draws, *range(request.run.chunk_count))
    expected = result_of(request.run, at_once.finished())
    assert result_of(request.run, standing.finished()) == expected
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


def test_without_a_file_or_with_nothing_done_a_run_stands_at_its_start(tmp_path: Path) -> None:
    request, path = request_of(COUNTED), tmp_path / "run"
    assert load(path, request.fingerprint, request.run).draws == 0
    save(path, request.fingerprint, Standing.at_start(request.run))
    assert load(path, request.fingerprint, request.run).open_chunks == [0, 1, 2, 3, 4]


def test_what_is_not_finished_has_no_result() -> None:
    for standing in (standing_after(KEPT), standing_after(KEPT, 0)):
        with pytest.raises(ValueError, match="not finished"):
            standing.finished()


def test_the_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "run", request_of(COUNTED, seed=2)
    save(path, request_of(COUNTED).fingerprint, standing_after(COUNTED, 0))
    with pytest.raises(WrongValue, match="belongs to another run") as refused:
        load(path, other.fingerprint, other.run)
    assert refused.value.field == "--checkpoint"


def tampered(path: Path, **changes: Any) -> None:
    """Write the checkpoint again with some of its arrays changed."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    with path.open("wb") as file:
        np.savez(file, **arrays | changes)


@pytest.mark.parametrize("draws", [KEPT, COUNTED])
@pytest.mark.parametrize(
    "changes",
    [
        {"done": np.ones(2, dtype=np.bool_)},
        {"done": np.zeros(5, dtype=np.bool_)},
        {"places_0": np.zeros(3)},
        {"header": np.array("no JSON")},
        {"header": np.array(json.dumps({"draws": 64}))},
    ],
)
def test_a_checkpoint_that_does_not_add_up_is_refused(
    tmp_path: Path, draws: int, changes: dict[str, Any]
) -> None:
    request, path = request_of(draws), tmp_path / "run"
    save(path, request.fingerprint, standing_after(draws, 0))
    tampered(path, **changes)
    with pytest.raises(WrongValue, match="cannot be read"):
        load(path, request.fingerprint, request.run)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 and no more"])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    request, path = request_of(KEPT), tmp_path / "run"
    path.write_bytes(content)
    with pytest.raises(WrongValue, match="cannot be read"):
        load(path, request.fingerprint, request.run)
    assert path.read_bytes() == content


def test_a_checkpoint_with_objects_in_it_is_not_opened(tmp_path: Path) -> None:
    """An archive can carry code as pickled objects; none is ever unpacked."""
    request, path = request_of(KEPT), tmp_path / "run"
    with path.open("wb") as file:
        np.savez(file, header=np.array([Standing.at_start(request.run)], dtype=object))
    with pytest.raises(WrongValue, match="cannot be read"):
        load(path, request.fingerprint, request.run)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongValue, match="cannot be written"):
        save(tmp_path / "missing" / "run", "", standing_after(KEPT))
