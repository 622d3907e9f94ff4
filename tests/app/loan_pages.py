"""The pages of loans as a person opens them: an act is asked for, filled in and sent."""

import re
from datetime import date
from typing import Any

from starlette.testclient import TestClient

from loans.lending.loan_views import LoanView, loan_view
from loans.people import Actor
from tests.app.visiting import filled_in, signed_in, text_of
from tests.builders import Fund

TODAY = date(2026, 6, 10)
LEVEL = 414_382
NOT_IN_WORDS = re.compile(r"\b(nan|None|inf|undefined)\b")


def client_of(fund: Fund, actor: Actor) -> TestClient:
    return signed_in(fund.database, actor)


def act_address(loan_id: str, act: str) -> str:
    return f"/loans/{loan_id}/acts/{act}"


def asked(client: TestClient, loan_id: str, act: str, query: str = "") -> str:
    found = client.get(act_address(loan_id, act) + query)
    assert found.status_code == 200, text_of(found.text)
    assert not NOT_IN_WORDS.search(text_of(found.text))
    return found.text


def do(client: TestClient, loan_id: str, act: str, query: str = "", **answers: Any) -> Any:
    """Open the page of an act, type the answers and send it."""
    address = act_address(loan_id, act)
    page = asked(client, loan_id, act, query)
    return client.post(address, data=filled_in(page, address, answers))


def view_of(fund: Fund, loan_id: str) -> LoanView:
    with fund.database.reading() as session:
        return loan_view(session, fund.officer, loan_id, as_of=TODAY)
