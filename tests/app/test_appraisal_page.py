import re
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app import chart_drawing
from app.appraisal_page import AppraisalSections, appraisal_sections
from appraisal.proposal import Proposal
from tests.app.appraised import assessed, golden
from tests.appraisal.proposals import proposal, simple_measure
from tests.appraisal.random_proposals import proposals


def templates(sections: AppraisalSections) -> list[str]:
    return [part.template for part in sections.parts]


def test_parts_that_were_not_asked_for_are_left_out() -> None:
    plain = templates(appraisal_sections(golden()))
    assert "prices" not in plain
    assert "alternatives" not in plain
    assert plain[0] == "inventory"
    assert plain[-1] == "conventions"
    assert "prices" in templates(appraisal_sections(golden(inflation=0.03)))


def test_every_part_has_an_anchor_of_its_own() -> None:
    parts = appraisal_sections(golden()).parts
    assert len({part.anchor for part in parts}) == len(parts)
    assert parts[2].anchor == "part-cash-flow"


def test_a_project_without_a_loan_has_its_page_too() -> None:
    lost = appraisal_sections(assessed(proposal(simple_measure("10000", "0"))))
    assert lost.cover == ()
    assert lost.cover_chart is None
    assert lost.verdict.tone == "bad"


def texts(value: Any) -> list[str]:
    """Every text that a page could show of the value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in texts(part)]
    if is_dataclass(value):
        return [text for field in fields(value) for text in texts(getattr(value, field.name))]
    return []


@pytest.fixture(scope="module")
def undrawn() -> Any:
    """Charts are shaped as ever, and their specifications written, but not drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chart_drawing, "_svg", str)
        yield


@pytest.mark.usefixtures("undrawn")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(proposals())
def test_no_project_is_too_odd_for_its_page(figures: Proposal) -> None:
    shown = texts(appraisal_sections(assessed(figures)))
    assert len(shown) > 100
    for text in shown:
        assert not re.search(r"\b(nan|None|inf|NaN|Infinity)\b", text), text
