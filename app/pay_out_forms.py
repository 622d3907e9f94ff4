"""The forms of what stands before a pay-out: conditions, own money, quotations, invoices."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.forms import Ask, FormModel, Reads
from app.pay_out_words import LONGEST_TIER
from loans.conditions.evidence import LONGEST_DOCUMENT, LONGEST_SUPPLIER
from loans.conditions.invoices import LONGEST_NUMBER
from loans.conditions.pay_out_requests import LONGEST_PURPOSE
from loans.conditions.precedents import LONGEST_NOTE, LONGEST_WORDS

_Note = Field(max_length=LONGEST_NOTE)
_Supplier = Field(max_length=LONGEST_SUPPLIER)
_TARGET = Ask("the record that the page is about")
Target = Annotated[str, _TARGET]


class AddConditionForm(FormModel):
    """A condition of this loan alone."""

    words: Annotated[str, Ask("what has to be met"), Field(max_length=LONGEST_WORDS)]
    occasion: Annotated[Literal["first", "every"], Ask("for which pay-outs it counts")]


class MeetForm(FormModel):
    """The document that meets a condition."""

    target: Target
    document: Annotated[str, Ask("the document that shows it", Reads.LINES), _Note]
    met_on: Annotated[date, Ask("the day on which it was met")]


class ReasonForm(FormModel):
    """Why: a waiver asked for or given, a condition opened again, evidence withdrawn."""

    target: Target
    reason: Annotated[str, Ask("why", Reads.LINES, missing="Write why."), _Note]


class OwnMoneyForm(FormModel):
    """Own money that the borrower paid."""

    proof: Annotated[Literal["invoice", "bank"], Ask("what shows it")]
    supplier: Annotated[str, Ask("who was paid"), _Supplier]
    document: Annotated[
        str, Ask("the document: its name and number"), Field(max_length=LONGEST_DOCUMENT)
    ]
    amount: Annotated[Decimal, Ask("the amount of own money", Reads.AMOUNT), Field(gt=0)]
    paid_on: Annotated[date, Ask("the day on which it was paid")]


class QuotationForm(FormModel):
    """What a supplier asks for a line of the plan."""

    target: Target
    supplier: Annotated[str, Ask("who quotes"), _Supplier]
    country: Annotated[
        str,
        Ask("the supplier's country", shape="two letters, such as LT"),
        Field(pattern="^[A-Z]{2}$"),
    ]
    tier: Annotated[str, Ask("where the supplier was sought"), Field(max_length=LONGEST_TIER)]
    amount: Annotated[Decimal, Ask("the amount quoted", Reads.AMOUNT), Field(gt=0)]
    quoted_on: Annotated[date, Ask("the day of the quotation")]


class ChooseForm(FormModel):
    """The supplier chosen, with the reasons that the choice needs."""

    target: Target
    tier_reason: Annotated[str, Ask("why nobody nearer was found", Reads.LINES), _Note] = ""
    price_reason: Annotated[str, Ask("why not the cheapest", Reads.LINES), _Note] = ""


class InvoiceForm(FormModel):
    """A supplier's invoice."""

    number: Annotated[str, Ask("the number of the invoice"), Field(max_length=LONGEST_NUMBER)]
    supplier: Annotated[str, Ask("who sent the invoice"), _Supplier]
    plan_line: Annotated[str, Ask("the line of the plan"), Field(max_length=40)] = ""
    invoiced_on: Annotated[date, Ask("the day of the invoice")]
    amount: Annotated[Decimal, Ask("the amount of the invoice", Reads.AMOUNT), Field(gt=0)]


class AskForm(FormModel):
    """What the borrower asks to be paid out."""

    amount: Annotated[Decimal, Ask("the amount that you need", Reads.AMOUNT), Field(gt=0)]
    purpose: Annotated[
        str, Ask("what the money is to pay", Reads.LINES), Field(max_length=LONGEST_PURPOSE)
    ]
    invoices: Annotated[tuple[str, ...], Ask("the invoices that it pays")] = ()
