"""What a person should look at before invoices are paid: another supplier, or more than planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from appraisal.money import as_text
from loans.conditions.invoice_views import InvoiceView
from loans.conditions.plan_views import PlanLineView
from loans.people import fold


def invoice_warnings(
    invoices: Sequence[InvoiceView], plan: Sequence[PlanLineView], currency: str
) -> Mapping[str, tuple[str, ...]]:
    """What speaks against each invoice, by its id; a loan without a plan has nothing to compare."""
    lines = {line.plan_line_id: line for line in plan}
    if not lines:
        return {one.invoice_id: () for one in invoices}
    return {
        one.invoice_id: _warnings(one, lines.get(one.plan_line_id or ""), currency)
        for one in invoices
    }


def _warnings(invoice: InvoiceView, line: PlanLineView | None, currency: str) -> tuple[str, ...]:
    if line is None:
        return ("It is for no line of the plan.",)
    found = []
    if line.supplier is None:
        found.append(f"No supplier is chosen for line {line.number}.")
    elif fold(line.supplier) != fold(invoice.supplier):
        found.append(f"The supplier chosen for line {line.number} is {line.supplier}.")
    if line.over_plan_minor:
        over = as_text(line.over_plan_minor, currency)
        found.append(f"The invoices of line {line.number} exceed its plan by {over}.")
    return tuple(found)
