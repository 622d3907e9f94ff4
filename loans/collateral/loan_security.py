"""What secures one loan, as people see it: coverage, pledges, guarantees, and what ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.collateral.loan_coverage import secured
from loans.collateral.security import CountedCharge, CountedGuarantee
from loans.collateral.tables import Asset, AssetCharge, Guarantee
from loans.day_words import shown_day
from loans.fund import the_facility
from loans.lending.loan_case import pending_act, seen_loan
from loans.lending.loan_facts import NotSignedYet
from loans.lending.seen import Seen
from loans.people import STAFF, Actor
from loans.servicing_kinds import ActKind
from loans.tables import Enterprise, Loan

ENDS_SOON_DAYS = 60
"""How long before its end a guarantee is shown as ending soon."""


@dataclass(frozen=True)
class PledgeLine:
    """A pledge that stands; amounts in minor units, what counts rounded down.

    ``before_minor`` is what ranks before it takes. Without a valuation its value is None.
    """

    pledge_id: str
    asset_id: str
    kind: str
    description: str
    register_number: str
    owner: str
    rank: int
    limit_minor: int | None
    pledged_on: date
    document: str
    value_minor: int | None
    valued_on: date | None
    valued_by: str
    basis: str | None
    haircut: Fraction
    before_minor: int
    counted_minor: int


@dataclass(frozen=True)
class GuaranteeLine:
    """A guarantee that stands, of an amount in minor units or a share; what counts rounded down."""

    guarantee_id: str
    guarantor: str
    kind: str
    amount_minor: int | None
    share: Fraction | None
    given_on: date
    valid_until: date
    days_left: int
    ends_soon: bool
    document: str
    haircut: Fraction
    counted_minor: int


@dataclass(frozen=True)
class EndedLine:
    """A pledge or guarantee that does not count any more, and its last day."""

    what: str
    is_guarantee: bool
    began_on: date
    ended_on: date
    is_released: bool


@dataclass(frozen=True)
class SecurityView:
    """What secures a loan on a day; amounts in minor units of ``currency``.

    ``exposure_minor`` is the principal outstanding and what is still to be paid out; ``coverage``
    is what counts divided by it, None where nothing is at stake. ``release_waits_for`` is the
    pledge or guarantee whose release waits for the manager; for the fund's people only.
    """

    loan_id: str
    reference: str
    enterprise_id: str
    borrower: str
    currency: str
    as_of: date
    exposure_minor: int
    counted_minor: int
    coverage: Fraction | None
    minimum: Fraction | None
    missing_minor: int
    is_short: bool
    pledges: tuple[PledgeLine, ...]
    guarantees: tuple[GuaranteeLine, ...]
    ended: tuple[EndedLine, ...]
    release_waits_for: str | None

    def pledge(self, pledge_id: str) -> PledgeLine | None:
        """The pledge with this id."""
        return next((one for one in self.pledges if one.pledge_id == pledge_id), None)

    def guarantee(self, guarantee_id: str) -> GuaranteeLine | None:
        """The guarantee with this id."""
        return next((one for one in self.guarantees if one.guarantee_id == guarantee_id), None)


def security_view(
    session: Session, actor: Actor, loan_id: str, *, as_of: date, known_on: date | None = None
) -> SecurityView:
    """What secures a loan on a day; ``known_on`` leaves out what was recorded later.

    Raises:
        Missing: the loan does not exist for the actor.
        NotSignedYet: it was signed after ``as_of``.
    """
    loan = seen_loan(session, actor, loan_id)
    if as_of < loan.signed_on:
        message = f"The loan was signed on {shown_day(loan.signed_on)}. Enter a day from then on."
        raise NotSignedYet(message, field="as_of")
    seen = Seen.on(as_of, known_on)
    found = secured(session, loan, as_of, seen)
    coverage, security = found.coverage, found.security
    standing = {one.row.id for one in security.charges} | {
        one.row.id for one in security.guarantees
    }
    return SecurityView(
        loan_id=loan.id,
        reference=loan.reference,
        enterprise_id=loan.enterprise_id,
        borrower=session.get_one(Enterprise, loan.enterprise_id).name,
        currency=the_facility(session).currency,
        as_of=as_of,
        exposure_minor=coverage.exposure_minor,
        counted_minor=int(coverage.counted),
        coverage=coverage.ratio,
        minimum=coverage.minimum,
        missing_minor=coverage.missing_minor,
        is_short=coverage.is_short,
        pledges=tuple(map(_pledge, security.charges)),
        guarantees=tuple(guarantee_line(one, as_of) for one in security.guarantees),
        ended=_ended(session, loan, as_of, seen, standing),
        release_waits_for=_release_waits_for(session, loan) if actor.role in STAFF else None,
    )


def _pledge(one: CountedCharge) -> PledgeLine:
    row, asset, valuation = one.row, one.asset, one.valuation
    return PledgeLine(
        pledge_id=row.id,
        asset_id=asset.id,
        kind=asset.kind,
        description=asset.description,
        register_number=asset.register_number,
        owner=asset.owner,
        rank=row.rank,
        limit_minor=row.limit_minor,
        pledged_on=row.charged_on,
        document=row.document,
        value_minor=None if valuation is None else valuation.value_minor,
        valued_on=None if valuation is None else valuation.valued_on,
        valued_by="" if valuation is None else valuation.valued_by,
        basis=None if valuation is None else valuation.basis,
        haircut=one.haircut,
        before_minor=int(one.before),
        counted_minor=int(one.counted),
    )


def guarantee_line(one: CountedGuarantee, as_of: date) -> GuaranteeLine:
    """A guarantee as people see it on a day."""
    row = one.row
    days_left = (row.valid_until - as_of).days
    return GuaranteeLine(
        guarantee_id=row.id,
        guarantor=row.guarantor,
        kind=row.kind,
        amount_minor=row.amount_minor,
        share=None if row.share is None else Fraction(row.share),
        given_on=row.given_on,
        valid_until=row.valid_until,
        days_left=days_left,
        ends_soon=days_left <= ENDS_SOON_DAYS,
        document=row.document,
        haircut=one.haircut,
        counted_minor=int(one.counted),
    )


def _ended(
    session: Session, loan: Loan, as_of: date, seen: Seen, standing: set[str]
) -> tuple[EndedLine, ...]:
    """What secured the loan before and does not on the day, the latest end first."""
    charges = session.execute(
        select(AssetCharge, Asset.description)
        .join(Asset, Asset.id == AssetCharge.asset_id)
        .where(
            AssetCharge.loan_id == loan.id,
            AssetCharge.charged_on <= as_of,
            seen.knew(AssetCharge.recorded_at),
        )
    )
    lines = [
        EndedLine(description, False, row.charged_on, row.released_on, True)  # noqa: FBT003
        for row, description in charges
        if row.id not in standing and row.released_on is not None
    ]
    guarantees = session.scalars(
        select(Guarantee).where(
            Guarantee.loan_id == loan.id,
            Guarantee.given_on <= as_of,
            seen.knew(Guarantee.recorded_at),
        )
    )
    for row in guarantees:
        if row.id not in standing:
            released_on = row.released_on
            is_released = released_on is not None and released_on <= min(as_of, row.valid_until)
            last_on = released_on if is_released and released_on else row.valid_until
            lines.append(EndedLine(row.guarantor, True, row.given_on, last_on, is_released))  # noqa: FBT003
    return tuple(sorted(lines, key=lambda one: (one.ended_on, one.what), reverse=True))


def _release_waits_for(session: Session, loan: Loan) -> str | None:
    waiting = pending_act(session, loan.id)
    if waiting is None or waiting.kind != ActKind.RELEASE_SECURITY:
        return None
    return str(waiting.terms["security"])
