"""Bank and books: whatever happened, the items explain the difference to the cent."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from loans.banking.facts import BankFacts, Match, Period
from loans.banking.reconciliation import Reconciliation, reconcile
from tests.loans.banking.values import day, entry, line

MONTH = 30


def statement(opening: int, *amounts: int, days: tuple[int, int] = (0, MONTH)) -> Period:
    return Period(day(days[0]), day(days[1]), opening, opening + sum(amounts))


def held(facts: BankFacts, days: int = MONTH) -> Reconciliation:
    found = reconcile(facts, day(days))
    assert found is not None
    return found


def test_what_is_matched_leaves_nothing_between_them() -> None:
    facts = BankFacts(
        (statement(0, 500, -20),),
        (line(1, 1, 500), line(2, 2, -20)),
        (entry(1, 1, 500), entry(2, 3, -20)),
        (Match("l1", "e1", 500), Match("l2", "e2", -20)),
    )
    found = held(facts)
    assert (found.bank_minor, found.books_minor, found.difference_minor) == (480, 480, 0)
    assert (found.only_bank, found.only_books) == ((), ())
    assert found.is_explained


def test_items_of_one_side_are_named() -> None:
    facts = BankFacts(
        (statement(0, 500, -20),), (line(1, 1, 500), line(2, 2, -20)), (entry(1, 4, 70),), ()
    )
    found = held(facts)
    assert [one.open_minor for one in found.only_bank] == [500, -20]
    assert [one.open_minor for one in found.only_books] == [70]
    assert found.difference_minor == found.only_bank_minor - found.only_books_minor == 410
    assert not found.is_explained
    noted = replace(facts, lines=tuple(replace(one, is_noted=True) for one in facts.lines))
    assert held(noted).is_explained


def test_before_the_first_statement_there_is_nothing_to_hold() -> None:
    assert reconcile(BankFacts((), (), (), ()), day(0)) is None
    assert reconcile(BankFacts((statement(0),), (), (), ()), day(-1)) is None


def test_money_on_its_way_when_the_statements_begin_is_made_good_by_its_line() -> None:
    before = BankFacts((statement(100, 50),), (line(1, 2, 50),), (entry(1, -3, 150),), ())
    assert held(before, 1).before_minor == -50
    found = held(replace(before, matches=(Match("l1", "e1", 50),)))
    assert (found.before_minor, found.only_bank, found.is_explained) == (0, (), True)


def test_a_statement_left_out_shows() -> None:
    first, third = statement(0, 10, days=(0, 9)), statement(35, 5, days=(20, 29))
    facts = BankFacts((first, third), (line(1, 1, 10), line(2, 21, 5)), (), ())
    assert held(facts, 29).missing_minor == 25
    assert held(facts, 9).missing_minor == 0


amounts = st.integers(-1_000, 1_000).filter(bool)
moves = st.lists(st.tuples(st.integers(0, MONTH), amounts), max_size=8)


@given(
    moves,
    st.lists(st.tuples(st.integers(-20, MONTH + 10), amounts), max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=8),
    st.integers(-5_000, 5_000),
    st.integers(0, MONTH),
)
def test_the_items_always_explain_the_difference(
    moved: list[tuple[int, int]],
    booked: list[tuple[int, int]],
    pairs: list[tuple[int, int]],
    opening: int,
    on: int,
) -> None:
    lines = tuple(line(number, *one) for number, one in enumerate(moved))
    entries = tuple(entry(number, *one) for number, one in enumerate(booked))
    facts = BankFacts((statement(opening, *(minor for _, minor in moved)),), lines, entries, ())
    for one, other in pairs:
        left, open_entries = facts.open_lines, facts.open_entries
        here, there = left.get(f"l{one}", 0), open_entries.get(f"e{other}", 0)
        if here * there > 0:
            part = Match(f"l{one}", f"e{other}", min(here, there, key=abs))
            facts = replace(facts, matches=(*facts.matches, part))
    found = held(facts, on)
    assert found.books_minor == sum(minor for days, minor in booked if days <= on)
    assert found.bank_minor == opening + sum(minor for days, minor in moved if days <= on)
    assert found.missing_minor == 0
    assert found.difference_minor == (
        found.before_minor + found.only_bank_minor - found.only_books_minor
    )
