from datetime import date

import pytest
from pydantic import ValidationError

from loans.draft import (
    Draft,
    DraftEnterprise,
    Responsibility,
    Section,
    SectionState,
    gaps,
    section_states,
)
from tests.drafts import golden_draft


@pytest.mark.parametrize("day", [5, True, 1.5, "0001-01-01", "9999-12-31", "03/04/2026", ""])
def test_a_planned_day_is_a_day_within_reach(day: object) -> None:
    with pytest.raises(ValidationError):
        Responsibility.model_validate({"on": day})


def test_a_planned_day_is_read_as_written() -> None:
    assert Responsibility.model_validate({"on": "2026-02-03"}).on == date(2026, 2, 3)
    assert Responsibility().on is None


def test_an_empty_draft_lacks_something_in_every_section_and_a_golden_one_nothing() -> None:
    assert {gap.section for gap in gaps(Draft())} == set(Section)
    assert set(section_states(Draft()).values()) == {SectionState.NOT_STARTED}
    assert gaps(golden_draft()) == ()
    assert set(section_states(golden_draft()).values()) == {SectionState.COMPLETED}


def test_a_section_with_one_answer_is_in_progress() -> None:
    draft = Draft(enterprise=DraftEnterprise(name="UAB Test"))
    assert section_states(draft)[Section.ENTERPRISE] is SectionState.IN_PROGRESS
