"""Plays the demonstration: every step is a use case called with its own day, in order of days."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from rich.console import Console
from rich.progress import track
from sqlalchemy.orm import Session

from app import clock
from app.auth.passwords import hash_password
from app.demo import bank, cast, projects, timeline
from app.demo.cases import Case, Step, approved_case, pending_case, refused_case
from app.demo.stage import Stage
from app.demo.timeline import months_before
from appraisal.money import to_minor
from loans import fund, own_money, people
from loans.closing.days import Closing
from loans.closing.run import close_day
from loans.history import Moment, history, record
from loans.people import Role
from loans.storage.database import Database

CURRENCY = "EUR"
BEGUN, ENDED = "demonstration_begun", "demonstration_loaded"
"""Events of the facility; the first without the second is a load that was interrupted."""


@dataclass(frozen=True, order=True)
class Dated:
    """A step with its day; the order of writing decides inside a day."""

    on: date
    order: int
    step: Step = field(compare=False)


def load(database: Database, console: Console) -> None:
    """Play the whole story into an empty database, with a bar that shows how far it is."""
    today = clock.today()
    stage = Stage()
    with database.writing() as session:
        _open(session, stage, today)
    steps = _steps(stage, today)
    for position, dated in enumerate(
        track(steps, description="Loading the demonstration fund", console=console, transient=True)
    ):
        at = datetime.combine(dated.on, time(9), tzinfo=UTC) + timedelta(seconds=position)
        with database.writing() as session:
            dated.step(session, Moment(dated.on, at))
    with database.writing() as session:
        _note(session, stage, Moment(today, clock.now()), ENDED)


def is_interrupted(session: Session) -> bool:
    """Whether the story was begun and never told to its end."""
    facility_id = fund.the_facility(session).facility_id
    told = {line.action for line in history(session, (facility_id,))}
    return BEGUN in told and ENDED not in told


def _note(session: Session, stage: Stage, moment: Moment, action: str) -> None:
    """Keep that the story begins, or is told to its end."""
    facility_id = fund.the_facility(session).facility_id
    manager = stage.actors[Role.MANAGER]
    subject = ("facility", facility_id)
    record(session, manager, moment, subject=subject, action=action, facility_id=facility_id)


def _open(session: Session, stage: Stage, today: date) -> None:
    """The facility and its people, five years ago and more."""
    on = months_before(today, timeline.OPENED_MONTHS_AGO)
    moment = Moment(on, datetime.combine(on, time(8), tzinfo=UTC))
    fund.open_facility(
        session,
        moment,
        code="demo",
        name="Baltic Cleaner Production Fund",
        currency=CURRENCY,
        profile_code="nefco-1998",
        is_demonstration=True,
    )
    password_hash = hash_password(cast.PASSWORD)
    for email, name, role in cast.STAFF:
        people.add_user(
            session,
            email=email,
            name=name,
            role=role,
            password_hash=password_hash,
            at=moment.at,
        )
        stage.actors.setdefault(role, people.actor_by_email(session, email))
    stage.password_hash = password_hash
    _note(session, stage, moment, BEGUN)


def _steps(stage: Stage, today: date) -> list[Dated]:
    """Every step of the story, in the order of days, up to yesterday."""
    written = _money_steps(stage, today)
    for case in _cases(today):
        written += case.steps(stage)
    written += bank.steps(stage, today)
    # Days are closed in the evening, after all that happened on them.
    written += [(on, _close) for on in timeline.closed_days(today)]
    dated = [Dated(on, order, step) for order, (on, step) in enumerate(written)]
    return sorted(one for one in dated if one.on < today)


def _cases(today: date) -> list[Case]:
    published = projects.published_projects()
    cases = [
        approved_case(number, rows, today) for number, rows in enumerate(published["approved"])
    ]
    first = len(cases)
    cases += [
        refused_case(first + number, row["measures"], row["reason"], number, today)
        for number, row in enumerate(published["refused"])
    ]
    first = len(cases)
    cases += [
        pending_case(first + number, rows, number, today)
        for number, rows in enumerate(published["pending"])
    ]
    return cases


def _money_steps(stage: Stage, today: date) -> list[tuple[date, Step]]:
    steps: list[tuple[date, Step]] = []
    for months, source, whole_euro in cast.CONTRIBUTIONS:
        steps.append((months_before(today, months), _contribution(stage, source, whole_euro)))
    for months, whole_euro in cast.ADMINISTRATION:
        steps.append((months_before(today, months), _administration(stage, whole_euro)))
    return steps


def _close(session: Session, moment: Moment) -> None:
    close_day(session, Closing(fund.the_facility(session), None, moment), moment.on)


def _contribution(stage: Stage, source: str, whole_euro: int) -> Step:
    def pay_in(session: Session, moment: Moment) -> None:
        own_money.record_contribution(
            session,
            stage.actors[Role.MANAGER],
            moment,
            source=source,
            amount_minor=_minor(whole_euro),
            paid_on=moment.on,
            key=f"demo contribution {moment.on} {source}",
        )

    return pay_in


def _administration(stage: Stage, whole_euro: int) -> Step:
    def pay(session: Session, moment: Moment) -> None:
        own_money.record_administration(
            session,
            stage.actors[Role.MANAGER],
            moment,
            purpose="Administration of the year: office, audit and advisers",
            amount_minor=_minor(whole_euro),
            paid_on=moment.on,
            key=f"demo administration {moment.on}",
        )

    return pay


def _minor(whole_euro: int) -> int:
    return to_minor(Decimal(whole_euro), CURRENCY)
