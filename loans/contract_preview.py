"""What a contract would come to, before anybody signs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loans.accrual import BalanceChange
from loans.assessment import Assessment
from loans.day_count import due_dates
from loans.decisions import Terms
from loans.schedule import Method, build_schedule


@dataclass(frozen=True)
class ContractPreview:
    """The totals of a schedule in minor units, and its first and last days."""

    instalment_count: int
    grace_count: int
    first_due_on: date
    last_due_on: date
    first_repayment_minor: int
    """The first instalment that repays principal; the others equal it in a level schedule."""

    principal_minor: int
    interest_minor: int
    total_minor: int


def contract_preview(
    assessment: Assessment, terms: Terms, *, first_pay_out_on: date, first_due_on: date
) -> ContractPreview:
    """The schedule of ``terms`` if all is paid out on one day, in monthly instalments.

    Raises:
        WrongValue: the days contradict each other.
    """
    grace_count = min(assessment.appraisal.project.implementation_months, terms.maturity_months - 1)
    schedule = build_schedule(
        disbursements=(BalanceChange(first_pay_out_on, terms.amount_minor),),
        annual_rate=terms.annual_rate,
        day_count=assessment.profile.terms.day_count.required,
        method=Method(terms.method),
        due_on=due_dates(first_due_on, terms.maturity_months, start=first_pay_out_on),
        grace_instalments=grace_count,
    )
    rows = schedule.instalments
    return ContractPreview(
        instalment_count=len(rows),
        grace_count=grace_count,
        first_due_on=rows[0].due_on,
        last_due_on=rows[-1].due_on,
        first_repayment_minor=rows[grace_count].total_minor,
        principal_minor=terms.amount_minor,
        interest_minor=schedule.interest_minor,
        total_minor=schedule.total_minor,
    )
