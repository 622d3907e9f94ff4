"""The work list of officers, managers and auditors."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from app import clock
from app.case_words import CASE_WORDS, STATUS
from app.dependencies import Reading, SignedIn
from app.page_number import page_number
from app.rendering import page
from app.router import Router
from app.typed_text import showable
from loans.cases.case_status import CaseStatus
from loans.cases.case_views import Group, Order, QueuePage, Sort, queue
from loans.collateral.watch import ending_guarantees

router = Router()

_LONGEST_SEARCH = 100
_GROUPS = {
    Group.OPEN: "Open applications",
    Group.MINE: "Waiting for you",
    Group.SETTLED: "Settled applications",
    Group.ALL: "All applications",
}
_COLUMNS = (
    ("Reference", Sort.REFERENCE, ""),
    ("Enterprise", Sort.ENTERPRISE, ""),
    ("Project", Sort.PROJECT, ""),
    ("Stage", Sort.STAGE, ""),
    ("Acts next", Sort.NEXT, ""),
    ("Sent on", Sort.SENT, ""),
    ("Days in stage", Sort.DAYS, "num"),
)
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Chosen:
    """The filter as the address has it; what the address does not know falls back."""

    status: CaseStatus | Group
    search: str
    order: Order

    def address(self, **changes: str) -> str:
        """The address of the same list with changes; what is as usual is left out."""
        wanted = {
            "status": "" if self.status is Group.OPEN else self.status.value,
            "search": self.search,
            "sort": "" if self.order.by is Sort.WAITING else self.order.by.value,
            "direction": "down" if self.order.descending else "",
        } | changes
        return f"/queue?{urlencode({name: text for name, text in wanted.items() if text})}"


@router.get("/queue")
def show(  # noqa: PLR0917  # the parts of the address
    request: Request,
    session: Reading,
    actor: SignedIn,
    status: str = "",
    search: str = "",
    sort: str = "",
    direction: str = "",
    number: str = "",
) -> Response:
    """What waits for whom, filtered and sorted as the address says."""
    order = Order(_one_of(Sort, sort) or Sort.WAITING, descending=direction == "down")
    chosen = Chosen(
        _one_of(Group, status) or _one_of(CaseStatus, status) or Group.OPEN,
        " ".join(showable(search)[:_LONGEST_SEARCH].split()),
        order,
    )
    found = queue(
        session,
        actor,
        status=chosen.status,
        search=chosen.search,
        order=order,
        page_number=page_number(number),
        on=clock.today(),
    )
    return page(
        request,
        "queue/list.html",
        found=found,
        chosen=chosen,
        columns=_columns(chosen),
        pages_href=f"{chosen.address(number='')}&number=",
        statuses=tuple((status.value, words) for status, words in _choices()),
        empty=_why_empty(chosen, found),
        words=CASE_WORDS,
        ending=ending_guarantees(session, clock.today()),
    )


def _one_of(kind: type[Choice], text: str) -> Choice | None:
    return next((choice for choice in kind if choice.value == text), None)


def _choices() -> tuple[tuple[StrEnum, str], ...]:
    statuses = ((status, f"Stage: {STATUS[status][0].lower()}") for status in CaseStatus)
    return (*_GROUPS.items(), *statuses)


def _columns(chosen: Chosen) -> tuple[tuple[str, str, str, str], ...]:
    """Heads of the columns; each leads to the list sorted by it, a second time the other way."""
    columns = []
    for words, by, kind in _COLUMNS:
        is_current = chosen.order.by is by
        goes_down = is_current and not chosen.order.descending
        href = chosen.address(sort=by.value, direction="down" if goes_down else "")
        state = "descending" if chosen.order.descending else "ascending"
        columns.append((words, kind, href, state if is_current else "none"))
    return tuple(columns)


def _why_empty(chosen: Chosen, found: QueuePage) -> str:
    if found.count:
        return ""
    if chosen.search:
        return (
            "No application fits this filter and this search. Search for a part of the "
            "enterprise's name, its registration number or the reference."
        )
    if chosen.status is Group.MINE:
        return "Nothing waits for you. Choose “Open applications” to see what waits for others."
    if chosen.status is Group.OPEN:
        return "No application is open: enterprises have sent nothing that is not settled."
    return "No application is in this stage. Choose “All applications” to see every one."
