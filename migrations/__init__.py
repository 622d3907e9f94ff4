"""The history of the database, one numbered step after another (Alembic)."""
