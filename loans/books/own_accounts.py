"""The accounts of the fund's own income and costs, one for each currency that they come in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.tables import AccountRow, FacilityRow
from loans.chart import Account


def own_account(session: Session, facility_id: str, account: Account, currency: str) -> str:
    """The code of ``account`` for money of ``currency``, opened with the first of it.

    In another currency than the facility's it is an account beside it: 5010-USD beside 5010.
    """
    home = session.get_one(FacilityRow, facility_id).currency
    if currency != home:
        account = replace(account, code=f"{account.code}-{currency}")
    known = session.scalar(
        select(AccountRow.id).where(
            AccountRow.facility_id == facility_id, AccountRow.code == account.code
        )
    )
    if known is None:
        # Another first payment in the currency may have opened it meanwhile.
        with suppress(ledger.AccountExists):
            ledger.open_account(
                session, facility_id=facility_id, account=account, currency=currency
            )
    return account.code
