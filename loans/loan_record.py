"""What the records tell of a loan: its contract, and the events of its life as they were known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from loans.component import Component
from loans.loan_case import RELEASED, REPAYMENT
from loans.refusal import WrongValue
from loans.seen import NOW, Seen
from loans.servicing_kinds import DONE, ActKind
from loans.servicing_tables import ContractVersion, ServicingAct
from loans.subledger.contract import Contract
from loans.subledger.events import (
    Charged,
    CreditUsed,
    Event,
    PaidOut,
    PrepaymentChoice,
    Received,
    Recovered,
    Refunded,
    Rescheduled,
    RestGivenUp,
    WrittenOff,
    value_order,
)
from loans.subledger.replay import replay
from loans.subledger.state import AccountState
from loans.tables import Disbursement, Loan, Receipt, WriteOff

_CONTRACT = TypeAdapter(Contract)
_RESCHEDULED = TypeAdapter(Rescheduled)


@dataclass(frozen=True)
class LoanRecord:
    """A loan's contract and events, from which everything about it follows."""

    contract: Contract
    events: tuple[Event, ...]

    def at(self, day: date) -> AccountState:
        """What the loan owes on the evening of ``day``."""
        return replay(self.contract, self.events, until=day)

    def last_due_on(self, day: date) -> date:
        """The last day on which anything can fall due, by the terms in force on ``day``."""
        known = [event for event in self.events if event.on <= day]
        agreed = [event for event in known if isinstance(event, Rescheduled)]
        if agreed:
            return max(agreed, key=value_order).due_on[-1]
        paid_out = [event.on for event in known if isinstance(event, PaidOut)]
        return self.contract.due_dates_for(min(paid_out, default=day))[-1]

    def without(self, ref: str) -> LoanRecord:
        """The same loan, had this event not happened."""
        kept = tuple(event for event in self.events if event.ref != ref)
        return LoanRecord(self.contract, kept)


def contract_document(contract: Contract) -> dict[str, Any]:
    """A contract as it is kept."""
    document: dict[str, Any] = _CONTRACT.dump_python(contract, mode="json")
    return document


class NotKnownYet(WrongValue):
    """The day asked for lies before the signature was recorded."""


def record_of(session: Session, loan: Loan, seen: Seen = NOW) -> LoanRecord:
    """What is recorded of one loan.

    Raises:
        NotKnownYet: the signature was recorded after the day as known on which it is asked for.
    """
    contract = _contracts(session, _one(loan.id), seen).get(loan.id)
    if contract is None:
        message = (
            "Nothing was known of this loan on that day. Enter a later day, or leave it empty."
        )
        raise NotKnownYet(message, field="known_on")
    found = _events(session, _one(loan.id), seen)
    return LoanRecord(contract, tuple(found[loan.id]))


def records_of_all(
    session: Session, facility_id: str, seen: Seen = NOW
) -> Mapping[str, LoanRecord]:
    """What is recorded of every loan of a facility; the queries do not grow with the loans."""
    return _records(session, select(Loan.id).where(Loan.facility_id == facility_id), seen)


def records_of(session: Session, loan_ids: Sequence[str]) -> Mapping[str, LoanRecord]:
    """What is recorded of these loans; the queries do not grow with the loans."""
    return _records(session, select(Loan.id).where(Loan.id.in_(loan_ids)), NOW)


def _records(session: Session, loan_ids: Select[str], seen: Seen) -> Mapping[str, LoanRecord]:
    found = _events(session, loan_ids, seen)
    return {
        loan_id: LoanRecord(contract, tuple(found[loan_id]))
        for loan_id, contract in _contracts(session, loan_ids, seen).items()
    }


def _one(loan_id: str) -> Select[str]:
    return select(Loan.id).where(Loan.id == loan_id)


def _contracts(session: Session, loan_ids: Select[str], seen: Seen) -> Mapping[str, Contract]:
    """The newest version of each contract that was known."""
    rows = session.execute(
        select(ContractVersion.loan_id, ContractVersion.terms)
        .where(ContractVersion.loan_id.in_(loan_ids), seen.knew(ContractVersion.made_at))
        .order_by(ContractVersion.loan_id, ContractVersion.version)
    )
    newest = {loan_id: terms for loan_id, terms in rows}  # noqa: C416 - the last one stays
    return {loan_id: _CONTRACT.validate_python(terms) for loan_id, terms in newest.items()}


def _events(session: Session, loan_ids: Select[str], seen: Seen) -> Mapping[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    queries = (_pay_outs, _receipts, _acts, _write_offs)
    for query in queries:
        for loan_id, event in query(session, loan_ids, seen):
            found[loan_id].append(event)
    return found


_Found = Iterator[tuple[str, Event]]


def _pay_outs(session: Session, loan_ids: Select[str], seen: Seen) -> _Found:
    rows = session.execute(
        select(
            Disbursement.loan_id, Disbursement.pay_on, Disbursement.id, Disbursement.amount_minor
        ).where(
            Disbursement.loan_id.in_(loan_ids),
            Disbursement.status == RELEASED,
            seen.happened(Disbursement.pay_on),
            seen.knew(Disbursement.released_at),
        )
    )
    for loan_id, on, ref, amount_minor in rows:
        yield loan_id, PaidOut(on, ref, amount_minor)


def _receipts(session: Session, loan_ids: Select[str], seen: Seen) -> _Found:
    rows = session.execute(
        select(
            Receipt.loan_id,
            Receipt.kind,
            Receipt.received_on,
            Receipt.id,
            Receipt.amount_minor,
            Receipt.prepays,
        ).where(
            Receipt.loan_id.in_(loan_ids),
            seen.happened(Receipt.received_on),
            seen.stands(Receipt.recorded_at, Receipt.reversed_at),
        )
    )
    for loan_id, kind, on, ref, amount_minor, prepays in rows:
        choice = None if prepays is None else PrepaymentChoice(prepays)
        is_repayment = kind == REPAYMENT
        yield (
            loan_id,
            Received(on, ref, amount_minor, choice)
            if is_repayment
            else Recovered(on, ref, amount_minor),
        )


def _acts(session: Session, loan_ids: Select[str], seen: Seen) -> _Found:
    rows = session.scalars(
        select(ServicingAct).where(
            ServicingAct.loan_id.in_(loan_ids),
            ServicingAct.status == DONE,
            seen.happened(ServicingAct.effective_on),
            seen.knew(ServicingAct.done_at),
            seen.stands(ServicingAct.requested_at, ServicingAct.reversed_at),
        )
    )
    for row in rows:
        if (event := event_of(row)) is not None:
            yield row.loan_id, event


def event_of(act: ServicingAct) -> Event | None:
    """The event that an act brings; what secures a loan changes nothing that it owes."""
    on, ref, amount_minor = act.effective_on, act.id, act.amount_minor or 0
    match ActKind(act.kind):
        case ActKind.CHARGE:
            return Charged(on, ref, amount_minor, Component(act.terms["component"]))
        case ActKind.CREDIT_USE:
            return CreditUsed(on, ref, amount_minor, PrepaymentChoice(act.terms["prepays"]))
        case ActKind.REFUND:
            return Refunded(on, ref, amount_minor)
        case ActKind.GIVE_UP_REST:
            return RestGivenUp(on, ref, amount_minor)
        case ActKind.RESCHEDULE | ActKind.HOLIDAY:
            return reschedule_of(act)
        case ActKind.RELEASE_SECURITY:
            return None


def reschedule_of(act: ServicingAct) -> Rescheduled:
    """The new terms of an act."""
    return _RESCHEDULED.validate_python({**act.terms, "on": act.effective_on, "ref": act.id})


def reschedule_document(event: Rescheduled) -> dict[str, Any]:
    """New terms as they are kept with their act."""
    document: dict[str, Any] = _RESCHEDULED.dump_python(event, mode="json")
    return {name: value for name, value in document.items() if name not in {"on", "ref"}}


def _write_offs(session: Session, loan_ids: Select[str], seen: Seen) -> _Found:
    rows = session.execute(
        select(WriteOff.loan_id, WriteOff.confirmed_on, WriteOff.id).where(
            WriteOff.loan_id.in_(loan_ids),
            WriteOff.status == RELEASED,
            WriteOff.confirmed_on <= (seen.as_of or date.max),
            seen.knew(WriteOff.confirmed_at),
        )
    )
    for loan_id, on, ref in rows:
        if on is not None:
            yield loan_id, WrittenOff(on, ref)
