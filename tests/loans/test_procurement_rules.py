"""Own money first, what invoices carry, and near suppliers first: as properties."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from loans.procurement_rules import most_carried, over_plan, own_money_needed, tiers_passed_over

MINOR = st.integers(min_value=0, max_value=10**11)
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=1000)
TIERS = ("local", "nordic", "international")


def test_the_golden_plan_needs_a_tenth_and_carries_nine() -> None:
    assert own_money_needed(12_000_000, 10_800_000, Fraction(1, 10)) == 1_200_000
    assert most_carried(12_000_000, Fraction(9, 10)) == 10_800_000
    assert own_money_needed(0, 10_800_000, Fraction(1, 10)) == 1_200_000


def test_a_cent_is_never_given_away_by_rounding() -> None:
    assert own_money_needed(1_001, 900, Fraction(1, 10)) == 101
    assert most_carried(1_001, Fraction(9, 10)) == 900


@given(planned=MINOR, principal=MINOR, smallest=SHARES)
def test_own_money_is_its_share_of_all_that_can_be_paid(
    planned: int, principal: int, smallest: Fraction
) -> None:
    needed = own_money_needed(planned, principal, smallest)
    investment = Fraction(planned) if planned or smallest == 1 else principal / (1 - smallest)
    assert 0 <= needed - investment * smallest < 1


@given(invoiced=MINOR, more=MINOR, share=SHARES)
def test_more_invoices_carry_no_less_and_never_more_than_the_share(
    invoiced: int, more: int, share: Fraction
) -> None:
    carried = most_carried(invoiced, share)
    assert carried <= invoiced * share < carried + 1
    assert most_carried(invoiced + more, share) >= carried


@given(chosen=st.sampled_from(TIERS), quoted=st.sets(st.sampled_from(TIERS)))
def test_a_tier_is_passed_over_when_it_is_nearer_and_nobody_there_quoted(
    chosen: str, quoted: set[str]
) -> None:
    nearer = TIERS[: TIERS.index(chosen)]
    passed = tiers_passed_over(TIERS, chosen, quoted)
    assert set(passed) == set(nearer) - quoted
    assert list(passed) == [tier for tier in TIERS if tier in passed]


@given(planned=MINOR, invoiced=MINOR)
def test_only_what_exceeds_the_plan_is_over_it(planned: int, invoiced: int) -> None:
    over = over_plan(planned, invoiced)
    assert over == (invoiced - planned if invoiced > planned else 0)
