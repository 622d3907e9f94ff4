"""The acts on a loan that belong to a person's role, what stands in their way, and who is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loans.cases.case_status import BORROWED, LoanStatus
from loans.people import Actor, Role
from loans.servicing_kinds import ASKED, ActKind


@dataclass(frozen=True)
class LoanFacts:
    """What decides which acts are possible now; amounts in minor units."""

    status: LoanStatus
    undisbursed_minor: int
    outstanding_minor: int
    credit_minor: int
    owed_minor: int
    days_past_due: int
    prepared_pay_out_id: str | None
    prepared_by_id: str | None
    write_off_requested_by_id: str | None
    pending_act_id: str | None = None
    pending_act_kind: ActKind | None = None
    pending_act_by_id: str | None = None


@dataclass(frozen=True)
class LoanAct:
    """One act of the actor's role: how addresses and people call it, and why it must wait.

    ``target`` is the id of the record that it is about, where it is about one.
    """

    name: str
    label: str
    obstacle: str | None
    target: str | None = None


@dataclass(frozen=True)
class NextStep:
    """Who acts next, and what happens; nobody where the case is closed."""

    who: Role | None
    words: str


_OWN_REQUEST = "You asked for it yourself. Another person has to decide."


def loan_acts(facts: LoanFacts, actor: Actor) -> tuple[LoanAct, ...]:
    """The acts of the actor's role on a loan that can be done now or are still to come."""
    match actor.role:
        case Role.OFFICER:
            return _of_officer(facts)
        case Role.MANAGER:
            return _of_manager(facts, actor)
        case _:
            return ()


def _of_officer(facts: LoanFacts) -> tuple[LoanAct, ...]:
    pending = _pending(facts)
    refund = (LoanAct("refund", "Give waiting money back", pending),) if facts.credit_minor else ()
    if facts.status is LoanStatus.WRITTEN_OFF:
        return (
            LoanAct("recovery", "Record a recovery", None),
            LoanAct("receipt", "Record a receipt from before the write-off", None),
            LoanAct("charge", "Claim costs of enforcement", None),
            *refund,
        )
    if facts.status is LoanStatus.CANCELLED:
        return refund
    if facts.status is LoanStatus.REPAID:
        return (LoanAct("receipt", "Record a receipt that came after it", None), *refund)
    acts = []
    if facts.undisbursed_minor:
        acts.append(LoanAct("prepare-disbursement", "Prepare a pay-out", pending))
    not_paid = None if facts.status in BORROWED else "Nothing is paid out yet."
    acts.append(LoanAct("receipt", "Record a receipt", not_paid))
    acts.append(LoanAct("charge", "Charge a fee or a cost", not_paid))
    nothing = None if facts.outstanding_minor else "No principal is outstanding."
    if facts.credit_minor:
        acts.append(LoanAct("use-credit", "Let waiting money lower the principal", nothing))
    acts += refund
    obstacle = not_paid or pending or nothing
    acts.append(LoanAct("new-terms", "Ask for new terms", obstacle))
    acts.append(LoanAct("holiday", "Ask for a payment holiday", obstacle))
    if facts.undisbursed_minor:
        acts.append(LoanAct("give-up-rest", "Ask to give up what is not paid out", pending))
    not_owed = None if facts.owed_minor else "Nothing is owed."
    lost = not_paid or pending or not_owed
    acts.append(LoanAct("request-write-off", "Request a write-off", lost))
    return tuple(acts)


def _pending(facts: LoanFacts) -> str | None:
    if facts.prepared_pay_out_id is not None:
        return "A pay-out waits for the fund manager to release it or send it back."
    if facts.write_off_requested_by_id is not None:
        return "A write-off waits for the fund manager to confirm it or send it back."
    if facts.pending_act_kind is not None:
        return f"{ASKED[facts.pending_act_kind]} waits for the fund manager to decide."
    return None


def _of_manager(facts: LoanFacts, actor: Actor) -> tuple[LoanAct, ...]:
    pay_out, requested_by = facts.prepared_pay_out_id, facts.write_off_requested_by_id
    if pay_out is not None:
        own = _OWN_REQUEST if facts.prepared_by_id == actor.user_id else None
        return (
            LoanAct("release-disbursement", "Release the pay-out", own, pay_out),
            LoanAct("send-back-disbursement", "Send the pay-out back", None, pay_out),
        )
    if requested_by is not None:
        own = _OWN_REQUEST if requested_by == actor.user_id else None
        return (
            LoanAct("confirm-write-off", "Confirm the write-off", own),
            LoanAct("send-back-write-off", "Send the write-off back", None),
        )
    if facts.pending_act_kind is not None:
        own = _OWN_REQUEST if facts.pending_act_by_id == actor.user_id else None
        words = ASKED[facts.pending_act_kind].lower()
        return (
            LoanAct("agree", f"Agree to it: {words}", own, facts.pending_act_id),
            LoanAct("send-back-request", f"Send it back: {words}", own, facts.pending_act_id),
        )
    return ()


def next_step(facts: LoanFacts) -> NextStep:
    """What happens next with the loan, and who has to act."""
    if facts.prepared_pay_out_id is not None:
        return NextStep(Role.MANAGER, "The fund manager releases the pay-out or sends it back.")
    if facts.write_off_requested_by_id is not None:
        return NextStep(Role.MANAGER, "The fund manager confirms the write-off or sends it back.")
    if facts.pending_act_kind is not None:
        asked = ASKED[facts.pending_act_kind]
        return NextStep(Role.MANAGER, f"{asked} waits: the fund manager agrees or sends it back.")
    if facts.days_past_due and facts.status in BORROWED:
        return NextStep(Role.ENTERPRISE, "The borrower pays what is overdue.")
    if facts.status in BORROWED and not facts.outstanding_minor and facts.credit_minor:
        return NextStep(Role.OFFICER, "A loan officer gives the waiting money back.")
    return _STEPS[facts.status]


_STEPS: Mapping[LoanStatus, NextStep] = {
    LoanStatus.SIGNED: NextStep(Role.OFFICER, "A loan officer prepares the first pay-out."),
    LoanStatus.DISBURSING: NextStep(Role.OFFICER, "A loan officer prepares the next pay-out."),
    LoanStatus.REPAYING: NextStep(Role.ENTERPRISE, "The borrower pays the next instalment."),
    LoanStatus.REPAID: NextStep(None, "The loan is repaid. Nothing is owed any more."),
    LoanStatus.WRITTEN_OFF: NextStep(
        Role.OFFICER, "A loan officer records what still comes in as a recovery."
    ),
    LoanStatus.CANCELLED: NextStep(None, "The loan was cancelled. Nothing is owed."),
}
