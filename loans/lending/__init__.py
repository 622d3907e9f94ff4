"""A signed loan: its record, its plans, its postings, and how people see it."""
