"""A fund with as many loans as asked for: invented, alike by the dozen, entered without acts.

Every tenth loan is late. Rows and postings are those that the acts would leave, so that the check
of the books holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from loans.bookings import loan_moved
from loans.books import ledger
from loans.cases.case_status import LoanStatus
from loans.chart import CASH
from loans.ledger_legs import Leg
from loans.lending.loan_case import RELEASED, REPAYMENT
from loans.lending.loan_record import LoanRecord, contract_document
from loans.schedules.day_count import DayCount, due_dates
from loans.schedules.schedule import Instalment, Method
from loans.servicing_tables import ContractVersion
from loans.storage.database import Database, new_id
from loans.subledger.balances import FOLLOWED, control_balances
from loans.subledger.contract import Contract
from loans.subledger.events import Event, PaidOut, Received
from loans.tables import (
    Application,
    Disbursement,
    InstalmentRow,
    Loan,
    Proposal,
    Receipt,
    ScheduleVersion,
)
from tests.funds import Fund, open_fund

PAID_ON, FIRST_DUE_ON = date(2026, 1, 15), date(2026, 2, 15)
MONTH_END = date(2026, 3, 31)
INSTALMENTS = 12
DOZEN = 20
"""Kinds of loans; the rest are copies of them."""
_AT_ONCE = 1_000
_CAPITAL_MINOR = 900_000_000_000


@dataclass(frozen=True)
class Kind:
    """A loan as it is copied: its record, its schedule, and what each day moved in the books."""

    record: LoanRecord
    schedule: tuple[Instalment, ...]
    moves: Mapping[date, tuple[int, Mapping[str, int]]]
    """Cash and balances by the day on which money moved."""

    def legs(self, loan_id: str, on: date) -> list[Leg]:
        """What a day moved for one of the copies."""
        if on not in self.moves:
            return []
        money, moved = self.moves[on]
        return loan_moved(loan_id, moved, Leg(CASH, money, loan_id))


def many_loans(database: Database, count: int) -> Fund:
    """An open fund with ``count`` loans paid out in January and due in February and March."""
    fund = open_fund(database, capital_minor=_CAPITAL_MINOR)
    kinds = [_kind(number) for number in range(DOZEN)]
    for first in range(0, count, _AT_ONCE):
        with database.writing() as session:
            _enter(session, fund, kinds, range(first, min(count, first + _AT_ONCE)))
    return fund


def _kind(number: int) -> Kind:
    due_on = due_dates(FIRST_DUE_ON, INSTALMENTS, 1, start=PAID_ON)
    contract = Contract(
        principal_minor=500_000 + 10_000 * number,
        annual_rate=Decimal("0.06"),
        day_count=DayCount.ACT_365_FIXED,
        method=Method.LEVEL,
        planned_pay_out_on=PAID_ON,
        due_on=due_on,
        late_interest_margin=Decimal("0.04"),
        non_accrual_after_days=90,
    )
    paid = PaidOut(PAID_ON, "p", contract.principal_minor)
    plan = LoanRecord(contract, (paid,)).at(PAID_ON).schedule
    kept = 1 if number % 10 == 0 else 2
    events: tuple[Event, ...] = (
        paid,
        *(Received(row.due_on, "r", row.total_minor) for row in plan[:kept]),
    )
    record = LoanRecord(contract, events)
    return Kind(record, plan, _moves(record))


def _moves(record: LoanRecord) -> Mapping[date, tuple[int, Mapping[str, int]]]:
    moves: dict[date, tuple[int, Mapping[str, int]]] = {}
    before: Mapping[str, int] = dict.fromkeys(FOLLOWED, 0)
    for event in record.events:
        after = control_balances(record.at(event.on))
        minor = event.amount_minor if isinstance(event, PaidOut | Received) else 0
        money = -minor if isinstance(event, PaidOut) else minor
        moves[event.on] = money, {code: after[code] - before[code] for code in after}
        before = after
    return moves


def _enter(session: Session, fund: Fund, kinds: list[Kind], numbers: range) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {}
    loans = [(new_id(), number, kinds[number % len(kinds)]) for number in numbers]
    for loan_id, number, kind in loans:
        for table, row in _rows(fund, loan_id, number, kind):
            rows.setdefault(table, []).append(row)
    for table, found in rows.items():
        session.execute(insert(table), found)
    for on in kinds[1].moves:
        legs = [leg for loan_id, _, kind in loans for leg in kind.legs(loan_id, on)]
        ledger.post(
            session,
            facility_id=fund.facility_id,
            event="receipt" if on > PAID_ON else "disbursement",
            effective_on=on,
            booked_at=_at(on),
            actor_id=fund.officer.user_id,
            key=f"{numbers[0]} {on}",
            legs=legs,
        )


def _at(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=UTC)


def _rows(
    fund: Fund, loan_id: str, number: int, kind: Kind
) -> Iterator[tuple[type[Any] | Table, dict[str, Any]]]:
    officer, manager = fund.officer.user_id, fund.manager.user_id
    at, contract = _at(PAID_ON), kind.record.contract
    case = {"facility_id": fund.facility_id, "enterprise_id": fund.enterprise_id}
    proposal_id, application_id, schedule_id = new_id(), new_id(), new_id()
    made = {"made_by": officer, "made_on": PAID_ON, "made_at": at}
    yield (
        Proposal,
        {
            **case,
            "id": proposal_id,
            "status": "submitted",
            "title": "Invented",
            "answers": {},
            "version": 1,
            "created_by": officer,
            "created_at": at,
            "updated_by": officer,
            "updated_at": at,
        },
    )
    yield (
        Application,
        {
            **case,
            "id": application_id,
            "proposal_id": proposal_id,
            "reference": f"CP-{number}",
            "title": "Invented",
            "status": "signed",
            "status_since_on": PAID_ON,
            "submitted_on": PAID_ON,
            "figures": {},
            "answers": {},
            "figures_hash": "",
            "profile_code": "nefco-1998",
            "profile_version": 1,
        },
    )
    yield (
        Loan,
        {
            **case,
            "id": loan_id,
            "application_id": application_id,
            "reference": f"L-{number}",
            "status": LoanStatus.REPAYING.value,
            "principal_minor": contract.principal_minor,
            "annual_rate": str(contract.annual_rate),
            "maturity_months": INSTALMENTS,
            "method": "level",
            "day_count": contract.day_count.value,
            "grace_instalments": 0,
            "signed_on": PAID_ON,
            "first_pay_out_on": PAID_ON,
            "first_due_on": FIRST_DUE_ON,
            "profile_code": "nefco-1998",
            "profile_version": 1,
            "hold_id": "",
        },
    )
    terms = {"id": new_id(), "loan_id": loan_id, "version": 1, "reason": "Signed", **made}
    yield ContractVersion, {**terms, "terms": contract_document(contract)}
    version = {"id": schedule_id, "loan_id": loan_id, "version": 1, "is_active": True}
    yield ScheduleVersion, {**version, "reason": "Pay-out", **made}
    for row in kind.schedule:
        cells = {"due_on": row.due_on, "principal_minor": row.principal_minor}
        yield (
            InstalmentRow,
            {
                "schedule_id": schedule_id,
                "number": row.number,
                **cells,
                "interest_minor": row.interest_minor,
                "capitalised_minor": 0,
            },
        )
    yield (
        Disbursement,
        {
            "id": new_id(),
            "loan_id": loan_id,
            "status": RELEASED,
            "pay_on": PAID_ON,
            "amount_minor": contract.principal_minor,
            "purpose": "Invented",
            "prepared_by": officer,
            "prepared_at": at,
            "released_by": manager,
            "released_at": at,
            "entry_id": None,
        },
    )
    for event in kind.record.events:
        if isinstance(event, Received):
            yield (
                Receipt,
                {
                    "id": new_id(),
                    "loan_id": loan_id,
                    "kind": REPAYMENT,
                    "prepays": None,
                    "amount_minor": event.amount_minor,
                    "received_on": event.on,
                    "bank_reference": "",
                    "recorded_by": officer,
                    "entry_id": "",
                    "recorded_at": _at(event.on),
                },
            )
