"""Brings a case to any state by the use cases themselves, as people would, day by day.

    fund = open_fund(database)
    loan_id = disbursed_loan(fund)
    with fund.act(on=RECEIPT_DAY) as (session, moment):
        record_receipt(session, fund.officer, moment, loan_id, ...)

Every step has its own transaction. The golden case: 120,000 saves 60,000 a year, so at most
108,000 for at most 28 months; it is lent at 6 %, level, from 2 March 2026.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from loans.cases import applications, approvals, proposals
from loans.cases.decisions import Terms
from loans.component import Component
from loans.conditions import evidence, precedents
from loans.conditions.views import pay_outs_view
from loans.draft import Draft
from loans.lending.loan_record import LoanRecord, record_of
from loans.servicing import agreements, charges, disbursing, write_offs
from loans.servicing import receipts as receipts_of
from loans.storage.database import new_id
from loans.tables import InstalmentRow, Loan, ScheduleVersion
from tests.drafts import golden_draft, golden_measure
from tests.funds import OPENED_ON, PASSWORD, Fund, add_actor, add_enterprise, at, open_fund

__all__ = [
    "OPENED_ON",
    "PASSWORD",
    "Fund",
    "add_actor",
    "add_enterprise",
    "at",
    "golden_draft",
    "golden_measure",
    "open_fund",
]

SENT_ON = date(2026, 1, 12)
APPROVED_ON = date(2026, 2, 2)
SIGNED_ON = date(2026, 2, 9)
PAY_OUT_ON = date(2026, 3, 2)
FIRST_DUE_ON = date(2026, 4, 2)
GOLDEN_TERMS = Terms(
    amount_minor=10_800_000, maturity_months=28, annual_rate=Decimal("0.06"), method="level"
)


def draft_proposal(fund: Fund, draft: Draft | None = None, *, on: date = SENT_ON) -> str:
    """A saved draft of the enterprise, complete unless ``draft`` is not; answers its id."""
    with fund.act(on) as (session, moment):
        proposal_id = proposals.start_proposal(session, fund.enterprise, moment)
        proposals.save_draft(session, fund.enterprise, moment, proposal_id, draft or golden_draft())
    return proposal_id


def submitted_application(fund: Fund, draft: Draft | None = None, *, on: date = SENT_ON) -> str:
    """A proposal sent to the fund; answers the application's id."""
    proposal_id = draft_proposal(fund, draft, on=on)
    with fund.act(on) as (session, moment):
        return proposals.submit_proposal(session, fund.enterprise, moment, proposal_id)


def complete_application(fund: Fund, draft: Draft | None = None) -> str:
    """An application that the officer confirmed complete."""
    application_id = submitted_application(fund, draft)
    with fund.act(SENT_ON) as (session, moment):
        applications.confirm_complete(session, fund.officer, moment, application_id)
    return application_id


def appraised_application(fund: Fund, draft: Draft | None = None) -> str:
    """An application whose appraisal the officer confirmed."""
    application_id = complete_application(fund, draft)
    with fund.act(SENT_ON) as (session, moment):
        applications.confirm_appraisal(session, fund.officer, moment, application_id)
    return application_id


def recommended_application(
    fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS
) -> str:
    """An application recommended by the officer."""
    application_id = appraised_application(fund, draft)
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.recommend(
            session, fund.officer, moment, application_id, terms=terms, reason="Sound and short"
        )
    return application_id


def approved_application(
    fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS
) -> str:
    """An application approved by the manager, with the money reserved."""
    application_id = recommended_application(fund, draft, terms=terms)
    with fund.act(APPROVED_ON) as (session, moment):
        approvals.approve(session, fund.manager, moment, application_id, reason="Agreed")
    return application_id


def signed_loan(fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS) -> str:
    """A signed contract whose conditions precedent are met; answers the loan's id."""
    loan_id = loan_with_open_conditions(fund, draft, terms=terms)
    meet_conditions(fund, loan_id)
    return loan_id


def loan_with_open_conditions(
    fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS
) -> str:
    """A signed contract with its first schedule; answers the loan's id."""
    application_id = approved_application(fund, draft, terms=terms)
    with fund.act(SIGNED_ON) as (session, moment):
        return agreements.sign(
            session,
            fund.officer,
            moment,
            application_id,
            signed_on=SIGNED_ON,
            first_pay_out_on=PAY_OUT_ON,
            first_due_on=FIRST_DUE_ON,
        )


def meet_conditions(fund: Fund, loan_id: str, *, on: date = SIGNED_ON) -> None:
    """Show the own money that is missing, and enter a document for every open condition."""
    with fund.act(on) as (session, moment):
        view = pay_outs_view(session, fund.officer, loan_id, as_of=on)
        if view.own_money.missing_minor:
            evidence.record_own_contribution(
                session,
                fund.officer,
                moment,
                loan_id,
                proof=evidence.Proof.BANK,
                supplier="Baltic Filters",
                document=f"Bank statement of the borrower for {view.reference}",
                amount_minor=view.own_money.missing_minor,
                paid_on=on,
            )
        for one in view.conditions:
            if one.blocks and not one.is_counted:
                precedents.meet_condition(
                    session, fund.officer, moment, one.condition_id, document="Deed 7", on=on
                )


def prepare_pay_out(
    fund: Fund, loan_id: str, *, amount_minor: int, pay_on: date = PAY_OUT_ON
) -> str:
    """A pay-out that the officer prepared on its day; answers its id."""
    with fund.act(pay_on) as (session, moment):
        return disbursing.prepare_disbursement(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=amount_minor,
            pay_on=pay_on,
            purpose="Invoice 17 of Baltic Filters",
        )


def pay_out(fund: Fund, loan_id: str, *, amount_minor: int, pay_on: date = PAY_OUT_ON) -> str:
    """A pay-out prepared and released on its day; answers the entry's id."""
    disbursement_id = prepare_pay_out(fund, loan_id, amount_minor=amount_minor, pay_on=pay_on)
    with fund.act(pay_on) as (session, moment):
        return disbursing.release_disbursement(
            session, fund.manager, moment, disbursement_id, key=new_id()
        )


def disbursed_loan(fund: Fund, draft: Draft | None = None, *, terms: Terms = GOLDEN_TERMS) -> str:
    """A loan paid out in full on the planned day."""
    loan_id = signed_loan(fund, draft, terms=terms)
    pay_out(fund, loan_id, amount_minor=terms.amount_minor)
    return loan_id


def receive(
    fund: Fund,
    loan_id: str,
    amount_minor: int,
    *,
    on: date,
    entered_on: date | None = None,
    bank_reference: str = "",
) -> receipts_of.Allocated:
    """A receipt of a day, entered on that day unless said otherwise."""
    with fund.act(entered_on or on) as (session, moment):
        return receipts_of.record_receipt(
            session,
            fund.officer,
            moment,
            loan_id,
            amount_minor=amount_minor,
            received_on=on,
            bank_reference=bank_reference or f"Statement line 4 of {new_id()}",
            key=new_id(),
        )


def loan_record(fund: Fund, loan_id: str) -> LoanRecord:
    """What is recorded of a loan now."""
    with fund.database.reading() as session:
        return record_of(session, session.get_one(Loan, loan_id))


def active_schedule(fund: Fund, loan_id: str) -> list[InstalmentRow]:
    """The rows of the active schedule, by number."""
    with fund.database.reading() as session:
        rows = session.scalars(
            select(InstalmentRow)
            .join(ScheduleVersion, ScheduleVersion.id == InstalmentRow.schedule_id)
            .where(ScheduleVersion.loan_id == loan_id, ScheduleVersion.is_active)
            .order_by(InstalmentRow.number)
        )
        return list(rows)


def repay_instalments(fund: Fund, loan_id: str, count: int) -> None:
    """Pay the next ``count`` instalments, each in full on its due day."""
    for _ in range(count):
        record = loan_record(fund, loan_id)
        state = record.at(max(event.on for event in record.events))
        row = next(row for row in state.schedule if row.due_on > state.on)
        receive(fund, loan_id, row.total_minor, on=row.due_on)


def repaid_loan(fund: Fund) -> str:
    """A loan repaid to the last cent, on time."""
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, GOLDEN_TERMS.maturity_months)
    return loan_id


def charge(
    fund: Fund,
    loan_id: str,
    amount_minor: int,
    *,
    on: date,
    entered_on: date | None = None,
    component: Component = Component.COSTS,
) -> str:
    """A charge by the officer; answers the act's id."""
    with fund.act(entered_on or on) as (session, moment):
        return charges.charge(
            *(session, fund.officer, moment, loan_id),
            component=component,
            amount_minor=amount_minor,
            charged_on=on,
            reason="Reminder",
            key=new_id(),
        )


def write_off(fund: Fund, loan_id: str, *, on: date) -> None:
    """A loan given up: requested by the officer, confirmed by the manager."""
    with fund.act(on) as (session, moment):
        write_offs.request_write_off(
            session, fund.officer, moment, loan_id, reason="The plant stands still"
        )
    with fund.act(on) as (session, moment):
        write_offs.confirm_write_off(session, fund.manager, moment, loan_id, key=new_id())


def written_off_loan(fund: Fund, *, on: date = FIRST_DUE_ON + timedelta(days=200)) -> str:
    """A loan given up after one instalment."""
    loan_id = disbursed_loan(fund)
    repay_instalments(fund, loan_id, 1)
    write_off(fund, loan_id, on=on)
    return loan_id
