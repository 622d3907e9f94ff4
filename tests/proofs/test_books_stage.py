"""Each life begins from the same state, whatever the one before it wrote."""

from __future__ import annotations

from contextlib import closing

from loans.fund import record_contribution
from tests.databases import Databases
from tests.proofs.books_fund import CAPITAL_MINOR, Template, template_in
from tests.proofs.books_stage import Stage
from tests.proofs.books_world import World


def test_a_life_finds_nothing_of_the_one_before_it(databases: Databases) -> None:
    template = template_in(databases)
    stage = Stage(databases, databases.copy_of(template.url))
    with closing(stage):
        found = [written_over(template, stage) for _ in range(3)]
    assert found == [found[0]] * 3
    assert found[0][1] == CAPITAL_MINOR


def written_over(template: Template, stage: Stage) -> tuple[object, int]:
    """What a life finds, before it writes something of its own."""
    world = World(template, stage.begin())
    found = world.fingerprint(), world.fund.balance()
    with world.fund.act(world.today) as (session, moment):
        record_contribution(
            *(session, world.fund.manager, moment),
            source="Donor Two",
            amount_minor=500,
            paid_on=world.today,
            key="once",
        )
    assert world.fund.balance() == CAPITAL_MINOR + 500
    assert world.fingerprint() != found[0]
    stage.end(world.database)
    return found
