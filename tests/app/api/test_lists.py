"""Lists over JSON: pages that miss and repeat nothing, filters, searches, an order that stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from app import clock
from loans.cases.case_search import Group, Sort
from loans.lending.loan_list import LoanFilter, LoanOrder
from loans.storage.database import open_database
from tests.app.api.programs import Program, program_of, refusal
from tests.builders import (
    Fund,
    approved_application,
    complete_application,
    disbursed_loan,
    draft_proposal,
    golden_draft,
    open_fund,
    recommended_application,
    repaid_loan,
    signed_loan,
    submitted_application,
    written_off_loan,
)
from tests.databases import DIALECTS, Databases

TITLES = ("Äther", "apfel", "Banana", "apfel")


@pytest.fixture(scope="module", params=DIALECTS)
def fund(request: pytest.FixtureRequest) -> Iterator[Fund]:
    """A fund on New Year 2029 with several cases of each kind, some of which have one name."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    url = databases.migrated()
    database = open_database(url, is_test_server=True)
    made = open_fund(database)
    for title in TITLES:
        project = {**golden_draft().project.model_dump(), "title": title}
        submitted_application(made, golden_draft(project=project))
    for build in (complete_application, recommended_application, approved_application):
        build(made)
    for lend in (signed_loan, disbursed_loan, repaid_loan, written_off_loan, disbursed_loan):
        lend(made)
    for _ in range(2):
        draft_proposal(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime(2029, 1, 1, 9, tzinfo=UTC))
        yield made
    database.close()
    databases.drop(url)


@pytest.fixture
def officer(fund: Fund) -> Program:
    return program_of(fund.database, fund.officer)


def rows(sender: Program, path: str, **asked: Any) -> list[dict[str, Any]]:
    """The rows of one page."""
    name = path.rpartition("/")[2]
    answered = sender.get(path, **asked)
    assert answered.status_code == 200, answered.text
    found: list[dict[str, Any]] = answered.json()["loans" if name == "portfolio" else name]
    return found


PAGED = (("officer", "/applications"), ("officer", "/loans"), ("officer", "/portfolio"),
         ("enterprise", "/proposals"), ("adviser", "/loans"))  # fmt: skip


@pytest.mark.parametrize(("role", "path"), PAGED)
def test_pages_miss_and_repeat_nothing(fund: Fund, role: str, path: str) -> None:
    sender = program_of(fund.database, getattr(fund, role))
    whole = rows(sender, path, page_size=100)
    count = sender.get(path).json()["count"]
    assert len(whole) == count >= 5
    pages = [rows(sender, path, page=page, page_size=2) for page in range(1, count // 2 + 2)]
    assert [row for page in pages for row in page] == whole
    beyond = sender.get(path, page=100_000, page_size=2).json()
    assert (beyond["count"], beyond["page"]) == (count, 100_000)
    assert rows(sender, path, page=100_000, page_size=2) == []


@pytest.mark.parametrize("asked", [{"page": 0}, {"page_size": 0}, {"page_size": 101}])
@pytest.mark.parametrize(("role", "path"), PAGED)
def test_a_page_that_cannot_be_is_refused(
    fund: Fund, role: str, path: str, asked: dict[str, int]
) -> None:
    sender = program_of(fund.database, getattr(fund, role))
    answered = sender.get(path, **asked)
    assert (answered.status_code, refusal(answered)[1]) == (422, tuple(asked))


@pytest.mark.parametrize("sort", Sort)
def test_applications_stand_in_one_order_both_ways(officer: Program, sort: Sort) -> None:
    def listed(**asked: Any) -> list[str]:
        return [row["reference"] for row in rows(officer, "/applications", sort=sort, **asked)]

    up, down = listed(), listed(descending=True)
    assert sorted(up) == sorted(down)
    assert listed(page=2, page_size=3) == up[3:6]
    assert listed(page=2, page_size=3, descending=True) == down[3:6]


def test_applications_of_one_name_stand_by_their_references(officer: Program) -> None:
    found = rows(officer, "/applications", sort=Sort.PROJECT, status="submitted")
    names = [(row["title"], row["reference"]) for row in found]
    assert [title for title, _ in names] == ["apfel", "apfel", "Banana", "Äther"]
    assert names[0][1] < names[1][1]


@pytest.mark.parametrize("order", LoanOrder)
def test_loans_stand_in_one_order_both_ways(officer: Program, order: LoanOrder) -> None:
    def listed(**asked: Any) -> list[str]:
        return [row["reference"] for row in rows(officer, "/loans", order=order, **asked)]

    up, down = listed(), listed(descending=True)
    assert sorted(up) == sorted(down)
    assert listed(page=2, page_size=2) == up[2:4]
    assert listed(page=2, page_size=2, descending=True) == down[2:4]


@pytest.mark.parametrize("status", ["submitted", "recommended", "approved", "signed", "refused"])
def test_applications_are_filtered_by_their_status(officer: Program, status: str) -> None:
    every = rows(officer, "/applications")
    wanted = [row for row in every if row["status"] == status]
    assert rows(officer, "/applications", status=status) == wanted
    assert officer.get("/applications", status=status).json()["count"] == len(wanted)


def test_groups_of_applications_are_all_or_their_parts(officer: Program) -> None:
    counts = {
        group: officer.get("/applications", status=group.value).json()["count"] for group in Group
    }
    assert counts[Group.OPEN] + counts[Group.SETTLED] == counts[Group.ALL]
    assert 0 < counts[Group.MINE] < counts[Group.ALL]


def test_loans_are_filtered_by_how_they_stand(officer: Program) -> None:
    found = {
        status: {row["status"] for row in rows(officer, "/loans", status=status.value)}
        for status in LoanFilter
    }
    assert found[LoanFilter.REPAID] == {"repaid"}
    assert found[LoanFilter.WRITTEN_OFF] == {"written_off"}
    assert found[LoanFilter.SIGNED] == {"signed"}
    assert found[LoanFilter.ACTIVE] == {"repaying"}
    late = rows(officer, "/loans", status="late")
    assert all(float(row["overdue"]) > 0 for row in late)


@pytest.mark.parametrize(("words", "is_found"), [("PAVYZDYS zalias", True), ("tkan", False)])
@pytest.mark.parametrize("path", ["/applications", "/loans"])
def test_a_search_knows_no_case_and_no_accents(
    officer: Program, path: str, words: str, *, is_found: bool
) -> None:
    assert bool(rows(officer, path, search=words)) == is_found


@pytest.mark.parametrize("words", ["%", "_", "'", "\\", "' OR 1=1 --", "CASE WHEN"])
@pytest.mark.parametrize("path", ["/applications", "/loans"])
def test_signs_of_the_database_are_only_text(officer: Program, path: str, words: str) -> None:
    assert rows(officer, path, search=words) == []


def test_proposals_are_filtered_newest_change_first(fund: Fund) -> None:
    writer = program_of(fund.database, fund.enterprise)
    every = rows(writer, "/proposals", page_size=100)
    assert [row["updated_at"] for row in every] == sorted(
        (row["updated_at"] for row in every), reverse=True
    )
    for status in ("draft", "sent", "withdrawn"):
        wanted = [row for row in every if row["status"] == status]
        assert rows(writer, "/proposals", status=status, page_size=100) == wanted


def test_the_journal_is_read_page_by_page(officer: Program) -> None:
    first = officer.get("/ledger/entries", page_size=5).json()
    found, before = first["entries"], first["before"]
    while before:
        page = officer.get("/ledger/entries", page_size=5, before=before).json()
        assert page["count"] == first["count"]
        found, before = [*found, *page["entries"]], page["before"]
    assert len({one["entry_id"] for one in found}) == len(found) == first["count"]
    assert found == officer.get("/ledger/entries", page_size=100).json()["entries"]


def test_the_journal_is_filtered(officer: Program) -> None:
    loan_id = rows(officer, "/loans", status="repaid")[0]["loan_id"]
    whole = officer.get("/ledger/entries", loan_id=loan_id, page_size=100).json()
    assert {one["event"] for one in whole["entries"]} == {
        *("disbursement", "receipt", "accrual"),
    }
    booked = [one for one in whole["entries"] if one["event"] != "accrual"]
    assert len(booked) == 29
    paid_out = officer.get("/ledger/entries", loan_id=loan_id, event="disbursement").json()
    assert [one["effective_on"] for one in paid_out["entries"]] == ["2026-03-02"]
    spring = {"loan_id": loan_id, "from_on": "2026-04-01", "to_on": "2026-05-31"}
    assert officer.get("/ledger/entries", event="receipt", **spring).json()["count"] == 2
    unknown = officer.get("/ledger/entries", account="9999")
    assert (unknown.status_code, "9999" in unknown.text) == (422, False)
