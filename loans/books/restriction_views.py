"""Restricted contributions as they stand: what was given for what, and what is not released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from loans.books.tables import AccountRow, account_balance, journal_entry, posting
from loans.fund import Facility
from loans.fund_tables import RestrictionRow
from loans.refusal import Missing


@dataclass(frozen=True)
class Restriction:
    """What a donor restricted and how much of it is not released, in minor units.

    Of a contribution that was reversed nothing is left, and nothing was released either.
    """

    account_code: str
    source: str
    purpose: str
    until_on: date | None
    currency: str
    entry_id: str
    given_minor: int
    left_minor: int
    is_reversed: bool


def find_restriction(session: Session, facility: Facility, account_code: str) -> Restriction:
    """The restricted contribution on this sub-account.

    Raises:
        Missing: the facility has none.
    """
    found = next(
        (one for one in restrictions(session, facility) if one.account_code == account_code), None
    )
    if found is None:
        message = "There is no restricted contribution with this account."
        raise Missing(message)
    return found


def restrictions(session: Session, facility: Facility) -> Sequence[Restriction]:
    """Every restricted contribution, in the order of the sub-accounts, as it stands now."""
    balances, reversal = account_balance.c, journal_entry.alias()
    rows = session.execute(
        select(
            AccountRow.code,
            AccountRow.name,
            RestrictionRow.purpose,
            RestrictionRow.until_on,
            AccountRow.currency,
            RestrictionRow.entry_id,
            -posting.c.amount_minor,
            balances.credits_minor - balances.debits_minor,
            exists().where(
                reversal.c.facility_id == RestrictionRow.facility_id,
                reversal.c.reversal_of == RestrictionRow.entry_id,
            ),
        )
        .join(
            posting,
            and_(
                posting.c.facility_id == RestrictionRow.facility_id,
                posting.c.entry_id == RestrictionRow.entry_id,
                posting.c.account_id == RestrictionRow.account_id,
            ),
        )
        .join(
            AccountRow,
            and_(
                AccountRow.facility_id == RestrictionRow.facility_id,
                AccountRow.id == RestrictionRow.account_id,
            ),
        )
        .join(
            account_balance,
            and_(
                balances.facility_id == RestrictionRow.facility_id,
                balances.account_id == RestrictionRow.account_id,
            ),
        )
        .where(RestrictionRow.facility_id == facility.facility_id)
        .order_by(func.length(AccountRow.code), AccountRow.code)
    )
    return tuple(Restriction(*row) for row in rows)
