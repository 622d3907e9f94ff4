"""The forms of the acts on a loan, and of the days that its pages ask for."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.forms import Ask, FormModel, Reads
from appraisal.money import MoneyError, to_minor
from loans.lending.loan_views import LoanView
from loans.refusal import WrongValue
from loans.schedules.schedule import GraceInterest, Method
from loans.schedules.schedule_limits import MOST_INSTALMENTS
from loans.servicing.disbursing import LONGEST_PURPOSE, LONGEST_REASON
from loans.servicing.new_terms import Holiday, NewTerms
from loans.servicing.receipt_book import LONGEST_REFERENCE
from loans.subledger.events import PrepaymentChoice

_Reason = Field(max_length=LONGEST_REASON)
_SENT_BACK = Ask("what the officer should look at again", Reads.LINES)
_RECORD = Ask("the record that the page is about")
Confirmed = Annotated[Literal["", "yes", "change"], Ask("whether to record it")]
_Bank = Annotated[str | None, Ask("the account at the bank")]


class WrongFigure(WrongValue):
    """An amount that is no amount of the facility's currency."""


class PrepareForm(FormModel):
    """A pay-out to prepare."""

    amount: Annotated[Decimal, Ask("the amount of the pay-out", Reads.AMOUNT), Field(gt=0)]
    pay_on: Annotated[date, Ask("the day of the pay-out")]
    purpose: Annotated[
        str, Ask("what the money pays", Reads.LINES), Field(max_length=LONGEST_PURPOSE)
    ]
    invoices: Annotated[tuple[str, ...], Ask("the invoices that it pays")] = ()
    bank_account: _Bank = None


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
    purpose: Annotated[
        Literal["due", "shorter-term", "lower-instalments"], Ask("what the money is for")
    ] = "due"
    bank_account: _Bank = None
    confirmed: Confirmed = ""

    @property
    def prepays(self) -> PrepaymentChoice | None:
        """The borrower's choice where the money lowers the principal."""
        return None if self.purpose == "due" else PrepaymentChoice(self.purpose)


class ChargeForm(FormModel):
    """A fee or a cost of enforcement."""

    component: Annotated[Literal["fees", "costs"], Ask("what kind of charge it is")]
    amount: Annotated[Decimal, Ask("the amount of the charge", Reads.AMOUNT), Field(gt=0)]
    charged_on: Annotated[date, Ask("the day from which it is owed")]
    reason: Annotated[str, Ask("what the charge is for", Reads.LINES), _Reason]


class UseCreditForm(FormModel):
    """Waiting money that lowers the principal."""

    amount: Annotated[Decimal, Ask("the amount that is used", Reads.AMOUNT), Field(gt=0)]
    purpose: Annotated[Literal["shorter-term", "lower-instalments"], Ask("what the borrower wants")]
    reason: Annotated[str, Ask("who asked for it, and when", Reads.LINES), _Reason]


class RefundForm(FormModel):
    """Waiting money that goes back."""

    amount: Annotated[Decimal, Ask("the amount that goes back", Reads.AMOUNT), Field(gt=0)]
    reason: Annotated[
        str, Ask("to which account it goes, and who asked for it", Reads.LINES), _Reason
    ]
    bank_account: _Bank = None


class NewTermsForm(FormModel):
    """Other due dates for what is owed."""

    first_due_on: Annotated[date, Ask("the first due day")]
    instalments: Annotated[
        int, Ask("the number of instalments", Reads.WHOLE), Field(ge=1, le=MOST_INSTALMENTS)
    ]
    months_between: Annotated[
        int, Ask("the number of months between them", Reads.WHOLE), Field(ge=1, le=12)
    ] = 1
    method: Annotated[Literal["level", "equal-principal", "bullet"], Ask("how principal is repaid")]
    grace_instalments: Annotated[
        int,
        Ask("the number of instalments without principal", Reads.WHOLE),
        Field(ge=0, le=MOST_INSTALMENTS),
    ] = 0
    capitalises: Annotated[
        Literal["no", "yes"], Ask("whether overdue interest is added to the loan")
    ] = "no"
    reason: Annotated[str, Ask("why the terms change", Reads.LINES), _Reason]
    confirmed: Confirmed = ""

    @property
    def asked(self) -> NewTerms:
        """The terms asked for."""
        return NewTerms(
            self.first_due_on,
            self.instalments,
            self.months_between,
            Method(self.method),
            self.grace_instalments,
            GraceInterest.PAID,
            self.capitalises == "yes",
        )


class HolidayForm(FormModel):
    """Instalments that are put off."""

    instalments: Annotated[
        int, Ask("the number of instalments to put off", Reads.WHOLE), Field(ge=1, le=60)
    ]
    interest: Annotated[Literal["paid", "capitalised"], Ask("what happens to their interest")]
    reason: Annotated[str, Ask("why the borrower needs it", Reads.LINES), _Reason]
    confirmed: Confirmed = ""

    @property
    def asked(self) -> Holiday:
        """The holiday asked for."""
        return Holiday(self.instalments, GraceInterest(self.interest))


class GiveUpRestForm(FormModel):
    """Why the rest is not paid out."""

    reason: Annotated[str, Ask("why the rest is not paid out", Reads.LINES), _Reason]


class AgreeForm(FormModel):
    """The request that is agreed to."""

    target: Annotated[str, _RECORD]


class ReverseActForm(FormModel):
    """Which act is reversed, and why."""

    target: Annotated[str, _RECORD]
    reason: Annotated[str, Ask("why it is reversed", Reads.LINES), _Reason]


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


class PayOffForm(FormModel):
    """The day on which the money would come."""

    on: Annotated[date | None, Ask("the day on which the money comes")] = None


class DaysForm(FormModel):
    """The value date that a page is for, and the day up to which records count."""

    as_of: Annotated[date | None, Ask("the day of the statement")] = None
    known_on: Annotated[date | None, Ask("the day up to which records count")] = None


def in_minor(
    view: LoanView, value: PrepareForm | MoneyInForm | ChargeForm | UseCreditForm | RefundForm
) -> int:
    """The amount of a form in minor units.

    Raises:
        WrongFigure: it is no amount of the facility's currency.
    """
    try:
        return to_minor(value.amount, view.currency)
    except MoneyError as error:
        raise WrongFigure(str(error), field="amount") from error
