"""The acts on a loan that belong to a person's role, what stands in their way, and who is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loans.case_status import BORROWED, LoanStatus
from loans.people import Actor, Role


@dataclass(frozen=True)
class LoanFacts:
    """What decides which acts are possible now; amounts in minor units."""

    status: LoanStatus
    undisbursed_minor: int
    outstanding_minor: int
    days_past_due: int
    prepared_pay_out_id: str | None
    prepared_by_id: str | None
    write_off_requested_by_id: str | None


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
    if facts.status is LoanStatus.WRITTEN_OFF:
        return (LoanAct("recovery", "Record a recovery", None),)
    if facts.status in (LoanStatus.REPAID, LoanStatus.CANCELLED):
        return ()
    acts = []
    if facts.undisbursed_minor:
        acts.append(LoanAct("prepare-disbursement", "Prepare a pay-out", _pending(facts)))
    not_paid = None if facts.status in BORROWED else "Nothing is paid out yet."
    acts.append(LoanAct("receipt", "Record a receipt", not_paid))
    nothing = None if facts.outstanding_minor else "No principal is outstanding."
    acts.append(
        LoanAct("request-write-off", "Request a write-off", not_paid or _pending(facts) or nothing)
    )
    return tuple(acts)


def _pending(facts: LoanFacts) -> str | None:
    if facts.prepared_pay_out_id is not None:
        return "A pay-out waits for the fund manager to release it or send it back."
    if facts.write_off_requested_by_id is not None:
        return "A write-off waits for the fund manager to confirm it or send it back."
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
    return ()


def next_step(facts: LoanFacts) -> NextStep:
    """What happens next with the loan, and who has to act."""
    if facts.prepared_pay_out_id is not None:
        return NextStep(Role.MANAGER, "The fund manager releases the pay-out or sends it back.")
    if facts.write_off_requested_by_id is not None:
        return NextStep(Role.MANAGER, "The fund manager confirms the write-off or sends it back.")
    if facts.days_past_due and facts.status in BORROWED:
        return NextStep(Role.ENTERPRISE, "The borrower pays what is overdue.")
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
