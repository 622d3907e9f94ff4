"""Runs the steps in one transaction and compares what must survive before and after.

On SQLite a changed table is copied and the old one dropped, and its triggers vanish with it
without an error. So no step may lose a trigger of a table that stays, or a row of an append-only
table, and foreign keys, which are off during the steps, must hold at the end.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, inspect, text

from loans.storage import every_table
from loans.storage.column_types import Document, Instant, Minor
from loans.storage.database import Base
from loans.storage.migrate import migrating_engine
from migrations.append_only import GIVEN_UP

# Imported so that the metadata knows every table.
_MODULES = every_table.MODULES


class LostInMigration(RuntimeError):
    """A step lost triggers or rows; nothing of it was kept."""


def _render_item(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write plain column types into history: our own may change or go one day."""
    del autogen_context
    plain = {Minor: "sa.BigInteger()", Instant: "sa.DateTime(timezone=True)", Document: "sa.Text()"}
    return plain.get(type(item), False) if kind == "type" else False


def _triggers(connection: Connection) -> set[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal"
        )
    return {(row[0], row[1]) for row in connection.execute(text(query))}


def _append_only_counts(connection: Connection) -> dict[str, int]:
    protected = (table for table, name in _triggers(connection) if name == f"{table}_no_update")
    return {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 - names from the catalogue
        for table in protected
    }


def _check_survivors(
    connection: Connection, triggers: set[tuple[str, str]], counts: dict[str, int]
) -> None:
    remaining = set(inspect(connection).get_table_names())
    after = _append_only_counts(connection)
    expected = triggers - connection.info.pop(GIVEN_UP, set())
    lost = [name for table, name in expected - _triggers(connection) if table in remaining]
    lost += [table for table, count in counts.items() if after.get(table, count) < count]
    if connection.dialect.name == "sqlite":
        lost += [row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    if lost:
        message = f"The migration was undone: it lost {', '.join(sorted(set(lost)))}."
        raise LostInMigration(message)


def _run(connection: Connection) -> None:
    with connection.begin():
        if connection.dialect.name == "postgresql":
            # Two servers that start at once migrate one after the other.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrations'))"))
        triggers, counts = _triggers(connection), _append_only_counts(connection)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transactional_ddl=True,
            render_as_batch=True,
            render_item=_render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        _check_survivors(connection, triggers, counts)


def _run_from_command_line() -> None:
    engine = migrating_engine(context.get_x_argument(as_dictionary=True)["url"])
    with engine.connect() as connection:
        _run(connection)
    engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    _run_from_command_line()
else:
    _run(given)
