"""Many at once, on both databases: no interleaving overdraws the fund or books an act twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.ledger_check import check_ledger
from loans.books.tables import period
from loans.chart import CASH, LOANS, restricted_account
from loans.ledger_legs import credit, debit
from loans.refusal import Refusal
from tests.loans.facilities import DONOR, Books


def _at_once(works: Sequence[Callable[[], object]]) -> Counter[str]:
    """Start all works together; count how each ended: "done" or the code of the refusal."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        gate.wait()
        try:
            work()
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(works)) as threads:
        return Counter(threads.map(run, works))


def _retried(books: Books, work: Callable[[Session], object]) -> Callable[[], object]:
    return lambda: books.database.retrying(work)


def _pay_out(books: Books, amount_minor: int, key: str) -> Callable[[], object]:
    legs = (debit(LOANS, amount_minor), credit(CASH, amount_minor))
    return _retried(books, lambda session: books.post(session, legs, key=key))


def _proven(books: Books) -> None:
    with books.database.reading() as session:
        assert check_ledger(session).first_broken is None


def test_a_hundred_disbursements_on_money_for_four(books: Books) -> None:
    books.pay_in(100_000)
    ended = _at_once([_pay_out(books, 25_000, f"pay-{number}") for number in range(100)])
    assert ended == {"done": 4, "overdrawn": 96}
    assert books.balances()[LOANS] == 100_000
    assert books.available() == 0
    _proven(books)


def test_entries_at_once_get_different_consecutive_numbers(books: Books) -> None:
    books.pay_in(100_000)
    works = [_pay_out(books, 100, f"pay-{number}") for number in range(40)]
    refused = [_pay_out(books, 200_000, f"too-much-{number}") for number in range(20)]
    assert _at_once([*works, *refused]) == {"done": 40, "overdrawn": 20}
    assert books.numbers() == list(range(1, 42))
    _proven(books)


def test_entries_over_accounts_of_their_own_get_consecutive_numbers_too(books: Books) -> None:
    """They share nothing but the journal, and no account's row keeps one waiting for another."""
    with books.database.writing() as session:
        for number in range(1, 17):
            ledger.open_account(
                session,
                facility_id=books.facility_id,
                account=restricted_account(DONOR, number, f"Gift {number}"),
                currency="EUR",
            )

    def many(pair: int) -> None:
        to, of = (restricted_account(DONOR, n, "").code for n in (2 * pair + 1, 2 * pair + 2))
        for _ in range(15):
            with books.database.writing() as session:
                books.post(session, (debit(to, 10), credit(of, 10)))

    assert _at_once([lambda p=p: many(p) for p in range(8)]) == {"done": 8}  # type: ignore[misc]
    assert books.numbers() == list(range(1, 8 * 15 + 1))
    _proven(books)


def test_two_entries_in_each_of_many_transactions_never_stand_in_each_others_way(
    books: Books,
) -> None:
    books.pay_in(100_000)
    legs = (debit(LOANS, 100), credit(CASH, 100))
    back = (debit(CASH, 100), credit(LOANS, 100))

    def both(session: Session) -> None:
        books.post(session, legs)
        books.post(session, back)

    assert _at_once([_retried(books, both) for _ in range(20)]) == {"done": 20}
    assert books.numbers() == list(range(1, 42))


def test_one_key_fifty_times_is_booked_once(books: Books) -> None:
    books.pay_in(100_000)
    ended = _at_once([_pay_out(books, 100, "the same") for _ in range(50)])
    assert ended == {"done": 1, "duplicate_key": 49}
    assert books.balances()[LOANS] == 100
    _proven(books)


def test_one_entry_is_reversed_once_by_twenty_people(books: Books) -> None:
    books.pay_in(100_000)
    entry_id = books.pay_in(100)
    ended = _at_once([lambda: books.reverse(entry_id) for _ in range(20)])
    assert ended == {"done": 1, "already_reversed": 19}
    assert books.balances()[CASH] == 100_000
    _proven(books)


def test_reserves_and_payments_race_for_the_same_money(books: Books) -> None:
    books.pay_in(1_000)
    reserves = [lambda: books.reserve(250) for _ in range(20)]
    payments = [_pay_out(books, 250, f"pay-{number}") for number in range(20)]
    ended = _at_once([*reserves, *payments])
    assert ended == {"done": 4, "overdrawn": 36}
    assert books.available() == 0
    _proven(books)


def test_one_reserve_is_not_used_beyond_its_amount(books: Books) -> None:
    books.pay_in(10_000)
    hold_id = books.reserve(1_000)
    legs = (debit(LOANS, 400), credit(CASH, 400))
    payments = [
        _retried(books, lambda session: books.post(session, legs, hold_id=hold_id))
        for _ in range(10)
    ]
    releases = [lambda: books.release(hold_id, 400) for _ in range(10)]
    ended = _at_once([*payments, *releases])
    assert ended == {"done": 2, "hold_exceeded": 18}
    _proven(books)


def test_entries_over_the_same_accounts_in_any_order_do_not_block_each_other(books: Books) -> None:
    books.pay_in(1_000_000)

    def many(number: int) -> None:
        there = (debit(LOANS, 10), credit(CASH, 10))
        back = (debit(CASH, 10), credit(LOANS, 10))
        for turn in range(10):
            with books.database.writing() as session:
                books.post(session, there if (number + turn) % 2 else back)

    assert _at_once([lambda n=n: many(n) for n in range(8)]) == {"done": 8}  # type: ignore[misc]
    assert books.balances()[CASH] == 1_000_000
    _proven(books)


def test_no_entry_slips_into_a_month_while_it_is_closed(books: Books) -> None:
    march = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    posted: list[str] = []

    def post_until_closed() -> None:
        posted.extend(books.pay_in(1, booked_at=march) for _ in range(5_000))

    def close() -> None:
        while len(posted) < 20:
            time.sleep(0.001)
        books.close("2026-03")

    ended = _at_once([*[post_until_closed] * 6, close])
    assert ended == {"done": 1, "period_closed": 6}
    with books.database.reading() as session:
        closed = session.execute(select(period.c.entry_count, period.c.debits_minor)).one()
    assert tuple(closed) == (len(posted), len(posted))
    assert books.balances()[CASH] == len(posted)


def test_a_wait_for_the_writer_is_short(books: Books) -> None:
    books.pay_in(1_000_000)
    longest: list[float] = []

    def write() -> None:
        for _ in range(10):
            started = time.perf_counter()
            books.pay_out(1)
            longest.append(time.perf_counter() - started)

    assert _at_once([write] * 8) == {"done": 8}
    assert max(longest) < 1.0
