"""The command line: what it does, and what it says when it cannot."""

from __future__ import annotations

import io
import runpy
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from app import cli, demo
from app.auth.passwords import is_right
from app.demo import story
from app.opened_database import opened_database
from loans import fund, people, sign_ins
from loans.history import Moment
from loans.people import Role
from loans.storage.database import new_id, open_database
from loans.storage.postgresql_engine import driver_url
from tests.databases import Databases
from tests.funds import PASSWORD, open_fund

Run = Callable[..., tuple[int, str]]
OPEN = ("facility", "open", "--code", "baltic", "--name", "Baltic Fund")
ADMINISTRATOR = (
    *("user", "add", "--email", "Admin@fund.example", "--name", "Ada Admin"),
    *("--role", "administrator", "--password-stdin"),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a fresh machine."""
    monkeypatch.setenv("CLEANLOOP_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.delenv("CLEANLOOP_DATABASE_URL", raising=False)
    return tmp_path / "data"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command as the shell would; answer its exit status and all it printed."""

    def started(*arguments: str, stdin: str = "") -> tuple[int, str]:
        screen = io.StringIO()
        console = Console(file=screen, soft_wrap=True)
        monkeypatch.setattr(cli, "_out", console)
        monkeypatch.setattr(cli, "_err", console)
        monkeypatch.setattr(sys, "argv", ["cleanloop", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), screen.getvalue()

    return started


def assert_one_plain_line(words: str) -> None:
    assert len(words.strip().splitlines()) == 1, words
    assert "Traceback" not in words
    assert words.strip().endswith(".")


def test_without_a_command_it_names_them_all() -> None:
    shown = CliRunner().invoke(cli.app, ["--help"]).output
    for name in ("serve", "demo", "check-ledger", "user", "facility", "indicators", "schedule"):
        assert name in shown


@pytest.mark.usefixtures("folder")
def test_a_real_fund_is_opened_with_its_first_administrator(run: Run, folder: Path) -> None:
    assert run(*OPEN) == (0, "The fund is set up. Enter its people with “cleanloop user add”.\n")
    assert run(*ADMINISTRATOR, stdin=f"{PASSWORD}\n") == (0, "The account is open.\n")
    database = open_database(f"sqlite:///{folder / 'cleanloop.db'}")
    with database.reading() as session:
        facility = fund.the_facility(session)
        actor = people.actor_by_email(session, "admin@fund.example")
        stored = sign_ins.stored_password(session, "admin@fund.example")
    database.close()
    assert (facility.name, facility.currency) == ("Baltic Fund", "EUR")
    assert not facility.is_demonstration
    assert (actor.name, actor.role) == ("Ada Admin", Role.ADMINISTRATOR)
    assert stored is not None
    assert is_right(PASSWORD, stored[1])


@pytest.mark.usefixtures("folder")
def test_a_second_fund_is_refused(run: Run) -> None:
    run(*OPEN)
    status, words = run(*OPEN)
    assert status == 1
    assert "holds a fund already" in words
    assert_one_plain_line(words)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("more", "expected"),
    [(("--currency", "XXX"), "currency"), (("--profile", "none-such"), "nefco-1998")],
)
def test_an_unknown_currency_or_profile_is_refused(
    run: Run, more: tuple[str, str], expected: str
) -> None:
    status, words = run(*OPEN, *more)
    assert status == 1
    assert expected in words.lower()
    assert_one_plain_line(words)


@pytest.mark.usefixtures("folder")
def test_a_weak_password_and_a_second_account_are_refused(run: Run) -> None:
    status, words = run(*ADMINISTRATOR, stdin="short\n")
    assert (status, words) == (1, "Enter a password of 12 to 128 characters.\n")
    run(*ADMINISTRATOR, stdin=f"{PASSWORD}\n")
    status, words = run(*ADMINISTRATOR, stdin=f"{PASSWORD}\n")
    assert (status, words) == (1, "An account with this e-mail address exists already.\n")


@pytest.mark.usefixtures("folder")
def test_a_user_of_an_enterprise_is_entered_elsewhere(run: Run) -> None:
    status, words = run(
        *ADMINISTRATOR[:-3], "--role", "enterprise", "--password-stdin", stdin=f"{PASSWORD}\n"
    )
    assert status == 1
    assert_one_plain_line(words)


def test_the_demonstration_is_loaded_once_and_names_its_accounts(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []

    def load(database: Any, _console: Console) -> None:
        loaded.append(database)
        open_fund(database)
        with database.writing() as session:
            session.execute(text("UPDATE facility SET is_demonstration = 1"))

    monkeypatch.setattr(demo, "load", load)
    for _ in range(2):
        status, words = run("demo")
        assert status == 0
        assert demo.PASSWORD in words
        assert all(email in words for email, _ in demo.ACCOUNTS)
    assert len(loaded) == 1
    assert (folder / "cleanloop.db").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("is_cut", [True, False])
def test_an_interrupted_demonstration_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, *, is_cut: bool
) -> None:
    def cut(_session: Session, _moment: Moment) -> None:
        raise KeyboardInterrupt

    steps = [story.Dated(date(2026, 1, 5), 0, cut)] if is_cut else []
    monkeypatch.setattr(story, "_steps", lambda _stage, _today: steps)
    with (
        pytest.raises(KeyboardInterrupt) if is_cut else nullcontext(),
        opened_database() as database,
    ):
        demo.load(database, Console(file=io.StringIO()))
    status, words = run("demo")
    assert status == int(is_cut)
    assert ("loaded in part only" in words) is is_cut
    assert (demo.PASSWORD in words) is not is_cut


def test_it_runs_as_a_module_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["cleanloop", "--help"])
    with pytest.warns(RuntimeWarning, match="app.cli"), pytest.raises(SystemExit) as ended:
        runpy.run_module("app.cli", run_name="__main__")
    assert ended.value.code == 0


@pytest.mark.usefixtures("folder")
def test_the_demonstration_is_kept_out_of_a_real_fund(run: Run) -> None:
    run(*OPEN)
    status, words = run("demo")
    assert status == 1
    assert demo.PASSWORD not in words
    assert_one_plain_line(words)


def test_serving_migrates_and_listens_at_home(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: dict[str, Any] = {}

    def serve(_app: object, **options: Any) -> None:
        served.update(options)
        raise SystemExit(0)

    monkeypatch.setattr("uvicorn.run", serve)
    status, words = run("serve", "--port", "8123")
    assert status == 0
    assert "Cleanloop is at http://127.0.0.1:8123" in words
    assert (served["host"], served["port"]) == ("127.0.0.1", 8123)
    assert served["server_header"] is False
    assert (folder / "cleanloop.db").exists()


def test_sound_books_are_said_to_be_sound(run: Run, folder: Path) -> None:
    run(*OPEN)
    database = open_database(f"sqlite:///{folder / 'cleanloop.db'}")
    database.close()
    status, words = run("check-ledger")
    assert status == 0
    assert words.startswith("The books are sound: ")


def test_broken_books_are_found_on_both_databases(
    run: Run, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = databases.migrated()
    monkeypatch.setenv("CLEANLOOP_DATABASE_URL", url)
    monkeypatch.setenv("CLEANLOOP_TEST_SERVER", "true")
    database = open_database(url, is_test_server=True)
    open_fund(database)
    database.close()
    assert run("check-ledger")[0] == 0
    _falsify(url)
    status, words = run("check-ledger")
    assert status == 1
    assert words.startswith("Broken: ")
    assert_one_plain_line(words)
    databases.drop(url)


def _falsify(url: str) -> None:
    """One cent more on one posting, past the triggers, as nobody but the owner could."""
    engine = create_engine(driver_url(url) if "postgresql" in url else url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).scalars()
            for name in list(triggers):
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            connection.execute(text("ALTER TABLE posting DISABLE TRIGGER USER"))
        connection.execute(
            text("UPDATE posting SET amount_minor = amount_minor + 1 WHERE amount_minor > 0")
        )
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://somewhere/cleanloop", "sqlite:/// or postgresql://"),
        ("no address", "sqlite:/// or postgresql://"),
        ("postgresql://nobody@127.0.0.1:1/none", "database"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_plain_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, url: str, expected: str
) -> None:
    monkeypatch.setenv("CLEANLOOP_DATABASE_URL", url)
    status, words = run("check-ledger")
    assert status == 1
    assert expected in words
    assert_one_plain_line(words)


def test_a_role_with_few_rights_serves_the_program_on_postgresql(
    run: Run, postgresql_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql_databases.migrated()
    role = f"serving_{new_id()[-12:]}"
    owner = create_engine(driver_url(url))
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
    monkeypatch.setenv("CLEANLOOP_TEST_SERVER", "true")
    monkeypatch.setenv("CLEANLOOP_DATABASE_URL", url)
    assert run("grant-role", role)[0] == 0
    served = make_url(url).set(username=role, password=None).render_as_string(hide_password=False)
    monkeypatch.setenv("CLEANLOOP_DATABASE_URL", served)
    assert run(*OPEN)[0] == 0
    assert run(*ADMINISTRATOR, stdin=PASSWORD)[0] == 0
    assert run("check-ledger")[0] == 0
    serving = create_engine(driver_url(served))
    with pytest.raises(ProgrammingError, match="permission denied"), serving.begin() as connection:
        connection.execute(text("UPDATE account SET name = 'Mine'"))
    serving.dispose()
    with owner.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    owner.dispose()
    postgresql_databases.drop(url)


@pytest.mark.usefixtures("folder")
def test_roles_are_for_postgresql_alone(run: Run) -> None:
    status, words = run("grant-role", "serving")
    assert status == 1
    assert "Only PostgreSQL has roles" in words
