"""What the books hold for one loan, account by account, once they are brought to a day."""

from __future__ import annotations

from collections.abc import Mapping

from loans.chart import (
    BORROWERS_CREDIT,
    FEES,
    FEES_RECEIVABLE,
    INTEREST_IN_SUSPENSE,
    INTEREST_RECEIVABLE,
    LATE_INTEREST_INCOME,
    LATE_INTEREST_RECEIVABLE,
    LOANS,
    LOSSES,
    RECOVERIES,
)
from loans.subledger.state import AccountState

FOLLOWED = (
    *(LOANS, INTEREST_RECEIVABLE, LATE_INTEREST_RECEIVABLE, FEES_RECEIVABLE),
    *(BORROWERS_CREDIT, INTEREST_IN_SUSPENSE),
    *(FEES, LATE_INTEREST_INCOME, LOSSES, RECOVERIES),
)
"""The accounts whose postings for a loan follow its state. Interest income takes the balance."""


def control_balances(state: AccountState) -> Mapping[str, int]:
    """Signed minor units, debit positive, on each account of ``FOLLOWED``.

    Together with the money that went out and came in, and with interest income as earned less
    suspended, they sum to 0.
    """
    opened, suspended = state.open, state.suspended
    lost, never_income = state.written_off, state.suspended_when_written_off
    return {
        LOANS: state.principal_minor,
        INTEREST_RECEIVABLE: opened.interest + state.accrued_minor,
        LATE_INTEREST_RECEIVABLE: opened.late_interest,
        FEES_RECEIVABLE: opened.fees + opened.costs,
        BORROWERS_CREDIT: -state.credit_minor,
        INTEREST_IN_SUSPENSE: -suspended.total,
        FEES: -state.fees_charged_minor,
        LATE_INTEREST_INCOME: -(
            state.late_interest_earned_minor - suspended.late_interest - never_income.late_interest
        ),
        LOSSES: lost.total - never_income.total,
        RECOVERIES: -state.recovered.total,
    }


def missing_balances(state: AccountState, posted: Mapping[str, int]) -> Mapping[str, int]:
    """What is to be posted on each account of ``FOLLOWED`` until the books say what the state says.

    ``posted`` is what the postings of the loan sum to.
    """
    return {code: wanted - posted[code] for code, wanted in control_balances(state).items()}
