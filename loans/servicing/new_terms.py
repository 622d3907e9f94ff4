"""New terms for what is still owed: other due dates, or a payment holiday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from loans.cases.case_status import BORROWED
from loans.day_words import shown_day
from loans.history import Moment
from loans.lending.loan_case import (
    NoPrincipal,
    WrongDay,
    locked_loan,
    need_status,
    pay_outs,
    refuse_pending,
    seen_loan,
)
from loans.lending.loan_record import LoanRecord, record_of, reschedule_document, reschedule_of
from loans.people import Actor, Role, need_role
from loans.refusal import Missing, WrongValue
from loans.schedules.day_count import due_dates, month_after
from loans.schedules.schedule import GraceInterest, Method
from loans.schedules.schedule_limits import MOST_INSTALMENTS
from loans.servicing import act_book
from loans.servicing_kinds import ActKind
from loans.servicing_tables import ServicingAct
from loans.subledger.events import Rescheduled
from loans.subledger.state import AccountState
from loans.tables import Loan
from loans.versions.profile_versions import profile_of

_PLANNED = "planned"
_SPREAD_METHODS = (Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.BULLET)


class WrongTerms(WrongValue):
    """New terms that contradict each other, or change nothing."""


@dataclass(frozen=True)
class NewTerms:
    """The instalments asked for: the first day, how many, how far apart, and how they repay."""

    first_due_on: date
    instalments: int
    months_between: int
    method: Method
    grace_instalments: int = 0
    grace_interest: GraceInterest = GraceInterest.PAID
    capitalises_overdue_interest: bool = False

    @property
    def due_on(self) -> tuple[date, ...]:
        """The due dates."""
        return due_dates(self.first_due_on, self.instalments, self.months_between)


@dataclass(frozen=True)
class Holiday:
    """The next instalments carry no principal, and the due dates move back by as many.

    Their interest is paid, or added to the loan.
    """

    instalments: int
    interest: GraceInterest


@dataclass(frozen=True)
class TermsPreview:
    """The loan as it is and as it would be from the day on; ``notice`` says what is unusual."""

    before: AccountState
    after: AccountState
    notice: str | None


def preview(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    asked: NewTerms | Holiday,
) -> TermsPreview:
    """What new terms from today would come to. Refuses as ``request_new_terms`` does."""
    loan = seen_loan(session, actor, loan_id)
    record = record_of(session, loan)
    event = _event(loan, record, moment.on, asked, ref=_PLANNED)
    return _previewed(session, loan, record, event)


def asked_preview(
    session: Session, actor: Actor, moment: Moment, act_id: str
) -> TermsPreview | None:
    """What terms that were asked for would come to from today; None for another kind of act.

    Raises:
        Missing: there is no such act for the actor.
    """
    row = session.get(ServicingAct, act_id)
    if row is None:
        raise Missing
    loan = seen_loan(session, actor, row.loan_id)
    if ActKind(row.kind) not in (ActKind.RESCHEDULE, ActKind.HOLIDAY):
        return None
    event = replace(reschedule_of(row), on=moment.on)
    return _previewed(session, loan, record_of(session, loan), event)


def _previewed(
    session: Session, loan: Loan, record: LoanRecord, event: Rescheduled
) -> TermsPreview:
    after = record.with_event(event).at(event.on)
    notice = _beyond_longest(session, loan, after.schedule[-1].due_on)
    return TermsPreview(record.at(event.on), after, notice)


def _beyond_longest(session: Session, loan: Loan, last: date) -> str | None:
    """The longest maturity binds what is approved; new terms beyond it are said to be so."""
    months = profile_of(session, loan).terms.longest_maturity_months.value
    if months is None:
        return None
    first_paid_on = pay_outs(session, loan.id)[0][0]
    longest = month_after(first_paid_on, months)
    if last <= longest:
        return None
    return (
        f"The last instalment would be due on {shown_day(last)}. The longest maturity of the "
        f"loan's profile, {months} months, ends on {shown_day(longest)} at the latest: agree to "
        "this only where the reason says why."
    )


def request_new_terms(
    session: Session,
    actor: Actor,
    moment: Moment,
    loan_id: str,
    asked: NewTerms | Holiday,
    *,
    reason: str,
) -> str:
    """Ask for new terms or a payment holiday; a manager agrees. Answer the act's id.

    Raises:
        WrongPerson, WrongLoanStatus: the actor is no officer, or the loan is not being repaid.
        StillPending: a manager has to decide on an earlier request first.
        WrongTerms, WrongDay: the instalments contradict each other or the day.
        NoPrincipal: none is outstanding.
    """
    loan = locked_loan(session, actor, loan_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, BORROWED)
    refuse_pending(session, loan)
    event = _event(loan, record_of(session, loan), moment.on, asked, ref=_PLANNED)
    kind = ActKind.HOLIDAY if event.is_holiday else ActKind.RESCHEDULE
    row = act_book.keep(
        session,
        actor,
        moment,
        loan,
        kind,
        on=moment.on,
        terms=reschedule_document(event),
        reason=reason,
        ask="Write why the terms change, and what the borrower agreed to.",
        is_done=False,
    )
    return row.id


def agree_new_terms(
    session: Session, actor: Actor, moment: Moment, act_id: str, *, key: str
) -> None:
    """Put new terms in force from today, as a second person.

    Raises:
        Missing, WrongLoanStatus, WrongPerson: as ``act_book.to_decide`` refuses.
        WrongDay: the first due day has passed since they were asked for.
    """
    row, loan = act_book.to_decide(session, actor, act_id)
    need_status(loan, BORROWED)
    first = date.fromisoformat(row.terms["due_on"][0])
    if first <= moment.on:
        message = "The first due day has passed meanwhile. Send it back and ask anew."
        raise WrongDay(message)
    row.effective_on = moment.on
    act_book.mark_done(actor, moment, row)
    act_book.book(session, actor, moment, loan, row, key=key)


def _event(
    loan: Loan, record: LoanRecord, on: date, asked: NewTerms | Holiday, *, ref: str
) -> Rescheduled:
    need_status(loan, BORROWED)
    if isinstance(asked, Holiday):
        return _holiday(record, on, asked, ref)
    if not record.at(on).principal_minor:
        message = "No principal is outstanding for which new terms could hold."
        raise NoPrincipal(message)
    _check_terms(asked, on)
    return Rescheduled(
        on,
        ref,
        asked.due_on,
        asked.method,
        asked.grace_instalments,
        asked.grace_interest,
        asked.capitalises_overdue_interest,
    )


def _check_terms(asked: NewTerms, on: date) -> None:
    if not 1 <= asked.instalments <= MOST_INSTALMENTS:
        message = f"Enter from 1 to {MOST_INSTALMENTS} instalments."
        raise WrongTerms(message, field="instalments")
    if asked.first_due_on <= on:
        message = f"Enter a first due day after today, {shown_day(on)}."
        raise WrongDay(message, field="first_due_on")
    if not 0 <= asked.grace_instalments < asked.instalments:
        message = f"Enter from 0 to {asked.instalments - 1} instalments without principal."
        raise WrongTerms(message, field="grace_instalments")
    if asked.method not in _SPREAD_METHODS:
        message = "Choose level, equal-principal or bullet."
        raise WrongTerms(message, field="method")


def _holiday(record: LoanRecord, on: date, asked: Holiday, ref: str) -> Rescheduled:
    state = record.at(on)
    planned = [row.due_on for row in state.schedule if row.due_on > on]
    if not planned:
        message = "No instalment is left to be put off. Agree new terms instead."
        raise WrongTerms(message, field="instalments")
    if not 1 <= asked.instalments <= MOST_INSTALMENTS - len(planned):
        message = f"Enter from 1 to {MOST_INSTALMENTS - len(planned)} instalments to put off."
        raise WrongTerms(message, field="instalments")
    method = record.method_on(on)
    return Rescheduled(
        on,
        ref,
        _put_off(planned, asked.instalments),
        Method.LEVEL if method is Method.SAVINGS_MATCHED else method,
        asked.instalments,
        asked.interest,
        is_holiday=True,
    )


def _put_off(planned: Sequence[date], count: int) -> tuple[date, ...]:
    """The planned due dates, and ``count`` more at the distance of the last two."""
    months = [
        12 * (later.year - earlier.year) + later.month - earlier.month
        for earlier, later in pairwise(planned[-2:])
    ]
    step = max(1, *months) if months else 1
    more = due_dates(planned[-1], count + 1, step)[1:]
    return (*planned, *more)
