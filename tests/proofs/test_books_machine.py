"""A slice of the proof on both databases, and that the proof would see a fault."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from loans.lending import loan_book
from loans.subledger.running_account import RunningAccount
from loans.subledger.running_item import RunningItem
from tests.databases import DIALECTS, Databases
from tests.proofs.books_fund import template_in
from tests.proofs.books_machine import Beginnings
from tests.proofs.books_proof import ACTS, STEPS, lived

SEED = 20261129
LIVES = 12
MOST_LIVES = 60


@pytest.mark.slow
def test_a_few_lives_break_nothing_and_stay_with_the_model(databases: Databases) -> None:
    start = SEED + DIALECTS.index(databases.dialect)
    with closing(Beginnings(template_in(databases))) as beginnings:
        result = lived(beginnings, examples=LIVES, start=start)
    assert result.fault is None, result.fault
    assert result.examples >= LIVES
    assert result.steps >= LIVES * STEPS
    refused = sum(count for name, count in result.acts.items() if name.endswith("refused"))
    assert refused
    assert sum(result.acts[act] > 0 for act in ACTS) > len(ACTS) // 2


Spoil = Callable[[pytest.MonkeyPatch], None]


def _rebuild_left_out(patch: pytest.MonkeyPatch) -> None:
    right = loan_book._LoanBook.bring_to  # noqa: SLF001  # a fault planted inside

    def wrong(book: Any, state: Any, event: str, on: Any) -> Any:
        return None if event == loan_book.REBUILD else right(book, state, event, on)

    patch.setattr(loan_book._LoanBook, "bring_to", wrong)  # noqa: SLF001


def _interest_paid_last(patch: pytest.MonkeyPatch) -> None:
    right = RunningItem.pay
    patch.setattr(
        RunningItem, "pay", lambda self, money, order, *more: right(self, money, order[::-1], *more)
    )


def _a_day_too_late(patch: pytest.MonkeyPatch) -> None:
    right = RunningAccount.receive

    def wrong(account: Any, on: Any, ref: str, amount_minor: int, prepays: Any) -> None:
        account.time += account.principal
        right(account, on, ref, amount_minor, prepays)

    patch.setattr(RunningAccount, "receive", wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "start"), [(_rebuild_left_out, 1), (_interest_paid_last, 4), (_a_day_too_late, SEED)]
)
def test_a_fault_is_seen(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, start: int
) -> None:
    """The first life in which it shows ends the search; from these starts it comes early."""
    template = template_in(sqlite_databases)
    spoil(monkeypatch)
    with closing(Beginnings(template)) as beginnings:
        assert lived(beginnings, examples=MOST_LIVES, start=start, shrinks=False).fault
