from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from appraisal.proposal import Assumptions
from loans.draft import Draft, DraftEnterprise, Responsibility, Section, to_proposal
from loans.draft_gaps import SectionState, gaps, section_states
from tests.drafts import golden_draft, golden_measure
from tests.loans.proposals import NEFCO


@pytest.mark.parametrize("day", [5, True, 1.5, "0001-01-01", "9999-12-31", "03/04/2026", ""])
def test_a_planned_day_is_a_day_within_reach(day: object) -> None:
    with pytest.raises(ValidationError):
        Responsibility.model_validate({"on": day})


def test_a_planned_day_is_read_as_written() -> None:
    assert Responsibility.model_validate({"on": "2026-02-03"}).on == date(2026, 2, 3)
    assert Responsibility().on is None


def test_an_empty_draft_lacks_something_in_every_section_and_a_golden_one_nothing() -> None:
    assert {gap.section for gap in gaps(Draft(), NEFCO)} == set(Section)
    assert set(section_states(Draft(), NEFCO).values()) == {SectionState.NOT_STARTED}
    assert gaps(golden_draft(), NEFCO) == ()
    assert set(section_states(golden_draft(), NEFCO).values()) == {SectionState.COMPLETED}


def test_a_section_with_one_answer_is_in_progress() -> None:
    draft = Draft(enterprise=DraftEnterprise(name="UAB Test"))
    assert section_states(draft, NEFCO)[Section.ENTERPRISE] is SectionState.IN_PROGRESS


def test_a_measure_without_saving_or_technique_and_a_project_without_cost_are_gaps() -> None:
    bare = golden_measure(savings=[], technique=None, investment=[])
    messages = [gap.message for gap in gaps(golden_draft(bare), NEFCO)]
    assert messages == [
        "Measure M1: add at least one line of savings.",
        "Measure M1: choose how the measure prevents waste.",
        "Enter the investment of at least one measure.",
    ]


def test_each_section_begins_with_its_own_answers() -> None:
    for section in Section:
        begun = golden_draft().model_dump(mode="json")[section.value]
        draft = Draft.model_validate({section.value: begun})
        states = dict(section_states(draft, NEFCO))
        assert states.pop(section) is not SectionState.NOT_STARTED
        assert SectionState.COMPLETED not in states.values()


def test_the_year_of_the_baseline_reaches_the_assumptions() -> None:
    project = {**golden_draft().project.model_dump(), "baseline_year": 2025}
    figures = to_proposal(
        golden_draft(project=project),
        facility="nefco-1998",
        currency="EUR",
        assumptions=Assumptions(discount_rate=0.08),
        minor_investment=Decimal(5000),
    )
    assert (figures.assumptions.baseline_year, figures.assumptions.discount_rate) == (2025, 0.08)
