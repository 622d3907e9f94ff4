"""What secures a loan: assets less their haircut and what ranks before, and guarantees.

Everything is exact: amounts in minor units, parts as fractions. An asset counts at most once: each
charge on it takes from what the charges before it left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

WHOLE = Fraction(1)


class AssetKind(StrEnum):
    """What an asset is; each kind has its haircut."""

    REAL_ESTATE = "real_estate"
    EQUIPMENT = "equipment"
    VEHICLE = "vehicle"
    INVENTORY = "inventory"
    RECEIVABLE = "receivable"
    DEPOSIT = "deposit"
    OTHER = "other"


class GuarantorKind(StrEnum):
    """Who guarantees; each kind has its haircut."""

    STATE = "state"
    BANK = "bank"
    PARENT = "parent"
    PERSON = "person"


DECIDED_OF_ASSETS = tuple(
    zip(AssetKind, map(Decimal, ("0.3", "0.5", "0.4", "0.6", "0.5", "0", "0.7")), strict=True)
)
DECIDED_OF_GUARANTEES = tuple(
    zip(GuarantorKind, map(Decimal, ("0", "0.1", "0.4", "0.6")), strict=True)
)
"""The haircuts of a profile that was written before it could state any: our own decision."""


class ValuationBasis(StrEnum):
    """For which sale an asset was valued: an ordinary one, or one under pressure."""

    MARKET = "market"
    FORCED_SALE = "forced_sale"


@dataclass(frozen=True)
class Haircuts:
    """The part that does not count, by kind; a kind that the fund left out counts for nothing."""

    assets: Mapping[AssetKind, Fraction]
    guarantees: Mapping[GuarantorKind, Fraction]

    def of_asset(self, kind: AssetKind) -> Fraction:
        """The part of an asset's value that does not count."""
        return self.assets.get(kind, WHOLE)

    def of_guarantee(self, kind: GuarantorKind) -> Fraction:
        """The part of a guarantee that does not count."""
        return self.guarantees.get(kind, WHOLE)


@dataclass(frozen=True)
class Charge:
    """A claim on an asset; without ``limit_minor`` it takes all that is left to it."""

    charge_id: str
    rank: int
    limit_minor: int | None


def counted_by_charge(
    value_minor: int, haircut: Fraction, charges: Iterable[Charge]
) -> Mapping[str, Fraction]:
    """What an asset counts for, by charge: value x (1 - haircut), less what ranks before it.

    A charge takes no more than its limit. Together they never take more than the value.
    """
    left = value_minor * (1 - haircut)
    counted: dict[str, Fraction] = {}
    for charge in sorted(charges, key=lambda one: one.rank):
        limit = left if charge.limit_minor is None else Fraction(charge.limit_minor)
        counted[charge.charge_id] = min(left, limit)
        left -= counted[charge.charge_id]
    return counted


def counted_of_guarantee(
    exposure_minor: int, haircut: Fraction, *, amount_minor: int | None, share: Fraction | None
) -> Fraction:
    """What a guarantee of an amount or of a share counts for: never more than is at stake."""
    guaranteed = exposure_minor * share if share is not None else Fraction(amount_minor or 0)
    return min(Fraction(exposure_minor), guaranteed) * (1 - haircut)


@dataclass(frozen=True)
class Coverage:
    """How far a loan is secured: what counts, what is at stake, and the minimum, if there is one.

    ``exposure_minor`` is the principal outstanding and what is still to be paid out.
    """

    counted: Fraction
    exposure_minor: int
    minimum: Fraction | None = None

    @property
    def ratio(self) -> Fraction | None:
        """What counts / what is at stake; None where nothing is at stake."""
        return self.counted / self.exposure_minor if self.exposure_minor else None

    @property
    def missing_minor(self) -> int:
        """What has to be added, after haircut, to reach the minimum; rounded up, 0 without one."""
        if self.minimum is None:
            return 0
        gap = self.minimum * self.exposure_minor - self.counted
        return max(0, -(-gap.numerator // gap.denominator))

    @property
    def is_short(self) -> bool:
        """Whether it is under the minimum."""
        return self.missing_minor > 0

    @property
    def largest_exposure_minor(self) -> int:
        """The largest principal for which it would suffice, rounded down; all where none is set."""
        if not self.minimum:
            return self.exposure_minor
        return int(self.counted / self.minimum)


def together(counted: Sequence[Fraction]) -> Fraction:
    """The sum of what counts."""
    return sum(counted, Fraction(0))


def percent_down(part: Fraction | None) -> str:
    """A part in per cent, rounded down, so that what is short never looks as if it sufficed."""
    hundredths = int((part or Fraction(0)) * 10_000)
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d} %".replace(".00 %", " %")
