"""``cleanloop import-loans FILE``: old loans from a spreadsheet, checked row by row."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy.orm import Session

from app import clock
from app.imports.old_loan_file import read_old_loans
from app.imports.old_loan_values import old_loans_of
from app.opened_database import opened_database
from appraisal.money import as_text, to_minor
from loans import people
from loans.day_words import shown_day
from loans.fund import the_facility
from loans.importing.loan_imports import keep_file, record_file
from loans.importing.old_loans import OldLoans, RowProblem
from loans.importing.views import ImportView, import_view
from loans.people import Actor
from loans.refusal import WrongValue
from loans.storage.database import Database, new_id

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
REFUSED = 1
_out = Console(soft_wrap=True)


@app.command("import-loans")
def import_loans(
    files: Annotated[list[Path], typer.Argument(help="A workbook, or three CSV files.")],
    officer: Annotated[str, typer.Option(help="E-mail of the person who sends the file.")],
    manager: Annotated[str, typer.Option(help="E-mail of the manager who takes them over.")] = "",
    opening: Annotated[str, typer.Option(help="Cash before the first of the loans.")] = "0",
    *,
    looked_at: Annotated[
        bool, typer.Option("--looked-at", help="Record loans that differ or look like others.")
    ] = False,
) -> None:
    """Check a file of old loans, and with --manager take them over, whole or not at all."""
    with opened_database() as database:
        with database.reading() as session:
            facility = the_facility(session)
            sender = people.actor_by_email(session, officer)
            taker = people.actor_by_email(session, manager) if manager else None
        read = read_old_loans([(one.name, _content(one)) for one in files], facility.currency)
        old, unread = old_loans_of(read, facility.currency)
        with database.writing() as session:
            import_id = keep_file(session, sender, clock.moment(), old, unread)
            view = _seen(session, sender, import_id)
        if view.problems:
            _show_problems(view.problems)
            raise typer.Exit(REFUSED)
        _out.print(f"{len(old.loans)} loans can be taken over.", highlight=False)
        _show_foreseen(view)
        if taker is not None:
            opening_minor = to_minor(Decimal(opening), facility.currency)
            _record(database, taker, import_id, old, opening_minor, is_looked_at=looked_at)


def _seen(session: Session, actor: Actor, import_id: str) -> ImportView:
    return import_view(session, actor, import_id, today=clock.today(), available_minor=0)


def _show_foreseen(view: ImportView) -> None:
    for one in view.foreseen:
        if one.stated_minor is not None and one.difference_minor:
            stated = as_text(one.stated_minor, view.currency)
            rows = as_text(one.counted_minor, view.currency)
            _out.print(
                f"{one.reference}: the file says {stated} on {shown_day(one.on)}, "
                f"its rows give {rows}.",
                highlight=False,
            )
        if one.twin:
            _out.print(
                f"{one.reference} looks like {one.twin}: the same borrower, day and amount.",
                highlight=False,
            )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        message = "The file cannot be opened. Enter the path of a file that is there."
        raise WrongValue(message, field="file") from fault


def _show_problems(problems: Sequence[RowProblem]) -> None:
    table = Table("Table", "Row", "Column", "What to enter")
    for one in problems:
        table.add_row(one.table, str(one.row), one.column, one.message)
    _out.print(table)
    _out.print("Nothing is recorded: correct the file and send it again.", highlight=False)


def _record(
    database: Database,
    actor: Actor,
    import_id: str,
    old: OldLoans,
    opening_minor: int,
    *,
    is_looked_at: bool,
) -> None:
    moves = len(old.loans) + len(old.pay_outs) + len(old.receipts)
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=moves)
        with database.writing() as session:
            count = record_file(
                session,
                actor,
                clock.moment(),
                import_id,
                opening_minor=opening_minor,
                is_looked_at=is_looked_at,
                key=new_id(),
                done=lambda reference: bar.update(task, advance=1, description=reference),
            )
    with database.reading() as session:
        view = _seen(session, actor, import_id)
    for one in view.differences:
        stated, ours = (as_text(m, view.currency) for m in (one.stated_minor, one.ours_minor))
        _out.print(
            f"{one.reference}: the file says {stated} on {shown_day(one.on)}, the books {ours}.",
            highlight=False,
        )
    _out.print(
        f"{count} loans are recorded; {view.compared_count} were compared, "
        f"{len(view.differences)} differ.",
        highlight=False,
    )
