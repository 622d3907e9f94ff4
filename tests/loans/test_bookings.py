"""What each event does to the books: balanced legs on the right accounts."""

from hypothesis import given
from hypothesis import strategies as st

from loans import bookings
from loans.allocation import Part
from loans.chart import (
    ADMINISTRATION,
    CASH,
    FEES,
    INTEREST_INCOME,
    LOANS,
    LOSSES,
    RECOVERIES,
)
from loans.component import Component
from loans.ledger_legs import Leg

AMOUNT = 12_345


def by_account(legs: tuple[Leg, ...]) -> dict[str, int]:
    return {leg.account: leg.amount_minor for leg in legs}


def test_each_event_moves_its_two_accounts() -> None:
    assert by_account(bookings.contribution(2, AMOUNT)) == {CASH: AMOUNT, "3002": -AMOUNT}
    assert by_account(bookings.administration(AMOUNT)) == {ADMINISTRATION: AMOUNT, CASH: -AMOUNT}
    assert by_account(bookings.disbursement("L", AMOUNT)) == {LOANS: AMOUNT, CASH: -AMOUNT}
    assert by_account(bookings.write_off("L", AMOUNT)) == {LOSSES: AMOUNT, LOANS: -AMOUNT}
    assert by_account(bookings.recovery("L", AMOUNT)) == {CASH: AMOUNT, RECOVERIES: -AMOUNT}


def test_what_touches_a_loan_names_it() -> None:
    for legs in (bookings.disbursement("L", 1), bookings.write_off("L", 1)):
        assert [leg.loan_id for leg in legs if leg.account == LOANS] == ["L"]


def test_a_receipt_lowers_the_loan_by_its_principal_alone() -> None:
    parts = (
        Part(1, Component.FEES, 5),
        Part(1, Component.LATE_INTEREST, 7),
        Part(1, Component.INTEREST, 100),
        Part(1, Component.PRINCIPAL, 900),
        Part(2, Component.INTEREST, 50),
    )
    assert by_account(bookings.receipt("L", parts)) == {
        CASH: 1_062,
        FEES: -12,
        INTEREST_INCOME: -150,
        LOANS: -900,
    }


@given(
    st.lists(
        st.builds(Part, st.integers(1, 36), st.sampled_from(Component), st.integers(1, 10**9)),
        min_size=1,
        max_size=20,
    )
)
def test_a_receipt_is_always_balanced(parts: list[Part]) -> None:
    legs = bookings.receipt("L", parts)
    assert sum(leg.amount_minor for leg in legs) == 0
    assert by_account(legs)[CASH] == sum(part.amount_minor for part in parts)
