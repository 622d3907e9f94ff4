"""What the players of the demonstration know: who they are, and the ids of what they made."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.demo import cast
from app.demo.cast import invented_enterprise
from loans import people
from loans.history import Moment
from loans.people import Actor, Role


@dataclass
class Stage:
    """The people of the fund, and who writes for each enterprise."""

    actors: dict[Role, Actor] = field(default_factory=dict)
    password_hash: str = ""
    enterprise_ids: dict[int, str] = field(default_factory=dict)

    def author(self, session: Session, number: int, moment: Moment, sector: str) -> Actor:
        """Who writes for the ``number``-th enterprise; it is entered where it is new."""
        if number not in self.enterprise_ids:
            self._enter(session, number, moment, sector)
        if number == cast.OWN_ACCOUNT:
            return people.actor_by_email(session, cast.ENTERPRISE_USER[0])
        return people.actor_by_email(session, self.actors[Role.ADVISER].email)

    def _enter(self, session: Session, number: int, moment: Moment, sector: str) -> None:
        invented = invented_enterprise(number)
        enterprise_id = people.add_enterprise(
            session,
            name=invented.name,
            registration_number=invented.registration_number,
            country=invented.country,
            ownership=invented.ownership,
            sector=sector,
            at=moment.at,
            is_invented=True,
        )
        self.enterprise_ids[number] = enterprise_id
        adviser_id = self.actors[Role.ADVISER].user_id
        people.assign_adviser(session, adviser_id=adviser_id, enterprise_id=enterprise_id)
        if number == cast.OWN_ACCOUNT:
            email, name = cast.ENTERPRISE_USER
            people.add_user(
                session,
                email=email,
                name=name,
                role=Role.ENTERPRISE,
                password_hash=self.password_hash,
                at=moment.at,
                enterprise_id=enterprise_id,
            )


@dataclass
class CaseIds:
    """What was made of one case so far."""

    proposal_id: str = ""
    application_id: str = ""
    loan_id: str = ""
    disbursement_id: str = ""
