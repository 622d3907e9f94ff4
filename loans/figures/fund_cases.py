"""The cases of a facility on a day: how far each came, and how many days lie between its steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.case_status import CaseStatus
from loans.figures.portfolio import LoanAt
from loans.fund import Facility
from loans.lending.seen import NOW, Seen
from loans.tables import Application, CaseEvent, Enterprise

PAID_OUT = "pay_out"
"""The step that follows the signature: the first money to the borrower."""

NINETIETH = Fraction(9, 10)


@dataclass(frozen=True)
class CaseAt:
    """An application on a day: its status then, and the day of each step it took.

    A step taken again counts on its last day; the lodging counts on its first.
    """

    application_id: str
    reference: str
    enterprise: str
    status: CaseStatus
    step_days: Mapping[str, date]


@dataclass(frozen=True)
class Lag:
    """Two steps of a case whose distance in days is watched."""

    code: str
    label: str
    from_step: str
    to_step: str


LAGS: tuple[Lag, ...] = (
    Lag("lag-complete", "From lodged to confirmed complete", "submit", "complete"),
    Lag("lag-appraise", "From complete to appraised", "complete", "appraise"),
    Lag("lag-approve", "From appraised to approved", "appraise", "approve"),
    Lag("lag-sign", "From approved to signed", "approve", "sign"),
    Lag("lag-pay-out", "From signed to the first pay-out", "sign", PAID_OUT),
    Lag("lag-agreement-to-money", "From approved to the first pay-out", "approve", PAID_OUT),
    Lag("lag-whole", "From lodged to the first pay-out", "submit", PAID_OUT),
)


def cases_at(
    session: Session, facility: Facility, as_of: date, loans: Sequence[LoanAt], seen: Seen = NOW
) -> tuple[CaseAt, ...]:
    """The applications lodged by ``as_of``; ``loans`` are those of the same day."""
    steps, statuses = _steps(session, facility, as_of, seen)
    for loan in loans:
        if loan.first_paid_out_on is not None and loan.application_id is not None:
            steps[loan.application_id][PAID_OUT] = loan.first_paid_out_on
    rows = session.execute(
        select(Application.id, Application.reference, Enterprise.name)
        .join(Enterprise, Enterprise.id == Application.enterprise_id)
        .where(Application.facility_id == facility.facility_id, Application.submitted_on <= as_of)
        .order_by(Application.submitted_on, Application.reference)
    )
    return tuple(
        CaseAt(case_id, reference, name, statuses[case_id], dict(steps[case_id]))
        for case_id, reference, name in rows
        if case_id in statuses
    )


def _steps(
    session: Session, facility: Facility, as_of: date, seen: Seen
) -> tuple[dict[str, dict[str, date]], dict[str, CaseStatus]]:
    """The days of the steps and the last status of each application."""
    rows = session.execute(
        select(
            CaseEvent.subject_id, CaseEvent.action, CaseEvent.happened_on, CaseEvent.status_after
        )
        .where(
            CaseEvent.facility_id == facility.facility_id,
            CaseEvent.subject_kind == "application",
            CaseEvent.status_after.is_not(None),
            CaseEvent.happened_on <= as_of,
            seen.knew(CaseEvent.recorded_at),
        )
        .order_by(CaseEvent.happened_on, CaseEvent.recorded_at, CaseEvent.id)
    )
    steps: dict[str, dict[str, date]] = defaultdict(dict)
    statuses: dict[str, CaseStatus] = {}
    for case_id, action, happened_on, status in rows:
        statuses[case_id] = CaseStatus(str(status))
        if action != "submit" or "submit" not in steps[case_id]:
            steps[case_id][action] = happened_on
    return steps, statuses


def lag_days(case: CaseAt, lag: Lag) -> int | None:
    """Days between the two steps of a case, or None where it has not taken both."""
    start, end = case.step_days.get(lag.from_step), case.step_days.get(lag.to_step)
    return None if start is None or end is None else (end - start).days


def percentile(values: Sequence[int], share: Fraction) -> Fraction | None:
    """The value below which ``share`` of the values lie, None for no values.

    Linear between the two nearest ranks, rank 0 the smallest and n - 1 the largest, as the
    function PERCENTILE of spreadsheets has it; ``share`` 1/2 is the median.
    """
    if not values:
        return None
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    below = rank.numerator // rank.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (rank - below) * (ordered[above] - ordered[below])
