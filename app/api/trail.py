"""Who did what, over JSON: every recorded act, newest first."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from fastapi import Query
from pydantic import Field, model_validator

from app.api.acting import LARGEST_PAGE, Answer, Asked, api_router
from app.api.values import Day, Id, Number
from app.api.views import answer_model, answer_of
from app.calculator_answers import major_text
from app.dependencies import Reading, SignedIn
from loans.fund import the_facility
from loans.trail import SubjectKind, TrailLine, trail

router = api_router("Ledger")
_MINOR = "_minor"


class TrailAsked(Asked):
    """Which acts, by the day on which they were recorded; ``before`` is what the last page named.

    The list only grows at its top, so that pages by number would shift while they are read.
    """

    actor_id: Id | None = None
    kind: SubjectKind | None = None
    from_on: Day | None = None
    to_on: Day | None = None
    before: Id | None = None
    page_size: Annotated[Number, Field(ge=1, le=LARGEST_PAGE)] = 50

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_on is not None and self.to_on is not None and self.to_on < self.from_on:
            message = "The last day, to_on, lies before the first one, from_on. Enter a later day."
            raise ValueError(message)
        return self


class TrailAnswer(Answer):
    """A page of acts, newest first; ``before`` asks for the next page, null after the last."""

    page_size: int
    acts: tuple[answer_model(TrailLine), ...]  # type: ignore[valid-type]  # made from the view
    before: str | None


@router.get("/ledger/trail", response_model=TrailAnswer)
def list_acts(
    session: Reading, _actor: SignedIn, asked: Annotated[TrailAsked, Query()]
) -> Mapping[str, Any]:
    """Who did what, when, and on what; amounts among the details in the currency of the act."""
    wanted = asked.model_dump(exclude={"page_size"})
    found = trail(session, the_facility(session), limit=asked.page_size, **wanted)
    return {
        "page_size": asked.page_size,
        "acts": [
            {**answer_of(line, line.currency), "details": _details(line)} for line in found.lines
        ],
        "before": found.before,
    }


def _details(line: TrailLine) -> Mapping[str, Any]:
    """The details with amounts as money, under their names without the ending."""
    return {
        name.removesuffix(_MINOR): (
            major_text(value, line.currency) if name.endswith(_MINOR) else value
        )
        for name, value in line.details.items()
    }
