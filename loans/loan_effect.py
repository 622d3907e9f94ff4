"""What an act on a loan does to the fund: its accounts before and after, in minor units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from loans import ledger
from loans.allocation import Part
from loans.chart import CASH, INTEREST_INCOME, LOANS, LOSSES, RECOVERIES
from loans.component import Component
from loans.fund import the_facility


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

    cash_minor: int
    available_minor: int
    lent_minor: int
    interest_minor: int
    losses_minor: int
    recoveries_minor: int


def fund_position(session: Session) -> FundPosition:
    """Where the fund stands now: cash, cash less reserves, loans, income and losses."""
    facility_id = the_facility(session).facility_id
    shown = {
        row.code: row.shown_minor for row in ledger.trial_balance(session, facility_id=facility_id)
    }
    return FundPosition(
        cash_minor=shown[CASH],
        available_minor=ledger.available(session, facility_id=facility_id, account=CASH),
        lent_minor=shown[LOANS],
        interest_minor=shown[INTEREST_INCOME],
        losses_minor=shown[LOSSES],
        recoveries_minor=shown[RECOVERIES],
    )


def pay_out_effect(fund: FundPosition, amount_minor: int) -> tuple[EffectLine, ...]:
    """Cash becomes a loan; what can be lent stays, because the approval reserved the money."""
    return (
        _cash(fund, -amount_minor),
        _lent(fund, amount_minor),
        _available(fund, 0),
    )


def receipt_effect(fund: FundPosition, parts: Iterable[Part]) -> tuple[EffectLine, ...]:
    """Cash comes in: principal lowers the loans, the rest is income."""
    parts = tuple(parts)
    whole = sum(part.amount_minor for part in parts)
    principal = sum(p.amount_minor for p in parts if p.component is Component.PRINCIPAL)
    return (
        _cash(fund, whole),
        _lent(fund, -principal),
        EffectLine(
            "Interest income",
            INTEREST_INCOME,
            fund.interest_minor,
            fund.interest_minor + whole - principal,
        ),
        _available(fund, whole),
    )


def reversal_effect(fund: FundPosition, parts: Iterable[Part]) -> tuple[EffectLine, ...]:
    """The opposite of the receipt."""
    return receipt_effect(
        fund,
        (Part(part.instalment_number, part.component, -part.amount_minor) for part in parts),
    )


def write_off_effect(
    fund: FundPosition, principal_minor: int, freed_minor: int
) -> tuple[EffectLine, ...]:
    """Principal becomes a loss; ``freed_minor`` was reserved and can be lent again."""
    return (
        _lent(fund, -principal_minor),
        EffectLine(
            "Losses on loans written off",
            LOSSES,
            fund.losses_minor,
            fund.losses_minor + principal_minor,
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


def _cash(fund: FundPosition, change_minor: int) -> EffectLine:
    return EffectLine("Cash at bank", CASH, fund.cash_minor, fund.cash_minor + change_minor)


def _lent(fund: FundPosition, change_minor: int) -> EffectLine:
    return EffectLine("Loans to borrowers", LOANS, fund.lent_minor, fund.lent_minor + change_minor)


def _available(fund: FundPosition, change_minor: int) -> EffectLine:
    before = fund.available_minor
    return EffectLine("Can still be promised to others", None, before, before + change_minor)
