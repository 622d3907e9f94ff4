"""One loan as people see it: the contract, where it stands, its money, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.cases.case_status import BORROWED, LoanStatus
from loans.figures.portfolio import NextDue
from loans.fund import the_facility
from loans.history import HistoryLine, history
from loans.importing.tables import ImportedLoan
from loans.lending.loan_acts import LoanAct, LoanFacts, NextStep, loan_acts, next_step
from loans.lending.loan_balances import LoanBalances, balances_of
from loans.lending.loan_book import status_of
from loans.lending.loan_case import pending_act, pending_pay_out, pending_write_off, seen_loan
from loans.lending.loan_facts import LoanRecords, NotSignedYet, facts_at
from loans.lending.loan_list import LoanFilter, LoanLine, LoanOrder, LoanPage, loans
from loans.lending.loan_money import (
    ActLine,
    PayOutLine,
    ReceiptLine,
    act_lines,
    pay_out_lines,
    receipt_lines,
)
from loans.lending.loan_versions import (
    ContractLine,
    ScheduleVersionLine,
    contract_lines,
    schedule_lines,
)
from loans.lending.schedule_views import Plan, ScheduleLine, ScheduleView, Standing, schedule_view
from loans.lending.seen import Seen
from loans.lending.statement import Movement, Statement, StatementLine, statement
from loans.people import STAFF, Actor
from loans.servicing_kinds import ActKind
from loans.subledger.contract import Contract
from loans.subledger.events import WrittenOff
from loans.tables import Application, Enterprise, Loan, User, WriteOff

# Reading loans as one module for those who show them.
__all__ = [
    "ActLine",
    "ContractLine",
    "ContractTerms",
    "LoanBalances",
    "LoanFilter",
    "LoanLine",
    "LoanOrder",
    "LoanPage",
    "LoanView",
    "Movement",
    "NextDue",
    "NotSignedYet",
    "PayOutLine",
    "Plan",
    "ReceiptLine",
    "ScheduleLine",
    "ScheduleVersionLine",
    "ScheduleView",
    "Standing",
    "Statement",
    "StatementLine",
    "WriteOffView",
    "loan_view",
    "loans",
    "schedule_view",
    "statement",
]


@dataclass(frozen=True)
class ContractTerms:
    """The contract as it was signed; the rate is a fraction per year."""

    principal_minor: int
    annual_rate: Decimal
    maturity_months: int
    method: str
    day_count: str
    frequency_months: int
    """0 where the contract lists its due days."""

    instalment_count: int
    balloon_minor: int
    grace_instalments: int
    grace_interest: str
    signed_on: date
    first_pay_out_on: date
    first_due_on: date
    profile_code: str
    profile_version: int


@dataclass(frozen=True)
class WriteOffView:
    """A write-off requested or confirmed; names and reason are for the fund's people only."""

    is_confirmed: bool
    principal_minor: int
    other_minor: int
    """Interest, late interest, fees and costs."""
    reason: str
    requested_by: str | None
    requested_on: date
    confirmed_by: str | None
    confirmed_on: date | None
    entry_id: str | None


@dataclass(frozen=True)
class LoanView:
    """One loan on a value date; amounts in minor units of ``currency``.

    The borrower's side sees its contract, balances, pay-outs and receipts, but no names, reasons,
    entries of the books or history, and has no acts.
    """

    loan_id: str
    reference: str
    application_id: str | None
    """None, like its reference, for an old loan that was taken over from a file."""
    application_reference: str | None
    title: str
    enterprise_id: str
    borrower: str
    currency: str
    as_of: date
    status: LoanStatus
    terms: ContractTerms
    balances: LoanBalances
    pay_outs: tuple[PayOutLine, ...]
    receipts: tuple[ReceiptLine, ...]
    servicing: tuple[ActLine, ...]
    plan_count: int
    contracts: tuple[ContractLine, ...]
    schedules: tuple[ScheduleVersionLine, ...]
    write_off: WriteOffView | None
    next_step: NextStep
    acts: tuple[LoanAct, ...]
    history: tuple[HistoryLine, ...]

    def pay_out(self, disbursement_id: str) -> PayOutLine | None:
        """The pay-out with this id."""
        return next((one for one in self.pay_outs if one.disbursement_id == disbursement_id), None)

    def servicing_act(self, act_id: str) -> ActLine | None:
        """The act with this id."""
        return next((one for one in self.servicing if one.act_id == act_id), None)

    def receipt(self, receipt_id: str) -> ReceiptLine | None:
        """The receipt with this id."""
        return next((one for one in self.receipts if one.receipt_id == receipt_id), None)


def loan_view(
    session: Session, actor: Actor, loan_id: str, *, as_of: date, known_on: date | None = None
) -> LoanView:
    """One loan as of a value date; ``known_on`` leaves out what was recorded later.

    A receipt that was reversed never counted, as in the books. Acts, pending requests and the next
    step are those of the present.

    Raises:
        Missing: the loan does not exist for the actor.
        NotSignedYet: it was signed after ``as_of``.
    """
    loan = seen_loan(session, actor, loan_id)
    seen = Seen.on(as_of, known_on)
    records = facts_at(session, loan, as_of, seen)
    status = status_of(loan, records.state)
    balances = balances_of(loan, records, runs=status in BORROWED)
    is_staff = actor.role in STAFF
    facts = _facts(session, loan, balances, is_staff=is_staff)
    names = _names(session) if is_staff else {}
    application, title = _origin(session, loan)
    return LoanView(
        loan_id=loan.id,
        reference=loan.reference,
        application_id=loan.application_id,
        application_reference=application.reference if application else None,
        title=title,
        enterprise_id=loan.enterprise_id,
        borrower=session.get_one(Enterprise, loan.enterprise_id).name,
        currency=the_facility(session).currency,
        as_of=as_of,
        status=status,
        terms=_terms(loan, records.record.contract),
        balances=balances,
        pay_outs=pay_out_lines(session, loan, records, names),
        receipts=receipt_lines(records, seen, names),
        servicing=act_lines(session, loan, records, seen, names),
        plan_count=len(records.state.plans) + 1,
        contracts=contract_lines(session, loan, records, seen, names),
        schedules=schedule_lines(session, loan, seen, names),
        write_off=_write_off(session, loan, records, names),
        next_step=next_step(facts),
        acts=loan_acts(facts, actor),
        history=_history(session, loan, seen) if is_staff else (),
    )


def _history(session: Session, loan: Loan, seen: Seen) -> tuple[HistoryLine, ...]:
    lines = history(session, (loan.id, loan.application_id or loan.id))
    before = seen.known_before
    return tuple(line for line in lines if before is None or line.recorded_at < before)


def _origin(session: Session, loan: Loan) -> tuple[Application | None, str]:
    """The application behind a loan, if there is one, and what the loan pays for."""
    if loan.application_id is None:
        return None, session.get_one(ImportedLoan, loan.id).title
    application = session.get_one(Application, loan.application_id)
    return application, application.title


def _terms(loan: Loan, contract: Contract) -> ContractTerms:
    return ContractTerms(
        principal_minor=loan.principal_minor,
        annual_rate=Decimal(loan.annual_rate),
        maturity_months=loan.maturity_months,
        method=loan.method,
        day_count=loan.day_count,
        frequency_months=contract.frequency_months,
        instalment_count=len(contract.due_on),
        balloon_minor=contract.balloon_minor,
        grace_instalments=loan.grace_instalments,
        grace_interest=contract.grace_interest.value,
        signed_on=loan.signed_on,
        first_pay_out_on=loan.first_pay_out_on,
        first_due_on=loan.first_due_on,
        profile_code=loan.profile_code,
        profile_version=loan.profile_version,
    )


def _facts(session: Session, loan: Loan, balances: LoanBalances, *, is_staff: bool) -> LoanFacts:
    """What decides the acts of the present; a write-off asked for is the fund's own business."""
    prepared = pending_pay_out(session, loan.id)
    requested = pending_write_off(session, loan.id) if is_staff else None
    asked = pending_act(session, loan.id) if is_staff else None
    return LoanFacts(
        status=LoanStatus(loan.status),
        undisbursed_minor=balances.undisbursed_minor,
        outstanding_minor=balances.outstanding_minor,
        credit_minor=balances.credit_minor,
        owed_minor=balances.pay_off_minor,
        days_past_due=balances.days_past_due,
        prepared_pay_out_id=None if prepared is None else prepared.id,
        prepared_by_id=None if prepared is None else prepared.prepared_by,
        write_off_requested_by_id=None if requested is None else requested.requested_by,
        pending_act_id=None if asked is None else asked.id,
        pending_act_kind=None if asked is None else ActKind(asked.kind),
        pending_act_by_id=None if asked is None else asked.requested_by,
    )


def _write_off(
    session: Session, loan: Loan, records: LoanRecords, names: Mapping[str, str]
) -> WriteOffView | None:
    row: WriteOff | None = records.written_off
    if row is None and names:
        row = pending_write_off(session, loan.id)
    if row is None:
        return None
    record, on = records.record, records.state.on
    asked = record if records.written_off else record.with_event(WrittenOff(on, row.id))
    lost = asked.at(on).written_off
    return WriteOffView(
        is_confirmed=records.written_off is not None,
        principal_minor=lost.principal,
        other_minor=lost.total - lost.principal,
        reason=row.reason if names else "",
        requested_by=names.get(row.requested_by),
        requested_on=row.requested_on,
        confirmed_by=names.get(row.confirmed_by or ""),
        confirmed_on=row.confirmed_on,
        entry_id=row.entry_id if names else None,
    )


def _names(session: Session) -> Mapping[str, str]:
    return dict(session.execute(select(User.id, User.name)).all())
