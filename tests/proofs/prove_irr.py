"""The whole proof: 100,000 seeded lists of flows against certified roots, on all cores.

Run by ``make prove-irr``; ends with status 1 at the first fault, and prints the list that shows it.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from tests.proofs.flow_sets import Cents, flow_sets
from tests.proofs.irr_proof import held

_SEED = 1998
_TOGETHER = 500


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every list has exactly its certified roots, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--share", type=float, default=1.0, help="of the 100,000 lists")
    chosen = parser.parse_args(arguments)
    console = Console()
    sets = list(flow_sets(chosen.seed, chosen.share))
    console.print(f"Seed {chosen.seed}, {len(sets):,} lists of flows")
    roots, uncertified, largest_error = 0, 0, 0.0
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress, ProcessPoolExecutor() as pool:
        bar = progress.add_task("lists", total=len(sets))
        for part in pool.map(held, _parts(sets)):
            if part.fault:
                console.print(part.fault, style="bold red")
                pool.shutdown(cancel_futures=True)
                return 1
            roots += part.roots
            uncertified += part.uncertified
            largest_error = max(largest_error, part.largest_error)
            progress.advance(bar, part.lists)
    console.print(
        f"{roots:,} roots, none missing and none too many, largest error {largest_error:.1e} "
        f"in ln(1 + rate); {uncertified} lists not certified by the solver itself"
    )
    return 0


def _parts(sets: list[tuple[str, Cents]]) -> list[list[tuple[str, Cents]]]:
    """Short and long lists mixed, so that the bar moves evenly."""
    count = -(-len(sets) // _TOGETHER)
    return [sets[start::count] for start in range(count)]


if __name__ == "__main__":
    sys.exit(main())
