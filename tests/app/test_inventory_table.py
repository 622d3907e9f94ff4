from app.explanation_groups import explanation_groups
from app.inventory_table import InventoryGroup, InventoryRow, inventory_table
from loans.assessing.study import study
from tests.app.appraised import golden, rich


def groups_of_the_rich_project() -> tuple[InventoryGroup, ...]:
    assessment = rich()
    return inventory_table(assessment, explanation_groups(assessment, study(assessment)).rows)


def rows() -> dict[str, InventoryRow]:
    return {
        f"{row.measure} {row.name}": row for g in groups_of_the_rich_project() for row in g.rows
    }


def test_every_line_of_the_form_stands_in_one_group() -> None:
    titles = [group.title for group in groups_of_the_rich_project()]
    assert titles == [
        "Investment",
        "Direct money (tier 1)",
        "Indirect money (tier 2)",
        "What may happen (tier 3)",
        "Not in money (tier 4)",
    ]
    assert len(rows()) == 2 + 3 + 5 + 1


def test_tiers_without_a_line_are_left_out() -> None:
    assessment = golden()
    found = inventory_table(assessment, explanation_groups(assessment, study(assessment)).rows)
    assert [group.title for group in found] == ["Investment", "Direct money (tier 1)"]
    line = found[1].rows[0]
    assert line.worked_out.endswith("price, a year: (400,000 - 100,000) m3 x 0.20")
    assert (line.result, line.evidence, line.timing) == ("EUR 60,000.00", "Bills", "")


def test_a_badge_says_how_far_a_line_counts_and_a_sentence_why() -> None:
    badges = {name: row.badge[0] for name, row in rows().items()}
    assert badges["M1 R04"] == "Counted"
    assert badges["M2 R01"] == "Provisional"
    assert badges["M2 R02"] == "Second line"
    assert badges["M2 R03"] == "Third line"
    assert badges["M2 R04"] == "Extra output"
    assert badges["M2 R05 Working conditions"] == "Shown only"
    assert all(row.why.endswith(".") for row in rows().values())


def test_a_line_that_does_not_run_evenly_says_so() -> None:
    assert rows()["M2 R01"].timing == (
        "price grows 3.0 % a year beyond inflation; begins 1 month after commissioning; "
        "rises to all of it over 6 months; in months 1, 2, 3, 12 of each project year"
    )


def test_what_is_not_in_money_shows_its_score() -> None:
    row = rows()["M2 R05 Working conditions"]
    assert (row.result, row.worked_out) == (
        "Score \N{MINUS SIGN}1",
        "Told in words, not in money",
    )
