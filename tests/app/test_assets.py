from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import assets


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    assets.mount_assets(app)
    return TestClient(app)


def test_every_linked_file_is_served_for_ever_and_compressed(client: TestClient) -> None:
    linked = (*assets.stylesheets(), *assets.scripts(), assets.asset("cleanloop/mark.svg"))
    for address in linked:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]
    answer = client.get(assets.asset("cleanloop/cleanloop.css"))
    assert answer.headers["content-encoding"] == "gzip"


def test_a_missing_library_is_named_and_not_linked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders = assets._FOLDERS  # noqa: SLF001  # the folders are no one else's business
    monkeypatch.setitem(folders, "bootstrap", tmp_path / "bootstrap")
    assert len(assets.stylesheets()) == 1
    message = assets.missing_assets()
    assert message
    assert "bootstrap.min.css not found" in message
    assert "npm ci" in message


def test_nothing_outside_the_folders_is_served(client: TestClient) -> None:
    for path in ("cleanloop/../assets.py", "cleanloop/%2e%2e/assets.py", "htmx/../package.json"):
        assert client.get(assets.asset(path)).status_code == 404
