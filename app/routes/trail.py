"""Who did what: every recorded act, for people who check the fund."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from pydantic import model_validator

from app.dependencies import Reading, SignedIn
from app.forms import Ask, FieldProblem, FormModel, filled
from app.period import MISORDERED
from app.rendering import page
from app.router import Router
from app.trail_words import KIND, person_words, shown_act
from loans.fund import the_facility
from loans.trail import ACTS_A_PAGE, SubjectKind, people_in, trail

router = Router()


class TrailForm(FormModel):
    """Whose acts to show, on what, and recorded on which days."""

    actor_id: Annotated[str | None, Ask("a person")] = None
    kind: Annotated[SubjectKind | None, Ask("what it is about")] = None
    from_on: Annotated[date | None, Ask("the first day")] = None
    to_on: Annotated[date | None, Ask("the last day")] = None

    @model_validator(mode="after")
    def _in_order(self) -> "TrailForm":
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise FieldProblem(field="to_on", message=MISORDERED)
        return self


@router.get("/ledger/trail")
def show(
    request: Request,
    *,
    session: Reading,
    actor: SignedIn,
    actor_id: str = "",
    kind: str = "",
    from_on: str = "",
    to_on: str = "",
    before: str = "",
) -> Response:
    """What people did, newest first; of one person, about one kind of thing, in a span of days."""
    facility = the_facility(session)
    people = people_in(session, facility)
    asked = {"actor_id": actor_id, "kind": kind, "from_on": from_on, "to_on": to_on}
    form = filled(TrailForm, asked)
    if form.value and form.value.actor_id and form.value.actor_id not in people:
        form = form.with_error("actor_id", "Choose a person from the list.")
    chosen = form.value or TrailForm()
    wanted = chosen.model_dump()
    found = trail(
        session,
        facility,
        **wanted,
        before=before if before and before.isprintable() else None,
        limit=ACTS_A_PAGE,
    )
    kept = {name: str(value) for name, value in wanted.items() if value}
    earlier = None
    if found.before and not form.errors:
        earlier = f"?{urlencode({**kept, 'before': found.before})}"
    return page(
        request,
        "ledger/trail.html",
        422 if form.errors else 200,
        acts=() if form.errors else tuple(shown_act(one, actor.role) for one in found.lines),
        form=form,
        people=tuple((one, person_words(*named)) for one, named in people.items()),
        kinds=tuple((one.value, words) for one, words in KIND.items()),
        newest_href=f"/ledger/trail?{urlencode(kept)}" if before else None,
        earlier_href=earlier,
    )
