"""What secures the loans of the demonstration: plants, machines, a deposit and two guarantees."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.demo.stage import Stage
from app.demo.timeline import Steps
from loans.collateral import assets, charges, pledges
from loans.coverage import AssetKind, GuarantorKind, ValuationBasis
from loans.history import Moment
from loans.people import Role
from loans.tables import Loan

if TYPE_CHECKING:
    from app.demo.cases import Case

Step = Callable[[Session, Moment], None]
Maker = Callable[["Case", Stage], Step]

PLANTS = frozenset({22, 23, 26, 29, 31, 33, 34})
"""Loans secured by a plant; the first of them behind the claim of a bank."""
MACHINES = frozenset({23, 28, 30, 34})
GUARANTEED = {29: 600, 32: 45}
"""Loans with a guarantee, and the days until it ends."""
_BEHIND_A_BANK = 22


def steps(number: int, days: Steps, today: date) -> list[tuple[date, Maker]]:
    """What secures the loan of a case, from the day of its signature."""
    made: list[Callable[[Session, Moment, Stage, Loan], None]] = []
    if number in PLANTS:
        made.append(partial(_plant, is_second=number == _BEHIND_A_BANK, tenths=14 + number % 5))
    if number in MACHINES:
        made.append(partial(_machines, tenths=10 + number % 4))
    if number in GUARANTEED:
        ends_on = today + timedelta(days=GUARANTEED[number])
        made.append(partial(_guarantee, valid_until=ends_on))
    return [(days.signed_on, _maker(secure)) for secure in made]


def _maker(secure: Callable[[Session, Moment, Stage, Loan], None]) -> Maker:
    def make(case: "Case", stage: Stage) -> Step:
        def step(session: Session, moment: Moment) -> None:
            secure(session, moment, stage, session.get_one(Loan, case.ids.loan_id))

        return step

    return make


def _asset(
    session: Session, moment: Moment, stage: Stage, loan: Loan, *, kind: AssetKind, words: str
) -> str:
    return assets.register_asset(
        session,
        stage.actors[Role.OFFICER],
        moment,
        enterprise_id=loan.enterprise_id,
        kind=kind,
        owner="",
        description=words,
        register_number=f"DEMO-{loan.reference}-{kind.value[:2].upper()}",
    )


def _value(session: Session, moment: Moment, stage: Stage, asset_id: str, value_minor: int) -> None:
    assets.value_asset(
        session,
        stage.actors[Role.OFFICER],
        moment,
        asset_id,
        value_minor=value_minor,
        valued_on=moment.on - timedelta(days=20),
        valued_by="Baltic Valuers (invented)",
        basis=ValuationBasis.MARKET,
        document=f"Valuation report of {moment.on - timedelta(days=20)}",
    )


def _plant(
    session: Session, moment: Moment, stage: Stage, loan: Loan, *, is_second: bool, tenths: int
) -> None:
    asset_id = _asset(
        session, moment, stage, loan, kind=AssetKind.REAL_ESTATE, words="Production hall with land"
    )
    _value(session, moment, stage, asset_id, loan.principal_minor * tenths // 10)
    if is_second:
        charges.record_other_charge(
            session,
            stage.actors[Role.OFFICER],
            moment,
            asset_id,
            creditor="House Bank (invented)",
            rank=1,
            limit_minor=loan.principal_minor // 2,
            charged_on=moment.on - timedelta(days=400),
            document="Extract of the land register",
        )
    _pledge(session, moment, stage, loan, asset_id, rank=2 if is_second else 1)


def _machines(session: Session, moment: Moment, stage: Stage, loan: Loan, *, tenths: int) -> None:
    asset_id = _asset(
        session, moment, stage, loan, kind=AssetKind.EQUIPMENT, words="Machines that the loan pays"
    )
    _value(session, moment, stage, asset_id, loan.principal_minor * tenths // 10)
    _pledge(session, moment, stage, loan, asset_id)


def _pledge(
    session: Session, moment: Moment, stage: Stage, loan: Loan, asset_id: str, *, rank: int = 1
) -> None:
    pledges.pledge_asset(
        session,
        stage.actors[Role.OFFICER],
        moment,
        loan.id,
        asset_id=asset_id,
        rank=rank,
        limit_minor=None,
        pledged_on=moment.on,
        document=f"Contract of pledge of {moment.on}",
    )


def _guarantee(
    session: Session, moment: Moment, stage: Stage, loan: Loan, *, valid_until: date
) -> None:
    pledges.record_guarantee(
        session,
        stage.actors[Role.OFFICER],
        moment,
        loan.id,
        guarantor="Guarantee Fund for Clean Rivers (invented)",
        kind=GuarantorKind.STATE,
        amount_minor=loan.principal_minor // 2,
        share=None,
        given_on=moment.on,
        valid_until=valid_until,
        document=f"Deed of guarantee of {moment.on}",
    )
