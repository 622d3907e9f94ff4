"""The pay-outs of a loan as people see them: conditions, own money, the plan and its invoices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.conditions.gate import blocking_sentences
from loans.conditions.invoice_views import InvoiceView, invoice_views
from loans.conditions.opening import terms_of_loan
from loans.conditions.plan_views import PlanLineView, line_view, quotation_views
from loans.conditions.precedents import PAYABLE
from loans.conditions.standing import ConditionStanding, own_money, standings
from loans.conditions.tables import OwnContribution, PayOutRequest, PlanLine, RequestInvoice
from loans.fund import the_facility
from loans.lending.loan_case import disbursed_minor, seen_loan
from loans.people import STAFF, Actor
from loans.precedent import COUNTED
from loans.procurement_rules import most_carried
from loans.tables import Enterprise, Loan, User


@dataclass(frozen=True)
class ConditionView:
    """A condition precedent and how it stands for the next pay-out.

    ``blocks`` says that the next pay-out waits for it; ``is_counted`` that figures meet it, not a
    document. ``who`` is for the fund's people only.
    """

    condition_id: str
    words: str
    occasion: str
    outcome: str
    applies: bool
    blocks: bool
    is_counted: bool
    note: str
    happened_on: date | None
    who: str | None
    remedy: str
    warning: str


@dataclass(frozen=True)
class OwnContributionView:
    """Own money shown by a document, in minor units."""

    contribution_id: str
    proof: str
    supplier: str
    document: str
    amount_minor: int
    paid_on: date
    who: str | None
    withdrawn_because: str
    is_withdrawn: bool


@dataclass(frozen=True)
class OwnMoneyView:
    """The own contribution that comes before the fund's money, and what is shown of it."""

    needed_minor: int
    shown_minor: int
    missing_minor: int
    evidence: tuple[OwnContributionView, ...]


@dataclass(frozen=True)
class RequestView:
    """What the borrower's side asked to be paid out."""

    request_id: str
    status: str
    amount_minor: int
    purpose: str
    filed_on: date
    filed_by: str | None
    sent_back_because: str
    invoice_ids: tuple[str, ...]


@dataclass(frozen=True)
class PayOutsView:
    """Everything that stands before the next pay-out of a loan; amounts in minor units.

    ``is_open`` says that something is left to be paid out. ``carried_minor`` is the largest pay-out
    that the open invoices carry.
    """

    loan_id: str
    reference: str
    borrower: str
    currency: str
    is_open: bool
    principal_minor: int
    disbursed_minor: int
    undisbursed_minor: int
    conditions: tuple[ConditionView, ...]
    blocking: tuple[str, ...]
    warnings: tuple[str, ...]
    own_money: OwnMoneyView
    plan: tuple[PlanLineView, ...]
    planned_minor: int
    invoiced_minor: int
    carried_minor: int
    tiers: tuple[str, ...]
    invoices: tuple[InvoiceView, ...]
    requests: tuple[RequestView, ...]

    @property
    def open_invoices(self) -> tuple[InvoiceView, ...]:
        """The invoices that a pay-out can name."""
        return tuple(one for one in self.invoices if one.is_open)

    @property
    def waiting_request(self) -> RequestView | None:
        """The request that an officer has to answer."""
        return next((one for one in self.requests if one.status == "filed"), None)


def pay_outs_view(session: Session, actor: Actor, loan_id: str, *, as_of: date) -> PayOutsView:
    """The conditions, the own money, the plan and the invoices of a loan, as they stand now.

    ``as_of`` is today: a guarantee that has run out does not count.

    Raises:
        Missing: the loan does not exist for the actor.
    """
    loan = seen_loan(session, actor, loan_id)
    names = dict(session.execute(select(User.id, User.name)).all()) if actor.role in STAFF else {}
    disbursed = disbursed_minor(session, loan.id)
    standing = standings(session, loan, as_of)
    is_open = loan.status in PAYABLE
    lines = session.scalars(
        select(PlanLine).where(PlanLine.loan_id == loan.id).order_by(PlanLine.number)
    ).all()
    invoices = invoice_views(session, loan, lines)
    counted = [one for one in invoices if not one.is_withdrawn]
    terms = terms_of_loan(session, loan)
    share = terms.financed_share.value
    open_minor = sum(one.amount_minor for one in invoices if one.is_open)
    return PayOutsView(
        loan_id=loan.id,
        reference=loan.reference,
        borrower=session.get_one(Enterprise, loan.enterprise_id).name,
        currency=the_facility(session).currency,
        is_open=is_open,
        principal_minor=loan.principal_minor,
        disbursed_minor=disbursed,
        undisbursed_minor=loan.principal_minor - disbursed if is_open else 0,
        conditions=tuple(_condition(one, names) for one in standing),
        blocking=blocking_sentences(standing) if is_open else (),
        warnings=_warnings(standing) if is_open else (),
        own_money=_own_money(session, loan, names),
        plan=_plan(session, lines, counted),
        planned_minor=sum(line.planned_minor for line in lines),
        invoiced_minor=sum(one.amount_minor for one in counted),
        carried_minor=most_carried(open_minor, Fraction(share)) if share is not None else 0,
        tiers=terms.supplier_tiers.value or (),
        invoices=invoices,
        requests=_requests(session, loan, names),
    )


def _condition(one: ConditionStanding, names: Mapping[str, str]) -> ConditionView:
    step = one.step
    return ConditionView(
        condition_id=one.condition.id,
        words=one.condition.words,
        occasion=one.condition.occasion,
        outcome=one.outcome.value,
        applies=one.applies,
        blocks=one.blocks,
        is_counted=one.condition.code in COUNTED,
        note=step.note if step and names else "",
        happened_on=step.happened_on if step else None,
        who=names.get(step.made_by) if step else None,
        remedy=one.remedy,
        warning=one.warning,
    )


def _warnings(standing: Iterable[ConditionStanding]) -> tuple[str, ...]:
    """What speaks against conditions that are said to be met, a sentence each."""
    return tuple(f"{one.condition.words}: {one.warning}" for one in standing if one.warning)


def _own_money(session: Session, loan: Loan, names: Mapping[str, str]) -> OwnMoneyView:
    rows = session.scalars(
        select(OwnContribution)
        .where(OwnContribution.loan_id == loan.id)
        .order_by(OwnContribution.paid_on, OwnContribution.id)
    )
    money = own_money(session, loan)
    evidence = tuple(
        OwnContributionView(
            contribution_id=row.id,
            proof=row.kind,
            supplier=row.supplier,
            document=row.document,
            amount_minor=row.amount_minor,
            paid_on=row.paid_on,
            who=names.get(row.entered_by),
            withdrawn_because=row.withdrawn_because if names else "",
            is_withdrawn=row.withdrawn_at is not None,
        )
        for row in rows
    )
    return OwnMoneyView(money.needed_minor, money.shown_minor, money.missing_minor, evidence)


def _plan(
    session: Session, lines: Sequence[PlanLine], invoices: Sequence[InvoiceView]
) -> tuple[PlanLineView, ...]:
    invoiced: defaultdict[str, int] = defaultdict(int)
    paid: defaultdict[str, int] = defaultdict(int)
    for one in invoices:
        invoiced[one.plan_line_id or ""] += one.amount_minor
        paid[one.plan_line_id or ""] += one.amount_minor if one.is_paid else 0
    quotations = quotation_views(session, [line.id for line in lines])
    return tuple(
        line_view(line, quotations.get(line.id, ()), invoiced[line.id], paid[line.id])
        for line in lines
    )


def _requests(session: Session, loan: Loan, names: Mapping[str, str]) -> tuple[RequestView, ...]:
    rows = session.scalars(
        select(PayOutRequest).where(PayOutRequest.loan_id == loan.id).order_by(PayOutRequest.id)
    ).all()
    named: defaultdict[str, list[str]] = defaultdict(list)
    for request_id, invoice_id in session.execute(
        select(RequestInvoice.request_id, RequestInvoice.invoice_id)
        .where(RequestInvoice.request_id.in_([row.id for row in rows]))
        .order_by(RequestInvoice.invoice_id)
    ):
        named[request_id].append(invoice_id)
    return tuple(
        RequestView(
            request_id=row.id,
            status=row.status,
            amount_minor=row.amount_minor,
            purpose=row.purpose,
            filed_on=row.filed_on,
            filed_by=names.get(row.filed_by),
            sent_back_because=row.sent_back_because,
            invoice_ids=tuple(named[row.id]),
        )
        for row in rows
    )
