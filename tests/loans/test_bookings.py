"""What the fund's own money does to the books: balanced legs on the right accounts."""

from loans import bookings
from loans.chart import ADMINISTRATION, CASH
from loans.ledger_legs import Leg

AMOUNT = 12_345


def by_account(legs: tuple[Leg, ...]) -> dict[str, int]:
    return {leg.account: leg.amount_minor for leg in legs}


def test_each_event_moves_its_two_accounts() -> None:
    assert by_account(bookings.contribution("3002", AMOUNT)) == {CASH: AMOUNT, "3002": -AMOUNT}
    assert by_account(bookings.administration(AMOUNT)) == {ADMINISTRATION: AMOUNT, CASH: -AMOUNT}
