"""How late a loan is: its days past due, what is overdue, and whether interest still counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loans.subledger.running_account import RunningAccount
from loans.subledger.running_item import INTEREST, LATE_INTEREST, PRINCIPAL
from loans.subledger.state import Amounts


@dataclass(frozen=True, slots=True)
class Standing:
    """Arrears on a day, in minor units, and what of the income owed is suspended."""

    days_past_due: int
    overdue_minor: int
    overdue_principal_minor: int
    is_non_accrual: bool
    suspended: Amounts


def standing_of(account: RunningAccount, on: date) -> Standing:
    """The arrears of an account that stands on ``on``.

    An item is overdue from the day after a receipt for it would have been on time. The days count
    from there for the oldest item at which the overdue amounts, summed from the oldest, exceed
    the tolerance. Beyond the contract's limit of days the loan is in non-accrual.
    """
    overdue = principal = days = 0
    for item in account.open:
        if item.until >= on:
            continue
        overdue += item.open_minor
        principal += item.due[PRINCIPAL] - item.paid[PRINCIPAL]
        if not days and overdue > account.contract.tolerance_minor:
            days = (on - item.until).days
    limit = account.contract.non_accrual_after_days
    is_non_accrual = limit is not None and days > limit
    suspended = _unpaid_interest(account) if is_non_accrual else Amounts()
    return Standing(days, overdue, principal, is_non_accrual, suspended)


def _unpaid_interest(account: RunningAccount) -> Amounts:
    def unpaid(place: int) -> int:
        return sum(item.due[place] - item.paid[place] for item in account.open)

    return Amounts(
        late_interest=unpaid(LATE_INTEREST), interest=unpaid(INTEREST) + account.accrued_minor
    )
