"""Requests over some connections that stay open, one after the other on each, and their times.

Written on bare sockets: a client library takes as long for a request as the server does.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """Seconds from the first request to the last answer, and of each request."""

    seconds: float
    waits: Sequence[float]

    @property
    def seconds_each(self) -> float:
        """Of one request, all connections together."""
        return self.seconds / len(self.waits)

    @property
    def p95_ms(self) -> float:
        """Milliseconds that one request in twenty took longer than."""
        return sorted(self.waits)[len(self.waits) * 95 // 100] * 1_000


def send(port: int, requests: Sequence[bytes], *, connections: int, status: int) -> Load:
    """Send whole HTTP/1.1 requests to the loopback; each must be answered with ``status``."""
    return asyncio.run(_send(port, requests, connections, status))


async def _send(port: int, requests: Sequence[bytes], connections: int, status: int) -> Load:
    waits: list[float] = []
    left = iter(requests)
    started = perf_counter()
    await asyncio.gather(*(_on_one(port, left, status, waits) for _ in range(connections)))
    return Load(perf_counter() - started, waits)


async def _on_one(port: int, left: Iterator[bytes], status: int, waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in left:
        started = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length, head
        body = await reader.readexactly(int(length.group(1)))
        waits.append(perf_counter() - started)
        assert head.startswith(b"HTTP/1.1 %d " % status), head + body
    writer.close()
    await writer.wait_closed()
