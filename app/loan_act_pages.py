"""What the pages of the acts on a loan show before anything is done: first values and effects."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app import clock
from app.rendering import money
from appraisal.money import from_minor
from loans.banking.line_views import first_values as line_first_values
from loans.books.closed_months import counts_late
from loans.cases.case_status import LoanStatus
from loans.collateral.loan_security import security_view
from loans.fund import the_facility
from loans.lending.loan_acts import LoanAct
from loans.lending.loan_effect import (
    EffectLine,
    fund_position,
    pay_out_effect,
    refund_effect,
    taken_back_effect,
    write_off_effect,
)
from loans.lending.loan_views import LoanView
from loans.people import Actor
from loans.refusal import Missing
from loans.servicing_kinds import ActKind


def first_values(view: LoanView, act: str, target: str, today: date) -> Mapping[str, object]:
    """What stands in a form before anybody typed: the rest of the loan, today, what is due."""
    match act:
        case "prepare-disbursement":
            planned = view.terms.first_pay_out_on
            return {
                "amount": from_minor(view.balances.undisbursed_minor, view.currency),
                "pay_on": today if view.balances.disbursed_minor else max(today, planned),
            }
        case "receipt" | "recovery":
            due = _due_minor(view) if act == "receipt" else 0
            amount = from_minor(due, view.currency) if due else None
            is_before_loss = act == "receipt" and view.status is LoanStatus.WRITTEN_OFF
            on = None if is_before_loss else today
            return {"amount": amount, "received_on": on, "purpose": "due"}
        case "charge":
            return {"charged_on": today}
        case "use-credit" | "refund":
            return {"amount": from_minor(max(0, view.balances.credit_minor), view.currency)}
        case "new-terms":
            return {"months_between": 1, "grace_instalments": 0, "capitalises": "no"}
        case _:
            return {"target": target} if target else {}


def values_of_line(session: Session, line_id: str, currency: str) -> Mapping[str, object]:
    """What a line of the bank says for money that came in; nothing where there is no such line."""
    try:
        amount_minor, on, reference, account = line_first_values(session, line_id)
    except Missing:
        return {}
    amount = from_minor(amount_minor, currency) if amount_minor > 0 else None
    return {
        "amount": amount,
        "received_on": on,
        "bank_reference": reference,
        "bank_account": account,
    }


def _due_minor(view: LoanView) -> int:
    """What is overdue, or else the next instalment."""
    due = view.balances.next_due
    return view.balances.due_minor or (due.open_minor if due is not None else 0)


def known_act(view: LoanView, act: str, target: str) -> LoanAct | None:
    """The act of the actor as the loan offers it now; the reversal is offered at each receipt."""
    if act == "reverse-receipt":
        receipt = view.receipt(target)
        if receipt is None:
            return None
        return LoanAct(act, "Reverse the receipt", _not_reversible(view, target), target)
    if act == "reverse-act":
        asked = view.servicing_act(target)
        if asked is None:
            return None
        obstacle = None if asked.can_be_reversed else "This cannot be reversed any more."
        return LoanAct(act, "Reverse it", obstacle, target)
    return next((one for one in view.acts if one.name == act and target in ("", one.target)), None)


def _not_reversible(view: LoanView, target: str) -> str | None:
    receipt = view.receipt(target)
    if receipt is None or receipt.reversed_on is not None:
        return "This receipt was reversed before."
    return None


def effect_of(session: Session, view: LoanView, act: str, target: str) -> tuple[EffectLine, ...]:
    """What the act does to the fund's accounts; nothing where no money moves."""
    if act == "release-disbursement":
        pay_out = view.pay_out(target)
        return pay_out_effect(fund_position(session), pay_out.amount_minor) if pay_out else ()
    if act == "confirm-write-off":
        is_open = view.status is LoanStatus.DISBURSING
        freed_minor = view.balances.undisbursed_minor if is_open else 0
        return write_off_effect(session, clock.moment(), view.loan_id, freed_minor=freed_minor)
    if act == "reverse-receipt":
        receipt = view.receipt(target)
        if receipt is None:
            return ()
        moment, amount_minor = clock.moment(), receipt.amount_minor
        return taken_back_effect(session, moment, view.loan_id, target, amount_minor)
    asked = view.servicing_act(target)
    if act == "agree" and asked is not None and asked.kind == ActKind.REFUND:
        return refund_effect(fund_position(session), asked.amount_minor or 0)
    return ()


def reversal_notice(session: Session, view: LoanView, act: str, target: str) -> str | None:
    """What becomes of a reversal whose day lies in a closed month, in a sentence."""
    receipt, asked = view.receipt(target), view.servicing_act(target)
    if act == "reverse-receipt" and receipt is not None:
        on = receipt.received_on
    elif act == "reverse-act" and asked is not None:
        on = asked.effective_on
    else:
        return None
    here, moment = the_facility(session).facility_id, clock.moment()
    return counts_late(session, here, on, moment, what="the reversal")


def released_security(session: Session, actor: Actor, view: LoanView, target: str) -> str:
    """What the release that waits would give back, in words; empty for any other act."""
    asked = view.servicing_act(target)
    if asked is None or asked.kind != ActKind.RELEASE_SECURITY:
        return ""
    security = security_view(session, actor, view.loan_id, as_of=view.as_of)
    waiting = security.release_waits_for or ""
    pledge, guarantee = security.pledge(waiting), security.guarantee(waiting)
    if pledge is not None:
        counts = money(pledge.counted_minor, view.currency)
        return f"{pledge.description}, rank {pledge.rank}; it counts for {counts}"
    if guarantee is not None:
        counts = money(guarantee.counted_minor, view.currency)
        return f"Guarantee of {guarantee.guarantor}; it counts for {counts}"
    return ""
