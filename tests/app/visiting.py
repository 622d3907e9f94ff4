"""A browser without a window: pages of the program on an open database, signed in or not."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from copy import copy
from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import State
from starlette.testclient import TestClient

from app import clock
from app.dependencies import COOKIE
from app.main import create_app
from app.rate_limit import MinuteLimit
from app.settings import Settings
from loans import sign_ins
from loans.people import Actor
from loans.storage.database import Database


@cache
def _program() -> FastAPI:
    """The program, made once: its routes take longer to make ready than a page takes to answer."""
    app = create_app(Settings())
    app.middleware_stack = app.build_middleware_stack()
    return app


def visitor(database: Database) -> TestClient:
    """Somebody without an account."""
    app, settings = copy(_program()), Settings()
    app.state = State()
    app.state.settings, app.state.database = settings, database
    app.state.visitor_limit = MinuteLimit(settings.calculations_per_minute)
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


def signed_in(database: Database, actor: Actor, *, beside: TestClient | None = None) -> TestClient:
    """A person with a session of their own; ``beside`` is another who uses the same program."""
    with database.writing() as session:
        token = sign_ins.open_session(session, user_id=actor.user_id, at=clock.now())
    client = visitor(database) if beside is None else TestClient(beside.app, follow_redirects=False)
    client.cookies.set(COOKIE, token)
    return client


def text_of(page: str) -> str:
    """What a person reads: without tags, entities and doubled spaces."""
    body = re.sub(r"<(script|style|head).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def boxes(page: str, action: str) -> dict[str, Any]:
    """What a browser would send of the form with this action, pressing no named button."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found, f"no form for {action}"
    form = found[0]
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind = _attribute(tag, "type") or "text"
        if kind in {"radio", "checkbox"} and " checked" not in tag:
            continue
        name, value = _attribute(tag, "name") or "", _attribute(tag, "value") or ""
        values[name] = (
            [*_many(values[name]), value] if kind == "checkbox" and name in values else value
        )
    for name, inner in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        values[name] = html.unescape(inner)
    for name, inner in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        values[name] = html.unescape(chosen[1]) if chosen else ""
    return values


def _many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def filled_in(page: str, action: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The form as a person sends it after typing ``answers``."""
    return {**boxes(page, action), **answers}


def errors_of(page: str) -> dict[str, str]:
    """The messages of the summary, by the field to which each leads."""
    found = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    summary = found[0] if found else ""
    links = re.findall(r'<a href="#([^"]+)">(.*?)</a>', summary)
    plain = re.findall(r"<li>([^<]+)</li>", summary)
    return {name: html.unescape(words) for name, words in (*links, *(("", p) for p in plain))}


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else None
