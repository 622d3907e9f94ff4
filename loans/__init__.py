"""The facility: terms, schedules, books and storage."""
