"""An application served on a port of its own, for tests that drive it from outside."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_PATIENCE_SECONDS = 10.0


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve ``app`` from a thread on a free port of the loopback; yields its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait_until_started(server)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(_PATIENCE_SECONDS)


def _wait_until_started(server: uvicorn.Server) -> None:
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    while not server.started:
        assert time.monotonic() < give_up_at, "the server did not start"
        time.sleep(0.01)
