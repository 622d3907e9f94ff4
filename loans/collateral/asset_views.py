"""The register of assets to read: a page of it, one asset, and what to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from loans.cases.case_status import BORROWED, LoanStatus
from loans.collateral.assets import seen_asset
from loans.collateral.security import When, newest_valuations
from loans.collateral.tables import Asset, AssetCharge, Valuation
from loans.fund import the_facility
from loans.history import HistoryLine, history
from loans.lending.seen import Seen
from loans.people import STAFF, Actor, fold
from loans.tables import Enterprise, Loan, User

LINES_PER_PAGE = 50


@dataclass(frozen=True)
class ChargeLine:
    """A charge on an asset: for a loan of ours, or ``holder`` another creditor."""

    charge_id: str
    rank: int
    holder: str
    loan_id: str | None
    limit_minor: int | None
    charged_on: date
    document: str
    released_on: date | None


@dataclass(frozen=True)
class ValuationLine:
    """What an asset was worth on a day, in minor units, and who says so."""

    valuation_id: str
    value_minor: int
    valued_on: date
    valued_by: str
    basis: str
    document: str
    recorded_by: str | None


@dataclass(frozen=True)
class AssetLine:
    """One asset of the register with its newest value, in minor units, and what stands on it."""

    asset_id: str
    enterprise_id: str
    enterprise: str
    kind: str
    owner: str
    description: str
    register_number: str
    value_minor: int | None
    valued_on: date | None
    charges: tuple[ChargeLine, ...]


@dataclass(frozen=True)
class AssetPage:
    """A page of the register, in the order of the enterprises' names."""

    lines: tuple[AssetLine, ...]
    count: int
    page_number: int
    page_count: int
    currency: str


@dataclass(frozen=True)
class AssetView:
    """One asset with all its valuations, the newest first, and all charges, released ones too."""

    asset: AssetLine
    currency: str
    valuations: tuple[ValuationLine, ...]
    charges: tuple[ChargeLine, ...]
    history: tuple[HistoryLine, ...]

    def charge(self, charge_id: str) -> ChargeLine | None:
        """The charge with this id."""
        return next((one for one in self.charges if one.charge_id == charge_id), None)


def asset_page(
    session: Session,
    *,
    search: str,
    page_number: int,
    on: date,
    page_size: int = LINES_PER_PAGE,
) -> AssetPage:
    """The assets whose enterprise, description or register number has ``search`` in it."""
    query = select(Asset, Enterprise.name).join(Enterprise, Enterprise.id == Asset.enterprise_id)
    if search:
        text = search.casefold()
        query = query.where(
            or_(
                Enterprise.search_name.contains(fold(search), autoescape=True),
                func.lower(Asset.description).contains(text, autoescape=True),
                func.lower(Asset.register_number).contains(text, autoescape=True),
            )
        )
    count = session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    page_count = max(1, -(-count // page_size))
    number = min(page_number, page_count)
    rows = session.execute(
        query.order_by(Enterprise.name, Asset.description, Asset.id)
        .limit(page_size)
        .offset((number - 1) * page_size)
    ).all()
    found = [(row[0], row[1]) for row in rows]
    lines = _lines(session, found, on)
    return AssetPage(lines, count, number, page_count, the_facility(session).currency)


def assets_of(session: Session, enterprise_id: str, on: date) -> tuple[AssetLine, ...]:
    """The assets of one enterprise, to choose from."""
    rows = session.execute(
        select(Asset, Enterprise.name)
        .join(Enterprise, Enterprise.id == Asset.enterprise_id)
        .where(Asset.enterprise_id == enterprise_id)
        .order_by(Asset.description, Asset.id)
    ).all()
    return _lines(session, [(row[0], row[1]) for row in rows], on)


def open_loans_of(session: Session, enterprise_id: str) -> tuple[tuple[str, str], ...]:
    """Id and reference of the loans of an enterprise that can be secured."""
    rows = session.execute(
        select(Loan.id, Loan.reference)
        .where(Loan.enterprise_id == enterprise_id, Loan.status.in_((LoanStatus.SIGNED, *BORROWED)))
        .order_by(Loan.reference)
    )
    return tuple((row[0], row[1]) for row in rows)


def asset_view(session: Session, actor: Actor, asset_id: str, *, on: date) -> AssetView:
    """One asset with everything that is recorded of it.

    Raises:
        Missing: it does not exist for the actor.
    """
    asset = seen_asset(session, actor, asset_id)
    name = session.get_one(Enterprise, asset.enterprise_id).name
    valuations = session.execute(
        select(Valuation, User.name)
        .join(User, User.id == Valuation.recorded_by)
        .where(Valuation.asset_id == asset.id)
        .order_by(Valuation.valued_on.desc(), Valuation.recorded_at.desc(), Valuation.id.desc())
    )
    charges = _charges(session, [asset.id], standing_only=False)[asset.id]
    return AssetView(
        asset=_lines(session, [(asset, name)], on)[0],
        currency=the_facility(session).currency,
        valuations=tuple(_valuation(row, user) for row, user in valuations),
        charges=tuple(charges),
        history=history(session, (asset.id,)) if actor.role in STAFF else (),
    )


def _valuation(row: Valuation, user: str) -> ValuationLine:
    return ValuationLine(
        row.id, row.value_minor, row.valued_on, row.valued_by, row.basis, row.document, user
    )


def _lines(session: Session, rows: list[tuple[Asset, str]], on: date) -> tuple[AssetLine, ...]:
    ids = [asset.id for asset, _ in rows]
    of_these = select(Asset.id).where(Asset.id.in_(ids))
    values = newest_valuations(session, of_these, When(on, Seen(on)))
    charges = _charges(session, ids, standing_only=True)
    return tuple(
        AssetLine(
            asset_id=asset.id,
            enterprise_id=asset.enterprise_id,
            enterprise=name,
            kind=asset.kind,
            owner=asset.owner,
            description=asset.description,
            register_number=asset.register_number,
            value_minor=values[asset.id].value_minor if asset.id in values else None,
            valued_on=values[asset.id].valued_on if asset.id in values else None,
            charges=tuple(charges[asset.id]),
        )
        for asset, name in rows
    )


def _charges(
    session: Session, asset_ids: list[str], *, standing_only: bool
) -> Mapping[str, list[ChargeLine]]:
    """The charges by asset, by rank; ended ones after those that stand."""
    query = (
        select(AssetCharge, Loan.reference)
        .outerjoin(Loan, Loan.id == AssetCharge.loan_id)
        .where(AssetCharge.asset_id.in_(asset_ids))
        .order_by(AssetCharge.rank, AssetCharge.charged_on, AssetCharge.id)
    )
    if standing_only:
        query = query.where(AssetCharge.released_at.is_(None))
    found: dict[str, list[ChargeLine]] = defaultdict(list)
    for row, reference in session.execute(query):
        found[row.asset_id].append(
            ChargeLine(
                row.id,
                row.rank,
                reference or row.creditor,
                row.loan_id,
                row.limit_minor,
                row.charged_on,
                row.document,
                row.released_on,
            )
        )
    for lines in found.values():
        lines.sort(key=lambda one: one.released_on is not None)
    return found
