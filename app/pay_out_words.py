"""The words in which pages say what stands before a pay-out, and what an act is about."""

from collections.abc import Mapping

from appraisal.money import as_text, from_minor
from loans.conditions.invoice_views import InvoiceView
from loans.conditions.pay_out_requests import FILED, TAKEN_UP
from loans.conditions.standing import Outcome
from loans.conditions.views import PayOutsView
from loans.lending.loan_case import SENT_BACK
from loans.precedent import Occasion
from loans.refusal import Missing

OUTCOME: Mapping[str, tuple[str, str]] = {
    Outcome.OPEN: ("Open", "warn"),
    Outcome.MET: ("Met", "good"),
    Outcome.WAIVER_ASKED: ("Waiver asked for", "warn"),
    Outcome.WAIVED: ("Waived", "info"),
    Outcome.WAIVER_REFUSED: ("Open, waiver refused", "warn"),
}
OCCASION: Mapping[str, str] = {
    Occasion.FIRST: "The first pay-out",
    Occasion.EVERY: "Every pay-out",
}
LONGEST_TIER = 40
TIER: Mapping[str, str] = {
    "local": "In the country",
    "nordic": "The Nordic countries",
    "international": "Elsewhere",
}
PROOF: Mapping[str, str] = {"invoice": "Invoice paid by the borrower", "bank": "Proof of the bank"}
REQUEST: Mapping[str, tuple[str, str]] = {
    FILED: ("Waits for the loan officer", "warn"),
    TAKEN_UP: ("Taken up", "good"),
    SENT_BACK: ("Sent back", "info"),
}

PAY_OUT_WORDS: Mapping[str, Mapping[str, object]] = {
    "outcome": OUTCOME,
    "occasion": OCCASION,
    "tier": TIER,
    "proof": PROOF,
    "request": REQUEST,
}
"""All words at once, for the templates."""


def invoice_choices(view: PayOutsView) -> tuple[tuple[str, str], ...]:
    """The open invoices, for check boxes: id and words."""
    return tuple((one.invoice_id, _invoice(one, view.currency)) for one in view.open_invoices)


def _invoice(one: InvoiceView, currency: str) -> str:
    line = "" if one.line_number is None else f", line {one.line_number} of the plan"
    return f"{one.number}, {one.supplier}{line}: {as_text(one.amount_minor, currency)}"


def tier_choices(view: PayOutsView) -> tuple[tuple[str, str], ...]:
    """The tiers of the profile, nearest first."""
    return tuple((tier, TIER.get(tier, tier)) for tier in view.tiers)


def line_choices(view: PayOutsView) -> tuple[tuple[str, str], ...]:
    """The lines of the plan."""
    return tuple((one.plan_line_id, f"{one.number}. {one.item}") for one in view.plan)


def asked_values(view: PayOutsView) -> Mapping[str, object]:
    """What the borrower asked for, as first values of the form that prepares it."""
    asked = view.waiting_request
    if asked is None:
        return {}
    return {
        "amount": from_minor(asked.amount_minor, view.currency),
        "purpose": asked.purpose,
        "invoices": asked.invoice_ids,
    }


def subject_of(view: PayOutsView, act: str, target: str) -> str:
    """What an act is about, in words.

    Raises:
        Missing: there is no such thing on this loan.
    """
    match act:
        case "meet" | "ask-waiver" | "waive" | "refuse-waiver" | "reopen":
            named = {one.condition_id: one.words for one in view.conditions}
        case "withdraw-own-money":
            named = {one.contribution_id: one.document for one in view.own_money.evidence}
        case "quotation":
            named = {one.plan_line_id: one.item for one in view.plan}
        case "choose":
            named = {
                one.quotation_id: f"{one.supplier}, for {line.item}"
                for line in view.plan
                for one in line.quotations
            }
        case "withdraw-invoice":
            named = {one.invoice_id: f"{one.number}, {one.supplier}" for one in view.invoices}
        case _:
            named = {one.request_id: one.purpose for one in view.requests}
    if target not in named:
        raise Missing
    return named[target]
