"""What was known on a day: recorded up to its last instant, and not later."""

from datetime import UTC, date, datetime, timedelta

from loans.lending.seen import NOW, Seen

DAY = date(2026, 3, 1)
NEXT_DAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_known_on_counts_to_the_end_of_its_day_and_no_further() -> None:
    seen = Seen.on(None, DAY)
    assert seen.has_reversed(NEXT_DAY - timedelta(microseconds=1))
    assert not seen.has_reversed(NEXT_DAY)


def test_without_a_day_everything_recorded_is_known() -> None:
    assert Seen.on(DAY, None) == Seen(as_of=DAY)
    assert NOW.has_reversed(NEXT_DAY)
    assert not NOW.has_reversed(None)
