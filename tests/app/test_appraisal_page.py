from app.appraisal_page import AppraisalSections, appraisal_sections
from tests.app.appraised import assessed, golden
from tests.appraisal.proposals import proposal, simple_measure


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
    assert parts[3].anchor == "part-cash-flow"


def test_a_project_without_a_loan_has_its_page_too() -> None:
    lost = appraisal_sections(assessed(proposal(simple_measure("10000", "0"))))
    assert lost.cover == ()
    assert not lost.cover_chart.svg
    assert lost.verdict.tone == "bad"
