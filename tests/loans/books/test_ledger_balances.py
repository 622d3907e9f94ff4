from datetime import UTC, date, datetime
from typing import Any

import pytest

from loans.books import ledger
from loans.books.ledger_balances import loan_balances
from loans.chart import CASH, LOANS, AccountKind
from loans.ledger_legs import credit, debit
from tests.loans.facilities import DONOR, Books

JANUARY, FEBRUARY = date(2026, 1, 15), date(2026, 2, 15)


@pytest.fixture
def history(books: Books) -> Books:
    """A contribution in January, and one in February that was booked in March."""
    books.pay_in(1_000, effective_on=JANUARY, booked_at=datetime(2026, 1, 15, 9, tzinfo=UTC))
    books.pay_in(500, effective_on=FEBRUARY, booked_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    return books


@pytest.mark.parametrize(
    ("as_of", "known_on", "cash"),
    [
        (None, None, 1_500),
        (date(2026, 1, 14), None, 0),
        (JANUARY, None, 1_000),
        (date(2026, 2, 28), None, 1_500),
        (date(2026, 2, 28), date(2026, 2, 28), 1_000),
        (None, date(2026, 3, 1), 1_000),
        (None, date(2026, 3, 2), 1_500),
        (JANUARY, date(2026, 3, 2), 1_000),
    ],
)
def test_a_balance_has_two_dates(
    history: Books, as_of: date | None, known_on: date | None, cash: int
) -> None:
    with history.database.reading() as session:
        found = ledger.balance(
            session,
            facility_id=history.facility_id,
            account=CASH,
            as_of=as_of,
            known_on=known_on,
        )
    assert found == cash
    balances = history.balances(as_of, known_on)
    assert balances.get(CASH, 0) == cash
    assert sum(balances.values()) == 0


def test_a_trial_balance_names_every_account_with_the_sign_people_expect(history: Books) -> None:
    with history.database.reading() as session:
        rows = ledger.trial_balance(session, facility_id=history.facility_id)
    by_code = {row.code: row for row in rows}
    assert [row.code for row in rows] == sorted(by_code)
    donor = by_code[DONOR]
    assert (donor.kind, donor.currency) == (AccountKind.EQUITY, "EUR")
    assert (donor.balance_minor, donor.shown_minor) == (-1_500, 1_500)
    assert (donor.debit_minor, donor.credit_minor) == (0, 1_500)
    assert by_code[LOANS].balance_minor == 0


def test_an_account_that_is_not_there_is_refused_in_words(history: Books) -> None:
    with (
        history.database.reading() as session,
        pytest.raises(ledger.UnknownAccount, match="such as 1010"),
    ):
        ledger.balance(session, facility_id=history.facility_id, account="77")


def test_each_loan_has_its_part_of_the_loans_account(history: Books) -> None:
    legs = (
        debit(LOANS, 300, loan_id="a"),
        debit(LOANS, 200, loan_id="b"),
        credit(CASH, 500),
    )
    with history.database.writing() as session:
        history.post(session, legs, effective_on=FEBRUARY)
    repaid = (debit(CASH, 50), credit(LOANS, 50, loan_id="a"))
    with history.database.writing() as session:
        history.post(session, repaid, effective_on=date(2026, 4, 1))
    with history.database.reading() as session:
        here: dict[str, Any] = {"facility_id": history.facility_id, "account": LOANS}
        assert loan_balances(session, **here) == {"a": 250, "b": 200}
        assert loan_balances(session, **here, as_of=FEBRUARY) == {"a": 300, "b": 200}
        assert ledger.loan_balance(session, **here, loan_id="a", as_of=FEBRUARY) == 300
        assert ledger.loan_balance(session, **here, loan_id="c") == 0
