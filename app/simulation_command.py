"""``cleanloop simulate FILE``: a project under many draws of its uncertain inputs."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from app import simulation_runs
from app.calculator_commands import WRONG_VALUE, AsJson, File, document_in, tell
from app.calculators import Answer
from app.request_errors import WHOLE_REQUEST, refused
from app.simulation_answers import ProbabilitiesAnswer, ProbabilityAnswer, SimulationAnswer
from app.simulation_request import SimulationRequest, simulation_request
from app.simulation_runs import Way
from app.simulation_session import run_to_end
from appraisal.scenario_model import Figure
from appraisal.simulation import DEFAULT_DRAWS, DEFAULT_SEED, ChunkResult, result_of
from appraisal.simulation_result import PERCENTS
from loans.refusal import WrongValue

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

MOST_PROCESSES = 1_024
_WORTH_PROCESSES = 1_000_000
"""Fewer draws are done before other processes have started."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Draws = Annotated[int, typer.Option(help="How many times the inputs are drawn.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]
Processes = Annotated[
    int | None,
    typer.Option(
        help="Processes side by side; without it one, and all of the machine's from a million "
        "draws up."
    ),
]
Checkpoint = Annotated[
    Path | None,
    typer.Option(help="Keep what is done in this file; the same command goes on from there."),
]
Ray = Annotated[bool, typer.Option("--ray", help="Compute on a Ray cluster (extra “ray”).")]


@app.command()
def simulate(
    file: File,
    *,
    draws: Draws = DEFAULT_DRAWS,
    seed: Seed = DEFAULT_SEED,
    processes: Processes = None,
    checkpoint: Checkpoint = None,
    ray: Ray = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a proposal: percentiles of its figures, and the chance that it fails.

    FILE is the proposal that “appraise” takes; its field “simulation” may say how the inputs are
    spread.
    """
    try:
        request = simulation_request(document_in(file), draws, seed)
        if not isinstance(request, SimulationRequest):
            _refuse(request, as_json=as_json)
        together = _run(request, _way(processes, draws, ray=ray), checkpoint)
    except WrongValue as error:
        _refuse(refused(error.code, error.message, error.field), as_json=as_json)
    except ValueError as error:
        _refuse(refused(WrongValue.code, str(error), WHOLE_REQUEST), as_json=as_json)
    except KeyboardInterrupt:
        _say_interrupted(checkpoint)
        raise typer.Exit(INTERRUPTED) from None
    answer = SimulationAnswer.of(result_of(request.run, together), request.loan)
    if as_json:
        sys.stdout.write(json.dumps(answer.model_dump(mode="json"), allow_nan=False) + "\n")
    else:
        _show(answer)


def _refuse(refusal: Answer, *, as_json: bool) -> NoReturn:
    if as_json:
        sys.stdout.write(json.dumps(refusal) + "\n")
    tell(refusal)
    raise typer.Exit(WRONG_VALUE)


def _say_interrupted(checkpoint: Path | None) -> None:
    kept = (
        "What is done is in the checkpoint; the same command goes on from there."
        if checkpoint
        else "Nothing is kept. With --checkpoint FILE the same command can go on from a stop."
    )
    sys.stderr.write(f"Stopped. {kept}\n")


def _way(processes: int | None, draws: int, *, ray: bool) -> Way:
    if ray:
        return simulation_runs.on_ray
    if processes is None:
        processes = 1 if draws < _WORTH_PROCESSES else os.cpu_count() or 1
    if not 1 <= processes <= MOST_PROCESSES:
        message = f"The number is not within 1 to {MOST_PROCESSES:,}. Enter one that is."
        raise WrongValue(message, field="--processes")
    if processes == 1 and draws < _WORTH_PROCESSES:
        return simulation_runs.in_this_process
    return simulation_runs.in_processes(processes)


def _run(request: SimulationRequest, way: Way, checkpoint: Path | None) -> ChunkResult:
    """Run to the end under a progress bar, which only a terminal shows."""
    console = Console(stderr=True)
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} draws"),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=request.run.draws)
        return run_to_end(request, way, checkpoint, lambda draws: bar.update(task, completed=draws))


class _Rate(ProgressColumn):
    """Draws a second, of late."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} a second" if task.speed else "")


def _show(answer: SimulationAnswer) -> None:
    console = Console(soft_wrap=True)
    console.print(_probabilities(answer))
    console.print(_figures(answer))
    for note in answer.notes:
        console.print(note, markup=False, highlight=False)


def _probabilities(answer: SimulationAnswer) -> Table:
    table = Table(title=f"{answer.draws:,} draws, seed {answer.seed}")
    table.add_column("Chance")
    table.add_column("Share", justify="right")
    table.add_column("95 times of 100 from", justify="right")
    table.add_column("to", justify="right")
    for name in ProbabilitiesAnswer.model_fields:
        share: ProbabilityAnswer | None = getattr(answer.probabilities, name)
        numbers = (share.value, share.low, share.high) if share else ()
        table.add_row(name.replace("_", " "), *(f"{number:.2%}" for number in numbers))
    return table


def _figures(answer: SimulationAnswer) -> Table:
    """A column for each figure; “never” where a payback never comes in so many draws."""
    table = Table(title="Figures: P10 is the value that one draw of ten does not exceed")
    for heading in ("", *answer.figures):
        table.add_column(heading.replace("_", " "), justify="right" if heading else "left")
    figures = [
        [_shown(name, value) for value in (one.base, one.mean, *one.percentiles.values())]
        for name, one in answer.figures.items()
    ]
    headings = ("as entered", "mean", *(f"P{percent}" for percent in PERCENTS))
    for heading, *texts in zip(headings, *figures, strict=True):
        table.add_row(heading, *texts)
    return table


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "none" if name == Figure.INTERNAL_RATE_OF_RETURN else "never"
    if name == Figure.NET_PRESENT_VALUE:
        return f"{value:,.0f}"
    return f"{value:.1%}" if name == Figure.INTERNAL_RATE_OF_RETURN else f"{value:,.2f}"
