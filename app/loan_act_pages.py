"""What the pages of the acts on a loan show before anything is done: first values and effects."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from appraisal.money import from_minor
from loans.allocation import Part
from loans.case_status import LoanStatus
from loans.component import Component
from loans.loan_acts import LoanAct
from loans.loan_effect import (
    EffectLine,
    FundPosition,
    fund_position,
    pay_out_effect,
    recovery_effect,
    reversal_effect,
    write_off_effect,
)
from loans.loan_views import LoanView


def first_values(view: LoanView, act: str, target: str, today: date) -> Mapping[str, object]:
    """What stands in a form before anybody typed: the rest of the loan, today, what is due."""
    if act == "prepare-disbursement":
        planned = view.terms.first_pay_out_on
        return {
            "amount": from_minor(view.balances.undisbursed_minor, view.currency),
            "pay_on": today if view.balances.disbursed_minor else max(today, planned),
        }
    if act in ("receipt", "recovery"):
        due = _due_minor(view) if act == "receipt" else 0
        amount = from_minor(due, view.currency) if due else None
        return {"amount": amount, "received_on": today}
    return {"target": target} if target else {}


def _due_minor(view: LoanView) -> int:
    """What is overdue, or else the next instalment."""
    due = view.balances.next_due
    return view.balances.overdue_minor or (due.open_minor if due is not None else 0)


def known_act(view: LoanView, act: str, target: str) -> LoanAct | None:
    """The act of the actor as the loan offers it now; the reversal is offered at each receipt."""
    if act == "reverse-receipt":
        receipt = view.receipt(target)
        if receipt is None:
            return None
        return LoanAct(act, "Reverse the receipt", _not_reversible(view, target), target)
    return next((one for one in view.acts if one.name == act and target in ("", one.target)), None)


def _not_reversible(view: LoanView, target: str) -> str | None:
    receipt = view.receipt(target)
    if receipt is None or receipt.reversed_on is not None:
        return "This receipt was reversed before."
    if view.status is LoanStatus.WRITTEN_OFF and not receipt.is_recovery:
        return "The loan is written off. Its repayments stay as they are."
    if not receipt.can_be_reversed:
        return "Reverse the newest receipt of this loan first, then the one before it."
    return None


def effect_of(session: Session, view: LoanView, act: str, target: str) -> tuple[EffectLine, ...]:
    """What the act does to the fund's accounts; nothing where no money moves."""
    if act == "release-disbursement":
        pay_out = view.pay_out(target)
        return pay_out_effect(fund_position(session), pay_out.amount_minor) if pay_out else ()
    if act == "confirm-write-off":
        is_open = view.status is LoanStatus.DISBURSING
        freed_minor = view.balances.undisbursed_minor if is_open else 0
        outstanding_minor = view.balances.outstanding_minor
        return write_off_effect(fund_position(session), outstanding_minor, freed_minor)
    if act == "reverse-receipt":
        return _reversal(fund_position(session), view, target)
    return ()


def _reversal(fund: FundPosition, view: LoanView, target: str) -> tuple[EffectLine, ...]:
    receipt = view.receipt(target)
    if receipt is None:
        return ()
    if receipt.is_recovery:
        return recovery_effect(fund, -receipt.amount_minor)
    parts = (
        Part(part.instalment_number, Component(part.component), part.amount_minor)
        for part in receipt.parts
    )
    return reversal_effect(fund, parts)
