"""What happens to the loans of the demonstration: paid out, repaid, behind, written off."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.demo import conditions, security
from app.demo.stage import Stage
from app.demo.timeline import TWO_TRANCHES, Fate, Steps, months_before, payment_days
from loans.history import Moment
from loans.lending.loan_record import record_of
from loans.people import Role
from loans.servicing import disbursing, receipts, recoveries, write_offs
from loans.tables import Loan

if TYPE_CHECKING:
    from app.demo.cases import Case

Step = Callable[[Session, Moment], None]
Maker = Callable[["Case", Stage], Step]

LONGEST_MONTHS = 36
_PAID = frozenset({Fate.REPAID, Fate.ACTIVE, Fate.WRITTEN_OFF})


def steps(number: int, fate: Fate, days: Steps, today: date) -> list[tuple[date, Maker]]:
    """The dated steps of a loan after its signature."""
    if fate not in _PAID:
        return []
    parts = 2 if number == TWO_TRANCHES else 1
    made: list[tuple[date, Maker]] = [*security.steps(number, days, today)]
    made.append((days.paid_out_on, conditions.meet))
    for part in range(parts):
        on = days.paid_out_on + timedelta(days=20 * part)
        made += [(on, _prepare(part, parts)), (on, _release(part))]
    made += [(on, _receive) for on in payment_days(number, days.paid_out_on, LONGEST_MONTHS, today)]
    if fate is Fate.WRITTEN_OFF:
        made += [
            (months_before(today, 22), _request_write_off),
            (months_before(today, 21), _confirm_write_off),
            (months_before(today, 9), _recover),
        ]
    return made


def _prepare(part: int, parts: int) -> Maker:
    def make(case: "Case", stage: Stage) -> Step:
        def prepare(session: Session, moment: Moment) -> None:
            officer = stage.actors[Role.OFFICER]
            principal = session.get_one(Loan, case.ids.loan_id).principal_minor
            first = principal * 3 // 5 if parts > 1 else principal
            case.ids.disbursement_id = disbursing.prepare_disbursement(
                session,
                officer,
                moment,
                case.ids.loan_id,
                amount_minor=first if part == 0 else principal - first,
                pay_on=moment.on,
                purpose=f"Invoice {part + 1} of the supplier of the equipment",
                invoice_ids=conditions.billed(
                    session, officer, moment, case.ids.loan_id, part=part, parts=parts
                ),
            )

        return prepare

    return make


def _release(part: int) -> Maker:
    def make(case: "Case", stage: Stage) -> Step:
        return lambda session, moment: _ignore(
            disbursing.release_disbursement(
                session,
                stage.actors[Role.MANAGER],
                moment,
                case.ids.disbursement_id,
                key=f"demo pay-out {case.number} {part}",
            )
        )

    return make


def _receive(case: "Case", stage: Stage) -> Step:
    """Pay what is due; nothing where the loan is repaid already."""

    def receive(session: Session, moment: Moment) -> None:
        loan = session.get_one(Loan, case.ids.loan_id)
        owed = record_of(session, loan).at(moment.on).open.total
        if owed:
            receipts.record_receipt(
                session,
                stage.actors[Role.OFFICER],
                moment,
                case.ids.loan_id,
                amount_minor=owed,
                received_on=moment.on,
                bank_reference=f"Bank statement of {moment.on}",
                key=f"demo receipt {case.number} {moment.on}",
            )

    return receive


def _request_write_off(case: "Case", stage: Stage) -> Step:
    return lambda session, moment: _ignore(
        write_offs.request_write_off(
            session,
            stage.actors[Role.OFFICER],
            moment,
            case.ids.loan_id,
            reason="The plant stands still and its insolvency was opened.",
        )
    )


def _confirm_write_off(case: "Case", stage: Stage) -> Step:
    return lambda session, moment: _ignore(
        write_offs.confirm_write_off(
            session,
            stage.actors[Role.MANAGER],
            moment,
            case.ids.loan_id,
            key=f"demo write-off {case.number}",
        )
    )


def _recover(case: "Case", stage: Stage) -> Step:
    return lambda session, moment: _ignore(
        recoveries.record_recovery(
            session,
            stage.actors[Role.OFFICER],
            moment,
            case.ids.loan_id,
            amount_minor=RECOVERED_MINOR,
            received_on=moment.on,
            bank_reference="Sale of the pledged machines",
            key=f"demo recovery {case.number}",
        )
    )


RECOVERED_MINOR = 1_250_000
"""What the sale of the pledged machines brought, in cents."""


def _ignore(_answer: object) -> None:
    """A step answers nothing; the id of what it made is not needed again."""
