"""Decisions about an application as they were taken, with the results that the person saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.assessing.eligibility import Outcome
from loans.cases.decisions import Terms, terms_of
from loans.tables import Application, Decision, User

_WITHOUT = "None"
"""How a snapshot writes a figure that there was not."""


@dataclass(frozen=True)
class Seen:
    """The stored results a decision rested on; amounts in major units, payback in years."""

    profile_code: str
    profile_version: int
    types_words: str
    investment: Decimal
    net_annual_saving: Decimal
    payback_ratio: Fraction | None
    net_present_value: float
    maximum_amount: Decimal | None
    amount_rule: str | None
    maximum_maturity_months: int | None
    maturity_rule: str | None
    failed_count: int
    warned_count: int


@dataclass(frozen=True)
class DecisionLine:
    """One decision; ``is_current`` says that the application still has the same figures."""

    kind: str
    decided_by: str
    decided_by_id: str
    decided_on: date
    decided_at: datetime
    terms: Terms | None
    reason_code: str | None
    reason: str
    seen: Seen
    is_current: bool


def decisions_of(session: Session, application: Application) -> tuple[DecisionLine, ...]:
    """The decisions about an application, oldest first."""
    rows = session.execute(
        select(Decision, User.name)
        .join(User, User.id == Decision.decided_by)
        .where(Decision.application_id == application.id)
        .order_by(Decision.decided_at, Decision.id)
    )
    return tuple(
        DecisionLine(
            kind=decision.kind,
            decided_by=name,
            decided_by_id=decision.decided_by,
            decided_on=decision.decided_on,
            decided_at=decision.decided_at,
            terms=None if decision.amount_minor is None else terms_of(decision),
            reason_code=decision.reason_code,
            reason=decision.reason,
            seen=_seen(decision.snapshot),
            is_current=decision.figures_hash == application.figures_hash,
        )
        for decision, name in rows
    )


def _seen(snapshot: dict[str, Any]) -> Seen:
    outcomes = [outcome for _, outcome in snapshot["findings"]]
    types, payback, largest = snapshot["types"], snapshot["payback"], snapshot["maximum_amount"]
    return Seen(
        profile_code=snapshot["profile"]["code"],
        profile_version=snapshot["profile"]["version"],
        types_words=", ".join(f"{code} {kind or 'none'}" for code, kind in types.items()),
        investment=Decimal(snapshot["investment"]),
        net_annual_saving=Decimal(snapshot["net_annual_saving"]),
        payback_ratio=None if payback == _WITHOUT else Fraction(payback),
        net_present_value=snapshot["net_present_value"],
        maximum_amount=None if largest == _WITHOUT else Decimal(largest),
        amount_rule=snapshot["amount_rule"],
        maximum_maturity_months=snapshot["maximum_maturity_months"],
        maturity_rule=snapshot["maturity_rule"],
        failed_count=outcomes.count(Outcome.FAIL),
        warned_count=outcomes.count(Outcome.WARN),
    )
