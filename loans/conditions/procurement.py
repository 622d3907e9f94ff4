"""Quotations for the lines of the plan, and the supplier chosen (rule N9: near ones first)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from string import ascii_uppercase

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.money import as_text
from loans.conditions.evidence import LONGEST_SUPPLIER
from loans.conditions.opening import terms_of_loan
from loans.conditions.precedents import LONGEST_NOTE, PAYABLE
from loans.conditions.tables import PlanLine, Quotation, SupplierChoice
from loans.entered_text import check_storable, entered_text
from loans.fund import check_day, the_facility
from loans.history import Moment
from loans.lending.loan_case import locked_loan, need_status, write_event
from loans.people import Actor, Role, need_role
from loans.procurement_rules import tiers_passed_over
from loans.refusal import Missing, WrongValue
from loans.servicing.limits import check_amount
from loans.storage.database import new_id
from loans.tables import Loan

COUNTRY_LETTERS = 2


class UnknownTier(WrongValue):
    """A tier that the profile does not name."""


class UnknownCountry(WrongValue):
    """No two letters of a country."""


class ReasonNeeded(WrongValue):
    """A nearer tier was passed over, or a cheaper quotation, and nobody says why."""


def add_quotation(
    session: Session,
    actor: Actor,
    moment: Moment,
    plan_line_id: str,
    *,
    supplier: str,
    country: str,
    tier: str,
    amount_minor: int,
    quoted_on: date,
) -> str:
    """Enter what a supplier asks for a line of the plan; answer the quotation's id.

    Raises:
        Missing, WrongPerson, WrongLoanStatus: there is no such line for the actor, the actor is no
            officer, or nothing is left to be paid out.
        UnknownTier, UnknownCountry, WrongAmount, FutureDay: the value that it names.
    """
    line, loan = _line(session, actor, plan_line_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, PAYABLE)
    tiers = terms_of_loan(session, loan).supplier_tiers.value or ()
    if tier not in tiers:
        message = f"Choose where the supplier was sought: {', '.join(tiers)}."
        raise UnknownTier(message, field="tier")
    if not (len(country) == COUNTRY_LETTERS and set(country) <= set(ascii_uppercase)):
        message = "Enter the supplier's country as two letters, such as LT."
        raise UnknownCountry(message, field="country")
    check_amount(session, amount_minor)
    check_day(quoted_on, moment, field="quoted_on")
    row = Quotation(
        id=new_id(),
        plan_line_id=line.id,
        supplier=entered_text(
            supplier, field="supplier", ask="Enter who quotes.", longest=LONGEST_SUPPLIER
        ),
        country=country,
        tier=tier,
        amount_minor=amount_minor,
        quoted_on=quoted_on,
        entered_by=actor.user_id,
        entered_at=moment.at,
    )
    session.add(row)
    session.flush()
    note = f"Line {line.number}: {row.supplier}, {country}, {tier}"
    details = {"amount_minor": amount_minor}
    write_event(session, actor, moment, loan, "quotation", note=note, details=details)
    return row.id


def choose_quotation(
    session: Session,
    actor: Actor,
    moment: Moment,
    quotation_id: str,
    *,
    tier_reason: str = "",
    price_reason: str = "",
) -> str:
    """Choose the supplier of a line; a later choice replaces it. Answer the choice's id.

    Raises:
        Missing, WrongPerson, WrongLoanStatus: as for ``add_quotation``.
        ReasonNeeded: a nearer tier has no quotation, or a quotation is cheaper, without a reason.
    """
    chosen = session.get(Quotation, quotation_id)
    if chosen is None:
        raise Missing
    line, loan = _line(session, actor, chosen.plan_line_id)
    need_role(actor, Role.OFFICER)
    need_status(loan, PAYABLE)
    quotations = session.scalars(select(Quotation).where(Quotation.plan_line_id == line.id)).all()
    _check_tier(session, loan, chosen, quotations, tier_reason)
    _check_price(session, chosen, quotations, price_reason)
    row = SupplierChoice(
        id=new_id(),
        quotation_id=chosen.id,
        tier_reason=_kept(tier_reason, "tier_reason"),
        price_reason=_kept(price_reason, "price_reason"),
        chosen_by=actor.user_id,
        chosen_on=moment.on,
        chosen_at=moment.at,
    )
    session.add(row)
    session.flush()
    reasons = " ".join(filter(None, (row.tier_reason, row.price_reason)))
    note = f"Line {line.number}: {chosen.supplier}. {reasons}".strip()
    details = {"amount_minor": chosen.amount_minor}
    write_event(session, actor, moment, loan, "choose_supplier", note=note, details=details)
    return row.id


def plan_line_of(session: Session, loan_id: str, plan_line_id: str) -> str:
    """The id of a line of this very loan's plan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    row = session.get(PlanLine, plan_line_id)
    if row is None or row.loan_id != loan_id:
        raise Missing
    return row.id


def quotation_of(session: Session, loan_id: str, quotation_id: str) -> str:
    """The id of a quotation for this very loan's plan.

    Raises:
        Missing: it belongs to another loan, or to none.
    """
    row = session.get(Quotation, quotation_id)
    if row is None:
        raise Missing
    plan_line_of(session, loan_id, row.plan_line_id)
    return row.id


def _line(session: Session, actor: Actor, plan_line_id: str) -> tuple[PlanLine, Loan]:
    row = session.get(PlanLine, plan_line_id)
    if row is None:
        raise Missing
    return row, locked_loan(session, actor, row.loan_id)


def _kept(reason: str, field: str) -> str:
    text = reason.strip()
    if not text:
        return ""
    return entered_text(text, field=field, ask="", longest=LONGEST_NOTE)


def _check_tier(
    session: Session, loan: Loan, chosen: Quotation, quotations: Sequence[Quotation], reason: str
) -> None:
    check_storable(reason, field="tier_reason")
    tiers = terms_of_loan(session, loan).supplier_tiers.value or ()
    passed = tiers_passed_over(tiers, chosen.tier, {one.tier for one in quotations})
    if passed and not reason.strip():
        message = (
            f"There is no quotation of the tier {' or '.join(passed)}. Enter one, or write why "
            "no supplier was found there."
        )
        raise ReasonNeeded(message, field="tier_reason")


def _check_price(
    session: Session, chosen: Quotation, quotations: Sequence[Quotation], reason: str
) -> None:
    cheapest = min(quotations, key=lambda one: one.amount_minor)
    if cheapest.amount_minor < chosen.amount_minor and not reason.strip():
        saved = as_text(chosen.amount_minor - cheapest.amount_minor, the_facility(session).currency)
        message = f"{cheapest.supplier} asks {saved} less. Choose that quotation, or write why not."
        raise ReasonNeeded(message, field="price_reason")
