"""The principal of all loans rolled forward over a period, and held against their account.

The figures of each loan come from its record, replayed to both days. What the account of loans
says comes from the postings, so that the two can differ: interest that was capitalised and is not
booked yet, and what changed behind a late fact, stand in the books on a later value date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from loans.books.ledger_balances import balance, loan_balances
from loans.chart import LOANS
from loans.component import Component
from loans.figures import portfolio_facts as facts
from loans.fund import Facility
from loans.lending.loan_record import LoanRecord, records_of_all
from loans.lending.seen import Seen
from loans.subledger.state import AccountState, Target


@dataclass(frozen=True)
class PrincipalMoved:
    """Principal over a period, in minor units: opening + what came - what went = closing.

    ``booked_opening_minor`` and ``booked_closing_minor`` are what the account of loans says.
    """

    opening_minor: int
    disbursed_minor: int
    capitalised_minor: int
    paid_minor: int
    written_off_minor: int
    closing_minor: int
    booked_opening_minor: int
    booked_closing_minor: int

    @property
    def opening_difference_minor(self) -> int:
        """What the books have more than the records on the evening before the period."""
        return self.booked_opening_minor - self.opening_minor

    @property
    def closing_difference_minor(self) -> int:
        """What the books have more than the records on the last evening."""
        return self.booked_closing_minor - self.closing_minor

    @property
    def unexplained_minor(self) -> int:
        """What the movements leave of the change from opening to closing."""
        came = self.disbursed_minor + self.capitalised_minor
        went = self.paid_minor + self.written_off_minor
        return self.closing_minor - self.opening_minor - came + went

    @property
    def agrees(self) -> bool:
        """Whether the movements add up, and the books say the same on both days."""
        differences = (self.opening_difference_minor, self.closing_difference_minor)
        return not any((*differences, self.unexplained_minor))


@dataclass(frozen=True)
class RolledLoan:
    """One loan over the period."""

    loan_id: str
    reference: str
    borrower: str
    moved: PrincipalMoved


@dataclass(frozen=True)
class RollForward:
    """Every loan whose principal moved or stood in the period, and all of them together.

    ``total`` holds the sum over the loans against the whole account, so that a posting without
    its loan shows as a difference of the total alone.
    """

    from_on: date
    to_on: date
    currency: str
    loans: tuple[RolledLoan, ...]
    total: PrincipalMoved


def roll_forward(session: Session, facility: Facility, from_on: date, to_on: date) -> RollForward:
    """Principal from the morning of ``from_on`` to the evening of ``to_on``."""
    before = from_on - timedelta(days=1)
    here = facility.facility_id
    records = records_of_all(session, here)
    opened, closed = (
        loan_balances(session, facility_id=here, account=LOANS, as_of=day)
        for day in (before, to_on)
    )
    rolled = tuple(
        RolledLoan(
            loan.id,
            loan.reference,
            borrower,
            _moved(records[loan.id], (before, to_on), (opened, closed), loan.id),
        )
        for loan, borrower in facts.loans(session, facts.Day(here, to_on, Seen()))
        if loan.id in records
    )
    whole = tuple(
        balance(session, facility_id=here, account=LOANS, as_of=day) for day in (before, to_on)
    )
    total = _total(tuple(one.moved for one in rolled), (whole[0], whole[1]))
    shown = tuple(one for one in rolled if any(vars(one.moved).values()))
    return RollForward(from_on, to_on, facility.currency, shown, total)


def _moved(
    record: LoanRecord,
    days: tuple[date, date],
    booked: tuple[Mapping[str, int], Mapping[str, int]],
    loan_id: str,
) -> PrincipalMoved:
    first, last = (record.at(day) for day in days)
    return PrincipalMoved(
        opening_minor=first.principal_minor,
        disbursed_minor=last.disbursed_minor - first.disbursed_minor,
        capitalised_minor=last.capitalised_minor - first.capitalised_minor,
        paid_minor=principal_paid_minor(last) - principal_paid_minor(first),
        written_off_minor=last.written_off.principal - first.written_off.principal,
        closing_minor=last.principal_minor,
        booked_opening_minor=booked[0].get(loan_id, 0),
        booked_closing_minor=booked[1].get(loan_id, 0),
    )


def principal_paid_minor(state: AccountState) -> int:
    """Principal that money paid since the first pay-out: due, or before it was due."""
    return sum(
        part.amount_minor
        for one in state.allocations
        for part in one.parts
        if part.target in (Target.DUE, Target.PREPAID) and part.component is Component.PRINCIPAL
    )


def _total(moved: tuple[PrincipalMoved, ...], booked: tuple[int, int]) -> PrincipalMoved:
    return PrincipalMoved(
        opening_minor=sum(one.opening_minor for one in moved),
        disbursed_minor=sum(one.disbursed_minor for one in moved),
        capitalised_minor=sum(one.capitalised_minor for one in moved),
        paid_minor=sum(one.paid_minor for one in moved),
        written_off_minor=sum(one.written_off_minor for one in moved),
        closing_minor=sum(one.closing_minor for one in moved),
        booked_opening_minor=booked[0],
        booked_closing_minor=booked[1],
    )
