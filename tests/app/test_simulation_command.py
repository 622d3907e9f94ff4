import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from app import simulation_command, simulation_runs
from app.simulation_command import app
from tests.app.test_calculators import PROPOSAL

RUN = CliRunner()
RISKY = PROPOSAL | {
    "simulation": {"savings": {"kind": "uniform", "low": -0.9, "high": 0.1}},
}


MANY = ("--draws", "200000")
HELD = """
import signal, time
from app import cli, simulation_checkpoint, simulation_session

simulation_session.SECONDS_BETWEEN_CHECKPOINTS = 0
save = simulation_checkpoint.save

def save_and_wait(path, fingerprint, standing):
    if standing.draws:
        simulation_checkpoint.save = save
    save(path, fingerprint, standing)
    if standing.draws:
        time.sleep(60)

simulation_checkpoint.save = save_and_wait
signal.signal(signal.SIGINT, signal.default_int_handler)
cli.main()
"""
"""The command, that waits for its end after the first checkpoint with something in it.

It listens to an interruption even where the tests were started behind others and do not.
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "proposal.json"
    path.write_text(json.dumps(RISKY))
    return str(path)


def answer_of(*arguments: str) -> dict[str, Any]:
    done = RUN.invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_json_has_probabilities_percentiles_and_histograms(file: str) -> None:
    answer = answer_of(file, "--draws", "2000", "--seed", "7")
    assert (answer["draws"], answer["seed"]) == (2_000, 7)
    assert answer["loan"] == {"level_payment": "4143.06", "grace_months": 0, "instalments": 28}
    shares = answer["probabilities"]
    assert 0 < shares["net_present_value_positive"]["value"] < 1
    assert 0 < shares["never_pays_back"]["value"] < 1
    assert shares["never_pays_back"]["low"] < shares["never_pays_back"]["value"]
    payback = answer["figures"]["cumulative_payback"]
    assert payback["percentiles"]["99"] is None
    assert payback["never"] == shares["never_pays_back"]["count"]
    npv = answer["figures"]["net_present_value"]
    bars = npv["histogram"]
    assert sum(bars["counts"]) + bars["below"] + bars["above"] == 2_000
    assert list(npv["percentiles"].values()) == sorted(npv["percentiles"].values())
    assert answer["assumptions"]["savings"] == {"kind": "uniform", "low": -0.9, "high": 0.1}


def test_the_same_seed_gives_the_same_answer(file: str) -> None:
    first, again, other = (answer_of(file, "--seed", seed) for seed in ("1", "1", "2"))
    assert first == again
    assert first != other


def test_tables_otherwise(file: str) -> None:
    done = RUN.invoke(app, [file, "--draws", "500"])
    assert done.exit_code == 0
    for text in ("500 draws, seed 1", "cover below one", "P95", "never", "%", "95 times of 100"):
        assert text in done.stdout


def test_tables_without_loan_and_without_rate() -> None:
    measure = PROPOSAL["measures"][0]
    line = measure["savings"][0] | {"unit_price": "0.00"}
    without = {**PROPOSAL, "measures": [measure | {"savings": [line]}]}
    done = RUN.invoke(app, ["-", "--draws", "50"], input=json.dumps(without))
    assert done.exit_code == 0
    assert "none" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--draws", "0"), "request: The number of draws is not within 1 to 100,000,000,000."),
        (("--seed", "-1"), "request: The seed is negative or too large."),
        (("--processes", "0"), "--processes: The number is not within 1 to 1,024."),
        (("--checkpoint", "/no/such/folder/x"), "--checkpoint: The checkpoint cannot be written."),
    ],
)
def test_a_wrong_option_is_refused_in_words(
    file: str, arguments: tuple[str, ...], said: str
) -> None:
    done = RUN.invoke(app, [file, *arguments])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(said)


def test_a_refusal_in_json_is_an_error_object_too() -> None:
    done = RUN.invoke(app, ["-", "--json"], input='{"title": 1}')
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["fields"]
    assert "title: Enter text in quotation marks." in done.stderr


def test_a_file_that_cannot_be_read_is_refused_in_words() -> None:
    done = RUN.invoke(app, ["missing.json"])
    assert done.exit_code == 2
    assert done.stderr.startswith("The file cannot be read.")


def test_prices_that_vanish_on_the_way_are_refused_in_words() -> None:
    measure = PROPOSAL["measures"][0]
    line = measure["savings"][0] | {"growth": -0.99}
    falling = PROPOSAL | {"measures": [measure | {"savings": [line]}]}
    done = RUN.invoke(app, ["-"], input=json.dumps(falling))
    assert done.exit_code == 2
    assert done.stderr.startswith("request: A growth or discount rate is not above -100 %.")


def test_ray_is_asked_for_by_its_option(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation_runs, "on_ray", simulation_runs.in_this_process)
    assert answer_of(file, "--ray") == answer_of(file)


@pytest.mark.parametrize(
    ("asked", "draws", "started"),
    [
        (None, 999_999, []),
        (None, 1_000_000, [3]),
        (1, 999_999, []),
        (1, 1_000_000, [1]),
        (2, 10, [2]),
    ],
)
def test_processes_are_started_where_they_are_worth_it_or_asked_for(
    asked: int | None, draws: int, started: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []
    monkeypatch.setattr(simulation_runs, "in_processes", found.append)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    simulation_command._way(asked, draws, ray=False)  # noqa: SLF001  # a million draws take a while
    assert found == started


def test_a_terminal_shows_how_far_it_is_and_how_fast(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=120)
    monkeypatch.setattr(simulation_command, "Console", lambda **_options: terminal)
    answer_of(file, "--draws", "200000")
    assert "200,000 of 200,000 draws" in screen.getvalue()
    assert "a second" in screen.getvalue()


def test_an_interruption_says_what_is_kept(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(simulation_command, "run_to_end", interrupted)
    without = RUN.invoke(app, [file])
    kept = RUN.invoke(app, [file, "--checkpoint", "run"])
    assert without.exit_code == kept.exit_code == 130
    assert without.stderr.startswith("Stopped. Nothing is kept.")
    assert kept.stderr.startswith("Stopped. What is done is in the checkpoint;")


@pytest.mark.slow
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_in_the_middle_goes_on(
    file: str, tmp_path: Path, ended_by: signal.Signals
) -> None:
    """Two processes, ended after the first checkpoint; repeated, it gives what one run gives."""
    checkpoint = tmp_path / "run"
    asked = ["simulate", file, "--json", *MANY, "--processes", "2", "--checkpoint", str(checkpoint)]
    held = [sys.executable, "-c", HELD, *asked]
    started = subprocess.Popen(held, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    _wait_until(checkpoint.exists)
    nothing_done = checkpoint.stat().st_size
    _wait_until(lambda: checkpoint.stat().st_size > nothing_done)
    os.killpg(started.pid, ended_by)
    assert started.wait(timeout=60) in {130, -signal.SIGKILL}
    command = [sys.executable, "-c", "from app import cli; cli.main()", *asked]
    resumed = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    assert json.loads(resumed.stdout) == answer_of(file, "--processes", "1", *MANY)


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
