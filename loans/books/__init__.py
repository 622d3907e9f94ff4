"""The double-entry books of a facility: accounts, entries, holds and periods, and their views."""
