"""The allowance as pages and programs show it: by age, by loan, and the runs before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.allowance import AgeRow, by_age
from loans.arrears import PORTFOLIO_AT_RISK_DAYS
from loans.figures.portfolio import loans_at
from loans.fund import Facility
from loans.provisioning.run import changes, last_run, needs, set_aside
from loans.provisioning.tables import ProvisionRunRow
from loans.tables import User
from loans.versions.profile_versions import profile_in_force


@dataclass(frozen=True)
class LoanAllowance:
    """What one loan needs on the day, and what is set aside for it."""

    loan_id: str
    reference: str
    borrower: str
    days_past_due: int
    is_restructured: bool
    principal_minor: int
    allowance_rate: Decimal
    needed_minor: int
    set_aside_minor: int


@dataclass(frozen=True)
class RunLine:
    """A run: what was set aside in all, and its entry (None where nothing changed)."""

    run_id: str
    run_on: date
    allowance_minor: int
    entry_id: str | None
    run_by: str
    run_at: datetime


@dataclass(frozen=True)
class ProvisionView:
    """The allowance on a day, in minor units: needed by the rule, and set aside by the last run.

    ``coverage`` is what is set aside / the principal over 30 days past due; None where none is.
    """

    as_of: date
    ages: tuple[AgeRow, ...]
    loans: tuple[LoanAllowance, ...]
    needed_minor: int
    set_aside_minor: int
    change_minor: int
    at_risk_minor: int
    coverage: Fraction | None
    last_run_on: date | None
    runs: tuple[RunLine, ...]


def provision_view(session: Session, facility: Facility, as_of: date) -> ProvisionView:
    """What the loans need on a day beside what the last run set aside.

    Raises:
        TermMissing: the fund has not decided its rates.
    """
    loans = {one.loan_id: one for one in loans_at(session, facility, as_of)}
    profile = profile_in_force(session, facility.facility_id, facility.profile_code, as_of)
    found = needs(profile, tuple(loans.values()))
    before = set_aside(session, facility, as_of)
    moved = changes(before, found)
    at_risk = sum(
        one.exposure.principal_minor
        for one in found
        if one.exposure.days_past_due > PORTFOLIO_AT_RISK_DAYS[0]
    )
    held, last = sum(before.values()), last_run(session, facility, as_of)
    rates = profile.terms.provision_rates.required
    return ProvisionView(
        as_of=as_of,
        ages=by_age(found, rates),
        loans=tuple(
            LoanAllowance(
                one.exposure.loan_id,
                loans[one.exposure.loan_id].reference,
                loans[one.exposure.loan_id].borrower,
                one.exposure.days_past_due,
                one.exposure.is_restructured,
                one.exposure.principal_minor,
                one.rate,
                one.allowance_minor,
                before.get(one.exposure.loan_id, 0),
            )
            for one in found
        ),
        needed_minor=sum(one.allowance_minor for one in found),
        set_aside_minor=held,
        change_minor=sum(moved.values()),
        at_risk_minor=at_risk,
        coverage=Fraction(held, at_risk) if at_risk else None,
        last_run_on=last.run_on if last else None,
        runs=_runs(session, facility),
    )


def _runs(session: Session, facility: Facility) -> tuple[RunLine, ...]:
    rows = session.execute(
        select(ProvisionRunRow, User.name)
        .join(User, User.id == ProvisionRunRow.run_by)
        .where(ProvisionRunRow.facility_id == facility.facility_id)
        .order_by(ProvisionRunRow.run_on.desc())
    )
    return tuple(
        RunLine(row.id, row.run_on, row.allowance_minor, row.entry_id, name, row.run_at)
        for row, name in rows
    )
