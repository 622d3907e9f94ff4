"""States of a fund written down by hand, for figures that need no database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from loans.arrears import AGE_BANDS, AgeBand
from loans.books.ledger_balances import TrialBalanceRow
from loans.cases.case_status import CaseStatus, LoanStatus
from loans.chart import ADMINISTRATION, CASH, INTEREST_INCOME, LOANS, LOSSES, AccountKind
from loans.figures.fund_cases import CaseAt
from loans.figures.fund_state import CashEvent, Commitment, FundState
from loans.figures.portfolio import LoanAt

ON = date(2026, 6, 30)


def account(code: str, kind: AccountKind, balance_minor: int) -> TrialBalanceRow:
    return TrialBalanceRow(f"id-{code}", code, f"Account {code}", kind, "EUR", balance_minor)


def loan(number: int, lent_minor: int, days_past_due: int = 0, **changes: Any) -> LoanAt:
    """A loan that is being repaid, with all that is overdue of one age."""
    overdue = changes.pop("overdue_minor", 1_000 if days_past_due else 0)
    values: dict[str, Any] = {
        "loan_id": f"loan-{number}",
        "reference": f"L-2026-{number:03d}",
        "application_id": f"case-{number}",
        "enterprise_id": f"enterprise-{number}",
        "borrower": f"Borrower {number}",
        "status": LoanStatus.REPAYING,
        "signed_on": ON - timedelta(days=400),
        "first_paid_out_on": ON - timedelta(days=390),
        "contract_minor": lent_minor,
        "disbursed_minor": lent_minor,
        "principal_minor": lent_minor,
        "written_off_minor": 0,
        "days_past_due": days_past_due,
        "overdue_minor": overdue,
        "overdue_principal_minor": overdue,
        "overdue_by_age": _all_of_one_age(overdue, days_past_due),
        "accrued_minor": 0,
        "credit_minor": 0,
        "next_due": None,
    }
    return LoanAt(**(values | changes))


def _all_of_one_age(overdue_minor: int, days: int) -> tuple[AgeBand, ...]:
    return tuple(
        AgeBand(
            first, last, overdue_minor if first <= days and (last is None or days <= last) else 0
        )
        for first, last in AGE_BANDS
    )


def commitment(number: int, amount_minor: int, age_days: int = 10) -> Commitment:
    return Commitment(
        f"case-c{number}",
        f"CP-2026-{number:03d}",
        f"Enterprise {number}",
        amount_minor,
        ON - timedelta(days=age_days),
        age_days,
    )


def case(number: int, status: CaseStatus, steps: Mapping[str, int]) -> CaseAt:
    """A case with each step so many days before the day of the state."""
    days = {step: ON - timedelta(days=before) for step, before in steps.items()}
    return CaseAt(f"case-{number}", f"CP-2026-{number:03d}", f"Enterprise {number}", status, days)


def moved(event: str, amount_minor: int, account: str = CASH) -> CashEvent:
    """What entries of one kind moved on an account at a bank."""
    return CashEvent(account, f"Account {account}", event, amount_minor)


def state(**changes: Any) -> FundState:
    """A fund in which nothing has happened, but for ``changes``."""
    values: dict[str, Any] = {
        "as_of": ON,
        "currency": "EUR",
        "accounts": (),
        "cash_by_event": (),
        "loans": (),
        "commitments": (),
        "cases": (),
        "repaid_minor": {},
        "written_off_minor": {},
        "outstanding_minor": (0,) * 13,
    }
    return FundState(**(values | changes))


def worked_check() -> FundState:
    """The fund of the worked check: 2 million paid in, 1.4 million lent, 360,000 committed."""
    return state(
        accounts=(
            account(CASH, AccountKind.ASSET, 61_000_000),
            account(LOANS, AccountKind.ASSET, 140_000_000),
            account("3001", AccountKind.EQUITY, -200_000_000),
            account(INTEREST_INCOME, AccountKind.INCOME, -18_000_000),
            account(ADMINISTRATION, AccountKind.EXPENSE, 12_000_000),
            account(LOSSES, AccountKind.EXPENSE, 5_000_000),
        ),
        cash_by_event=(
            moved("contribution", 200_000_000),
            moved("administration", -12_000_000),
            moved("disbursement", -160_000_000),
            moved("receipt", 33_000_000),
        ),
        loans=(loan(1, 80_000_000), loan(2, 60_000_000)),
        commitments=(commitment(1, 20_000_000, 30), commitment(2, 16_000_000, 31)),
    )
