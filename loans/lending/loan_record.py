"""What the records tell of a loan: its contract, and the events of its life as they were known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from loans.component import Component
from loans.lending.loan_case import RELEASED, REPAYMENT
from loans.lending.seen import NOW, Seen
from loans.refusal import WrongValue
from loans.schedules.schedule import Method
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


@dataclass(frozen=True, eq=False)
class LoanRecord:
    """A loan's contract and events, from which everything about it follows.

    A record is itself only: what it says of a day is remembered for a while, as one act asks for
    the same day several times.
    """

    contract: Contract
    events: tuple[Event, ...]

    def at(self, day: date) -> AccountState:
        """What the loan owes on the evening of ``day``."""
        return _replayed(self, day)

    def last_due_on(self, day: date) -> date:
        """The last day on which anything can fall due, by the terms in force on ``day``."""
        if agreed := self._new_terms(day):
            return agreed.due_on[-1]
        paid_out = [one.on for one in self.events if isinstance(one, PaidOut) and one.on <= day]
        return self.contract.due_dates_for(min(paid_out, default=day))[-1]

    def method_on(self, day: date) -> Method:
        """How the newest terms agreed by ``day`` spread principal, or else the contract."""
        return (self._new_terms(day) or self.contract).method

    def _new_terms(self, day: date) -> Rescheduled | None:
        agreed = [one for one in self.events if isinstance(one, Rescheduled) and one.on <= day]
        return max(agreed, key=value_order, default=None)

    def with_event(self, event: Event) -> LoanRecord:
        """The same loan, if this happened as well."""
        return LoanRecord(self.contract, (*self.events, event))

    def without(self, ref: str) -> LoanRecord:
        """The same loan, had this event not happened."""
        kept = tuple(event for event in self.events if event.ref != ref)
        return LoanRecord(self.contract, kept)


@lru_cache(maxsize=16)
def _replayed(record: LoanRecord, day: date) -> AccountState:
    return replay(record.contract, record.events, until=day)


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
    record = _read(session, _queries_of_one(seen), {"loan_id": loan.id}).get(loan.id)
    if record is None:
        message = (
            "Nothing was known of this loan on that day. Enter a later day, or leave it empty."
        )
        raise NotKnownYet(message, field="known_on")
    return record


def records_of_all(
    session: Session, facility_id: str, seen: Seen = NOW
) -> Mapping[str, LoanRecord]:
    """What is recorded of every loan of a facility; the queries do not grow with the loans."""
    return _read(session, _queries(select(Loan.id).where(Loan.facility_id == facility_id), seen))


def records_of(session: Session, loan_ids: Sequence[str]) -> Mapping[str, LoanRecord]:
    """What is recorded of these loans; the queries do not grow with the loans."""
    return _read(session, _queries(select(Loan.id).where(Loan.id.in_(loan_ids)), NOW))


class _Queries(NamedTuple):
    """What is asked of the tables about some loans."""

    contracts: Select[str, dict[str, Any]]
    pay_outs: Select[str, date, str, int]
    receipts: Select[str, str, date, str, int, str | None]
    acts: Select[ServicingAct]
    write_offs: Select[str, date | None, str]


@lru_cache(maxsize=8)
def _queries_of_one(seen: Seen) -> _Queries:
    """Built once: every act on a loan asks them, and building them costs more than asking."""
    return _queries(select(Loan.id).where(Loan.id == bindparam("loan_id")), seen)


def _queries(loan_ids: Select[str], seen: Seen) -> _Queries:
    return _Queries(
        contracts=select(ContractVersion.loan_id, ContractVersion.terms)
        .where(ContractVersion.loan_id.in_(loan_ids), seen.knew(ContractVersion.made_at))
        .order_by(ContractVersion.loan_id, ContractVersion.version),
        pay_outs=select(
            Disbursement.loan_id, Disbursement.pay_on, Disbursement.id, Disbursement.amount_minor
        ).where(
            Disbursement.loan_id.in_(loan_ids),
            Disbursement.status == RELEASED,
            seen.happened(Disbursement.pay_on),
            seen.knew(Disbursement.released_at),
        ),
        receipts=select(
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
        ),
        acts=select(ServicingAct).where(
            ServicingAct.loan_id.in_(loan_ids),
            ServicingAct.status == DONE,
            seen.happened(ServicingAct.effective_on),
            seen.knew(ServicingAct.done_at),
            seen.stands(ServicingAct.requested_at, ServicingAct.reversed_at),
        ),
        write_offs=select(WriteOff.loan_id, WriteOff.confirmed_on, WriteOff.id).where(
            WriteOff.loan_id.in_(loan_ids),
            WriteOff.status == RELEASED,
            WriteOff.confirmed_on <= (seen.as_of or date.max),
            seen.knew(WriteOff.confirmed_at),
        ),
    )


_Named = Mapping[str, str]
_Found = Iterator[tuple[str, Event]]


def _read(
    session: Session, queries: _Queries, named: _Named | None = None
) -> Mapping[str, LoanRecord]:
    rows = session.execute(queries.contracts, named)
    newest = {loan_id: terms for loan_id, terms in rows}  # noqa: C416 - the last one stays
    found: dict[str, list[Event]] = defaultdict(list)
    for read in (_pay_outs, _receipts, _acts, _write_offs):
        for loan_id, event in read(session, queries, named):
            found[loan_id].append(event)
    return {
        loan_id: LoanRecord(_CONTRACT.validate_python(terms), tuple(found[loan_id]))
        for loan_id, terms in newest.items()
    }


def _pay_outs(session: Session, queries: _Queries, named: _Named | None) -> _Found:
    for loan_id, on, ref, amount_minor in session.execute(queries.pay_outs, named):
        yield loan_id, PaidOut(on, ref, amount_minor)


def _receipts(session: Session, queries: _Queries, named: _Named | None) -> _Found:
    rows = session.execute(queries.receipts, named)
    for loan_id, kind, on, ref, amount_minor, prepays in rows:
        choice = None if prepays is None else PrepaymentChoice(prepays)
        is_repayment = kind == REPAYMENT
        yield (
            loan_id,
            Received(on, ref, amount_minor, choice)
            if is_repayment
            else Recovered(on, ref, amount_minor),
        )


def _acts(session: Session, queries: _Queries, named: _Named | None) -> _Found:
    for row in session.scalars(queries.acts, named):
        if (event := event_of(row)) is not None:
            yield row.loan_id, event


def _write_offs(session: Session, queries: _Queries, named: _Named | None) -> _Found:
    for loan_id, on, ref in session.execute(queries.write_offs, named):
        if on is not None:
            yield loan_id, WrittenOff(on, ref)


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
