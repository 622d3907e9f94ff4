"""What the fund's own money does to the books: balanced legs on the right accounts."""

from loans import bookings
from loans.chart import ADMINISTRATION, CASH
from loans.ledger_legs import Leg

AMOUNT = 12_345


def by_account(legs: tuple[Leg, ...]) -> dict[str, int]:
    return {leg.account: leg.amount_minor for leg in legs}


def test_each_event_moves_its_two_accounts() -> None:
    assert by_account(bookings.contribution("3002", AMOUNT)) == {CASH: AMOUNT, "3002": -AMOUNT}
    paid = bookings.administration(ADMINISTRATION, AMOUNT)
    assert by_account(paid) == {ADMINISTRATION: AMOUNT, CASH: -AMOUNT}
    earned = bookings.bank_interest("4040-USD", AMOUNT, "1011")
    assert by_account(earned) == {"1011": AMOUNT, "4040-USD": -AMOUNT}
