from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.days import DayUnread, read_day
from loans.day_words import shown_day

READ = {
    "2026-01-15": date(2026, 1, 15),
    "2026.01.15": date(2026, 1, 15),
    "2026/01/15": date(2026, 1, 15),
    "15 January 2026": date(2026, 1, 15),
    "15 jan 2026": date(2026, 1, 15),
    "January 15, 2026": date(2026, 1, 15),
    "15.1.2026": date(2026, 1, 15),
    "15. 1. 2026".replace(" ", ""): date(2026, 1, 15),
    "15 1 2026": date(2026, 1, 15),
    "15/01/2026": date(2026, 1, 15),
    "01/15/2026": date(2026, 1, 15),
    "5/5/2026": date(2026, 5, 5),
    "3.4.2026": date(2026, 4, 3),
    "2026 m. sausio 15 d.": date(2026, 1, 15),
    "15 vasario 2026": date(2026, 2, 15),
    "15 \u044f\u043d\u0432\u0430\u0440\u044f 2026 \u0433.": date(2026, 1, 15),
    " 29\N{NO-BREAK SPACE}February 2028 ": date(2028, 2, 29),
}


@pytest.mark.parametrize(("typed", "day"), READ.items())
def test_reads_days_as_people_type_them(typed: str, day: date) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter the pay-out day, such as 15 January 2026."),
        (
            "03/04/2026",
            (
                "The pay-out day can be read as 3 April or as 4 March. "
                "Enter the month as a word, such as 15 January 2026."
            ),
        ),
        (
            "29.2.2026",
            "February 2026 has 28 days. Enter the pay-out day with a day from 1 to 28.",
        ),
        ("31 April 2026", "April 2026 has 30 days. Enter the pay-out day with a day from 1 to 30."),
        ("0.4.2026", "April 2026 has 30 days. Enter the pay-out day with a day from 1 to 30."),
        (
            "1.1.26",
            "Enter the pay-out day with the year in four digits, such as 15 January 2026.",
        ),
        ("0000-01-01", "Enter the pay-out day with a year from 1990 to 2100."),
        ("9999-12-31", "Enter the pay-out day with a year from 1990 to 2100."),
        ("2026-13-01", "Enter the pay-out day with a month from 1 to 12."),
        (
            "1 Smarch 2026",
            "Enter the pay-out day with the month as a number or its full name, such as January.",
        ),
    ],
)
def test_says_what_is_wrong_and_what_to_enter(typed: str, message: str) -> None:
    with pytest.raises(DayUnread) as refusal:
        read_day(typed, what="the pay-out day")
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "typed",
    [
        "tomorrow",
        "10000-01-01",
        "2026",
        "1-2/2026",
        "9" * 5000,
        "\x00",
        "\N{FULLWIDTH DIGIT ONE}.1.2026",
    ],
)
def test_refuses_what_is_no_date(typed: str) -> None:
    with pytest.raises(DayUnread, match="as a date, such as 15 January 2026 or 2026-01-15"):
        read_day(typed)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_what_is_shown_reads_back(day: date) -> None:
    assert read_day(shown_day(day)) == day
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.day}.{day.month}.{day.year}") == day


@given(st.text(max_size=50))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        day = read_day(text)
    except DayUnread:
        return
    assert 1990 <= day.year <= 2100
