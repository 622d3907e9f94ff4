"""Before the fund's own money is booked: what it does to the fund, and who paid in so far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.cash_accounts import CashAccount, lendable_minor
from loans.books.restriction_views import Restriction
from loans.chart import CAPITAL_KINDS, CONTRIBUTION_PREFIX
from loans.chart import is_restricted as restricted
from loans.fund import the_facility


@dataclass(frozen=True)
class CapitalEffect:
    """One figure of the fund before and after, in minor units."""

    label: str
    before_minor: int
    after_minor: int


def capital_effect(
    session: Session, account: CashAccount, change_minor: int, *, is_restricted: bool = False
) -> tuple[CapitalEffect, ...]:
    """Cash and capital, which move by the whole amount, in the currency of the account.

    What can be paid or promised moves as well, unless the money is restricted.
    """
    facility_id = the_facility(session).facility_id
    rows = ledger.trial_balance(session, facility_id=facility_id)
    capital_minor = -sum(
        row.balance_minor
        for row in rows
        if row.kind in CAPITAL_KINDS and row.currency == account.currency
    )
    everywhere = lendable_minor(session, facility_id, account.currency)
    freed_minor = 0 if is_restricted else change_minor
    return tuple(
        CapitalEffect(label, before, before + change)
        for label, before, change in (
            (f"{account.name}, account {account.code}", account.balance_minor, change_minor),
            ("Money available to lend", everywhere, freed_minor),
            ("Capital base", capital_minor, change_minor),
        )
    )


def moved_between(
    source: CashAccount, target: CashAccount, amount_minor: int
) -> tuple[CapitalEffect, ...]:
    """What a transfer does to its two accounts; the fund as a whole stays the same."""
    return tuple(
        CapitalEffect(
            f"{one.name}, account {one.code}", one.balance_minor, one.balance_minor + change
        )
        for one, change in ((source, -amount_minor), (target, amount_minor))
    )


def released(session: Session, found: Restriction, amount_minor: int) -> tuple[CapitalEffect, ...]:
    """What a release does: less is kept for its purpose, and more can be lent."""
    facility_id = the_facility(session).facility_id
    everywhere = lendable_minor(session, facility_id, found.currency)
    left = found.left_minor
    return (
        CapitalEffect(f"Restricted: {found.purpose}", left, left - amount_minor),
        CapitalEffect("Money available to lend", everywhere, everywhere + amount_minor),
    )


def contribution_sources(session: Session) -> tuple[str, ...]:
    """The names of the sources that have an account, in the order of their accounts."""
    rows = ledger.trial_balance(session, facility_id=the_facility(session).facility_id)
    names = (
        row.name
        for row in rows
        if row.code.startswith(CONTRIBUTION_PREFIX) and not restricted(row.code)
    )
    return tuple(dict.fromkeys(names))
