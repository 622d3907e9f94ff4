from datetime import date

from loans.day_words import shown_day, shown_month


def test_days_and_months_are_written_as_people_write_them() -> None:
    assert shown_day(date(2026, 3, 1)) == "1 March 2026"
    assert shown_month("2026-03") == "March 2026"
