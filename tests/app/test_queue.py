import re
from functools import partial

import pytest

from loans.cases.case_views import queue
from loans.storage.database import Database
from tests import builders
from tests.app.visiting import signed_in, text_of, visitor
from tests.builders import Fund, open_fund


@pytest.fixture
def fund(sqlite_database: Database) -> Fund:
    return open_fund(sqlite_database)


def test_the_work_list_names_what_waits_for_the_person(fund: Fund) -> None:
    builders.submitted_application(fund)
    builders.recommended_application(fund)
    page = signed_in(fund.database, fund.officer).get("/queue").text
    text = text_of(page)
    assert "1 application waits for you , the longest-waiting first." in text
    assert "2 applications found." in text
    assert text.index("CP-2026-001") < text.index("CP-2026-002")
    assert re.search(r"CP-2026-001 UAB Pavyzdys Žalias .{10,60} Sent You 12 January 2026", text)
    assert "Recommended The fund manager" in text
    for_auditor = signed_in(fund.database, fund.auditor).get("/queue").text
    assert "Nothing waits for you." in text_of(for_auditor)


def test_filter_search_and_order_live_in_the_address(fund: Fund) -> None:
    builders.submitted_application(fund)
    client = signed_in(fund.database, fund.officer)
    page = client.get("/queue?status=mine&search=ZALIAS&sort=reference").text
    assert "CP-2026-001" in page
    assert '<option value="mine" selected>' in page
    assert 'value="ZALIAS"' in page
    assert 'aria-sort="ascending"' in page
    again = re.search(r'href="(/queue\?[^"]*direction=down[^"]*)"', page)
    assert again is not None
    turned = client.get(again[1].replace("&amp;", "&")).text
    assert 'aria-sort="descending"' in turned
    assert '<option value="mine" selected>' in turned
    assert 'value="ZALIAS"' in turned


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No application is open: enterprises have sent nothing that is not settled."),
        ("?status=mine", "Nothing waits for you. Choose “Open applications”"),
        ("?status=refused", "No application is in this stage."),
        ("?search=nobody", "No application fits this filter and this search."),
    ],
)
def test_an_empty_list_says_why(fund: Fund, query: str, words: str) -> None:
    page = signed_in(fund.database, fund.officer).get(f"/queue{query}")
    assert words in text_of(page.text)
    assert "No applications found." in text_of(page.text)


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense&sort=nonsense&direction=sideways&number=nonsense",
        "number=99999999999999999999&search=%00%ed%a0%80",
        "number=-1&search=" + "x" * 5000,
        "number=%D9%A1",
        "search=%3Cscript%3E",
    ],
)
def test_an_address_that_means_nothing_gives_a_list(database: Database, query: str) -> None:
    fund = open_fund(database)
    page = signed_in(database, fund.officer).get(f"/queue?{query}")
    assert page.status_code == 200
    assert "<script>" not in page.text.replace("<script src", "")


def test_pages_keep_the_filter(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.routes.queue.queue", partial(queue, page_size=2))
    for _ in range(3):
        builders.submitted_application(fund)
    client = signed_in(fund.database, fund.officer)
    first = client.get("/queue?search=zalias").text
    assert "Page 1 of 2" in text_of(first)
    following = re.search(r'<a href="([^"]+)" rel="next">', first)
    assert following is not None
    second = text_of(client.get(following[1].replace("&amp;", "&")).text)
    assert "Page 2 of 2" in second
    assert "CP-2026-003" in second
    assert "CP-2026-001" not in second


def test_only_the_staff_of_the_fund_sees_the_list(fund: Fund) -> None:
    for actor in (fund.enterprise, fund.adviser, fund.administrator):
        assert signed_in(fund.database, actor).get("/queue").status_code == 403
    assert visitor(fund.database).get("/queue").status_code == 303
