"""A limit on what visitors without an account may ask in a minute, so that nobody starves others.

It counts in the memory of one process: enough against accidents and idle scripts. What stands in
front of the program (the reverse proxy) limits connections and slow senders.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from fastapi import Request

from app import clock
from loans.refusal import Refusal

MOST_ADDRESSES = 10_000


class TooManyRequests(Refusal):
    """A visitor asked too often in one minute."""

    code = "too_many_requests"


class MinuteLimit:
    """Counts requests by address in the present minute."""

    def __init__(self, per_minute: int, now: Callable[[], datetime] = clock.now) -> None:
        self._per_minute = per_minute
        self._now = now
        self._counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, address: str) -> None:
        """Count one request of ``address``.

        Raises:
            TooManyRequests: the limit of this minute is reached.
        """
        minute = self._now().replace(second=0, microsecond=0)
        with self._lock:
            since, count = self._counts.pop(address, (minute, 0))
            count = count + 1 if since == minute else 1
            self._counts[address] = (minute, count)
            if len(self._counts) > MOST_ADDRESSES:
                self._counts.popitem(last=False)
        if count > self._per_minute:
            message = f"At most {self._per_minute} calculations a minute. Wait until the next one."
            raise TooManyRequests(message)


def limit_visitors(request: Request) -> None:
    """Count the calculations of visitors; who signed in is not limited."""
    if request.state.actor is None:
        limit: MinuteLimit = request.app.state.visitor_limit
        limit.count(request.client.host if request.client else "")
