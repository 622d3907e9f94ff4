"""Giving up a reference to the facility that follows from another one, and taking it back.

SQLite would copy every row for it. Instead the text that it keeps of the table is changed, which is
its own way; rows, indexes and triggers stay.
"""

from alembic import op

_END = "\n)\n STRICT"


def give_up_facility(table: str) -> None:
    """The rows of ``table`` name their facility only together with what else is of it."""
    name = _name(table)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(name, table, type_="foreignkey")
    else:
        _rewrite(table, _reference(name), "")


def take_back_facility(table: str) -> None:
    """The opposite of ``give_up_facility``."""
    name = _name(table)
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(name, table, "facility", ["facility_id"], ["id"])
    else:
        _rewrite(table, _END, _reference(name) + _END)


def _name(table: str) -> str:
    return f"fk_{table}_facility_id"


def _reference(name: str) -> str:
    return f", \n\tCONSTRAINT {name} FOREIGN KEY(facility_id) REFERENCES facility (id)"


def _rewrite(table: str, before: str, after: str) -> None:
    bind = op.get_bind()
    named = "FROM sqlite_master WHERE type = 'table' AND name = ?"
    text = bind.exec_driver_sql(f"SELECT sql {named}", (table,)).scalar_one()
    if text.count(before) != 1:
        message = f"The table {table} is not as the revisions made it."
        raise RuntimeError(message)
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = on")
    bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
        (text.replace(before, after), table),
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = reset")
