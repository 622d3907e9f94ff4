"""Where the money of one loan stands on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loans.arrears import AgeBand, arrears_by_age
from loans.component import Component
from loans.figures.portfolio import NextDue, next_due
from loans.lending.loan_facts import LoanRecords
from loans.subledger.state import AccountState, Target
from loans.tables import Loan


@dataclass(frozen=True)
class LoanBalances:
    """Where the money of a loan stands, in minor units.

    ``due_minor`` has fallen due and is not paid, late interest, fees and costs with it;
    ``accrued_minor`` is interest earned since the last due day. ``credit_minor`` is the borrower's
    money that waits. ``suspended_minor`` is owed and, in non-accrual, no income yet.
    ``pay_off_minor`` closes the loan on the day. ``owed_minor`` is everything still to be paid
    by the schedule in force. ``written_off_minor`` is everything that was given up.
    """

    disbursed_minor: int
    undisbursed_minor: int
    given_up_minor: int
    outstanding_minor: int
    capitalised_minor: int
    principal_paid_minor: int
    interest_paid_minor: int
    charges_paid_minor: int
    paid_minor: int
    written_off_minor: int
    recovered_minor: int
    due_minor: int
    accrued_minor: int
    late_interest_minor: int
    fees_minor: int
    credit_minor: int
    suspended_minor: int
    pay_off_minor: int
    owed_minor: int
    days_past_due: int
    overdue_minor: int
    overdue_by_age: tuple[AgeBand, ...]
    is_non_accrual: bool
    restructured_on: date | None
    next_due: NextDue | None


def paid_for(state: AccountState, *components: Component) -> int:
    """What money paid of these components, due or before it was due."""
    return sum(
        part.amount_minor
        for one in state.allocations
        for part in one.parts
        if part.target in (Target.DUE, Target.PREPAID) and part.component in components
    )


def balances_of(loan: Loan, records: LoanRecords, *, runs: bool) -> LoanBalances:
    """Where the money stands; ``runs`` tells that instalments are still to come."""
    state = records.state
    opened = state.open
    planned = sum(row.total_minor for row in state.schedule if row.due_on > state.on)
    return LoanBalances(
        disbursed_minor=state.disbursed_minor,
        undisbursed_minor=loan.principal_minor - state.disbursed_minor - state.given_up_minor,
        given_up_minor=state.given_up_minor,
        outstanding_minor=state.principal_minor,
        capitalised_minor=state.capitalised_minor,
        principal_paid_minor=paid_for(state, Component.PRINCIPAL),
        interest_paid_minor=paid_for(state, Component.INTEREST, Component.LATE_INTEREST),
        charges_paid_minor=paid_for(state, Component.FEES, Component.COSTS),
        paid_minor=records.paid_minor,
        written_off_minor=state.written_off.total,
        recovered_minor=records.recovered_minor,
        due_minor=opened.total,
        accrued_minor=state.accrued_minor,
        late_interest_minor=opened.late_interest,
        fees_minor=opened.fees + opened.costs,
        credit_minor=state.credit_minor,
        suspended_minor=state.suspended.total,
        pay_off_minor=max(0, state.pay_off_minor),
        owed_minor=opened.total + planned if runs else 0,
        days_past_due=state.days_past_due,
        overdue_minor=state.overdue_minor,
        overdue_by_age=arrears_by_age(state.items, state.on),
        is_non_accrual=state.is_non_accrual,
        restructured_on=state.restructured_on,
        next_due=next_due(state) if runs else None,
    )
