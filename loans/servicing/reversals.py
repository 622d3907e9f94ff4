"""Undoing an entry of the journal by its opposite, in the way that its event asks for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.bookings import (
    ADMINISTRATION_PAID,
    CONTRIBUTION,
    INTEREST_FROM_BANK,
    RELEASE,
    TRANSFER,
)
from loans.books import ledger
from loans.books.ledger_entries import EntryView
from loans.books.restriction_releases import free_for_reversal, take_back_release
from loans.entered_text import entered_text
from loans.fund import Facility, the_facility
from loans.history import Moment, record
from loans.lending.loan_book import follow_reversal
from loans.lending.loan_case import locked_loan, write_event
from loans.lending.loan_record import record_of
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, OutOfStep
from loans.servicing.limits import check_credit
from loans.servicing.receipts import reverse_receipt
from loans.servicing_kinds import DONE, REVERSIBLE, ActKind
from loans.servicing_tables import ServicingAct
from loans.storage.requests import entry_key
from loans.tables import Receipt

OWN_MONEY = frozenset({CONTRIBUTION, ADMINISTRATION_PAID, TRANSFER, INTEREST_FROM_BANK, RELEASE})
"""Events of entries about the fund's own money, which a manager reverses."""

LONGEST_REASON = 500


class NotReversible(OutOfStep):
    """The entry is undone by another act, or not at all."""


def reverse_entry(
    session: Session, actor: Actor, moment: Moment, entry_id: str, *, reason: str, key: str
) -> str:
    """Reverse a receipt, charge, contribution, release, cost or transfer; answer the entry's id.

    Raises:
        ledger.NoSuchEntry: there is none with this id.
        NotReversible: a pay-out, a write-off or a reversal.
        ReleasedBefore: a restricted contribution of which part is released, or a release of which
            part is lent.
        WrongPerson: the fund's own money, and the actor is no manager.
        Refusal: as ``receipts.reverse_receipt`` and ``ledger.reverse`` refuse.
    """
    facility = the_facility(session)
    found = ledger.entry(session, facility_id=facility.facility_id, entry_id=entry_id)
    receipt_id = session.scalar(select(Receipt.id).where(Receipt.entry_id == entry_id))
    if receipt_id is not None:
        return reverse_receipt(session, actor, moment, receipt_id, reason=reason, key=key)
    act_id = session.scalar(select(ServicingAct.id).where(ServicingAct.entry_id == entry_id))
    if act_id is not None:
        return reverse_act(session, actor, moment, act_id, reason=reason, key=key)
    if found.event not in OWN_MONEY:
        message = (
            "Receipts, charges, contributions, releases, costs and transfers are reversed. A "
            "pay-out or a refund comes back as a receipt from the borrower; a write-off is "
            "followed by recoveries; what was earned follows from the others."
        )
        raise NotReversible(message)
    return _reverse_own(session, actor, moment, facility, found, reason=reason, key=key)


def _reverse_own(
    session: Session,
    actor: Actor,
    moment: Moment,
    facility: Facility,
    found: EntryView,
    *,
    reason: str,
    key: str,
) -> str:
    """Reverse an entry about the fund's own money, by a manager; answer the new entry's id."""
    need_role(actor, Role.MANAGER)
    if found.reversed_by is not None:
        message = "This entry was reversed already. An entry is reversed once."
        raise ledger.AlreadyReversed(message)
    ask = "Write why the entry is reversed."
    memo = entered_text(reason, field="reason", ask=ask, longest=LONGEST_REASON)
    if found.event == RELEASE:
        take_back_release(session, actor, moment, facility, found)
    else:
        free_for_reversal(session, actor, moment, facility, found.entry_id)
    reversal_id = ledger.reverse(
        session,
        facility_id=facility.facility_id,
        entry_id=found.entry_id,
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
        subject=("entry", found.entry_id),
        action="reverse",
        facility_id=facility.facility_id,
        note=memo,
        details={
            "amount_minor": max(line.amount_minor for line in found.postings),
            "currency": found.postings[0].currency,
        },
    )
    return reversal_id


def reverse_act(
    session: Session, actor: Actor, moment: Moment, act_id: str, *, reason: str, key: str
) -> str:
    """Undo a charge or a use of waiting money; answer the reversing entry's id.

    Raises:
        Missing: there is no such act for the actor.
        WrongPerson: the actor is no officer.
        NotReversible: new terms or a rest given up, or not done, or reversed before.
        CreditGone: money that it left waiting was given back since.
    """
    row = session.get(ServicingAct, act_id)
    if row is None:
        raise Missing
    loan = locked_loan(session, actor, row.loan_id)
    session.refresh(row)
    need_role(actor, Role.OFFICER)
    if ActKind(row.kind) not in REVERSIBLE or row.status != DONE or row.reversed_at is not None:
        message = (
            "This cannot be reversed: it was reversed before, or is undone by other means. "
            "New terms are followed by newer ones."
        )
        raise NotReversible(message)
    note = entered_text(
        reason, field="reason", ask="Write why it is reversed.", longest=LONGEST_REASON
    )
    row.reversed_on, row.reversed_at = moment.on, moment.at
    session.flush()
    check_credit(session, record_of(session, loan), moment)
    before = loan.status
    entry_id = follow_reversal(session, actor, moment, loan, row.entry_id, reason=note, key=key)
    details = {"entry": entry_id}
    action = f"reverse_{row.kind}"
    write_event(session, actor, moment, loan, action, before=before, note=note, details=details)
    return entry_id
