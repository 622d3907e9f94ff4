"""The calculators on the command line: ``cleanloop indicators|schedule|appraise FILE``."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.answer_tables import appraisal_tables, figures
from app.calculators import Answer, Calculator, answer, is_refused
from app.json_text import read_json
from app.request_errors import refused
from loans.refusal import WrongValue

WRONG_VALUE = 2
LARGEST_FILE_BYTES = 64 * 1024 * 1024

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

File = Annotated[str, typer.Argument(help="A JSON file, or - for standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON instead of tables.")]


class NoFile(WrongValue):
    """There is no file to read."""

    code = "no_file"


class TooLarge(WrongValue):
    """A file beyond what is read."""

    code = "too_large"


@app.command()
def indicators(file: File, *, as_json: AsJson = False) -> None:
    """Net present value, rates of return and paybacks of flows."""
    _calculate(Calculator.INDICATORS, file, as_json=as_json)


@app.command()
def schedule(file: File, *, as_json: AsJson = False) -> None:
    """Repayment schedule of a loan."""
    _calculate(Calculator.SCHEDULE, file, as_json=as_json)


@app.command()
def appraise(file: File, *, as_json: AsJson = False) -> None:
    """Appraisal of a proposal, its offer and the rules."""
    _calculate(Calculator.APPRAISE, file, as_json=as_json)


def _calculate(calculator: Calculator, file: str, *, as_json: bool) -> None:
    answers = _answers(calculator, file)
    if as_json:
        sys.stdout.write(json.dumps(answers, allow_nan=False) + "\n")
    if isinstance(answers, dict) and is_refused(answers):
        tell(answers)
        raise typer.Exit(WRONG_VALUE)
    if not as_json:
        for one in answers if isinstance(answers, list) else [answers]:
            _show(calculator, one)


def _answers(calculator: Calculator, file: str) -> Answer | list[Answer]:
    try:
        return answer(calculator, document_in(file))
    except WrongValue as error:
        return refused(error.code, error.message)


def document_in(file: str) -> object:
    """The JSON value in a file, or on the standard input for ``-``.

    Raises:
        WrongValue: no file that can be read, one that is too large, or no JSON.
    """
    body = _body(file)
    if len(body) > LARGEST_FILE_BYTES:
        message = "The file is too large. Enter one of at most 64 MiB."
        raise TooLarge(message)
    return read_json(body)


def _body(file: str) -> bytes:
    """The first bytes of the file, one more than are allowed."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST_FILE_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError):
        message = "The file cannot be read. Enter the path of a JSON file, or -."
        raise NoFile(message) from None


def tell(refusal: Answer) -> None:
    """The sentences of a refusal on the standard error."""
    error = refusal["error"]
    fields = [f"{field['field']}: {field['message']}" for field in error["fields"]]
    for sentence in fields or [error["message"]]:
        sys.stderr.write(sentence + "\n")


def _show(calculator: Calculator, one: Answer) -> None:
    console = Console(soft_wrap=True)
    if "error" in one:
        tell(one)
        return
    if calculator is Calculator.SCHEDULE:
        console.print(_instalments(one))
        console.print(figures("Totals", {k: v for k, v in one.items() if k != "instalments"}))
        return
    if calculator is Calculator.INDICATORS:
        console.print(figures("Indicators", one))
        return
    for table in appraisal_tables(one):
        console.print(table)


def _instalments(answers: Answer) -> Table:
    table = Table(title="Instalments")
    for heading in ("No.", "Due on", "Principal", "Interest", "Total", "Balance"):
        table.add_column(heading, justify="left" if heading == "Due on" else "right")
    for row in answers["instalments"]:
        table.add_row(*(str(value) for value in row.values()))
    return table
