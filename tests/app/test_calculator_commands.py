import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import calculator_commands
from app.calculator_commands import app
from tests.app.test_calculators import GOOD, PROPOSAL, SCHEDULE

RUN = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for calculator, request in GOOD.items():
        (tmp_path / f"{calculator}.json").write_text(json.dumps(request))
    return tmp_path


@pytest.mark.parametrize("calculator", GOOD)
def test_json_out_is_the_answer(folder: Path, calculator: str) -> None:
    result = RUN.invoke(app, [calculator, str(folder / f"{calculator}.json"), "--json"])
    assert result.exit_code == 0
    assert "error" not in json.loads(result.stdout)


@pytest.mark.parametrize(
    ("calculator", "shown"),
    [
        ("indicators", ["107,447.2", "unique", "payback years"]),
        ("schedule", ["4143.06", "2026-02-15", "108000.00"]),
        ("appraise", ["108000.00", "pass", "Outcome"]),
    ],
)
def test_a_table_otherwise(folder: Path, calculator: str, shown: list[str]) -> None:
    result = RUN.invoke(app, [calculator, str(folder / f"{calculator}.json")])
    assert result.exit_code == 0
    assert all(text in result.stdout for text in shown)


def test_a_table_of_80_columns_breaks_no_figure(folder: Path) -> None:
    asked = ["appraise", str(folder / "appraise.json")]
    shown = RUN.invoke(app, asked, env={"COLUMNS": "80"}).stdout
    swings = shown[shown.index("Sensitivity") : shown.index("Switching values")]
    answered = json.loads(RUN.invoke(app, [*asked, "--json"]).stdout)
    bar = answered["appraisal"]["sensitivity"][0]
    for figure in (bar["low"]["net_present_value"], bar["high"]["net_present_value"], bar["swing"]):
        assert f" {figure:,.0f} " in swings


def test_a_dash_reads_standard_input() -> None:
    result = RUN.invoke(app, ["schedule", "-", "--json"], input=json.dumps(SCHEDULE))
    assert json.loads(result.stdout)["principal"] == "108000.00"


def test_a_wrong_value_ends_with_status_2_and_names_the_field() -> None:
    wrong = json.dumps(SCHEDULE | {"instalments": 0})
    result = RUN.invoke(app, ["schedule", "-"], input=wrong)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "instalments: Enter 1 or more.\n"


def test_a_wrong_value_in_json_is_an_error_object_too() -> None:
    result = RUN.invoke(app, ["indicators", "-", "--json"], input='{"flows": [NaN], "rate": 0}')
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["fields"][0]["field"] == "flows.0"
    assert result.stderr.startswith("flows.0: Enter a number")


def test_one_bad_request_of_a_list_is_told_and_the_rest_shown() -> None:
    result = RUN.invoke(app, ["appraise", "-"], input=json.dumps([PROPOSAL, {}, PROPOSAL]))
    assert result.exit_code == 0
    assert result.stdout.count("Offer") == 2
    assert "title: Enter a value; there is none." in result.stderr


@pytest.mark.parametrize("file", ["missing.json", "\x00", "."])
def test_a_file_that_cannot_be_read_is_refused_in_words(file: str) -> None:
    result = RUN.invoke(app, ["schedule", file])
    assert result.exit_code == 2
    assert result.stderr.startswith("The file cannot be read.")


def test_text_that_is_no_json_is_refused_in_words() -> None:
    result = RUN.invoke(app, ["schedule", "-"], input="principal = 1")
    assert result.exit_code == 2
    assert result.stderr.startswith("The request cannot be read.")


def test_signs_of_markup_in_a_code_are_shown_as_they_are() -> None:
    measure = PROPOSAL["measures"][0] | {"code": "[bold]M1"}
    marked = PROPOSAL | {"measures": [measure], "finance": {}}
    result = RUN.invoke(app, ["appraise", "-"], input=json.dumps(marked))
    assert "[bold]M1" in result.stdout


def test_a_file_that_is_too_large_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculator_commands, "LARGEST_FILE_BYTES", 10)
    result = RUN.invoke(app, ["schedule", str(folder / "schedule.json")])
    assert result.exit_code == 2
    assert result.stderr.startswith("The file is too large.")


def test_the_parts_of_an_appraisal_are_tables_too(tmp_path: Path) -> None:
    taxed = PROPOSAL["assumptions"] | {"inflation": 0.02, "tax": {"rate": "0.2"}}
    first = PROPOSAL["measures"][0] | {"alternative_group": "filters"}
    rival = first | {"code": "M2"}
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(PROPOSAL | {"assumptions": taxed, "measures": [first, rival]}))
    shown = RUN.invoke(app, ["appraise", str(file)]).stdout
    for title in (
        "Results on three lines",
        "In money of the day",
        "Tax year by year",
        "Alternatives: ",
        "Sensitivity",
        "Switching values",
        "Scenarios",
        "Limits of the amount",
        "Ladder",
        "Environment",
        "Plausibility",
        "How every figure came about",
    ):
        assert title in shown, title
    switching = shown.split("Switching values")[1].split("Scenarios")[0]
    assert "227447.21" in switching
    assert "not change" in switching
    assert "0.41041" in shown.split("Results on three lines")[1]
