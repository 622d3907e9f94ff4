"""``cleanloop export FILE``: everything that is kept, as a workbook or an archive."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from app import clock
from app.exports.all_records import Ending, all_records
from app.exports.archive import Made
from app.opened_database import opened_database
from loans.fund import the_facility
from loans.refusal import WrongValue
from loans.storage.records import record_tables

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write: its ending is .xlsx or .zip.")],
) -> None:
    """Write every table to FILE, but for passwords and sessions: .xlsx or .zip (CSV files)."""
    ending = _ending(file)
    with opened_database() as database, database.reading() as session:
        made = Made(the_facility(session), clock.now())
        tables = record_tables(session)
        console = Console(stderr=True)
        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=len(tables))
            source = all_records(
                session,
                made,
                ending,
                done=lambda name: bar.update(task, advance=1, description=name),
            )
        with source, file.open("wb") as target:
            shutil.copyfileobj(source, target)
    row_count = sum(table.row_count for table in tables)
    Console(soft_wrap=True).print(
        f"{len(tables)} tables with {row_count:,} rows are written.", markup=False, highlight=False
    )


def _ending(file: Path) -> Ending:
    try:
        ending = Ending(file.suffix.removeprefix(".").lower())
    except ValueError:
        message = "Enter a file name that ends in .xlsx or .zip."
        raise WrongValue(message, field="file") from None
    if not file.parent.is_dir():
        message = "The folder of the file is not there. Make it first."
        raise WrongValue(message, field="file")
    return ending
