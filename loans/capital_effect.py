"""Before the fund's own money is booked: what it does to the fund, and who paid in so far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from loans import ledger
from loans.chart import CAPITAL_KINDS, CASH, CONTRIBUTION_PREFIX
from loans.fund import the_facility


@dataclass(frozen=True)
class CapitalEffect:
    """One figure of the fund before and after, in minor units."""

    label: str
    before_minor: int
    after_minor: int


def capital_effect(session: Session, change_minor: int) -> tuple[CapitalEffect, ...]:
    """Cash, money available and capital, each of which moves by the whole amount."""
    facility_id = the_facility(session).facility_id
    rows = ledger.trial_balance(session, facility_id=facility_id)
    before = {
        "Cash at bank": sum(row.balance_minor for row in rows if row.code == CASH),
        "Money available to lend": ledger.available(session, facility_id=facility_id, account=CASH),
        "Capital base": -sum(row.balance_minor for row in rows if row.kind in CAPITAL_KINDS),
    }
    return tuple(
        CapitalEffect(label, amount, amount + change_minor) for label, amount in before.items()
    )


def contribution_sources(session: Session) -> tuple[str, ...]:
    """The names of the sources that have an account, in the order of their accounts."""
    rows = ledger.trial_balance(session, facility_id=the_facility(session).facility_id)
    return tuple(row.name for row in rows if row.code.startswith(CONTRIBUTION_PREFIX))
