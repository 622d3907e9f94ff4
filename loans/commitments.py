"""Promises to borrowers: reserved in the bank account, and noted on memo accounts.

A promise is made by an approval, met by pay-outs, and given up with what is left of it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans import bookings
from loans.books import ledger
from loans.books.cash_accounts import lendable_minor
from loans.chart import CASH
from loans.fund import the_facility
from loans.history import Moment
from loans.ledger_legs import Source
from loans.people import Actor


def promise(
    session: Session,
    actor: Actor,
    moment: Moment,
    *,
    facility_id: str,
    amount_minor: int,
    about: Source,
    key: str,
) -> str:
    """Reserve money on the facility's first account and note the promise; answer the reserve's id.

    No promise takes money that waits for borrowers. This is looked at once the reserve stands: it
    holds the balance of the account, and other promises wait for it.

    Raises:
        ledger.Overdrawn: the account has not that much available, or the fund could not lend it.
        ledger.DuplicateKey: it was promised before.
    """
    currency = the_facility(session).currency
    hold_id = ledger.reserve(
        session,
        facility_id=facility_id,
        account=CASH,
        amount_minor=amount_minor,
        reserved_on=moment.on,
        reserved_at=moment.at,
        actor_id=actor.user_id,
        key=key,
    )
    left_minor = lendable_minor(session, facility_id, currency)
    if left_minor < 0:
        lendable = as_text(max(0, left_minor + amount_minor), currency)
        message = (
            f"The fund can lend {lendable}, which is less than this needs: money that waits for "
            "borrowers is not the fund's. Wait until money comes in, or approve a smaller amount."
        )
        raise ledger.Overdrawn(message)
    ledger.post(
        session,
        facility_id=facility_id,
        event=bookings.COMMITMENT,
        effective_on=moment.on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=f"commitment:{hold_id}",
        legs=bookings.commitment(amount_minor),
        memo="Approved and not paid out",
        source=about,
    )
    return hold_id


def give_up(
    session: Session, actor: Actor, moment: Moment, *, facility_id: str, hold_id: str, about: Source
) -> int:
    """Free all that is left of a promise; answer how much it was, in minor units.

    Raises:
        ledger.HoldExceeded: nothing is left.
    """
    amount_minor = ledger.release_hold(
        session,
        facility_id=facility_id,
        hold_id=hold_id,
        amount_minor=None,
        released_on=moment.on,
        released_at=moment.at,
        actor_id=actor.user_id,
    )
    ledger.post(
        session,
        facility_id=facility_id,
        event=bookings.COMMITMENT_RELEASE,
        effective_on=moment.on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=f"commitment-given-up:{hold_id}",
        legs=bookings.commitment_met(amount_minor),
        memo="Given up and not paid out",
        source=about,
    )
    return amount_minor
