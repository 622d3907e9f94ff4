"""The chart of accounts of a facility: what each account is for and how its balance is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CASH = "1010"
LOANS = "1210"
INTEREST_RECEIVABLE = "1220"
LATE_INTEREST_RECEIVABLE = "1230"
FEES_RECEIVABLE = "1240"
ALLOWANCE = "1290"
BORROWERS_CREDIT = "2010"
INTEREST_IN_SUSPENSE = "2020"
INTEREST_INCOME = "4010"
FEES = "4020"
LATE_INTEREST_INCOME = "4025"
RECOVERIES = "4030"
BANK_INTEREST = "4040"
ADMINISTRATION = "5010"
LOSSES = "5020"
ALLOWANCE_CHANGE = "5030"
COMMITMENTS = "9010"
COMMITMENTS_CONTRA = "9020"
CASH_PREFIX = "10"
CONTRIBUTION_PREFIX = "30"

MOST_SOURCES = 99
MOST_RESTRICTIONS = 999
MOST_BANK_ACCOUNTS = 90


class AccountKind(StrEnum):
    """What an account stands for; it decides which sign people are shown."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"
    MEMO = "memo"

    def shown_minor(self, balance_minor: int) -> int:
        """A balance (debit positive) as people read it: what is owed or earned is positive."""
        credit_kinds = {AccountKind.LIABILITY, AccountKind.EQUITY, AccountKind.INCOME}
        return -balance_minor if self in credit_kinds else balance_minor


CAPITAL_KINDS = frozenset({AccountKind.EQUITY, AccountKind.INCOME, AccountKind.EXPENSE})
"""The accounts whose balances together are the capital."""


@dataclass(frozen=True)
class Account:
    """An account to open. Its balance less reserves never falls below ``floor_minor``, if set."""

    code: str
    name: str
    kind: AccountKind
    floor_minor: int | None = None


class TooManySources(ValueError):
    """The numbers for accounts of contributions are used up."""


class TooManyBankAccounts(ValueError):
    """The numbers for accounts at banks are used up."""


def opening_chart() -> tuple[Account, ...]:
    """The accounts that every facility opens with; contributions get theirs as they come."""
    return (
        Account(CASH, "Cash at bank", AccountKind.ASSET, floor_minor=0),
        Account(LOANS, "Loans to borrowers", AccountKind.ASSET),
        Account(INTEREST_RECEIVABLE, "Interest receivable", AccountKind.ASSET),
        Account(LATE_INTEREST_RECEIVABLE, "Late interest receivable", AccountKind.ASSET),
        Account(FEES_RECEIVABLE, "Fees and costs receivable", AccountKind.ASSET),
        Account(ALLOWANCE, "Allowance for losses", AccountKind.ASSET),
        Account(BORROWERS_CREDIT, "Credit balances of borrowers", AccountKind.LIABILITY),
        Account(INTEREST_IN_SUSPENSE, "Interest in suspense", AccountKind.LIABILITY),
        Account(INTEREST_INCOME, "Interest income", AccountKind.INCOME),
        Account(FEES, "Fees and costs charged", AccountKind.INCOME),
        Account(LATE_INTEREST_INCOME, "Late interest", AccountKind.INCOME),
        Account(RECOVERIES, "Recoveries on loans written off", AccountKind.INCOME),
        administration_account(),
        Account(LOSSES, "Losses on loans written off", AccountKind.EXPENSE),
        Account(ALLOWANCE_CHANGE, "Change of the allowance", AccountKind.EXPENSE),
        Account(COMMITMENTS, "Commitments to borrowers", AccountKind.MEMO),
        Account(COMMITMENTS_CONTRA, "Commitments to borrowers, contra", AccountKind.MEMO),
    )


def is_cash(code: str) -> bool:
    """Whether the account is one of the facility's own at a bank: 1010, 1011, ..."""
    return code.startswith(CASH_PREFIX)


def bank_account(number: int, name: str) -> Account:
    """The ledger account of the facility's bank account number 2, 3, ...: 1011, 1012, ...

    Raises:
        TooManyBankAccounts: not between 2 and 90.
    """
    if not 1 < number <= MOST_BANK_ACCOUNTS:
        message = f"A facility has ledger accounts for {MOST_BANK_ACCOUNTS} accounts at banks."
        raise TooManyBankAccounts(message)
    return Account(str(int(CASH) + number - 1), name, AccountKind.ASSET, floor_minor=0)


def bank_interest_account() -> Account:
    """The income account of interest that banks pay on the fund's balances."""
    return Account(BANK_INTEREST, "Interest on bank balances", AccountKind.INCOME)


def administration_account() -> Account:
    """The account of what the fund pays for its own administration."""
    return Account(ADMINISTRATION, "Administration costs", AccountKind.EXPENSE)


def contribution_code(source_number: int) -> str:
    """The account code of a source of contributions: source 1 -> 3001.

    Raises:
        TooManySources: not between 1 and 99.
    """
    if not 1 <= source_number <= MOST_SOURCES:
        message = f"A facility has accounts for {MOST_SOURCES} sources of contributions."
        raise TooManySources(message)
    return f"{CONTRIBUTION_PREFIX}{source_number:02d}"


def contribution_account(source_number: int, source: str) -> Account:
    """The account in which the contributions of one source are kept."""
    return Account(contribution_code(source_number), source, AccountKind.EQUITY)


def restricted_account(source_code: str, number: int, name: str) -> Account:
    """The sub-account of a source for money with a restriction: number 2 of 3001 -> 3001-2.

    Raises:
        TooManySources: not between 1 and 999.
    """
    if not 1 <= number <= MOST_RESTRICTIONS:
        message = f"A source has sub-accounts for {MOST_RESTRICTIONS} restricted contributions."
        raise TooManySources(message)
    return Account(f"{source_code}-{number}", name, AccountKind.EQUITY)


def is_restricted(code: str) -> bool:
    """Whether the account holds money of a donor that is not released for lending yet."""
    return code.startswith(CONTRIBUTION_PREFIX) and "-" in code


def source_code(code: str) -> str:
    """The account of the source to which a contribution's account belongs: 3001-2 -> 3001."""
    return code.partition("-")[0]
