from app.explanation_groups import YEARS, Explained, ExplanationGroups, explanation_groups
from loans.assessing.study import study
from loans.cases.assessment import Assessment
from tests.app.appraised import assessed, rich
from tests.appraisal.proposals import proposal, simple_measure


def groups_of(assessment: Assessment) -> ExplanationGroups:
    return explanation_groups(assessment, study(assessment))


def astuple_of(groups: ExplanationGroups) -> tuple[tuple[Explained, ...], ...]:
    return (
        groups.project,
        groups.prices,
        groups.loan,
        groups.environment,
        groups.measures,
        groups.years,
        groups.rows,
    )


def test_every_figure_has_an_anchor_of_its_own_and_every_link_leads_to_one() -> None:
    groups = groups_of(rich())
    found = [one for group in astuple_of(groups) for one in group]
    anchors = {one.anchor for one in found}
    assert len(anchors) == len(found)
    led_to = {link.anchor for one in found for link in one.rests_on}
    assert led_to <= {*anchors, YEARS.anchor}


def test_years_stand_apart_and_are_linked_once() -> None:
    groups = groups_of(rich())
    worth = next(one for one in groups.project if one.name.startswith("Net present value"))
    assert worth.rests_on == (YEARS,)
    assert [one.name for one in groups.years][:2] == [
        "Net flow at the start",
        "Present value at the start",
    ]
    assert not [one for one in groups.project if "year 1" in one.name]


def test_without_a_loan_there_is_nothing_to_explain_of_it() -> None:
    assert groups_of(assessed(proposal(simple_measure("10000", "0")))).loan == ()
