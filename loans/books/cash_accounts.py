"""The facility's cash, account by account: what each holds, keeps back and can still pay.

Each account has a currency of its own. Amounts of different currencies are never added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.books.ledger_balances import lowest_since
from loans.books.tables import AccountRow, account_balance
from loans.chart import BORROWERS_CREDIT, CASH, CASH_PREFIX
from loans.day_words import shown_day
from loans.fund_tables import BankAccountRow
from loans.history import Moment
from loans.ledger_refusals import Overdrawn
from loans.refusal import WrongValue

# Built once, and of the tables: every act with money asks for them.
_account, _bank = AccountRow.__table__, BankAccountRow.__table__
_later = BankAccountRow.__table__.alias("later")
_newest = (
    select(func.max(_later.c.version))
    .where(_later.c.facility_id == _bank.c.facility_id, _later.c.account_id == _bank.c.account_id)
    .correlate(_bank)
    .scalar_subquery()
)
_ALL = (
    select(
        _account.c.code,
        _account.c.name,
        _bank.c.bank,
        _bank.c.number,
        _account.c.currency,
        account_balance.c.debits_minor - account_balance.c.credits_minor,
        account_balance.c.reserved_minor,
    )
    .join_from(
        _account,
        account_balance,
        and_(
            account_balance.c.facility_id == _account.c.facility_id,
            account_balance.c.account_id == _account.c.id,
        ),
    )
    .outerjoin(
        _bank,
        and_(
            _bank.c.facility_id == _account.c.facility_id,
            _bank.c.account_id == _account.c.id,
            _bank.c.version == _newest,
        ),
    )
    .where(
        _account.c.facility_id == bindparam("facility_id"),
        _account.c.code.startswith(CASH_PREFIX),
    )
    .order_by(_account.c.code)
)


class WrongBankAccount(WrongValue):
    """The facility has no such account at a bank, or it is kept in another currency."""


@dataclass(frozen=True)
class CashAccount:
    """One account at a bank, in minor units of its own currency; bank and number may be unknown."""

    facility_id: str
    code: str
    name: str
    bank: str
    number: str
    currency: str
    balance_minor: int
    reserved_minor: int

    @property
    def title(self) -> str:
        """The account as people find it: its number in the books and its name."""
        return f"{self.code} {self.name}"

    @property
    def available_minor(self) -> int:
        """What can still be paid from it or promised."""
        return self.balance_minor - self.reserved_minor


class CashKept(NamedTuple):
    """What never changes of an account at a bank."""

    facility_id: str
    code: str
    currency: str


def cash_accounts(session: Session, facility_id: str) -> tuple[CashAccount, ...]:
    """All accounts at banks in the order of their numbers, as they stand now."""
    rows = session.execute(_ALL, {"facility_id": facility_id})
    return tuple(
        CashAccount(
            facility_id,
            code,
            name,
            bank or "",
            number or "",
            currency,
            int(balance),
            int(reserved),
        )
        for code, name, bank, number, currency, balance, reserved in rows
    )


def available_cash(accounts: Iterable[CashAccount], currency: str) -> int:
    """What all accounts of one currency can still pay or promise together."""
    return sum(one.available_minor for one in accounts if one.currency == currency)


def lendable_minor(session: Session, facility_id: str, currency: str) -> int:
    """The money that the fund can lend, in minor units: net available, as its figures tell.

    Cash of the currency less everything reserved, for promises and by donors, and less what waits
    for borrowers, which is not the fund's.
    """
    waiting = session.scalar(
        select(account_balance.c.credits_minor - account_balance.c.debits_minor)
        .join(
            AccountRow,
            and_(
                AccountRow.facility_id == account_balance.c.facility_id,
                AccountRow.id == account_balance.c.account_id,
            ),
        )
        .where(
            AccountRow.facility_id == facility_id,
            AccountRow.code == BORROWERS_CREDIT,
            AccountRow.currency == currency,
        )
    )
    return available_cash(cash_accounts(session, facility_id), currency) - int(waiting or 0)


def cash_kept(session: Session, facility_id: str, code: str | None) -> CashKept:
    """The account at a bank that an act names, as it will always be: without its balance.

    A session asks for it once.

    Raises:
        WrongBankAccount: there is no such account.
    """
    known: dict[str, CashKept] = session.info.setdefault(CashKept, {})
    wanted = code or CASH
    if wanted not in known:
        found = cash_account(session, facility_id, wanted)
        known[wanted] = CashKept(facility_id, found.code, found.currency)
    return known[wanted]


def refuse_past_overdraft(
    session: Session, account: CashKept, moment: Moment, on: date, *, paid_minor: int, field: str
) -> None:
    """Refuse to pay on a day that has passed what the account did not hold then, or later.

    The database holds what there is today. ``paid_minor`` is not booked yet; once it is, and the
    account's row is held, it is 0.

    Raises:
        Overdrawn: naming the account, the day and what it held.
    """
    if on >= moment.on:
        return
    day, lowest = lowest_since(
        session, facility_id=account.facility_id, account=account.code, on=on
    )
    if lowest < paid_minor:
        message = (
            f"Account {account.code} would have been overdrawn on {shown_day(day)} by "
            f"{as_text(paid_minor - lowest, account.currency)}. Enter a smaller amount, a later "
            "day, or book first what came in before."
        )
        raise Overdrawn(message, field=field)


def cash_account(
    session: Session,
    facility_id: str,
    code: str | None,
    *,
    currency: str | None = None,
    field: str = "bank_account",
) -> CashAccount:
    """The account at a bank that an act names; the facility's first where it names none.

    Raises:
        WrongBankAccount: there is no such account, or its currency is not ``currency``.
    """
    accounts = cash_accounts(session, facility_id)
    usable = [one for one in accounts if currency in (None, one.currency)]
    found = next((one for one in usable if one.code == (code or CASH)), None)
    if found is None:
        kept_in = f" in {currency}" if currency else ""
        known = ", ".join(one.code for one in usable)
        message = f"Choose one of the facility's accounts{kept_in}: {known}."
        raise WrongBankAccount(message, field=field)
    return found
