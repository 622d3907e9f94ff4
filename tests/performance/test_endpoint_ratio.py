"""A posting over HTTP: read and checked, signed in, kept under its key, booked, answered.

The server is a process of its own with one worker, on a PostgreSQL that syncs. The floor is an
entry in six round trips by as many clients of pgbench, without a server or a guard.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, sleep

import psycopg
import pytest

from app import clock
from loans import sign_ins
from loans.chart import CASH
from loans.storage.database import new_id, open_database
from tests.app.api.programs import API
from tests.databases import Databases
from tests.funds import CAPITAL_MINOR, open_fund
from tests.performance import load, pgbench
from tests.performance.bare_act import BareAct
from tests.performance.ratios import Ratio, hold

ROUNDS = 4
REQUESTS = 200
ASKED = 0.15
AT_LEAST = {1: 0.03, 8: 0.03}
OF_BARE = 0.25
"""Of the same statements by the driver alone."""
PATH = "/fund/contributions"
GIFT = {"source": "Donor Two", "amount": "1.00", "paid_on": "2026-01-05"}


@contextmanager
def served(url: str) -> Iterator[int]:
    """The program as people start it; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    settings = {**os.environ, "CLEANLOOP_DATABASE_URL": url}
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "The server ended."
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    pytest.fail("The server did not start.")


def gift(token: str) -> bytes:
    """A contribution of one euro under a key of its own."""
    body = json.dumps(GIFT).encode()
    head = (
        f"POST {API}{PATH} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nIdempotency-Key: {new_id()}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@pytest.mark.parametrize("connections", list(AT_LEAST))
def test_a_posting_over_http_against_the_raw_floor(
    connections: int, durable_databases: Databases
) -> None:
    url = durable_databases.migrated()
    database = open_database(url)
    fund = open_fund(database)
    pgbench.make_floor(url)
    with database.writing() as session:
        token = sign_ins.open_session(session, user_id=fund.manager.user_id, at=clock.now())
    with served(url) as port:
        hold(lambda: _measured(url, port, token, connections))
    given = fund.balance(CASH) - CAPITAL_MINOR
    database.close()
    durable_databases.drop(url)
    assert given % (ROUNDS * REQUESTS * 100) == 0 < given


def test_a_posting_over_http_against_its_own_statements(durable_databases: Databases) -> None:
    url = durable_databases.migrated()
    database = open_database(url)
    fund = open_fund(database)
    act = BareAct(database, fund.manager, PATH, GIFT)
    with database.writing() as session:
        token = sign_ins.open_session(session, user_id=fund.manager.user_id, at=clock.now())
    before = fund.balance(CASH)
    with served(url) as port, psycopg.connect(url, autocommit=True) as connection:
        hold(lambda: _against_bare(port, token, act, connection))
    given = fund.balance(CASH) - before
    database.close()
    durable_databases.drop(url)
    assert given % (2 * ROUNDS * REQUESTS * 100) == 0 < given


def _against_bare(
    port: int, token: str, act: BareAct, connection: psycopg.Connection[tuple[object, ...]]
) -> Ratio:
    loads, bare = [], []
    for _ in range(ROUNDS):
        requests = [gift(token) for _ in range(REQUESTS)]
        loads.append(load.send(port, requests, connections=1, status=201).seconds_each)
        started = perf_counter()
        for _ in range(REQUESTS):
            act.carry_out(connection)
        bare.append((perf_counter() - started) / REQUESTS)
    what = f"POST on 1 connection, {len(act.statements)} statements"
    return Ratio(what, min(loads), "bare driver", min(bare), OF_BARE)


def _measured(url: str, port: int, token: str, connections: int) -> Ratio:
    loads, floors = [], []
    for _ in range(ROUNDS):
        requests = [gift(token) for _ in range(REQUESTS)]
        loads.append(load.send(port, requests, connections=connections, status=201))
        floors.append(pgbench.seconds_each(url, pgbench.FLOOR, clients=connections, times=REQUESTS))
    best = min(loads, key=lambda one: one.seconds)
    what = f"POST on {connections} connections, p95 {best.p95_ms:.2g} ms (asked {ASKED})"
    return Ratio(what, best.seconds_each, "six round trips", min(floors), AT_LEAST[connections])
