"""The rows behind each figure of the fund: what its amount is the sum of.

A row is money in minor units, or one case (amount 1), or the days of one case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from loans.books.ledger_balances import TrialBalanceRow
from loans.cases.case_status import BORROWED, CaseStatus, LoanStatus
from loans.chart import BORROWERS_CREDIT, CAPITAL_KINDS, CONTRIBUTION_PREFIX, is_restricted
from loans.coverage import Coverage, percent_down
from loans.figures.fund_cases import CaseAt, Lag, lag_days
from loans.figures.fund_state import FundState
from loans.figures.portfolio import LoanAt

EVENT_WORDS = {
    "contribution": "Contributions",
    "administration": "Administration",
    "bank_interest": "Interest on bank balances",
    "disbursement": "Pay-outs to borrowers",
    "receipt": "Receipts of borrowers",
    "recovery": "Recoveries on loans written off",
    "write_off": "Write-offs",
    "transfer": "Transfers between own accounts",
    "reversal": "Reversals",
}


class Behind(StrEnum):
    """What a row leads to."""

    LOAN = "loan"
    APPLICATION = "application"
    ACCOUNT = "account"
    CASH_EVENT = "cash_event"
    FIGURE = "figure"


@dataclass(frozen=True)
class FigureRow:
    """One summand: what it leads to, its reference or name, whose it is, and its amount."""

    behind: Behind
    subject_id: str
    label: str
    owner: str
    detail: str
    amount: int


Rows = tuple[FigureRow, ...]


def contributions(state: FundState) -> Rows:
    """What each source paid in."""
    return tuple(
        _account(row) for row in state.accounts if row.code.startswith(CONTRIBUTION_PREFIX)
    )


def capital(state: FundState) -> Rows:
    """What each account adds to the capital: contributions and income less costs and losses."""
    return tuple(
        _account(row) for row in state.accounts if row.kind in CAPITAL_KINDS and row.balance_minor
    )


def _account(row: TrialBalanceRow) -> FigureRow:
    return FigureRow(
        Behind.ACCOUNT, row.code, row.name, "", f"Account {row.code}", -row.balance_minor
    )


def cash(state: FundState) -> Rows:
    """What moved the cash, by account and event, less money of borrowers and restricted money."""
    moved = tuple(
        FigureRow(
            Behind.CASH_EVENT,
            f"{one.account} {one.event}",
            event_words(one.event),
            "",
            one.account_name,
            one.amount_minor,
        )
        for one in state.cash_by_event
    )
    owed = tuple(
        FigureRow(Behind.ACCOUNT, row.code, row.name, "", "Not the fund's money", row.balance_minor)
        for row in state.accounts
        if row.code == BORROWERS_CREDIT and row.balance_minor
    )
    return (*moved, *owed, *_restricted(state, 1))


def restricted(state: FundState) -> Rows:
    """What donors restricted and nobody released yet."""
    return _restricted(state, -1)


def _restricted(state: FundState, sign: int) -> Rows:
    detail = "Restricted by the donor"
    return tuple(
        FigureRow(Behind.ACCOUNT, row.code, row.name, "", detail, sign * row.balance_minor)
        for row in state.accounts
        if is_restricted(row.code) and row.balance_minor
    )


def event_words(event: str) -> str:
    """The event of an entry in words, in the plural."""
    return EVENT_WORDS.get(event, event.replace("_", " ").capitalize())


def commitments(state: FundState) -> Rows:
    """What is approved and not paid out, of each case."""
    return tuple(
        FigureRow(
            Behind.APPLICATION,
            one.application_id,
            one.reference,
            one.enterprise,
            f"Approved {one.age_days} days before",
            one.amount_minor,
        )
        for one in state.commitments
    )


def net_available(state: FundState) -> Rows:
    """Cash less commitments, each of which opens its own rows."""
    available = sum(row.amount for row in cash(state))
    committed = sum(row.amount for row in commitments(state))
    return (
        FigureRow(Behind.FIGURE, "c3", "Cash available for lending", "", "C3", available),
        FigureRow(Behind.FIGURE, "c4", "Committed, not disbursed", "", "C4", -committed),
    )


def outstanding(state: FundState) -> Rows:
    """Principal outstanding of each loan."""
    return tuple(_loan(loan, loan.principal_minor) for loan in state.loans if loan.principal_minor)


def lent_and_committed(state: FundState) -> Rows:
    """Principal outstanding and commitments together."""
    return (*outstanding(state), *commitments(state))


def disbursed(state: FundState) -> Rows:
    """What each loan was paid out since the beginning."""
    return tuple(_loan(loan, loan.disbursed_minor) for loan in state.loans if loan.disbursed_minor)


def at_risk(days: int) -> Callable[[FundState], Rows]:
    """The whole principal of each loan more than ``days`` days past due."""

    def rows(state: FundState) -> Rows:
        return tuple(
            _loan(loan, loan.principal_minor)
            for loan in state.loans
            if loan.days_past_due > days and loan.principal_minor
        )

    return rows


def overdue(state: FundState) -> Rows:
    """What each loan owes past its due date, by the age of the instalments."""
    return tuple(
        FigureRow(
            Behind.LOAN,
            loan.loan_id,
            loan.reference,
            loan.borrower,
            f"Overdue {band.label} days",
            band.overdue_minor,
        )
        for loan in state.loans
        for band in loan.overdue_by_age
        if band.overdue_minor
    )


def repaid(state: FundState) -> Rows:
    """Principal that each borrower paid back since 1 January."""
    return tuple(
        _loan(loan, state.repaid_minor[loan.loan_id])
        for loan in state.loans
        if loan.loan_id in state.repaid_minor
    )


def secured(state: FundState) -> Rows:
    """What secures each loan with principal outstanding, after haircut, rounded down."""
    return tuple(
        _secured(loan, coverage, int(coverage.counted))
        for loan, coverage in _covered(state)
        if loan.principal_minor and coverage.counted >= 1
    )


def under_minimum(state: FundState) -> Rows:
    """The loans that are secured below the minimum of their profile, one each."""
    return tuple(
        _secured(loan, coverage, 1) for loan, coverage in _covered(state) if coverage.is_short
    )


def _covered(state: FundState) -> Iterable[tuple[LoanAt, Coverage]]:
    return (
        (loan, state.coverages[loan.loan_id])
        for loan in state.loans
        if loan.loan_id in state.coverages
    )


def _secured(loan: LoanAt, coverage: Coverage, amount: int) -> FigureRow:
    detail = f"Coverage {percent_down(coverage.ratio)}"
    if coverage.minimum is not None:
        detail = f"{detail}, at least {percent_down(coverage.minimum)} is demanded"
    return FigureRow(Behind.LOAN, loan.loan_id, loan.reference, loan.borrower, detail, amount)


def written_off(state: FundState) -> Rows:
    """Principal of each loan given up within 12 months."""
    return tuple(
        _loan(loan, state.written_off_minor[loan.loan_id])
        for loan in state.loans
        if loan.loan_id in state.written_off_minor
    )


def _loan(loan: LoanAt, amount: int) -> FigureRow:
    late = f", {loan.days_past_due} days past due" if loan.days_past_due else ""
    detail = f"{loan.status.value.replace('_', ' ').capitalize()}{late}"
    return FigureRow(Behind.LOAN, loan.loan_id, loan.reference, loan.borrower, detail, amount)


def cases(is_counted: Callable[[CaseAt], bool]) -> Callable[[FundState], Rows]:
    """The applications that the rule counts, one each."""

    def rows(state: FundState) -> Rows:
        return tuple(_case(case, 1) for case in state.cases if is_counted(case))

    return rows


def cases_that_took(step: str) -> Callable[[FundState], Rows]:
    """The applications that took this step, one each, whatever came after."""
    return cases(lambda case: step in case.step_days)


def cases_in(statuses: Iterable[CaseStatus]) -> Callable[[FundState], Rows]:
    """The applications in these statuses, one each."""
    wanted = frozenset(statuses)
    return cases(lambda case: case.status in wanted)


def loans_in(*statuses: LoanStatus) -> Callable[[FundState], Rows]:
    """The loans in these statuses, one each."""
    return _loans(lambda loan: loan.status in statuses)


def _loans(is_counted: Callable[[LoanAt], bool]) -> Callable[[FundState], Rows]:
    def rows(state: FundState) -> Rows:
        return tuple(_loan(loan, 1) for loan in state.loans if is_counted(loan))

    return rows


paid_out_loans = _loans(lambda loan: loan.disbursed_minor > 0)
active_loans = _loans(lambda loan: loan.status in BORROWED)


def waits(lag: Lag) -> Callable[[FundState], Rows]:
    """The days between two steps of each case that took both."""

    def rows(state: FundState) -> Rows:
        found = ((case, lag_days(case, lag)) for case in state.cases)
        return tuple(_case(case, days) for case, days in found if days is not None)

    return rows


def _case(case: CaseAt, amount: int) -> FigureRow:
    return FigureRow(
        Behind.APPLICATION,
        case.application_id,
        case.reference,
        case.enterprise,
        case.status.words.capitalize(),
        amount,
    )
