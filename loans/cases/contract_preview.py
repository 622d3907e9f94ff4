"""What a contract would come to, before anybody signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loans.cases.assessment import Assessment
from loans.cases.contract_making import ContractDays, contract_of
from loans.cases.decisions import Terms
from loans.schedules.accrual import BalanceChange
from loans.schedules.schedule import Instalment, Schedule, build_schedule
from loans.subledger.contract import Contract


@dataclass(frozen=True)
class PlannedCover:
    """Savings / debt service, over the instalments that repay principal.

    ``steady`` is the one cover that a savings-matched schedule keeps, None for other schedules.
    ``debt_capacity_minor`` is the loan whose savings reach the ``target`` over its life.
    """

    steady: Fraction | None
    minimum: Fraction
    average: Fraction
    loan_life: Fraction
    target: Decimal
    debt_capacity_minor: int

    @property
    def is_under_target(self) -> bool:
        """Whether the savings repay the loan less often than is wanted."""
        return (self.steady or self.loan_life) < Fraction(self.target)


@dataclass(frozen=True)
class ContractPreview:
    """The schedule in minor units, its totals, and how the savings cover it.

    ``savings_minor`` has one value for each instalment.
    """

    instalments: tuple[Instalment, ...]
    savings_minor: tuple[int, ...]
    grace_count: int
    interest_is_added: bool
    first_repayment_minor: int
    """The first instalment that repays principal; the others equal it in a level schedule."""

    principal_minor: int
    interest_minor: int
    total_minor: int
    balloon_minor: int
    cover: PlannedCover | None

    @property
    def first_due_on(self) -> date:
        """The first due day."""
        return self.instalments[0].due_on

    @property
    def last_due_on(self) -> date:
        """The last due day."""
        return self.instalments[-1].due_on


def contract_preview(assessment: Assessment, terms: Terms, days: ContractDays) -> ContractPreview:
    """The schedule of ``terms`` if all is paid out on the planned day.

    Raises:
        WrongValue: the days contradict each other or the terms.
    """
    planned = contract_of(assessment, terms, days)
    contract = planned.contract
    schedule = _schedule(contract, planned.savings_minor)
    rows = schedule.instalments
    return ContractPreview(
        instalments=rows,
        savings_minor=planned.savings_minor,
        grace_count=contract.grace_instalments,
        interest_is_added=any(row.capitalised_minor for row in rows),
        first_repayment_minor=rows[contract.grace_instalments].total_minor,
        principal_minor=terms.amount_minor,
        interest_minor=schedule.interest_minor,
        total_minor=schedule.total_minor,
        balloon_minor=terms.balloon_minor,
        cover=_cover(schedule, assessment.profile.terms.target_cover.required),
    )


def planned_cover(
    contract: Contract, savings_minor: Sequence[int], target: Decimal
) -> PlannedCover | None:
    """How the savings cover a contract as planned; None where nothing is saved."""
    return _cover(_schedule(contract, savings_minor), target)


def _schedule(contract: Contract, savings: Sequence[int]) -> Schedule:
    return build_schedule(
        disbursements=(BalanceChange(contract.planned_pay_out_on, contract.principal_minor),),
        annual_rate=contract.annual_rate,
        day_count=contract.day_count,
        method=contract.method,
        due_on=contract.due_on,
        grace_instalments=contract.grace_instalments,
        grace_interest=contract.grace_interest,
        balloon_minor=contract.balloon_minor,
        savings_minor=savings if any(savings[contract.grace_instalments :]) else None,
    )


def _cover(schedule: Schedule, target: Decimal) -> PlannedCover | None:
    cover, capacity = schedule.cover, schedule.debt_capacity_minor(target)
    if cover is None or capacity is None:
        return None
    return PlannedCover(
        schedule.divisor, cover.minimum, cover.average, cover.loan_life, target, capacity
    )
