"""Triggers that refuse to change or remove rows. Used by every revision that makes such a table.

``TABLE_no_update`` is also how the program learns which tables are append-only.
"""

from __future__ import annotations

from collections.abc import Callable

from alembic import op

GIVEN_UP = "triggers given up"
"""Under this name a connection keeps the triggers that a step dropped on purpose."""

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$
"""


def protect(*tables: str) -> None:
    """Make ``tables`` append-only."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL_FUNCTION)
        _protect(tables, ("UPDATE", "DELETE", "TRUNCATE"), _on_postgresql)
    else:
        _protect(tables, ("UPDATE", "DELETE"), _on_sqlite)


def _protect(
    tables: tuple[str, ...], changes: tuple[str, ...], statement: Callable[[str, str], str]
) -> None:
    for table in tables:
        for change in changes:
            op.execute(statement(table, change))


def _on_postgresql(table: str, change: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _on_sqlite(table: str, change: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}_append_only'); END"
    )


def give_up_guard(name: str, table: str) -> None:
    """Drop a trigger of a table that stays, on the way down; without this the step is undone."""
    bind = op.get_bind()
    on_table = f" ON {table}" if bind.dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {name}{on_table}")
    bind.info.setdefault(GIVEN_UP, set()).add((table, name))
