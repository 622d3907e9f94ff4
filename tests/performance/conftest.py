"""Every test here is a ratio; the table of all of them ends the run."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter

from tests.databases import Databases, postgresql_server
from tests.performance.machine import machine_limits
from tests.performance.ratios import MEASURED, Ratio

_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def durable_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """On a PostgreSQL that syncs, as one in use does: without that every floor is too quick."""
    with postgresql_server(is_durable=True) as url:
        databases = Databases(tmp_path_factory.mktemp("durable"), server_url=url)
        yield databases
        databases.drop_all()


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.perf)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    if MEASURED.ratios:
        terminalreporter.write_line("")
        terminalreporter.write_line(f"This machine: {machine_limits()}")
        for ratio in MEASURED.ratios:
            terminalreporter.write_line(_line(ratio))


def _line(ratio: Ratio) -> str:
    return (
        f"{ratio.what:<52} {_time(ratio.ours):>9}  {ratio.rival_name:<16} "
        f"{_time(ratio.rival):>9}  {ratio.value:9.3g} x  (floor {ratio.at_least:.3g})"
    )


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
