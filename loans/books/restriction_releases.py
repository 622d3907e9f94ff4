"""Restricted money that may be lent from now on, and the way back of a mistaken release."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans import bookings
from loans.books import ledger
from loans.books.cash_accounts import cash_account
from loans.books.ledger_entries import EntryView
from loans.books.ledger_holds import Hold, find_hold
from loans.books.restriction_views import Restriction, find_restriction, restrictions
from loans.books.tables import hold
from loans.chart import source_code
from loans.entered_text import entered_text
from loans.fund import Facility, the_facility
from loans.fund_tables import RestrictionRow
from loans.history import Moment
from loans.ledger_legs import Source
from loans.ledger_refusals import HoldExceeded
from loans.own_money import WrongCapital, book_own
from loans.people import Actor, Role, need_role
from loans.refusal import OutOfStep

LONGEST_REASON = 500
_RESERVED_AGAIN = "restriction"
"""What a reserve stems from that keeps released money back once more."""


class ReleasedBefore(OutOfStep):
    """Part of the contribution may have been lent since its release."""


def release_restriction(
    session: Session,
    actor: Actor,
    moment: Moment,
    account_code: str,
    *,
    amount_minor: int,
    reason: str,
    key: str,
) -> str:
    """Let money of a restricted contribution be lent from today; answer the entry's id.

    Raises:
        WrongPerson: the actor is no manager.
        Missing: the facility has no such restricted contribution.
        WrongCapital: nothing, or more than is not released yet.
    """
    need_role(actor, Role.MANAGER)
    facility = the_facility(session)
    found = find_restriction(session, facility, account_code)
    ask = "Write why the money may be lent now, such as the loan that meets the purpose."
    memo = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    check_release(found, amount_minor)
    _free(session, actor, moment, facility, found.entry_id, amount_minor=amount_minor)
    return book_own(
        session,
        actor,
        moment,
        facility,
        event=bookings.RELEASE,
        on=moment.on,
        legs=bookings.release(account_code, source_code(account_code), amount_minor),
        memo=memo,
        key=key,
    )


def check_release(found: Restriction, amount_minor: int) -> None:
    """Refuse to release nothing, or more than is left.

    Raises:
        WrongCapital: as it says.
    """
    if not found.left_minor:
        state = "reversed" if found.is_reversed else "released in full before"
        message = f"This contribution was {state}. Nothing of it can be released."
        raise WrongCapital(message, field="amount")
    if not 0 < amount_minor <= found.left_minor:
        most = as_text(found.left_minor, found.currency)
        message = f"Enter an amount up to what is not released yet, {most}."
        raise WrongCapital(message, field="amount")


def free_for_reversal(
    session: Session, actor: Actor, moment: Moment, facility: Facility, entry_id: str
) -> None:
    """Free what is reserved for the contribution of this entry, if it is a restricted one.

    Raises:
        ReleasedBefore: part of it was released for lending.
    """
    found = next((one for one in restrictions(session, facility) if one.entry_id == entry_id), None)
    if found is None:
        return
    if found.left_minor < found.given_minor:
        message = (
            "Part of this contribution was released for lending. Reverse that release first; "
            "the page of the account lists it."
        )
        raise ReleasedBefore(message)
    _free(session, actor, moment, facility, entry_id, amount_minor=found.left_minor)


def take_back_release(
    session: Session, actor: Actor, moment: Moment, facility: Facility, release: EntryView
) -> None:
    """Keep the money of a release back again, before its entry is reversed.

    Raises:
        ReleasedBefore: some of it is lent or promised by now.
    """
    amount = max(line.amount_minor for line in release.postings)
    codes = {line.account_code for line in release.postings}
    found = next(one for one in restrictions(session, facility) if one.account_code in codes)
    first, *_ = _holds(session, facility, found.entry_id)
    account = cash_account(session, facility.facility_id, first.account, currency=found.currency)
    if amount > account.available_minor:
        free = as_text(max(0, account.available_minor), found.currency)
        message = (
            f"Of the money on account {account.code}, {account.name}, only {free} is neither lent "
            "nor promised. The release can be taken back once as much is free again."
        )
        raise ReleasedBefore(message)
    ledger.reserve(
        session,
        facility_id=facility.facility_id,
        account=first.account,
        amount_minor=amount,
        reserved_on=moment.on,
        reserved_at=moment.at,
        actor_id=actor.user_id,
        key=f"restriction:{found.entry_id}:{release.entry_id}",
        memo=f"Restricted: {found.purpose}",
        source=Source(_RESERVED_AGAIN, found.entry_id),
    )


def _free(
    session: Session,
    actor: Actor,
    moment: Moment,
    facility: Facility,
    entry_id: str,
    *,
    amount_minor: int,
) -> None:
    """Free as much of what is reserved for a contribution, the oldest reserve first.

    Raises:
        HoldExceeded: less is reserved, as where another release came first.
    """
    for one in _holds(session, facility, entry_id):
        freed = min(amount_minor, one.left_minor)
        if freed:
            ledger.release_hold(
                session,
                facility_id=facility.facility_id,
                hold_id=one.hold_id,
                amount_minor=freed,
                released_on=moment.on,
                released_at=moment.at,
                actor_id=actor.user_id,
            )
        amount_minor -= freed
    if amount_minor:
        message = "Part of this was released meanwhile. Look again at what is not released yet."
        raise HoldExceeded(message, field="amount")


def _holds(session: Session, facility: Facility, entry_id: str) -> list[Hold]:
    """The reserve of a contribution, and those of releases that were taken back, oldest first."""
    here = facility.facility_id
    first = select(RestrictionRow.hold_id).where(
        RestrictionRow.facility_id == here, RestrictionRow.entry_id == entry_id
    )
    again = (hold.c.source_kind == _RESERVED_AGAIN) & (hold.c.source_id == entry_id)
    ids = session.scalars(
        select(hold.c.id)
        .where(hold.c.facility_id == here, or_(hold.c.id.in_(first), again))
        .order_by(hold.c.booked_at, hold.c.id)
    )
    return [find_hold(session, facility_id=here, hold_id=hold_id) for hold_id in ids]
