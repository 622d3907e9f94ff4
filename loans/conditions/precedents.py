"""Conditions precedent: added and met by an officer, waived by a manager who did not ask for it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from loans.cases.case_status import LoanStatus
from loans.conditions.standing import SATISFIED, Outcome, newest_step, next_number
from loans.conditions.tables import ConditionStep, LoanCondition
from loans.entered_text import entered_text
from loans.fund import check_day
from loans.history import Moment
from loans.lending.loan_case import locked_loan, need_status, write_event
from loans.people import Actor, Role, WrongPerson, need_role
from loans.precedent import COUNTED, Occasion
from loans.refusal import Missing, OutOfStep
from loans.storage.database import new_id
from loans.tables import Loan

LONGEST_WORDS = 300
LONGEST_NOTE = 500
PAYABLE = (LoanStatus.SIGNED, LoanStatus.DISBURSING)
"""Loans of which something can still be paid out."""


class CountedFromFigures(OutOfStep):
    """Figures meet this condition; nobody can enter that it is met."""


class NotOpen(OutOfStep):
    """The condition was met or waived before, or is not open for this."""


class WaiverAsked(OutOfStep):
    """A waiver of this condition was asked for already, and nobody has decided."""


class NothingToReopen(OutOfStep):
    """The condition is open."""


def add_condition(
    session: Session, actor: Actor, moment: Moment, loan_id: str, *, words: str, occasion: Occasion
) -> str:
    """Add a condition of this loan alone; answer its id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or nothing is left to be paid out.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, PAYABLE)
    ask = "Write what has to be met."
    row = LoanCondition(
        id=new_id(),
        loan_id=loan.id,
        code="",
        words=entered_text(words, field="words", ask=ask, longest=LONGEST_WORDS),
        occasion=occasion.value,
        added_by=actor.user_id,
        added_on=moment.on,
        added_at=moment.at,
    )
    session.add(row)
    session.flush()
    write_event(session, actor, moment, loan, "add_condition", note=row.words)
    return row.id


def meet_condition(
    session: Session, actor: Actor, moment: Moment, condition_id: str, *, document: str, on: date
) -> str:
    """Enter the document that meets a condition, and its day; answer the step's id.

    Raises:
        Missing, WrongPerson, WrongLoanStatus: it is not there for the actor, the actor is no
            officer, or nothing is left to be paid out.
        NotOpen, CountedFromFigures: it is met or waived, or evidence alone meets it.
    """
    condition, loan = _condition(session, actor, condition_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, PAYABLE)
    if condition.code in COUNTED:
        message = (
            f"{condition.words}: figures meet this. Enter the evidence or the invoices instead."
        )
        raise CountedFromFigures(message)
    _need_open(session, condition, loan)
    check_day(on, moment, field="met_on")
    ask = "Enter the document that shows it: its name, number and where it is kept."
    note = entered_text(document, field="document", ask=ask, longest=LONGEST_NOTE)
    return _step(session, actor, moment, (condition, loan), Outcome.MET, note=note, on=on)


def ask_waiver(
    session: Session, actor: Actor, moment: Moment, condition_id: str, *, reason: str
) -> str:
    """Ask for a condition to be waived; a manager decides. Answer the step's id.

    Raises:
        Missing, WrongPerson, WrongLoanStatus, NotOpen: as for ``meet_condition``.
        WaiverAsked: a request waits, and its reason stays as it was written.
    """
    condition, loan = _condition(session, actor, condition_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, PAYABLE)
    last = _need_open(session, condition, loan)
    if last is not None and last.outcome == Outcome.WAIVER_ASKED:
        message = (
            f"{condition.words}: a waiver is asked for already, and a fund manager has to decide. "
            "To give another reason, open the condition again and ask anew."
        )
        raise WaiverAsked(message)
    note = _reason(reason, "Write why the fund can do without it.")
    outcome = Outcome.WAIVER_ASKED
    return _step(session, actor, moment, (condition, loan), outcome, note=note, on=moment.on)


def waive_condition(
    session: Session, actor: Actor, moment: Moment, condition_id: str, *, reason: str
) -> str:
    """Waive a condition that an officer asked to be waived; answer the step's id.

    Raises:
        Missing, WrongLoanStatus: it is not there for the actor, or nothing is left to pay out.
        WrongPerson: the actor is no manager, or asked for it.
        NotOpen: nobody asked.
    """
    made, asked_by = _asked_of_another(session, actor, condition_id)
    note = _reason(reason, "Write why you waive it.")
    return _step(
        session, actor, moment, made, Outcome.WAIVED, note=note, on=moment.on, asked=asked_by
    )


def refuse_waiver(
    session: Session, actor: Actor, moment: Moment, condition_id: str, *, reason: str
) -> str:
    """Refuse to waive a condition that an officer asked to be waived: it stays open.

    Answers the step's id.

    Raises:
        Missing, WrongLoanStatus, WrongPerson, NotOpen: as for ``waive_condition``.
    """
    made, _ = _asked_of_another(session, actor, condition_id)
    note = _reason(reason, "Write why the fund cannot do without it.")
    outcome = Outcome.WAIVER_REFUSED
    return _step(session, actor, moment, made, outcome, note=note, on=moment.on)


def _asked_of_another(
    session: Session, actor: Actor, condition_id: str
) -> tuple[tuple[LoanCondition, Loan], str]:
    """A condition with its loan whose waiver another person asked for, and that person."""
    condition, loan = _condition(session, actor, condition_id)
    need_role(actor, Role.MANAGER)
    need_status(loan, PAYABLE)
    asked = newest_step(session, condition, _number(session, condition, loan))
    if asked is None or asked.outcome != Outcome.WAIVER_ASKED:
        message = f"{condition.words}: nobody asks to waive it. A loan officer asks first."
        raise NotOpen(message)
    if asked.made_by == actor.user_id:
        message = "You asked for it yourself. Another person has to decide."
        raise WrongPerson(message)
    return (condition, loan), asked.made_by


def reopen_condition(
    session: Session, actor: Actor, moment: Moment, condition_id: str, *, reason: str
) -> str:
    """Open a condition again: what was entered was wrong, or holds no more. Answer the step's id.

    A request to waive it is taken back by this too.

    Raises:
        Missing, WrongPerson, WrongLoanStatus: as for ``meet_condition``.
        NothingToReopen, NotOpen: it is open, or was for the first pay-out, which is made.
    """
    condition, loan = _condition(session, actor, condition_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, PAYABLE)
    last = newest_step(session, condition, _number(session, condition, loan))
    if last is None or last.outcome in (Outcome.OPEN, Outcome.WAIVER_REFUSED):
        message = f"{condition.words}: this is open already."
        raise NothingToReopen(message)
    note = _reason(reason, "Write why it is open again.")
    return _step(session, actor, moment, (condition, loan), Outcome.OPEN, note=note, on=moment.on)


def condition_of(session: Session, loan_id: str, condition_id: str) -> str:
    """The id of a condition of this very loan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    row = session.get(LoanCondition, condition_id)
    if row is None or row.loan_id != loan_id:
        raise Missing
    return row.id


def _condition(session: Session, actor: Actor, condition_id: str) -> tuple[LoanCondition, Loan]:
    row = session.get(LoanCondition, condition_id)
    if row is None:
        raise Missing
    return row, locked_loan(session, actor, row.loan_id)


def _need_open(session: Session, condition: LoanCondition, loan: Loan) -> ConditionStep | None:
    """The newest step of a condition that is neither met nor waived.

    Raises:
        NotOpen: it is.
    """
    number = _number(session, condition, loan)
    last = newest_step(session, condition, number)
    if last is not None and Outcome(last.outcome) in SATISFIED:
        message = f"{condition.words}: this is {last.outcome} already."
        raise NotOpen(message)
    return last


def _number(session: Session, condition: LoanCondition, loan: Loan) -> int:
    """The pay-out that is next, where the condition is still for it."""
    number = next_number(session, loan.id)
    if condition.occasion == Occasion.FIRST and number > 1:
        message = f"{condition.words}: this was for the first pay-out, which is made."
        raise NotOpen(message)
    return number


def _reason(reason: str, ask: str) -> str:
    return entered_text(reason, field="reason", ask=ask, longest=LONGEST_NOTE)


def _step(
    session: Session,
    actor: Actor,
    moment: Moment,
    made: tuple[LoanCondition, Loan],
    outcome: Outcome,
    *,
    note: str,
    on: date,
    asked: str | None = None,
) -> str:
    condition, loan = made
    row = ConditionStep(
        id=new_id(),
        condition_id=condition.id,
        pay_out_number=next_number(session, loan.id),
        outcome=outcome.value,
        note=note,
        happened_on=on,
        made_by=actor.user_id,
        made_at=moment.at,
        asked_by=asked,
    )
    session.add(row)
    session.flush()
    words = f"{condition.words}: {note}"
    write_event(session, actor, moment, loan, f"condition_{outcome.value}", note=words, on=on)
    return row.id
