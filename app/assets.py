"""Style sheets and scripts: the fund's own, and two libraries served as npm delivered them.

Everything lies under one address that carries a fingerprint of the files, so that a browser may
keep them for ever. Without the libraries (no ``npm ci`` yet) the pages work, plain and unstyled.
"""

import hashlib
import importlib.resources
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_OWN = Path(str(importlib.resources.files("app"))) / "static"
_NODE_MODULES = Path(__file__).resolve().parent.parent / "node_modules"
_FOLDERS = {
    "cleanloop": _OWN,
    "bootstrap": _NODE_MODULES / "bootstrap" / "dist",
    "htmx": _NODE_MODULES / "htmx.org" / "dist",
}
_STYLESHEETS = ("bootstrap/css/bootstrap.min.css", "cleanloop/cleanloop.css")
_SCRIPTS = ("htmx/htmx.min.js", "cleanloop/cleanloop.js", "cleanloop/unsaved.js")
_A_YEAR_SECONDS = 31_536_000


class _LastingFiles(StaticFiles):
    """Files whose address changes whenever their content does."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR_SECONDS}, immutable"
        return response


def _file(path: str) -> Path:
    folder, _, rest = path.partition("/")
    return _FOLDERS[folder] / rest


@cache
def fingerprint() -> str:
    """Twelve hexadecimal digits that change with any linked file."""
    digest = hashlib.sha256()
    for path in (*_STYLESHEETS, *_SCRIPTS, "cleanloop/mark.svg"):
        if _file(path).is_file():
            digest.update(_file(path).read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of a file: ``asset("cleanloop/mark.svg")``."""
    return f"/assets/{fingerprint()}/{path}"


def stylesheets() -> tuple[str, ...]:
    """Addresses of the style sheets that are there, in order."""
    return tuple(asset(path) for path in _STYLESHEETS if _file(path).is_file())


def scripts() -> tuple[str, ...]:
    """Addresses of the scripts that are there, in order."""
    return tuple(asset(path) for path in _SCRIPTS if _file(path).is_file())


def missing_assets() -> str | None:
    """What is missing and what to do about it, or None when every file is there."""
    missing = [path for path in (*_STYLESHEETS, *_SCRIPTS) if not _file(path).is_file()]
    if not missing:
        return None
    return (
        f"The pages will look plain: {', '.join(missing)} not found. "
        "Run 'npm ci' in the program's folder (Node.js 18 or later) and start again."
    )


def mount_assets(app: FastAPI) -> None:
    """Serve the folders that exist under ``/assets/<fingerprint>/``, compressed."""
    for name, folder in _FOLDERS.items():
        if folder.is_dir():
            files = GZipMiddleware(_LastingFiles(directory=folder))
            app.mount(f"/assets/{fingerprint()}/{name}", files, name=f"assets-{name}")
