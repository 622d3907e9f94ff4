from datetime import UTC, datetime, timedelta

import pytest

from app.rate_limit import MOST_ADDRESSES, MinuteLimit, TooManyRequests

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_limit_holds_for_each_address_by_itself_and_for_one_minute() -> None:
    now = [NOON]
    limit = MinuteLimit(2, now=lambda: now[0])
    limit.count("a")
    limit.count("a")
    with pytest.raises(TooManyRequests, match="At most 2"):
        limit.count("a")
    limit.count("b")
    now[0] = NOON + timedelta(minutes=1)
    limit.count("a")


def test_the_memory_is_bounded() -> None:
    limit = MinuteLimit(1, now=lambda: NOON)
    for number in range(MOST_ADDRESSES + 1):
        limit.count(str(number))
    limit.count("0")  # the oldest was forgotten
    with pytest.raises(TooManyRequests):
        limit.count(str(MOST_ADDRESSES))
