"""The README promises nothing that is not there: its example runs, its names exist."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings

HOUSE = Path(__file__).parents[1]
README = (HOUSE / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", README)


def test_there_is_an_example() -> None:
    assert EXAMPLES


@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_an_example_answers_what_is_shown(command: str, shown: str) -> None:
    programs = Path(sys.executable).parent
    answer = subprocess.run(  # noqa: S602  # the README's own line, as a reader would paste it
        command,
        shell=True,
        check=True,
        capture_output=True,
        text=True,
        cwd=HOUSE,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
    )
    assert json.loads(answer.stdout) == json.loads(shown)
    assert json.loads(shown)["net_present_value"] == pytest.approx(107_447.21, abs=0.005)


def test_the_commands_of_make_are_there() -> None:
    makefile = (HOUSE / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", README, re.MULTILINE))
    assert {"run", "test", "check", "help"} <= named
    for name in named:
        assert re.search(rf"^{name}:.*## ", makefile, re.MULTILINE), name


def test_every_setting_is_explained_and_none_invented() -> None:
    explained = set(re.findall(r"^\| `(CLEANLOOP_[A-Z_]+)`", README, re.MULTILINE))
    known = {f"CLEANLOOP_{name.upper()}" for name in Settings.model_fields}
    assert explained == known - {"CLEANLOOP_TEST_SERVER"}


def test_the_tree_names_what_is_there() -> None:
    tree = README[README.index("## The house") :].split("```")[1]
    folder, missing = "", []
    for line in tree.strip().splitlines():
        if found := re.match(r"([a-z]+)/", line):
            folder = found[1]
            continue
        names = re.match(r"  ((?:[a-z_]+/?(?:, )?)+)", line)
        assert names or line.startswith("     "), line
        for name in re.findall(r"[a-z_]+", names[1] if names else ""):
            place = HOUSE / folder / name
            if not (place.is_dir() or place.with_suffix(".py").exists()):
                missing.append(f"{folder}/{name}")
    assert not missing


def test_links_and_named_files_lead_somewhere() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    named = re.findall(r"`((?:app|loans|appraisal|migrations|tests)/[\w/.-]+?)(?:\.\w+)?`", README)
    assert named
    for place in (*linked, *named):
        path = HOUSE / place.removesuffix("…")
        found = path.exists() or list(path.parent.glob(f"{path.name}.*"))
        assert found, place
