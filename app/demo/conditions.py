"""What stands before the pay-outs of the demonstration: own money, pledge, quotations, bills."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.demo.stage import Stage
from loans.conditions import evidence, invoices, precedents, procurement
from loans.conditions.plan_views import PlanLineView
from loans.conditions.views import pay_outs_view
from loans.history import Moment
from loans.people import Actor, Role

if TYPE_CHECKING:
    from app.demo.cases import Case

Step = Callable[[Session, Moment], None]

SUPPLIERS = (
    ("UAB Vandens Technika (invented)", "LT", "local"),
    ("Nordvatten AB (invented)", "SE", "nordic"),
)
"""Who quotes for each line of a plan, the nearer one at the planned price."""


def meet(case: "Case", stage: Stage) -> Step:
    """Show the own money, enter the signed pledge, and choose the suppliers of the plan."""

    def prepare(session: Session, moment: Moment) -> None:
        officer, loan_id = stage.actors[Role.OFFICER], case.ids.loan_id
        view = pay_outs_view(session, officer, loan_id, as_of=moment.on)
        evidence.record_own_contribution(
            session,
            officer,
            moment,
            loan_id,
            proof=evidence.Proof.BANK,
            supplier=SUPPLIERS[0][0],
            document="Bank statement of the borrower with the first payment to the supplier",
            amount_minor=view.own_money.needed_minor,
            paid_on=moment.on,
        )
        for one in view.conditions:
            if not one.is_counted:
                document = f"Pledge agreement of loan {view.reference}, signed by both sides"
                precedents.meet_condition(
                    session, officer, moment, one.condition_id, document=document, on=moment.on
                )
        for line in view.plan:
            _choose(session, officer, moment, line)

    return prepare


def _choose(session: Session, officer: Actor, moment: Moment, line: PlanLineView) -> None:
    quoted = [
        procurement.add_quotation(
            session,
            officer,
            moment,
            line.plan_line_id,
            supplier=supplier,
            country=country,
            tier=tier,
            amount_minor=line.planned_minor + place * (line.planned_minor // 12),
            quoted_on=moment.on,
        )
        for place, (supplier, country, tier) in enumerate(SUPPLIERS)
    ]
    procurement.choose_quotation(session, officer, moment, quoted[0])


def billed(
    session: Session, officer: Actor, moment: Moment, loan_id: str, *, part: int, parts: int
) -> tuple[str, ...]:
    """Enter the invoices of one of ``parts`` tranches, at the planned price; answer their ids.

    The first of two tranches pays three fifths of each line, as it does of the loan.
    """
    view = pay_outs_view(session, officer, loan_id, as_of=moment.on)
    return tuple(
        invoices.add_invoice(
            session,
            officer,
            moment,
            loan_id,
            number=f"{view.reference}-{line.number}-{part + 1}",
            supplier=SUPPLIERS[0][0],
            invoiced_on=moment.on,
            amount_minor=_billed_minor(line, part, parts),
            plan_line_id=line.plan_line_id,
        )
        for line in view.plan
    )


def _billed_minor(line: PlanLineView, part: int, parts: int) -> int:
    """The part of a line that is billed: all of it, three fifths, or what is left of it."""
    if parts == 1:
        return line.planned_minor
    first = line.planned_minor * 3 // 5
    return first if part == 0 else line.planned_minor - first
