"""The procurement plan as people see it: each line with its quotations and the supplier chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.conditions.tables import PlanLine, Quotation, SupplierChoice
from loans.procurement_rules import over_plan


@dataclass(frozen=True)
class QuotationView:
    """What a supplier asks, in minor units, and where it was sought."""

    quotation_id: str
    supplier: str
    country: str
    tier: str
    amount_minor: int
    quoted_on: date
    is_chosen: bool
    tier_reason: str
    price_reason: str


@dataclass(frozen=True)
class PlanLineView:
    """A line of the plan: planned, invoiced and paid by the loan's pay-outs, in minor units.

    ``paid_minor`` is of the invoices, of which the borrower pays the own part.
    """

    plan_line_id: str
    number: int
    item: str
    planned_minor: int
    invoiced_minor: int
    paid_minor: int
    over_plan_minor: int
    supplier: str | None
    quotations: tuple[QuotationView, ...]

    @property
    def quotation_count(self) -> int:
        """How many suppliers quoted."""
        return len(self.quotations)


def line_view(
    line: PlanLine, quotations: Sequence[QuotationView], invoiced_minor: int, paid_minor: int
) -> PlanLineView:
    """One line with what became of it."""
    return PlanLineView(
        plan_line_id=line.id,
        number=line.number,
        item=line.item,
        planned_minor=line.planned_minor,
        invoiced_minor=invoiced_minor,
        paid_minor=paid_minor,
        over_plan_minor=over_plan(line.planned_minor, invoiced_minor),
        supplier=next((one.supplier for one in quotations if one.is_chosen), None),
        quotations=tuple(quotations),
    )


def quotation_views(
    session: Session, line_ids: Sequence[str]
) -> Mapping[str, tuple[QuotationView, ...]]:
    """The quotations by line, the cheapest first; the newest choice of a line counts."""
    rows = session.scalars(
        select(Quotation)
        .where(Quotation.plan_line_id.in_(line_ids))
        .order_by(Quotation.amount_minor, Quotation.id)
    ).all()
    choices = session.execute(
        select(Quotation.plan_line_id, SupplierChoice)
        .join(Quotation, Quotation.id == SupplierChoice.quotation_id)
        .where(Quotation.plan_line_id.in_(line_ids))
        .order_by(SupplierChoice.chosen_at, SupplierChoice.id)
    )
    newest = {choice.quotation_id: choice for choice in dict(choices.all()).values()}
    found: defaultdict[str, list[QuotationView]] = defaultdict(list)
    for row in rows:
        choice = newest.get(row.id)
        found[row.plan_line_id].append(
            QuotationView(
                quotation_id=row.id,
                supplier=row.supplier,
                country=row.country,
                tier=row.tier,
                amount_minor=row.amount_minor,
                quoted_on=row.quoted_on,
                is_chosen=choice is not None,
                tier_reason=choice.tier_reason if choice else "",
                price_reason=choice.price_reason if choice else "",
            )
        )
    return {line_id: tuple(views) for line_id, views in found.items()}
