"""A posting is written with less: its legs come as JSON on PostgreSQL, and one reference goes.

That its facility is there follows from its account and from its entry, which are of the same one.
"""

from __future__ import annotations

from alembic import op

from migrations import entry_postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NAME = "fk_posting_facility_id"
_REFERENCE = f", \n\tCONSTRAINT {_NAME} FOREIGN KEY(facility_id) REFERENCES facility (id)"
_END = "\n)\n STRICT"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_NAME, "posting", type_="foreignkey")
        entry_postgresql.post_with(entry_postgresql.OF_JSON)
    else:
        _rewrite(_REFERENCE, "")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(_NAME, "posting", "facility", ["facility_id"], ["id"])
        entry_postgresql.post_with(entry_postgresql.OF_ARRAYS)
    else:
        _rewrite(_END, _REFERENCE + _END)


def _rewrite(before: str, after: str) -> None:
    """Change what SQLite keeps as the text of the table; rows, indexes and triggers stay.

    This is SQLite's own way to give up a reference; the other one copies every posting.
    """
    bind = op.get_bind()
    text = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'posting'").scalar_one()
    if text.count(before) != 1:
        message = "The table of postings is not as the revisions made it."
        raise RuntimeError(message)
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = on")
    bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'posting'",
        (text.replace(before, after),),
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = reset")
