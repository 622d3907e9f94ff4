"""The forms of the acts on a loan, and of the days that its pages ask for."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.forms import Ask, FormModel, Reads
from loans.disbursing import LONGEST_PURPOSE, LONGEST_REASON
from loans.receipt_book import LONGEST_REFERENCE

_Reason = Field(max_length=LONGEST_REASON)
_SENT_BACK = Ask("what the officer should look at again", Reads.LINES)
_RECORD = Ask("the record that the page is about")


class PrepareForm(FormModel):
    """A pay-out to prepare."""

    amount: Annotated[Decimal, Ask("the amount of the pay-out", Reads.AMOUNT), Field(gt=0)]
    pay_on: Annotated[date, Ask("the day of the pay-out")]
    purpose: Annotated[
        str, Ask("what the money pays", Reads.LINES), Field(max_length=LONGEST_PURPOSE)
    ]


class ReleaseForm(FormModel):
    """The pay-out that is released."""

    target: Annotated[str, _RECORD]


class SendBackForm(FormModel):
    """Why a pay-out goes back to the officer."""

    target: Annotated[str, _RECORD]
    reason: Annotated[str, _SENT_BACK, _Reason]


class MoneyInForm(FormModel):
    """Money from the borrower; ``confirmed`` comes from the page that shows what it pays."""

    amount: Annotated[Decimal, Ask("the amount received", Reads.AMOUNT), Field(gt=0)]
    received_on: Annotated[date, Ask("the day on which the money came")]
    bank_reference: Annotated[
        str,
        Ask("the reference of the payment on the bank statement"),
        Field(max_length=LONGEST_REFERENCE),
    ]
    confirmed: Annotated[Literal["", "yes", "change"], Ask("whether to record it")] = ""


class ReverseForm(FormModel):
    """Which receipt is reversed, and why."""

    target: Annotated[str, _RECORD]
    reason: Annotated[str, Ask("why the receipt is reversed", Reads.LINES), _Reason]


class RequestWriteOffForm(FormModel):
    """Why principal is given up."""

    reason: Annotated[str, Ask("why the loan will not be repaid", Reads.LINES), _Reason]


class ConfirmForm(FormModel):
    """Nothing to fill in: the page says what will happen."""


class SendBackWriteOffForm(FormModel):
    """Why a write-off goes back to the officer."""

    reason: Annotated[str, _SENT_BACK, _Reason]


class DaysForm(FormModel):
    """The value date that a page is for, and the day up to which records count."""

    as_of: Annotated[date | None, Ask("the day of the statement")] = None
    known_on: Annotated[date | None, Ask("the day up to which records count")] = None
