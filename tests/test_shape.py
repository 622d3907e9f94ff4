"""Limits as tests: tripwires for the shape of the house, not goals."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import iter_route_contexts

from app.auth.access import access_table
from app.main import create_app

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "appraisal", "loans")
LONGEST_FUNCTION, LONGEST_FILE = 50, 300
BANNED_NAMES = {
    *("utils", "helpers", "common", "core", "services", "schemas", "crud", "exceptions"),
}
# Straight lists of one kind, which splitting would only scatter.
LONG_BUT_ONE_LIST = {"loans/tables.py"}


def _sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    documented = ast.get_docstring(node, clean=False) is not None
    first = node.body[1].lineno if documented and len(node.body) > 1 else node.body[0].lineno
    signature = node.body[0].lineno - node.lineno
    return (node.end_lineno or node.lineno) - first + 1 + signature


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_and_files_stay_short(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    long = [node.name for node in _functions(path) if _code_lines(node) > LONGEST_FUNCTION]
    assert not long
    if name not in LONG_BUT_ONE_LIST:
        assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


def test_no_room_is_named_for_nothing() -> None:
    assert not [path for path in _sources() if path.stem in BANNED_NAMES]


def test_only_the_edge_commits() -> None:
    """One request, one transaction: nothing but the database module ends one."""
    found = [
        str(path.relative_to(ROOT))
        for path in _sources()
        if re.search(r"\.(commit|rollback)\(", path.read_text("utf-8"))
        and path.name not in {"database.py", "sqlite_engine.py", "postgresql_engine.py"}
    ]
    assert found == []


def test_routes_never_touch_tables() -> None:
    watched = [*(ROOT / "app" / "routes").glob("*.py"), *(ROOT / "app" / "api").glob("*.py")]
    assert watched
    touching = [
        path.name
        for path in watched
        if re.search(
            r"from loans(\.books)?(\.| import )tables\b|sqlalchemy import", path.read_text("utf-8")
        )
    ]
    assert touching == []


def test_every_route_is_in_the_access_table_and_the_reverse() -> None:
    routes = {
        (method, context.path)
        for context in iter_route_contexts(create_app().routes)
        for method in context.methods or ()
    }
    assert routes == set(access_table())


def test_packages_of_the_wheel_are_all_named() -> None:
    """A package left out of ``pyproject.toml`` works in the checkout and fails when installed."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for package in (*PACKAGES, "migrations"):
        for init in (ROOT / package).rglob("__init__.py"):
            dotted = ".".join(init.parent.relative_to(ROOT).parts)
            assert f'"{dotted}"' in text


def test_no_committed_file_names_a_place_of_this_machine_or_a_registry() -> None:
    listed = subprocess.run(  # fixed command
        ["/usr/bin/env", "git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    home, work = "/" + "root/", "/" + "work/"
    hosts = ("pypi." + "org", "pythonhosted." + "org", "registry." + "npmjs")
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file():
            text = path.read_text("utf-8", errors="ignore")
            assert not [word for word in (home, work, *hosts) if word in text], name


@pytest.mark.slow
def test_the_program_starts_without_the_development_tools() -> None:
    """Nothing that only the tests install is imported when the command starts."""
    code = (
        "import sys, app.cli; "
        "print([m for m in ('pytest', 'hypothesis', 'playwright') if m in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603  # fixed command
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
