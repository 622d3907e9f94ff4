import pytest

from app.sensitivity_view import (
    limit_words,
    scenario_table,
    scenario_words,
    switch_rows,
    tornado_chart,
    varied_rows,
)
from appraisal.proposal import Proposal
from loans.assessing.study import Study, study
from loans.profile import load
from tests.app.appraised import NEFCO, assessed, golden, rich
from tests.app.drawings import words
from tests.appraisal.proposals import proposal, simple_measure


@pytest.fixture(scope="module")
def studied() -> Study:
    return study(golden())


def test_the_tornado_names_the_widest_input_and_its_ends(studied: Study) -> None:
    chart = tornado_chart(studied.sensitivity, "EUR")
    assert chart.sentence == (
        "It moves most with quantities saved: to EUR 61,958 or EUR 152,937. "
        "No change among them takes it below zero by itself."
    )
    assert {"48,000", "72,000", "0.16", "0.24", "6 months", "12.0 %"} <= set(words(chart))


def test_changes_that_make_a_loss_are_counted() -> None:
    near = study(assessed(proposal(simple_measure("120000", "33000"))))
    sentence = tornado_chart(near.sensitivity, "EUR").sentence
    assert "of these changes each by itself take it below zero." in sentence
    halves = [{"code": code, "annual_amount": "19000"} for code in ("R01", "R02")]
    shared = study(assessed(proposal(simple_measure("120000", "0", savings=halves))))
    sentence = tornado_chart(shared.sensitivity, "EUR").sentence
    assert sentence.endswith("1 of these changes by itself takes it below zero.")
    lost = study(assessed(proposal(simple_measure("120000", "12000"))))
    assert "below zero" not in tornado_chart(lost.sensitivity, "EUR").sentence


def test_every_side_of_every_input_has_its_figures(studied: Study) -> None:
    rows = varied_rows(studied.sensitivity, "EUR")
    assert rows[0].name == "As entered"
    assert (rows[0].net_present_value, rows[0].payback, rows[0].cover) == (
        "EUR 107,447",
        "2.00 years",
        "1.21",
    )
    dearer = next(row for row in rows if row.becomes == "EUR 144,000.00")
    assert (dearer.net_present_value, dearer.payback) == ("EUR 83,447", "2.40 years")


def test_figures_that_do_not_exist_are_said_in_words() -> None:
    lost = study(assessed(proposal(simple_measure("120000", "0"))))
    row = varied_rows(lost.sensitivity, "EUR")[0]
    assert (row.rate_of_return, row.payback, row.cover) == (
        "No single rate",
        "Not recovered",
        "\N{EN DASH}",
    )


def test_switching_values_stand_to_the_cent_with_their_distance(studied: Study) -> None:
    rows = {row.name: row for row in switch_rows(studied.switching_values)}
    worth, cover, payback = rows["Investment"].switches
    assert (worth.value, worth.change) == ("EUR 227,447.21", "+89.5 %")
    assert (cover.value, cover.note) == ("", "It does not change this result.")
    assert (payback.value, payback.change) == ("EUR 150,000.00", "+25.0 %")
    rate = rows["Discount rate"].switches[0]
    assert (rate.value, rate.change) == ("41.0 %", "+31.0 points")
    assert limit_words(studied.payback_limit, NEFCO).startswith(
        "The longest payback wanted is 2.50 years."
    )
    assert "Installation takes" in limit_words(None, NEFCO)
    assert "set no limit" in limit_words(None, load("nefco-later"))


def test_scenarios_stand_side_by_side(studied: Study) -> None:
    table = scenario_table(studied.scenarios, "EUR")
    assert table.columns == ("Pessimistic", "As entered", "Optimistic")
    rows = {row.name: row.values for row in table.rows}
    assert rows["Investment"] == ("EUR 132,000.00", "EUR 120,000.00", "EUR 108,000.00")
    assert rows["Largest loan on these figures"][1] == "EUR 108,000.00"
    assert rows["Longest maturity on these figures"][1] == "28 months"
    assert len(scenario_words(studied.scenarios)) == 2


def test_a_scenario_without_a_loan_says_so() -> None:
    lost = study(assessed(proposal(simple_measure("120000", "0"))))
    rows = {row.name: row.values for row in scenario_table(lost.scenarios, "EUR").rows}
    assert set(rows["Largest loan on these figures"]) == {"No loan"}
    assert set(rows["Longest maturity on these figures"]) == {"No loan"}


def test_a_scenario_says_which_rule_stands_against_its_loan() -> None:
    document = proposal(simple_measure("120000", "60000")).model_dump(mode="json")
    document["finance"]["own_contribution"] = "12000.00"
    dearer, cheaper = scenario_words(study(assessed(Proposal.model_validate(document))).scenarios)
    assert (
        "There is no loan on these figures. Smallest own contribution: EUR 12,000.00, 9.1 %. "
        "Pay at least EUR 13,200.00"
    ) in dearer
    assert "no loan" not in cheaper


def test_the_rich_project_can_be_shown_whole() -> None:
    found = study(rich())
    assert switch_rows(found.switching_values)
    assert len(varied_rows(found.sensitivity, "EUR")) > len(found.sensitivity.bars)
