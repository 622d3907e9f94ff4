"""The accounts of those who gave money to the fund, one for each source and currency."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.tables import AccountRow
from loans.chart import CONTRIBUTION_PREFIX, MOST_SOURCES, contribution_account, is_restricted
from loans.refusal import WrongValue

# Built once, and of the table: every contribution asks.
_account = AccountRow.__table__.c
_ALL = select(_account.code, _account.name, _account.currency).where(
    _account.facility_id == bindparam("facility_id"),
    _account.code.startswith(CONTRIBUTION_PREFIX),
)


class NoSourceLeft(WrongValue):
    """The facility has as many sources of contributions as it has accounts for."""


def source_account(session: Session, facility_id: str, source: str, currency: str) -> str:
    """The code of a source's account, opened where it is the source's first money of the currency.

    Raises:
        NoSourceLeft: every account for contributions has its source.
    """
    accounts = _accounts(session, facility_id)
    for code, name, paid_in in accounts:
        if (name.casefold(), paid_in) == (source.casefold(), currency):
            return code
    numbers = (int(code.removeprefix(CONTRIBUTION_PREFIX)) for code, _, _ in accounts)
    number = max(numbers, default=0) + 1
    if number > MOST_SOURCES:
        message = f"The facility has {MOST_SOURCES} sources already. Enter the name of one of them."
        raise NoSourceLeft(message, field="source")
    account = contribution_account(number, source)
    try:
        ledger.open_account(session, facility_id=facility_id, account=account, currency=currency)
    except ledger.AccountExists:
        return source_account(session, facility_id, source, currency)
    return account.code


def _accounts(session: Session, facility_id: str) -> list[tuple[str, str, str]]:
    """Code, source and currency of each source's account."""
    rows = session.execute(_ALL, {"facility_id": facility_id})
    return [(code, name, paid_in) for code, name, paid_in in rows if not is_restricted(code)]
