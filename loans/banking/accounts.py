"""The accounts at banks: those of the chart that stand for money at a bank."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books import AccountRow
from loans.chart import CASH_PREFIX, AccountKind
from loans.fund import the_facility
from loans.refusal import Missing


class NoSuchBankAccount(Missing):
    """The facility has no account at a bank with this number."""


@dataclass(frozen=True)
class BankAccount:
    """An account at a bank, named by its number in the books."""

    facility_id: str
    code: str
    name: str
    currency: str


def bank_accounts(session: Session) -> tuple[BankAccount, ...]:
    """The facility's accounts at banks, by number."""
    rows = session.scalars(
        select(AccountRow)
        .where(
            AccountRow.facility_id == the_facility(session).facility_id,
            AccountRow.code.startswith(CASH_PREFIX),
            AccountRow.kind == AccountKind.ASSET.value,
        )
        .order_by(AccountRow.code)
    )
    return tuple(BankAccount(row.facility_id, row.code, row.name, row.currency) for row in rows)


def bank_account(session: Session, code: str) -> BankAccount:
    """The account at a bank with this number.

    Raises:
        NoSuchBankAccount: there is none.
    """
    found = next((one for one in bank_accounts(session) if one.code == code), None)
    if found is None:
        raise NoSuchBankAccount
    return found
