"""What stood behind the loans on a day, as known on a day, and what each piece counted for.

An asset is valued by its newest valuation up to the day; one without a valuation counts for
nothing. The haircuts are those of the profile under which each loan was approved, whatever the
basis of the valuation. However many loans there are, the same few queries read them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from loans.collateral.tables import Asset, AssetCharge, Guarantee, Valuation
from loans.coverage import (
    AssetKind,
    Charge,
    GuarantorKind,
    Haircuts,
    counted_by_charge,
    counted_of_guarantee,
    together,
)
from loans.lending.seen import Seen


@dataclass(frozen=True)
class CountedCharge:
    """A pledge of an asset to a loan: the asset, its valuation, and what the pledge counts for."""

    row: AssetCharge
    asset: Asset
    valuation: Valuation | None
    haircut: Fraction
    before: Fraction
    """What ranks before it takes."""
    counted: Fraction


@dataclass(frozen=True)
class CountedGuarantee:
    """A guarantee of a loan, and what it counts for."""

    row: Guarantee
    haircut: Fraction
    counted: Fraction


@dataclass(frozen=True)
class Security:
    """All that secures one loan on a day."""

    charges: tuple[CountedCharge, ...] = ()
    guarantees: tuple[CountedGuarantee, ...] = ()

    @property
    def counted(self) -> Fraction:
        """What all of it counts for, in minor units."""
        charges = together([one.counted for one in self.charges])
        return charges + together([one.counted for one in self.guarantees])


@dataclass(frozen=True)
class When:
    """The day, what was known of it, and the id of a security that is left out, if one is."""

    as_of: date
    seen: Seen
    without: str = ""

    def stands(self, row: AssetCharge | Guarantee) -> bool:
        """Whether a charge or guarantee was not released by the day, as far as that was known."""
        is_released = row.released_on is not None and row.released_on <= self.as_of
        is_known = self.seen.has_reversed(row.released_at)
        return row.id != self.without and not (is_released and is_known)


@dataclass(frozen=True)
class Stake:
    """What of a loan is at stake, in minor units, and the haircuts of its profile."""

    exposure_minor: int
    haircuts: Haircuts


def securities_of(
    session: Session, stakes: Mapping[str, Stake], loan_ids: Select[str], when: When
) -> Mapping[str, Security]:
    """What secures each loan of ``stakes``; ``loan_ids`` selects the same loans."""
    charges = _charges(session, loan_ids, when)
    asset_ids = select(AssetCharge.asset_id).where(AssetCharge.loan_id.in_(loan_ids))
    assets = {one.id: one for one in session.scalars(select(Asset).where(Asset.id.in_(asset_ids)))}
    valuations = newest_valuations(session, asset_ids, when)
    pledged: dict[str, list[CountedCharge]] = defaultdict(list)
    for asset_id, on_asset in charges.items():
        for row in on_asset:
            stake = stakes.get(row.loan_id or "")
            if stake is not None:
                haircut = stake.haircuts.of_asset(AssetKind(assets[asset_id].kind))
                found = _counted(row, on_asset, assets[asset_id], valuations.get(asset_id), haircut)
                pledged[row.loan_id or ""].append(found)
    promised = _guarantees(session, stakes, loan_ids, when)
    return {
        loan_id: Security(tuple(pledged[loan_id]), tuple(promised[loan_id])) for loan_id in stakes
    }


def _charges(
    session: Session, loan_ids: Select[str], when: When
) -> Mapping[str, list[AssetCharge]]:
    """Every charge that stands on the assets pledged to the loans, others' too, by asset."""
    asset_ids = select(AssetCharge.asset_id).where(AssetCharge.loan_id.in_(loan_ids))
    rows = session.scalars(
        select(AssetCharge)
        .where(
            AssetCharge.asset_id.in_(asset_ids),
            AssetCharge.charged_on <= when.as_of,
            when.seen.knew(AssetCharge.recorded_at),
        )
        .order_by(AssetCharge.rank, AssetCharge.charged_on, AssetCharge.id)
    )
    found: dict[str, list[AssetCharge]] = defaultdict(list)
    for row in rows:
        if when.stands(row):
            found[row.asset_id].append(row)
    return found


def newest_valuations(
    session: Session, asset_ids: Select[str], when: When
) -> Mapping[str, Valuation]:
    """The newest valuation of each asset up to the day; of one day the one entered last."""
    rows = session.scalars(
        select(Valuation)
        .where(
            Valuation.asset_id.in_(asset_ids),
            Valuation.valued_on <= when.as_of,
            when.seen.knew(Valuation.recorded_at),
        )
        .order_by(Valuation.valued_on, Valuation.recorded_at, Valuation.id)
    )
    return {row.asset_id: row for row in rows}


def _counted(
    row: AssetCharge,
    on_asset: Sequence[AssetCharge],
    asset: Asset,
    valuation: Valuation | None,
    haircut: Fraction,
) -> CountedCharge:
    value_minor = valuation.value_minor if valuation is not None else 0
    counted = counted_by_charge(value_minor, haircut, map(_as_charge, on_asset))
    before = together([counted[one.id] for one in _before(row, on_asset)])
    return CountedCharge(row, asset, valuation, haircut, before, counted[row.id])


def _as_charge(row: AssetCharge) -> Charge:
    return Charge(row.id, row.rank, row.limit_minor)


def _before(row: AssetCharge, on_asset: Sequence[AssetCharge]) -> Iterable[AssetCharge]:
    """The charges that come before, in the order in which they count."""
    return on_asset[: on_asset.index(row)]


def _guarantees(
    session: Session, stakes: Mapping[str, Stake], loan_ids: Select[str], when: When
) -> Mapping[str, list[CountedGuarantee]]:
    rows = session.scalars(
        select(Guarantee)
        .where(
            Guarantee.loan_id.in_(loan_ids),
            Guarantee.given_on <= when.as_of,
            Guarantee.valid_until >= when.as_of,
            when.seen.knew(Guarantee.recorded_at),
        )
        .order_by(Guarantee.given_on, Guarantee.id)
    )
    found: dict[str, list[CountedGuarantee]] = defaultdict(list)
    for row in rows:
        if row.loan_id in stakes and when.stands(row):
            found[row.loan_id].append(_counted_guarantee(row, stakes[row.loan_id]))
    return found


def _counted_guarantee(row: Guarantee, stake: Stake) -> CountedGuarantee:
    haircut = stake.haircuts.of_guarantee(GuarantorKind(row.kind))
    counted = counted_of_guarantee(
        stake.exposure_minor,
        haircut,
        amount_minor=row.amount_minor,
        share=None if row.share is None else Fraction(row.share),
    )
    return CountedGuarantee(row, haircut, counted)
