"""Setting the allowance: what each loan needs on a day, and the change booked as one entry.

Runs go forward only, one a day at most. A loan that is written off has no principal any more, so
that the next run releases what was set aside for it: the loss stands on its own account when it is
known, and the allowance says at any time what the loans still there may lose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.allowance import Exposure, Needed, needed
from loans.books import ledger
from loans.books.closed_months import refuse_closed
from loans.chart import ALLOWANCE, ALLOWANCE_CHANGE
from loans.day_words import shown_day
from loans.figures.portfolio import LoanAt, loans_at
from loans.fund import Facility, check_day, the_facility
from loans.history import Moment, record
from loans.ledger_legs import Leg
from loans.people import Actor, Role, need_role
from loans.profile import Profile
from loans.provisioning.tables import ProvisionLineRow, ProvisionRunRow
from loans.refusal import WrongValue
from loans.storage.database import new_id
from loans.storage.requests import entry_key
from loans.storage.turns import named_turn
from loans.versions.profile_versions import profile_in_force

EVENT = "provision"


class OnlyForward(WrongValue):
    """A later day has its run already, or the day has one and loans have changed since."""


def run_provisions(
    session: Session, actor: Actor, moment: Moment, *, run_on: date, key: str
) -> str:
    """Set the allowance of every loan to what it needs on ``run_on``; answer the run's id.

    A second run for the newest day, where no loan needs anything else, answers the first.

    Raises:
        WrongPerson: the actor is no manager.
        FutureDay, OnlyForward: the day has not come, or the last run stands in its way.
        PeriodClosed: the day lies in a closed month.
        TermMissing: the fund has not decided its rates.
    """
    need_role(actor, Role.MANAGER)
    check_day(run_on, moment, field="run_on")
    facility = the_facility(session)
    named_turn(session, f"provisions {facility.facility_id}")
    last = last_run(session, facility)
    if last is not None and last.run_on == run_on:
        return _unchanged(session, facility, last)
    if last is not None and last.run_on > run_on:
        message = f"The allowance was set on {shown_day(last.run_on)}. Enter a later day."
        raise OnlyForward(message, field="run_on")
    refuse_closed(session, facility.facility_id, run_on, field="run_on")
    profile = profile_in_force(session, facility.facility_id, facility.profile_code, run_on)
    found = needs(profile, loans_at(session, facility, run_on))
    row = ProvisionRunRow(
        id=new_id(),
        facility_id=facility.facility_id,
        run_on=run_on,
        profile_code=facility.profile_code,
        profile_version=profile.version,
        allowance_minor=sum(one.allowance_minor for one in found),
        entry_id=_post(session, actor, moment, facility, run_on=run_on, found=found, key=key),
        run_by=actor.user_id,
        run_at=moment.at,
    )
    session.add(row)
    session.flush()
    session.add_all(_line(row.id, one) for one in found)
    session.flush()
    details = {"allowance_minor": row.allowance_minor, "entry": row.entry_id}
    record(
        session,
        actor,
        Moment(run_on, moment.at),
        subject=("provisions", row.id),
        action="run_provisions",
        facility_id=facility.facility_id,
        details=details,
    )
    return row.id


def _unchanged(session: Session, facility: Facility, last: ProvisionRunRow) -> str:
    """The id of the day's run, where the loans still need what it set aside.

    Raises:
        OnlyForward: they need something else by now.
    """
    profile = profile_in_force(session, facility.facility_id, facility.profile_code, last.run_on)
    found = needs(profile, loans_at(session, facility, last.run_on))
    if changes(set_aside(session, facility), found):
        message = (
            f"The allowance was set on {shown_day(last.run_on)}, and what loans need on that day "
            "has changed since. Set it on a later day; that run books the difference."
        )
        raise OnlyForward(message, field="run_on")
    return last.id


def needs(profile: Profile, loans: Sequence[LoanAt]) -> tuple[Needed, ...]:
    """What each loan with principal outstanding needs, by the facility's own rates.

    Raises:
        TermMissing: the fund has not decided them.
    """
    terms = profile.terms
    rates, restructured = terms.provision_rates.required, terms.restructured_provision.required
    return tuple(
        needed(
            Exposure(loan.loan_id, loan.principal_minor, loan.days_past_due, loan.is_restructured),
            rates,
            restructured,
        )
        for loan in loans
        if loan.principal_minor > 0
    )


def last_run(session: Session, facility: Facility, by: date = date.max) -> ProvisionRunRow | None:
    """The newest run with a day up to ``by``."""
    return session.scalars(
        select(ProvisionRunRow)
        .where(ProvisionRunRow.facility_id == facility.facility_id, ProvisionRunRow.run_on <= by)
        .order_by(ProvisionRunRow.run_on.desc())
        .limit(1)
    ).first()


def set_aside(session: Session, facility: Facility, by: date = date.max) -> Mapping[str, int]:
    """What the last run up to ``by`` set aside, by loan, in minor units."""
    last = last_run(session, facility, by)
    if last is None:
        return {}
    rows = session.scalars(select(ProvisionLineRow).where(ProvisionLineRow.run_id == last.id))
    return {row.loan_id: row.allowance_minor for row in rows}


def changes(before: Mapping[str, int], found: Sequence[Needed]) -> Mapping[str, int]:
    """By how much each loan's allowance changes, where it does; positive is more set aside."""
    after = {one.exposure.loan_id: one.allowance_minor for one in found}
    moved = {
        loan_id: after.get(loan_id, 0) - before.get(loan_id, 0)
        for loan_id in sorted(before.keys() | after.keys())
    }
    return {loan_id: amount for loan_id, amount in moved.items() if amount}


def legs(moved: Mapping[str, int]) -> tuple[Leg, ...]:
    """The change of the allowance: a posting for each loan, and what it costs in one."""
    total = sum(moved.values())
    each = tuple(Leg(ALLOWANCE, -amount, loan_id) for loan_id, amount in moved.items())
    return (*each, Leg(ALLOWANCE_CHANGE, total)) if total else each


def _post(
    session: Session,
    actor: Actor,
    moment: Moment,
    facility: Facility,
    *,
    run_on: date,
    found: Sequence[Needed],
    key: str,
) -> str | None:
    booked = legs(changes(set_aside(session, facility), found))
    if not booked:
        return None
    entry_id = ledger.post(
        session,
        facility_id=facility.facility_id,
        event=EVENT,
        effective_on=run_on,
        booked_at=moment.at,
        actor_id=actor.user_id,
        key=entry_key(actor.user_id, key),
        legs=booked,
        memo=f"Allowance for losses on {shown_day(run_on)}",
    )
    refuse_closed(session, facility.facility_id, run_on, field="run_on")
    return entry_id


def _line(run_id: str, one: Needed) -> ProvisionLineRow:
    return ProvisionLineRow(
        run_id=run_id,
        loan_id=one.exposure.loan_id,
        days_past_due=one.exposure.days_past_due,
        is_restructured=one.exposure.is_restructured,
        principal_minor=one.exposure.principal_minor,
        rate=f"{one.rate:f}",
        allowance_minor=one.allowance_minor,
    )
