"""The whole proof: 10,000 lives of loans x 20 steps on SQLite and on PostgreSQL, on all cores.

Run by ``make prove-books``; ends with status 1 at the first fault, and prints the steps that lead
to it, or where an act never succeeded on a database. The two databases live other lives.
``--minutes`` ends the proof early, tells how far it came, and ends with status 2 if it found
nothing until then: that is no proof.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import cache
from itertools import count, islice
from os import cpu_count
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from tests.databases import DIALECTS, Databases, postgresql_server
from tests.proofs.books_fund import template_in
from tests.proofs.books_machine import Beginnings
from tests.proofs.books_proof import ACTS, STEPS, Lived, lived

_SEED = 1998
_EXAMPLES = 10_000
_TOGETHER = 25
_MOST_PROCESSES = 5
"""Each keeps sixteen connections, and the server takes a hundred."""

EARLY = 2
"""The status of a proof that was ended before it was one."""

Part = tuple[str, str | None, int, int]
"""The folder, the server (None is SQLite), the examples and the seed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if no life breaks an invariant or leaves the model, 1 if one does, 2 if ended early."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--examples", type=int, default=_EXAMPLES, help="on each database")
    parser.add_argument("--minutes", type=float, default=0, help="end early; 0 runs to the end")
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    chosen = parser.parse_args(arguments)
    console = Console()
    console.print(
        f"Seed {chosen.seed}, {chosen.examples:,} lives x {STEPS} steps "
        f"on {' and '.join(chosen.databases)}"
    )
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        servers = {"sqlite": None, "postgresql": server}
        parts = _parts(folder, [servers[name] for name in chosen.databases], chosen)
        total = chosen.examples * len(chosen.databases)
        found, seconds = _run(console, parts, total, 60 * chosen.minutes)
    status = _tell(console, found, seconds, chosen.databases)
    if not status and sum(one.examples for one in found) < total:
        console.print(f"Ended early: {total:,} lives are the proof.", style="bold")
        return EARLY
    return status


def _parts(
    folder: str, servers: Sequence[str | None], chosen: argparse.Namespace
) -> Iterator[Part]:
    seeds = count(chosen.seed)
    for begins in range(0, chosen.examples, _TOGETHER):
        together = min(_TOGETHER, chosen.examples - begins)
        for server in servers:
            yield folder, server, together, next(seeds)


@cache
def _beginnings(folder: str, server: str | None) -> Beginnings:
    """For each process and database: making them takes longer than a life."""
    return Beginnings(template_in(Databases(Path(tempfile.mkdtemp(dir=folder)), server)))


def _live(part: Part) -> Lived:
    folder, server, examples, start = part
    return lived(_beginnings(folder, server), examples=examples, start=start)


def _run(
    console: Console, parts: Iterator[Part], total: int, limit: float
) -> tuple[list[Lived], float]:
    """Lives until the end, the first fault or the limit of seconds."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found: list[Lived] = []
    begun = monotonic()
    cores = min(cpu_count() or 1, _MOST_PROCESSES)
    with Progress(*columns, console=console) as progress, ProcessPoolExecutor(cores) as pool:
        bar = progress.add_task("lives", total=total)
        waiting: set[Future[Lived]] = {pool.submit(_live, one) for one in islice(parts, cores)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            found += [one.result() for one in done]
            progress.update(bar, completed=sum(one.examples for one in found))
            is_late = limit and monotonic() - begun > limit
            if not is_late and not any(one.fault for one in found):
                waiting |= {pool.submit(_live, one) for one in islice(parts, len(done))}
    return found, monotonic() - begun


def _tell(
    console: Console, found: Sequence[Lived], seconds: float, databases: Sequence[str]
) -> int:
    """Print what was done on each database; 1 where there was a fault or an act never succeeded."""
    done = {name: _together(found, name) for name in databases}
    table = Table("act", *databases, "refused", title="What was done, and was refused on both")
    for act in sorted({*ACTS, *(name for acts in done.values() for name in acts)}):
        if not act.endswith("refused"):
            refused = sum(acts[f"{act} refused"] for acts in done.values())
            table.add_row(act, *(f"{acts[act]:,}" for acts in done.values()), f"{refused:,}")
    console.print(table)
    faults = [one.fault for one in found if one.fault]
    for fault in faults:
        console.print(fault, style="bold red", markup=False)
    missed = [f"{act} on {name}" for name, acts in done.items() for act in ACTS if not acts[act]]
    if missed:
        console.print(f"Never succeeded: {', '.join(missed)}", style="bold red")
    examples, steps = sum(one.examples for one in found), sum(one.steps for one in found)
    console.print(
        f"{examples:,} lives, {steps:,} steps in {seconds:,.0f} s "
        f"({examples / max(seconds, 1e-9):.1f} lives a second), {len(faults)} faults"
    )
    return 1 if faults or missed else 0


def _together(found: Sequence[Lived], dialect: str) -> Counter[str]:
    return sum((one.acts for one in found if one.dialect == dialect), Counter())


if __name__ == "__main__":
    sys.exit(main())
