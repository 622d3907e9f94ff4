import pytest

from loans.books import ledger
from loans.books.ledger_balances import reserved
from loans.books.ledger_holds import find_hold
from loans.chart import CASH, LOANS
from loans.ledger_legs import credit, debit
from tests.loans.facilities import ACTOR, DONOR, MORNING, Books, open_books


def test_the_published_example_of_reserves(books: Books) -> None:
    books.pay_in(100_000)
    hold_id = books.reserve(80_000)
    with pytest.raises(ledger.Overdrawn, match=r"EUR 200\.00 available"):
        books.reserve(20_100)
    with pytest.raises(ledger.Overdrawn):
        books.pay_out(30_000)
    books.pay_out(50_000, hold_id=hold_id)
    with pytest.raises(ledger.HoldExceeded):
        books.pay_out(30_100, hold_id=hold_id)
    assert books.release(hold_id) == 30_000
    assert books.available() == 50_000
    with pytest.raises(ledger.HoldExceeded, match="Nothing is left"):
        books.release(hold_id)


def test_what_is_left_of_a_reserve_can_be_read(books: Books) -> None:
    books.pay_in(1_000)
    hold_id = books.reserve(800)
    books.pay_out(300, hold_id=hold_id)
    books.release(hold_id, 100)
    with books.database.reading() as session:
        found = find_hold(session, facility_id=books.facility_id, hold_id=hold_id)
        now = reserved(session, facility_id=books.facility_id, account=CASH)
        before = reserved(
            session,
            facility_id=books.facility_id,
            account=CASH,
            as_of=MORNING.date().replace(day=1),
        )
    assert (found.account, found.amount_minor, found.left_minor) == (CASH, 800, 400)
    assert (now, before) == (400, 0)


def test_one_reserve_cannot_pay_for_another(books: Books) -> None:
    books.pay_in(1_000)
    small, _large = books.reserve(100), books.reserve(800)
    with pytest.raises(ledger.HoldExceeded):
        books.pay_out(150, hold_id=small)
    with pytest.raises(ledger.HoldExceeded):
        books.release(small, 101)
    assert books.available() == 100


def test_a_reserve_is_made_once_under_its_key(books: Books) -> None:
    books.pay_in(1_000)
    books.reserve(100, key="approve")
    with pytest.raises(ledger.DuplicateKey, match="reserve"):
        books.reserve(100, key="approve")
    assert books.available() == 900


@pytest.mark.parametrize("amount_minor", [0, -5])
def test_a_reserve_of_nothing_is_refused(books: Books, amount_minor: int) -> None:
    with pytest.raises(ledger.HoldExceeded, match="above zero"):
        books.reserve(amount_minor)


def test_a_reserve_of_another_facility_is_not_found(books: Books) -> None:
    other = open_books(books.database, "other")
    other.pay_in(1_000)
    hold_id = other.reserve(500)
    books.pay_in(1_000)
    with pytest.raises(ledger.NoSuchHold):
        books.release(hold_id)
    with pytest.raises(ledger.NoSuchHold):
        books.pay_out(100, hold_id=hold_id)


def test_an_entry_that_pays_nothing_from_the_reserve_cannot_use_it(books: Books) -> None:
    books.pay_in(1_000)
    hold_id = books.reserve(500)
    with (
        pytest.raises(ledger.HoldExceeded, match="pays nothing"),
        books.database.writing() as session,
    ):
        books.post(session, (debit(LOANS, 100), credit(DONOR, 100)), hold_id=hold_id)


def test_a_release_is_booked_by_a_person(books: Books) -> None:
    books.pay_in(1_000)
    hold_id = books.reserve(500)
    with books.database.writing() as session:
        released = ledger.release_hold(
            session,
            facility_id=books.facility_id,
            hold_id=hold_id,
            released_on=MORNING.date(),
            released_at=MORNING,
            actor_id=ACTOR,
        )
    assert released == 500
