"""What an act on a loan does to the fund: its accounts before and after, in minor units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from loans import ledger
from loans.cash_accounts import available_cash, cash_accounts
from loans.chart import (
    BORROWERS_CREDIT,
    FEES_RECEIVABLE,
    INTEREST_RECEIVABLE,
    LATE_INTEREST_RECEIVABLE,
    LOANS,
    LOSSES,
    RECOVERIES,
)
from loans.component import Component
from loans.fund import the_facility
from loans.loan_book import booked_on, posted_balances
from loans.loan_record import record_of
from loans.subledger.balances import control_balances
from loans.subledger.state import Part, Target
from loans.tables import Loan

_RECEIVABLE = (INTEREST_RECEIVABLE, LATE_INTEREST_RECEIVABLE, FEES_RECEIVABLE)


@dataclass(frozen=True)
class EffectLine:
    """One account, or what can be lent (without a code), before and after an act."""

    name: str
    account_code: str | None
    before_minor: int
    after_minor: int


@dataclass(frozen=True)
class FundPosition:
    """What the fund has, as people read the balances."""

    cash_code: str | None
    """The one account at a bank, if there is only one."""
    cash_minor: int
    available_minor: int
    lent_minor: int
    owed_minor: int
    """Interest, late interest, fees and costs that borrowers owe and the books show."""
    credit_minor: int
    losses_minor: int
    recoveries_minor: int


def fund_position(
    session: Session, *, loan_id: str | None = None, on: date | None = None
) -> FundPosition:
    """Where the fund stands now: cash, cash less reserves, loans, income and losses.

    With a loan and a day, what the loan owes is counted up to that day: an act on it books that
    first.
    """
    facility = the_facility(session)
    facility_id = facility.facility_id
    shown = {
        row.code: row.shown_minor for row in ledger.trial_balance(session, facility_id=facility_id)
    }
    accounts = cash_accounts(session, facility_id)
    own = [one for one in accounts if one.currency == facility.currency]
    return FundPosition(
        cash_code=own[0].code if len(own) == 1 else None,
        cash_minor=sum(one.balance_minor for one in own),
        available_minor=available_cash(own, facility.currency),
        lent_minor=shown[LOANS],
        owed_minor=sum(shown[code] for code in _RECEIVABLE) + _not_booked_yet(session, loan_id, on),
        credit_minor=shown[BORROWERS_CREDIT],
        losses_minor=shown[LOSSES],
        recoveries_minor=shown[RECOVERIES],
    )


def _not_booked_yet(session: Session, loan_id: str | None, on: date | None) -> int:
    """What a loan owes on a day beyond what the books show of it, but for principal."""
    if loan_id is None or on is None:
        return 0
    loan = session.get_one(Loan, loan_id)
    owed = control_balances(record_of(session, loan).at(max(on, booked_on(session, loan) or on)))
    posted = posted_balances(session, loan)
    return sum(owed[code] - posted[code] for code in _RECEIVABLE)


def pay_out_effect(fund: FundPosition, amount_minor: int) -> tuple[EffectLine, ...]:
    """Cash becomes a loan; what can be lent stays, because the approval reserved the money."""
    return (
        _cash(fund, -amount_minor),
        _lent(fund, amount_minor),
        _available(fund, 0),
    )


def receipt_effect(
    fund: FundPosition, parts: Iterable[Part], *, sign: int = 1
) -> tuple[EffectLine, ...]:
    """Cash comes in: it lowers loans and receivables, or waits. ``sign`` -1 takes it back."""
    parts = tuple(parts)
    whole = sign * sum(part.amount_minor for part in parts)
    principal = sign * sum(p.amount_minor for p in parts if p.component is Component.PRINCIPAL)
    waits = sign * sum(p.amount_minor for p in parts if p.target is Target.CREDIT)
    owed = whole - principal - waits
    lines = [_cash(fund, whole), _lent(fund, -principal), *_owed(fund, owed)]
    if waits:
        after = fund.credit_minor + waits
        name = "Credit balances of borrowers"
        lines.append(EffectLine(name, BORROWERS_CREDIT, fund.credit_minor, after))
    return (*lines, _available(fund, whole))


def refund_effect(fund: FundPosition, amount_minor: int) -> tuple[EffectLine, ...]:
    """Waiting money goes back: the fund's own money stays the same."""
    after = fund.credit_minor - amount_minor
    return (
        _cash(fund, -amount_minor),
        EffectLine("Credit balances of borrowers", BORROWERS_CREDIT, fund.credit_minor, after),
        _available(fund, -amount_minor),
    )


def write_off_effect(
    fund: FundPosition,
    principal_minor: int,
    *,
    owed_minor: int,
    suspended_minor: int,
    freed_minor: int,
) -> tuple[EffectLine, ...]:
    """Principal and what else is owed become a loss, but for what was no income yet.

    ``freed_minor`` was reserved and can be lent again.
    """
    loss = principal_minor + owed_minor - suspended_minor
    return (
        _lent(fund, -principal_minor),
        *_owed(fund, owed_minor),
        EffectLine(
            "Losses on loans written off", LOSSES, fund.losses_minor, fund.losses_minor + loss
        ),
        _available(fund, freed_minor),
    )


def recovery_effect(fund: FundPosition, amount_minor: int) -> tuple[EffectLine, ...]:
    """Cash comes in as income of its own kind; a negative amount is its reversal."""
    return (
        _cash(fund, amount_minor),
        EffectLine(
            "Recoveries on loans written off",
            RECOVERIES,
            fund.recoveries_minor,
            fund.recoveries_minor + amount_minor,
        ),
        _available(fund, amount_minor),
    )


def _owed(fund: FundPosition, less_minor: int) -> tuple[EffectLine, ...]:
    if not less_minor:
        return ()
    name = "Interest, late interest, fees and costs owed by borrowers"
    return (EffectLine(name, None, fund.owed_minor, fund.owed_minor - less_minor),)


def _cash(fund: FundPosition, change_minor: int) -> EffectLine:
    return EffectLine(
        "Cash at bank", fund.cash_code, fund.cash_minor, fund.cash_minor + change_minor
    )


def _lent(fund: FundPosition, change_minor: int) -> EffectLine:
    return EffectLine("Loans to borrowers", LOANS, fund.lent_minor, fund.lent_minor + change_minor)


def _available(fund: FundPosition, change_minor: int) -> EffectLine:
    before = fund.available_minor
    return EffectLine("Can still be promised to others", None, before, before + change_minor)
