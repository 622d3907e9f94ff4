"""How rows are kept: SQLite and PostgreSQL, sessions, types of columns, requests done once."""
