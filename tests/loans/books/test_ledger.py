from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from appraisal.money import LARGEST_MINOR
from loans.books import ledger
from loans.books.ledger_check import check_ledger
from loans.books.ledger_guard import REFUSALS
from loans.books.tables import journal_entry
from loans.chart import CASH, INTEREST_INCOME, LOANS, Account, AccountKind
from loans.ledger_legs import Source, credit, debit
from loans.storage.database import Database, new_id
from migrations import entry_postgresql
from tests.loans.facilities import ACTOR, DONOR, MORNING, Books, open_books


def test_an_entry_moves_its_accounts_and_can_be_read_back(books: Books) -> None:
    loan_id = new_id()
    entry_id = books.pay_in(100_050, event="contribution", key="first", memo="Paid in")
    books.pay_out(40_000, loan_id=loan_id, source=Source("loan", loan_id))
    assert books.balances() == {CASH: 60_050, LOANS: 40_000, DONOR: -100_050}
    with books.database.reading() as session:
        found = ledger.entry(session, facility_id=books.facility_id, entry_id=entry_id)
        on_loan = ledger.loan_balance(
            session, facility_id=books.facility_id, account=LOANS, loan_id=loan_id
        )
    assert found.key == "first"
    assert (found.event, found.memo, found.actor_id) == ("contribution", "Paid in", ACTOR)
    assert (found.effective_on, found.booked_at) == (MORNING.date(), MORNING)
    assert [(p.account_code, p.amount_minor, p.currency) for p in found.postings] == [
        (CASH, 100_050, "EUR"),
        (DONOR, -100_050, "EUR"),
    ]
    assert on_loan == 40_000


@pytest.mark.parametrize(
    "legs",
    [
        (debit(CASH, 100),),
        (debit(CASH, 100), credit(DONOR, 99)),
        (debit(CASH, 100), debit(LOANS, 100)),
        (),
    ],
)
def test_legs_that_do_not_balance_are_refused(
    sqlite_database: Database, legs: tuple[ledger.Leg, ...]
) -> None:
    books = open_books(sqlite_database)
    with pytest.raises(ledger.Unbalanced), books.database.writing() as session:
        books.post(session, legs)
    assert books.balances() == {}


def test_two_currencies_do_not_offset_each_other(books: Books) -> None:
    with books.database.writing() as session:
        dollars = Account("1011", "Dollars", AccountKind.ASSET)
        ledger.open_account(session, facility_id=books.facility_id, account=dollars, currency="USD")
    with pytest.raises(ledger.Unbalanced), books.database.writing() as session:
        books.post(session, (debit("1011", 100), credit(DONOR, 100)))


@pytest.mark.parametrize(
    ("amount", "refused"),
    [(1.5, TypeError), (True, TypeError), (Decimal(1), TypeError), (LARGEST_MINOR + 1, ValueError)],
)
def test_an_amount_that_cannot_be_kept_never_reaches_the_driver(
    books: Books, amount: Any, refused: type[Exception]
) -> None:
    """Neither driver refuses all of them, and they would refuse in words of their own."""
    with pytest.raises(refused), books.database.writing() as session:
        books.post(session, (ledger.Leg(CASH, amount), ledger.Leg(DONOR, -amount)))
    assert books.balances() == {}


def test_an_unknown_account_is_named(books: Books) -> None:
    with (
        pytest.raises(ledger.UnknownAccount, match="no account 9999"),
        books.database.writing() as session,
    ):
        books.post(session, (debit("9999", 100), credit(CASH, 100)))


def test_a_second_account_with_the_same_code_is_refused(books: Books) -> None:
    cash = Account(CASH, "Other cash", AccountKind.ASSET)
    with pytest.raises(ledger.AccountExists), books.database.writing() as session:
        ledger.open_account(session, facility_id=books.facility_id, account=cash, currency="EUR")


def test_the_fund_is_never_overdrawn_and_the_refusal_says_what_is_left(books: Books) -> None:
    books.pay_in(100_000)
    with pytest.raises(ledger.Overdrawn, match=r"EUR 1,000\.00 available") as caught:
        books.pay_out(100_001)
    assert caught.value.code == "overdrawn"
    books.pay_out(100_000)
    assert books.available() == 0


def test_after_a_refusal_the_transaction_goes_on(books: Books) -> None:
    with books.database.writing() as session:
        books.post(session, (debit(CASH, 100), credit(DONOR, 100)), key="a")
        with pytest.raises(ledger.Overdrawn):
            books.post(session, (debit(LOANS, 101), credit(CASH, 101)))
        with pytest.raises(ledger.DuplicateKey, match="already"):
            books.post(session, (debit(CASH, 100), credit(DONOR, 100)), key="a")
    assert books.balances() == {CASH: 100, DONOR: -100}


def test_what_is_no_refusal_but_a_defect_is_raised_as_the_database_says_it(books: Books) -> None:
    with pytest.raises(IntegrityError, match="ck_journal_entry_key_length"):
        books.pay_in(100, key="")
    books.pay_in(7)
    assert books.balances() == {CASH: 7, DONOR: -7}


def test_each_refusal_of_an_entry_has_its_words() -> None:
    assert {*entry_postgresql.REFUSALS} - REFUSALS == {"ck_journal_entry_complete"}
    elsewhere = ("pk_period", "uq_account", "uq_hold")
    beside = {name for name in REFUSALS if not name.startswith(elsewhere)}
    assert beside <= {*entry_postgresql.REFUSALS}


def test_the_function_takes_every_column_of_an_entry() -> None:
    assert [*entry_postgresql.COLUMNS] == [column.name for column in journal_entry.columns]


def test_the_same_key_in_another_facility_is_another_act(books: Books) -> None:
    other = open_books(books.database, "other")
    books.pay_in(100, key="same")
    other.pay_in(200, key="same")
    assert (books.balances()[CASH], other.balances()[CASH]) == (100, 200)


def test_an_exception_undoes_the_whole_transaction(books: Books) -> None:
    def fail_after_posting(session: Session) -> None:
        books.post(session, (debit(CASH, 100), credit(DONOR, 100)))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        books.database.retrying(fail_after_posting)
    assert books.balances() == {}


def test_an_entry_is_reversed_once_and_both_stay(books: Books) -> None:
    entry_id = books.pay_in(100_000, source=Source("contribution", "x"))
    opposite = books.reverse(entry_id, memo="Wrong source")
    assert books.balances() == {}
    with pytest.raises(ledger.AlreadyReversed, match="once"):
        books.reverse(entry_id)
    with pytest.raises(ledger.AlreadyReversed, match="itself a reversal"):
        books.reverse(opposite)
    with books.database.reading() as session:
        first = ledger.entry(session, facility_id=books.facility_id, entry_id=entry_id)
        second = ledger.entry(session, facility_id=books.facility_id, entry_id=opposite)
    assert (first.reversal_of, first.reversed_by) == (None, opposite)
    assert (second.reversal_of, second.reversed_by) == (entry_id, None)
    assert (second.event, second.source) == ("reversal", Source("contribution", "x"))


def test_a_reversal_cannot_take_money_that_is_gone(books: Books) -> None:
    entry_id = books.pay_in(100_000)
    books.pay_out(1)
    with pytest.raises(ledger.Overdrawn):
        books.reverse(entry_id)


def test_an_entry_of_another_facility_is_not_found(books: Books) -> None:
    other = open_books(books.database, "other")
    entry_id = other.pay_in(100)
    with pytest.raises(ledger.NoSuchEntry):
        books.reverse(entry_id)


def test_a_run_over_many_loans_is_one_entry(books: Books) -> None:
    legs = [debit(LOANS, 100, loan_id=f"loan-{number}") for number in range(1_000)]
    with books.database.writing() as session:
        books.post(session, (*legs, credit(INTEREST_INCOME, 100_000)))
    assert books.balances() == {LOANS: 100_000, INTEREST_INCOME: -100_000}


def test_the_loan_of_an_entry_stands_on_the_legs_that_name_none(books: Books) -> None:
    legs = (debit(LOANS, 100, loan_id="loan-2"), credit(INTEREST_INCOME, 100))
    with books.database.writing() as session:
        entry_id = books.post(session, legs, loan_id="loan-1")
        found = ledger.entry(session, facility_id=books.facility_id, entry_id=entry_id)
    assert [one.loan_id for one in found.postings] == ["loan-2", "loan-1"]


acts = st.lists(
    st.tuples(
        st.sampled_from(("in", "out", "reserve", "use", "release", "reverse")),
        st.integers(1, 3_000),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    ),
    max_size=12,
)


class Model:
    """What the books must say after any acts, in twenty lines."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.cash = self.lent = 0
        self.holds: dict[str, int] = {}
        self.reversible: list[tuple[str, int, int]] = []

    @property
    def free(self) -> int:
        return self.cash - sum(self.holds.values())

    def moved(self, entry_id: str, cash: int, lent: int) -> None:
        self.cash, self.lent = self.cash + cash, self.lent + lent
        self.reversible.append((entry_id, cash, lent))

    def act(self, kind: str, amount: int, on: date) -> None:
        match kind:
            case "in":
                self.moved(self.books.pay_in(amount, effective_on=on), amount, 0)
            case "out":
                self.refused_unless(amount, on, None, possible=self.free >= amount)
            case "reserve" if self.free >= amount:
                self.holds[self.books.reserve(amount, reserved_on=on)] = amount
            case "use" if self.holds:
                hold_id, left = next(iter(self.holds.items()))
                self.refused_unless(amount, on, hold_id, possible=left >= amount)
            case "release" if self.holds:
                hold_id, left = self.holds.popitem()
                if left:
                    assert self.books.release(hold_id) == left
            case "reverse" if self.reversible and self.free >= self.reversible[-1][1]:
                entry_id, cash, lent = self.reversible.pop()
                self.books.reverse(entry_id, effective_on=on)
                self.cash, self.lent = self.cash - cash, self.lent - lent

    def refused_unless(self, amount: int, on: date, hold_id: str | None, *, possible: bool) -> None:
        if not possible:
            with pytest.raises((ledger.Overdrawn, ledger.HoldExceeded)):
                self.books.pay_out(amount, effective_on=on, hold_id=hold_id)
            return
        entry_id = self.books.pay_out(amount, effective_on=on, hold_id=hold_id)
        self.moved(entry_id, -amount, amount)
        if hold_id is not None:
            self.holds[hold_id] -= amount


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts)
def test_after_any_acts_the_books_agree_with_a_model(
    database: Database, acts: list[tuple[str, int, date]]
) -> None:
    books = open_books(database, new_id()[-12:])
    model = Model(books)
    for act in acts:
        model.act(*act)
    assert books.available() == model.free >= 0
    balances = books.balances()
    assert balances.get(CASH, 0) == model.cash
    assert balances.get(LOANS, 0) == model.lent
    assert sum(balances.values()) == 0
    assert books.balances(as_of=date(2026, 12, 31)) == balances
    assert books.balances(known_on=MORNING.date()) == balances
    middle = date(2026, 6, 30)
    assert books.balances(as_of=middle) == books.balances(as_of=middle, known_on=MORNING.date())
    with database.reading() as session:
        assert check_ledger(session, books.facility_id).first_broken is None


@given(st.integers(1, 10**12))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_reversal_leaves_no_trace_in_the_balances(database: Database, amount_minor: int) -> None:
    books = open_books(database, new_id()[-12:])
    books.pay_in(5)
    before = books.balances()
    books.reverse(books.pay_in(amount_minor))
    assert books.balances() == before


def test_the_time_of_booking_needs_its_zone(books: Books) -> None:
    with pytest.raises(Exception, match="time zone"):
        books.pay_in(100, booked_at=datetime(2026, 3, 10, 8, 0))  # noqa: DTZ001 - the fault itself
    late = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    books.pay_in(100, booked_at=late)
    assert books.balances(known_on=date(2026, 3, 30)) == {}
    assert books.balances(known_on=date(2026, 3, 31))[CASH] == 100
