"""Undoing an entry of the journal by its opposite, in the way that its event asks for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans import ledger
from loans.entered_text import entered_text
from loans.fund import OnlyManagers, the_facility
from loans.history import Moment, record
from loans.people import Actor, Role
from loans.receipts import reverse_receipt
from loans.refusal import OutOfStep
from loans.requests import entry_key
from loans.tables import Receipt

_OWN_MONEY = frozenset({"contribution", "administration"})
LONGEST_REASON = 500


class NotReversible(OutOfStep):
    """The entry is undone by another act, or not at all."""


def reverse_entry(
    session: Session, actor: Actor, moment: Moment, entry_id: str, *, reason: str, key: str
) -> str:
    """Reverse a receipt, a contribution or a cost; answer the new entry's id.

    Raises:
        ledger.NoSuchEntry: there is none with this id.
        NotReversible: a pay-out, a write-off or a reversal.
        OnlyManagers: the fund's own money, and the actor is no manager.
        Refusal: as ``receipts.reverse_receipt`` and ``ledger.reverse`` refuse.
    """
    facility = the_facility(session)
    found = ledger.entry(session, facility_id=facility.facility_id, entry_id=entry_id)
    receipt_id = session.scalar(select(Receipt.id).where(Receipt.entry_id == entry_id))
    if receipt_id is not None:
        return reverse_receipt(session, actor, moment, receipt_id, reason=reason, key=key)
    if found.event not in _OWN_MONEY:
        message = (
            "Only receipts, contributions and costs are reversed here. A pay-out comes back as a "
            "receipt from the borrower; a write-off is followed by recoveries."
        )
        raise NotReversible(message)
    if actor.role is not Role.MANAGER:
        message = f"This is for the role manager. Your role is {actor.role.value}."
        raise OnlyManagers(message)
    ask = "Write why the entry is reversed."
    memo = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    reversal_id = ledger.reverse(
        session,
        facility_id=facility.facility_id,
        entry_id=entry_id,
        effective_on=found.effective_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=entry_key(actor.user_id, key),
        memo=memo,
    )
    record(
        session,
        actor,
        moment,
        subject=("entry", entry_id),
        action="reverse",
        facility_id=facility.facility_id,
        note=memo,
    )
    return reversal_id
