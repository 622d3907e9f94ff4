from app.results_table import alternatives_tables, price_bases, three_lines
from tests.app.appraised import assessed, golden, rich
from tests.appraisal.proposals import proposal, simple_measure


def test_three_lines_stand_side_by_side() -> None:
    table = three_lines(rich())
    assert [name.split(" (")[1].split(")")[0] for name in table.columns] == [
        "tier 1",
        "tiers 1 and 2",
        "tier 3",
    ]
    rows = {row.name: row.values for row in table.rows}
    assert rows["Net saving a year"] == ("EUR 102,450.00", "EUR 114,450.00", "EUR 114,450.00")
    assert len(set(rows["Net present value (NPV)"])) == 3


def test_prices_and_tax_are_compared_only_when_asked_for() -> None:
    assert price_bases(golden()) is None
    nominal = price_bases(golden(inflation=0.05))
    assert nominal is not None
    assert len(nominal.columns) == 2
    rows = {row.name: row.values for row in nominal.rows}
    assert rows["Discount rate a year"] == ("10.0 %", "15.5 %")
    assert len(set(rows["Net present value (NPV)"])) == 1
    assert rows["Cumulative payback"] == ("2.00 years", "")


def test_after_tax_has_its_own_column_with_paybacks() -> None:
    taxed = price_bases(golden(tax={"rate": "0.2"}))
    assert taxed is not None
    assert taxed.columns[-1] == "Money of the day, after 20.0 % tax on profit"
    rows = {row.name: row.values for row in taxed.rows}
    assert rows["Cumulative payback"][1] > rows["Cumulative payback"][0]


def test_what_tax_leaves_unrecovered_is_said_in_words() -> None:
    slow = assessed(proposal(simple_measure("120000", "12000"), tax={"rate": "0.2"}))
    table = price_bases(slow)
    assert table is not None
    assert table.rows[-1].values == ("Not within 5 years", "Not within 5 years")


def test_alternatives_are_held_side_by_side_with_the_reason() -> None:
    ways = (
        simple_measure("100000", "50000", code="M1", alternative_group="boiler"),
        simple_measure("150000", "0", code="M2", alternative_group="boiler"),
    )
    document = proposal(*ways[:1]).model_dump(mode="json") | {
        "measures": list(ways),
        "finance": {"measures": ["M1"]},
    }
    (found,) = alternatives_tables(assessed(type(proposal()).model_validate(document)))
    assert found.names == "M1, M2"
    assert "M1" in found.reason
    rows = {row.name: row.values for row in found.table.rows}
    assert rows["Chosen for the loan"] == ("Yes", "No")
    assert rows["Worth most"] == ("Yes", "No")
    assert rows["Payback"] == ("2.00 years", "Not recovered")
    assert rows["IRR on what it costs more than the one before"] == ("", "No rate")
    assert alternatives_tables(golden()) == ()
