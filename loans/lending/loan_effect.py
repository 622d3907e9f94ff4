"""What an act on a loan does to the fund: its accounts before and after, in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from loans.books import ledger
from loans.books.cash_accounts import cash_accounts, lendable_minor
from loans.chart import (
    BORROWERS_CREDIT,
    FEES,
    FEES_RECEIVABLE,
    INTEREST_IN_SUSPENSE,
    INTEREST_INCOME,
    INTEREST_RECEIVABLE,
    LATE_INTEREST_INCOME,
    LATE_INTEREST_RECEIVABLE,
    LOANS,
    LOSSES,
    RECOVERIES,
)
from loans.fund import the_facility
from loans.history import Moment
from loans.lending.loan_book import booked_on, day_reached, day_reversed, posted_balances
from loans.lending.loan_record import LoanRecord, record_of
from loans.subledger.balances import control_balances
from loans.subledger.events import Received, Recovered, WrittenOff
from loans.subledger.state import AccountState
from loans.tables import Loan

_FEES = (FEES, LATE_INTEREST_INCOME)
_INCOME = (INTEREST_INCOME, *_FEES)
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
    suspended_minor: int
    income_minor: int
    """Interest, late interest and fees."""
    losses_minor: int
    recoveries_minor: int


def fund_position(session: Session) -> FundPosition:
    """Where the fund stands now: cash, what can be lent, loans, income and losses."""
    return _position(session, {})


def _position(session: Session, missing: Mapping[str, int]) -> FundPosition:
    """The balances with what is still missing in them, signed as in the books."""
    facility = the_facility(session)
    facility_id, currency = facility.facility_id, facility.currency
    signed = {
        row.code: row.balance_minor + missing.get(row.code, 0)
        for row in ledger.trial_balance(session, facility_id=facility_id)
    }
    own = [one for one in cash_accounts(session, facility_id) if one.currency == currency]
    lendable = lendable_minor(session, facility_id, currency)
    return FundPosition(
        cash_code=own[0].code if len(own) == 1 else None,
        cash_minor=sum(one.balance_minor for one in own),
        available_minor=lendable + missing.get(BORROWERS_CREDIT, 0),
        lent_minor=signed[LOANS],
        owed_minor=sum(signed[code] for code in _RECEIVABLE),
        credit_minor=-signed[BORROWERS_CREDIT],
        suspended_minor=-signed[INTEREST_IN_SUSPENSE],
        # Interest income takes the balance of what is still missing in the books.
        income_minor=sum(missing.values()) - sum(signed[code] for code in _INCOME),
        losses_minor=signed[LOSSES],
        recoveries_minor=-signed[RECOVERIES],
    )


def _not_booked_yet(session: Session, loan: Loan, state: AccountState) -> Mapping[str, int]:
    """What the books of a loan lack of ``state``, account by account."""
    posted = posted_balances(session, loan)
    return {code: owed - posted[code] for code, owed in control_balances(state).items()}


def money_in_effect(
    session: Session, moment: Moment, loan_id: str, money: Received | Recovered
) -> tuple[EffectLine, ...]:
    """What money that came would book, the other movements it would change with it.

    Both figures are of the day that the books are brought to, as ``loan_book.follow`` does.
    """
    loan = session.get_one(Loan, loan_id)
    record = record_of(session, loan)
    day = day_reached(booked_on(session, loan), moment, money.on)
    return _effect(session, loan, (record, record.with_event(money)), day, money.amount_minor)


def taken_back_effect(
    session: Session, moment: Moment, loan_id: str, receipt_id: str, amount_minor: int
) -> tuple[EffectLine, ...]:
    """What the reversal of a receipt would book, as ``loan_book.follow_reversal`` does."""
    loan = session.get_one(Loan, loan_id)
    record = record_of(session, loan)
    day = day_reversed(booked_on(session, loan), moment)
    return _effect(session, loan, (record, record.without(receipt_id)), day, -amount_minor)


def write_off_effect(
    session: Session, moment: Moment, loan_id: str, *, freed_minor: int
) -> tuple[EffectLine, ...]:
    """What is given up becomes a loss, but for what was no income yet.

    ``freed_minor`` was reserved and can be lent again.
    """
    loan = session.get_one(Loan, loan_id)
    record = record_of(session, loan)
    day = day_reached(booked_on(session, loan), moment, moment.on)
    changed = record.with_event(WrittenOff(moment.on, ""))
    return _effect(session, loan, (record, changed), day, 0, freed_minor=freed_minor)


def _effect(
    session: Session,
    loan: Loan,
    records: tuple[LoanRecord, LoanRecord],
    day: date,
    cash_minor: int,
    *,
    freed_minor: int = 0,
) -> tuple[EffectLine, ...]:
    """The difference of two replays on a day, with the cash, as lines."""
    before, after = (record.at(day) for record in records)
    missing = _not_booked_yet(session, loan, before)
    later = _not_booked_yet(session, loan, after)
    fund = _position(session, missing)
    moved = {code: later[code] - missing[code] for code in missing}
    owed = sum(moved[code] for code in _RECEIVABLE)
    lines = [
        *([_cash(fund, cash_minor)] if cash_minor else []),
        *([] if before.written_off_on else [_lent(fund, moved[LOANS])]),
        *_owed(fund, -owed),
        *_credit(fund, -moved[BORROWERS_CREDIT]),
        *_suspended(fund, -moved[INTEREST_IN_SUSPENSE]),
        *_earned(fund, cash_minor + sum(moved.values()) - sum(moved[code] for code in _FEES)),
        *_lost(fund, moved[LOSSES]),
        *_recovered(fund, -moved[RECOVERIES]),
        _available(fund, cash_minor + moved[BORROWERS_CREDIT] + freed_minor),
    ]
    return tuple(lines)


def pay_out_effect(fund: FundPosition, amount_minor: int) -> tuple[EffectLine, ...]:
    """Cash becomes a loan; what can be lent stays, because the approval reserved the money."""
    return (
        _cash(fund, -amount_minor),
        _lent(fund, amount_minor),
        _available(fund, 0),
    )


def refund_effect(fund: FundPosition, amount_minor: int) -> tuple[EffectLine, ...]:
    """Waiting money goes back: the fund's own money stays the same."""
    return (
        _cash(fund, -amount_minor),
        *_credit(fund, -amount_minor),
        _available(fund, 0),
    )


def _owed(fund: FundPosition, less_minor: int) -> tuple[EffectLine, ...]:
    if not less_minor:
        return ()
    name = "Interest, late interest, fees and costs owed by borrowers"
    return (EffectLine(name, None, fund.owed_minor, fund.owed_minor - less_minor),)


def _credit(fund: FundPosition, more_minor: int) -> tuple[EffectLine, ...]:
    name, before = "Credit balances of borrowers", fund.credit_minor
    return _changed(name, BORROWERS_CREDIT, before, more_minor)


def _suspended(fund: FundPosition, more_minor: int) -> tuple[EffectLine, ...]:
    name, before = "Interest in suspense", fund.suspended_minor
    return _changed(name, INTEREST_IN_SUSPENSE, before, more_minor)


def _earned(fund: FundPosition, more_minor: int) -> tuple[EffectLine, ...]:
    name, before = "Income from interest, late interest and fees", fund.income_minor
    return _changed(name, None, before, more_minor)


def _lost(fund: FundPosition, more_minor: int) -> tuple[EffectLine, ...]:
    return _changed("Losses on loans written off", LOSSES, fund.losses_minor, more_minor)


def _recovered(fund: FundPosition, more_minor: int) -> tuple[EffectLine, ...]:
    name, before = "Recoveries on loans written off", fund.recoveries_minor
    return _changed(name, RECOVERIES, before, more_minor)


def _changed(name: str, code: str | None, before: int, more_minor: int) -> tuple[EffectLine, ...]:
    return (EffectLine(name, code, before, before + more_minor),) if more_minor else ()


def _cash(fund: FundPosition, change_minor: int) -> EffectLine:
    name = "Cash at bank" if fund.cash_code else "Cash at all banks"
    return EffectLine(name, fund.cash_code, fund.cash_minor, fund.cash_minor + change_minor)


def _lent(fund: FundPosition, change_minor: int) -> EffectLine:
    return EffectLine("Loans to borrowers", LOANS, fund.lent_minor, fund.lent_minor + change_minor)


def _available(fund: FundPosition, change_minor: int) -> EffectLine:
    before = fund.available_minor
    return EffectLine("Can still be promised to others", None, before, before + change_minor)
