"""What a loan begins with at its signature: its conditions precedent and its procurement plan."""

from __future__ import annotations

from sqlalchemy.orm import Session

from appraisal.cost_catalogue import STANDARD_ITEMS
from appraisal.money import to_minor
from appraisal.proposal import InvestmentKind, InvestmentLine, Measure
from appraisal.proposal import Proposal as Figures
from loans.conditions.tables import LoanCondition, PlanLine
from loans.history import Moment
from loans.people import Actor
from loans.precedent import WORDS, Occasion, Precedent
from loans.profile import Terms
from loans.storage.database import new_id
from loans.tables import Application, Loan
from loans.versions.profile_versions import profile_of

_ITEMS = {item.code: item.label for item in STANDARD_ITEMS}
LONGEST_ITEM = 300


def terms_of_loan(session: Session, loan: Loan) -> Terms:
    """The terms of the profile under which the loan was approved."""
    return profile_of(session, loan).terms


def open_conditions(session: Session, actor: Actor, moment: Moment, loan: Loan) -> None:
    """Give a loan that is being signed the conditions of its profile and the plan of its proposal.

    The plan has the equipment of the measures that the loan finances: what a loan can pay for.
    """
    terms = terms_of_loan(session, loan)
    named = {
        Occasion.FIRST: terms.conditions_first_pay_out.value or (),
        Occasion.EVERY: terms.conditions_every_pay_out.value or (),
    }
    session.add_all(
        _condition(actor, moment, loan, precedent, occasion)
        for occasion, precedents in named.items()
        for precedent in precedents
    )
    figures = Figures.model_validate(session.get_one(Application, loan.application_id).figures)
    lines = [
        (measure, line)
        for measure in figures.financed_measures
        for line in measure.investment
        if line.kind is InvestmentKind.EQUIPMENT and line.amount > 0
    ]
    session.add_all(
        PlanLine(
            id=new_id(),
            loan_id=loan.id,
            number=number,
            item=_item(measure, line),
            planned_minor=to_minor(line.amount, figures.currency),
        )
        for number, (measure, line) in enumerate(lines, start=1)
    )
    session.flush()


def _condition(
    actor: Actor, moment: Moment, loan: Loan, precedent: Precedent, occasion: Occasion
) -> LoanCondition:
    return LoanCondition(
        id=new_id(),
        loan_id=loan.id,
        code=precedent.value,
        words=WORDS[precedent],
        occasion=occasion.value,
        added_by=actor.user_id,
        added_on=moment.on,
        added_at=moment.at,
    )


def _item(measure: Measure, line: InvestmentLine) -> str:
    """What is bought, with the measure that it is for."""
    named = line.label or _ITEMS.get(line.code, line.code)
    return f"{named} ({measure.code}: {measure.title})"[:LONGEST_ITEM]
