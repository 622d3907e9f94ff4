import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Match
from starlette.testclient import TestClient
from starlette.types import Scope

from app.router import Router
from app.url_map import ROUTERS


def answering(*paths: str, prefix: str = "") -> Router:
    """A router whose routes answer their own address."""
    router = Router(prefix=prefix)
    for path in paths:
        router.add_api_route(path, lambda path=path: path, methods=["GET", "POST"])
    return router


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[APIRouter]:
    """The routers that looked at their routes."""
    looked: list[APIRouter] = []
    matches = APIRouter.matches

    def note(self: APIRouter, scope: Scope) -> tuple[Match, Scope]:
        looked.append(self)
        return matches(self, scope)

    monkeypatch.setattr(APIRouter, "matches", note)
    return looked


@pytest.mark.parametrize(
    ("address", "found", "looked_at"),
    [
        ("/loans", "/loans", ["loans"]),
        ("/loans/7/acts/receipt", "/loans/{loan}/acts/{act}", ["loans"]),
        ("/api/loans", "/loans", ["api"]),
        ("/x/anything", "/{any}/anything", ["any"]),
        ("/api/nothing", None, ["any"]),
    ],
)
def test_a_router_is_passed_over_where_none_of_its_routes_can_be_meant(
    asked: list[APIRouter], address: str, found: str | None, looked_at: list[str]
) -> None:
    routers = {
        "loans": answering("/loans", "/loans/{loan}"),
        "api": answering("/loans", prefix="/api"),
        "any": answering("/{any}/anything"),
    }
    routers["loans"].include_router(answering("/loans/{loan}/acts/{act}"))
    app = FastAPI()
    for router in routers.values():
        app.include_router(router)
    answer = TestClient(app).get(address)
    assert answer.json() == (found or {"detail": "Not Found"})
    assert [name for name, router in routers.items() if router in asked] == looked_at


def test_an_address_with_a_slash_too_many_leads_on() -> None:
    app = FastAPI()
    app.include_router(answering("/loans"))
    assert TestClient(app).get("/loans/").url.path == "/loans"


@pytest.mark.parametrize(
    ("root", "address"), [("/fund", "/fund/loans"), ("/l", "/loans"), ("/", "/loans")]
)
def test_behind_a_folder_of_another_server_the_rest_of_the_address_counts(
    root: str, address: str
) -> None:
    app = FastAPI()
    app.include_router(answering("/loans"))
    assert TestClient(app, root_path=root).get(address).json() == "/loans"


def test_every_router_of_the_program_is_such_a_one() -> None:
    assert all(type(router) is Router for router in ROUTERS)
