"""What is set aside: never more than the principal, never less for a loan that is later."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from loans.allowance import Exposure, by_age, needed, rate_at
from loans.profile import load

TERMS = load("nefco-1998").terms
RATES = TERMS.provision_rates.required
RESTRUCTURED = TERMS.restructured_provision.required
exposures = st.builds(
    Exposure, st.uuids().map(str), st.integers(1, 10**12), st.integers(0, 4_000), st.booleans()
)


def need(minor: int, days: int, *, is_restructured: bool = False) -> int:
    exposure = Exposure("L", minor, days, is_restructured)
    return needed(exposure, RATES, RESTRUCTURED).allowance_minor


def test_the_age_of_the_arrears_decides() -> None:
    assert rate_at(0, RATES) == 0
    assert [need(10_000, days) for days in (0, 1, 30, 31, 60, 61)] == [
        0,
        500,
        500,
        1000,
        1000,
        2500,
    ]


def test_a_restructured_loan_keeps_its_least_rate() -> None:
    assert need(10_000, 0, is_restructured=True) == 1_000
    assert need(10_000, 61, is_restructured=True) == 2_500


def test_half_a_cent_is_rounded_up() -> None:
    assert (need(10, 1), need(9, 1)) == (1, 0)


@given(exposures, st.integers(0, 400))
def test_it_grows_with_lateness_within_the_principal(one: Exposure, days: int) -> None:
    now = needed(one, RATES, RESTRUCTURED)
    later = Exposure(
        one.loan_id, one.principal_minor, one.days_past_due + days, is_restructured=True
    )
    assert 0 <= now.allowance_minor <= one.principal_minor
    assert now.allowance_minor <= needed(later, RATES, RESTRUCTURED).allowance_minor


@given(st.lists(exposures))
def test_every_loan_stands_in_one_age(loans: list[Exposure]) -> None:
    found = [needed(one, RATES, RESTRUCTURED) for one in loans]
    rows = by_age(found, RATES)
    assert sum(row.loan_count for row in rows) == len(loans)
    assert sum(row.principal_minor for row in rows) == sum(one.principal_minor for one in loans)
    assert sum(row.allowance_minor for row in rows) == sum(one.allowance_minor for one in found)
    assert rows[0].label == "Not late"
    assert rows[-1].label.startswith("Over ")


def test_without_rates_nothing_is_set_aside() -> None:
    exposure = Exposure("L", 100, 400, is_restructured=False)
    assert needed(exposure, (), Decimal("0.1")).allowance_minor == 0
    assert by_age([], ())[0].label == "Over -1 days"
