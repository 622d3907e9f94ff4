"""Proposals: what is named first, nothing twice, and sums that are exact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loans.banking.facts import BankFacts, BooksEntry, Line, Match
from loans.banking.proposals import Proposal, propose
from tests.loans.banking.values import entry, line


def proposed(lines: list[Line], entries: list[BooksEntry], *matches: Match) -> tuple[Proposal, ...]:
    return propose(BankFacts((), tuple(lines), tuple(entries), matches))


def test_the_same_amount_within_five_days_is_proposed() -> None:
    (found,) = proposed([line(1, 5, 500)], [entry(1, 0, 500)])
    assert (found.line_ids, found.entry_ids, found.days_apart) == (("l1",), ("e1",), 5)
    assert not found.is_named
    assert proposed([line(1, 6, 500)], [entry(1, 0, 500)]) == ()
    assert proposed([line(1, 0, 500)], [entry(1, 0, 501), entry(2, 0, -500)]) == ()


def test_a_name_in_the_banks_words_comes_before_a_nearer_day() -> None:
    (found,) = proposed(
        [line(1, 3, 500, "From UAB Žalias for L-2026-001")],
        [entry(1, 3, 500, "l-2026-007"), entry(2, 1, 500, "l-2026-001", "uab zalias")],
    )
    assert (found.entry_ids, found.is_named) == (("e2",), True)


def test_one_line_may_stand_for_several_receipts() -> None:
    (found,) = proposed(
        [line(1, 2, 900, "UAB Pavyzdys")],
        [entry(1, 1, 400, "uab pavyzdys"), entry(2, 2, 500, "uab pavyzdys"), entry(3, 2, 90, "x")],
    )
    assert (found.entry_ids, found.is_named) == (("e1", "e2"), True)


def test_several_lines_may_stand_for_one_entry() -> None:
    (found,) = proposed(
        [line(1, 1, -400, "Invoice L-2026-001"), line(2, 2, -500, "Rest of L-2026-001")],
        [entry(1, 2, -900, "l-2026-001", event="disbursement")],
    )
    assert (found.line_ids, found.amount_minor) == (("l1", "l2"), -900)


def test_what_is_matched_is_not_proposed_again() -> None:
    lines, entries = [line(1, 1, 500), line(2, 1, 300)], [entry(1, 1, 500), entry(2, 1, 300)]
    (found,) = proposed(lines, entries, Match("l1", "e1", 500))
    assert found.line_ids == ("l2",)


def test_very_short_names_name_nothing() -> None:
    (found,) = proposed([line(1, 1, 500, "fee 12")], [entry(1, 1, 500, "12")])
    assert not found.is_named


words = st.sampled_from(("", "l-2026-001", "l-2026-002", "l-2026-001 l-2026-002"))
amounts = st.sampled_from((-300, -200, -100, 100, 200, 300, 500))
sides = st.lists(st.tuples(st.integers(0, 12), amounts, words), max_size=7)


@given(sides, sides)
def test_nothing_is_proposed_twice_and_every_sum_is_exact(
    moved: list[tuple[int, int, str]], booked: list[tuple[int, int, str]]
) -> None:
    lines = {f"l{number}": line(number, *one) for number, one in enumerate(moved)}
    entries = {f"e{number}": entry(number, *one) for number, one in enumerate(booked)}
    found = proposed(list(lines.values()), list(entries.values()))
    used = [one for proposal in found for one in (*proposal.line_ids, *proposal.entry_ids)]
    assert len(used) == len(set(used))
    for one in found:
        mine = [lines[line_id] for line_id in one.line_ids]
        theirs = [entries[entry_id] for entry_id in one.entry_ids]
        assert sum(part.amount_minor for part in mine) == one.amount_minor
        assert sum(part.amount_minor for part in theirs) == one.amount_minor
        assert min(len(mine), len(theirs)) == 1
        assert one.days_apart <= 5
    assert found == proposed(list(reversed(lines.values())), list(reversed(entries.values())))
