from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from loans import profile
from loans.coverage import (
    AssetKind,
    Charge,
    Coverage,
    GuarantorKind,
    Haircuts,
    counted_by_charge,
    counted_of_guarantee,
    together,
)

amounts = st.integers(0, 10**12)
parts = st.fractions(0, 1, max_denominator=1_000)


@st.composite
def charges_on_one_asset(draw: st.DrawFn) -> list[Charge]:
    ranks = draw(st.lists(st.integers(1, 9), max_size=5))
    limits = st.one_of(st.none(), amounts)
    return [Charge(f"c{at}", rank, draw(limits)) for at, rank in enumerate(ranks)]


@given(amounts, parts, charges_on_one_asset())
def test_an_asset_never_counts_above_its_value_less_the_haircut(
    value: int, haircut: Fraction, charges: list[Charge]
) -> None:
    counted = counted_by_charge(value, haircut, charges)
    assert set(counted) == {one.charge_id for one in charges}
    assert all(one >= 0 for one in counted.values())
    assert together(tuple(counted.values())) <= value * (1 - haircut) <= value
    limits = {one.charge_id: one.limit_minor for one in charges}
    for charge_id, limit in limits.items():
        assert limit is None or counted[charge_id] <= limit


@given(amounts, amounts, parts, charges_on_one_asset())
def test_more_value_never_counts_for_less(
    value: int, more: int, haircut: Fraction, charges: list[Charge]
) -> None:
    before = counted_by_charge(value, haircut, charges)
    after = counted_by_charge(value + more, haircut, charges)
    assert all(after[charge_id] >= counted for charge_id, counted in before.items())


@given(amounts, parts, charges_on_one_asset(), st.randoms())
def test_the_rank_decides_and_not_the_order_of_entry(
    value: int, haircut: Fraction, charges: list[Charge], chance: object
) -> None:
    ranked = list({one.rank: one for one in charges}.values())
    mixed = list(ranked)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    assert counted_by_charge(value, haircut, mixed) == counted_by_charge(value, haircut, ranked)


@given(amounts, parts, charges_on_one_asset(), charges_on_one_asset())
def test_what_ranks_behind_takes_nothing_from_what_ranks_before(
    value: int, haircut: Fraction, first: list[Charge], later: list[Charge]
) -> None:
    behind = [Charge(f"later {one.charge_id}", one.rank + 10, one.limit_minor) for one in later]
    alone = counted_by_charge(value, haircut, first)
    both = counted_by_charge(value, haircut, [*behind, *first])
    assert {charge_id: both[charge_id] for charge_id in alone} == alone


def test_the_second_rank_gets_what_the_first_leaves() -> None:
    charges = (Charge("ours", 2, None), Charge("bank's", 1, 20_000_000))
    counted = counted_by_charge(100_000_000, Fraction(3, 10), charges)
    assert counted == {"bank's": 20_000_000, "ours": 50_000_000}


def test_five_hundred_thousand_needs_six_hundred_and_twenty_five() -> None:
    needed = Coverage(Fraction(0), 50_000_000, Fraction(5, 4))
    assert needed.missing_minor == 62_500_000
    assert Coverage(Fraction(58_500_000), 50_000_000, Fraction(5, 4)).missing_minor == 4_000_000
    exact = Coverage(Fraction(62_500_000), 50_000_000, Fraction(5, 4))
    assert not exact.is_short
    assert exact.ratio == Fraction(5, 4)
    a_hair_less = Coverage(Fraction(62_500_000) - Fraction(1, 1000), 50_000_000, Fraction(5, 4))
    assert a_hair_less.is_short
    assert a_hair_less.missing_minor == 1


@given(st.fractions(0, 10**10), amounts, st.fractions(0, 3, max_denominator=100))
def test_what_is_missing_and_what_it_would_suffice_for_agree(
    counted: Fraction, exposure: int, minimum: Fraction
) -> None:
    coverage = Coverage(counted, exposure, minimum)
    assert coverage.is_short == (counted < minimum * exposure)
    assert not Coverage(counted + coverage.missing_minor, exposure, minimum).is_short
    if coverage.missing_minor:
        assert Coverage(counted + coverage.missing_minor - 1, exposure, minimum).is_short
        assert not Coverage(counted, coverage.largest_exposure_minor, minimum).is_short
        assert Coverage(counted, coverage.largest_exposure_minor + 1, minimum).is_short


def test_without_a_minimum_or_without_a_loan_nothing_is_missing() -> None:
    assert not Coverage(Fraction(0), 50_000_000).is_short
    assert Coverage(Fraction(0), 50_000_000).largest_exposure_minor == 50_000_000
    repaid = Coverage(Fraction(0), 0, Fraction(5, 4))
    assert repaid.ratio is None
    assert not repaid.is_short


@given(amounts, parts, st.one_of(st.none(), amounts), parts)
def test_a_guarantee_never_counts_above_what_is_at_stake(
    exposure: int, haircut: Fraction, amount: int | None, share: Fraction
) -> None:
    part = share if amount is None else None
    counted = counted_of_guarantee(exposure, haircut, amount_minor=amount, share=part)
    assert 0 <= counted <= exposure * (1 - haircut)
    if amount is not None:
        assert counted <= amount


def test_a_guarantee_of_a_share_falls_with_the_loan() -> None:
    half = Fraction(1, 2)
    for exposure, counted in ((10_000_000, 5_000_000), (6_000_000, 3_000_000)):
        found = counted_of_guarantee(exposure, Fraction(0), amount_minor=None, share=half)
        assert found == counted


def test_a_kind_without_a_haircut_counts_for_nothing() -> None:
    none = Haircuts({}, {})
    assert none.of_asset(AssetKind.DEPOSIT) == 1
    assert none.of_guarantee(GuarantorKind.STATE) == 1
    stated = profile.load("nefco-1998").haircuts
    assert set(stated.assets) == set(AssetKind)
    assert set(stated.guarantees) == set(GuarantorKind)
    assert stated.of_asset(AssetKind.REAL_ESTATE) == Fraction(3, 10)
