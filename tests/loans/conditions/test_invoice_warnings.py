"""Invoices that a person should look at: another supplier than the chosen one, or over the plan."""

from __future__ import annotations

from datetime import date

import pytest

from loans.conditions.invoice_views import InvoiceView
from loans.conditions.invoice_warnings import invoice_warnings
from loans.conditions.plan_views import PlanLineView


def line(supplier: str | None = "Baltic Filters", over_minor: int = 0) -> PlanLineView:
    return PlanLineView(
        plan_line_id="line",
        number=2,
        item="Filters",
        planned_minor=10_000,
        invoiced_minor=10_000 + over_minor,
        paid_minor=0,
        over_plan_minor=over_minor,
        supplier=supplier,
        quotations=(),
    )


def bill(plan_line_id: str | None = "line", supplier: str = "Baltic Filters") -> InvoiceView:
    return InvoiceView(
        invoice_id="bill",
        number="17",
        supplier=supplier,
        invoiced_on=date(2026, 3, 1),
        amount_minor=10_000,
        plan_line_id=plan_line_id,
        line_number=2 if plan_line_id else None,
        disbursement_id=None,
        is_paid=False,
        is_withdrawn=False,
        withdrawn_because="",
    )


@pytest.mark.parametrize(
    ("plan_line", "invoice", "words"),
    [
        (line(), bill(), []),
        (line(), bill(supplier="BALTIC filters"), []),
        (line(), bill(supplier="Nord"), ["The supplier chosen for line 2 is Baltic Filters."]),
        (line(None), bill(), ["No supplier is chosen for line 2."]),
        (line(over_minor=1), bill(), ["The invoices of line 2 exceed its plan by EUR 0.01."]),
        (line(), bill(None), ["It is for no line of the plan."]),
    ],
)
def test_each_invoice_is_held_against_its_line(
    plan_line: PlanLineView, invoice: InvoiceView, words: list[str]
) -> None:
    assert list(invoice_warnings([invoice], [plan_line], "EUR")["bill"]) == words


def test_without_a_plan_there_is_nothing_to_compare() -> None:
    assert invoice_warnings([bill(None)], [], "EUR") == {"bill": ()}
