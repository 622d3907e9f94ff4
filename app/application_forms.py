"""The forms of the acts on an application."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.forms import Ask, FormModel, Reads
from appraisal.measure_type import MeasureType
from loans.schedules.schedule import Method

Note = Annotated[str, Ask("a note", Reads.LINES)]


class ReturnForm(FormModel):
    """What the enterprise has to answer."""

    reason: Annotated[str, Ask("what the enterprise has to answer or correct", Reads.LINES)]


class CompleteForm(FormModel):
    """A note to the confirmation that everything is there."""

    note: Note = ""


class AppraiseForm(FormModel):
    """A note to the appraisal that is stored."""

    note: Note = ""


class OverrideForm(FormModel):
    """Another type for one measure."""

    measure_code: Annotated[str, Ask("the measure", Reads.CHOICE)]
    measure_type: Annotated[MeasureType, Ask("the type that the measure has")]
    reason: Annotated[str, Ask("why the measure has another type", Reads.LINES)]


class RecommendForm(FormModel):
    """The loan that an officer recommends."""

    amount: Annotated[Decimal, Ask("the amount of the loan", Reads.AMOUNT), Field(gt=0)]
    maturity_months: Annotated[int, Ask("the maturity", unit="months"), Field(ge=1, le=360)]
    annual_rate: Annotated[Decimal, Ask("the interest rate a year", Reads.PERCENT), Field(le=1)]
    method: Annotated[Method, Ask("how the loan is repaid")]
    frequency_months: Annotated[
        str, Ask("how often an instalment is due", Reads.CHOICE), Field(pattern=r"^[0-9]{1,3}$")
    ] = "1"
    last_period: Annotated[Literal["shorter", "longer"], Ask("how long the last period is")] = (
        "shorter"
    )
    balloon: Annotated[
        Decimal | None, Ask("what stays for the last instalment", Reads.AMOUNT), Field(ge=0)
    ] = None
    reason: Annotated[str, Ask("why the loan is recommended", Reads.LINES)]


class SendBackForm(FormModel):
    """What the officer should look at again."""

    reason: Annotated[str, Ask("what the officer should look at again", Reads.LINES)]


class ApproveForm(FormModel):
    """Words to the approval, kept with it."""

    reason: Annotated[str, Ask("the reason of the approval", Reads.LINES)] = ""


class RefuseForm(FormModel):
    """Why nothing is lent."""

    reason_code: Annotated[str, Ask("the main reason", Reads.CHOICE)]
    reason: Annotated[str, Ask("the reason for the enterprise", Reads.LINES)]


class CancelForm(FormModel):
    """Why the approval is given up."""

    reason: Annotated[str, Ask("why the approval is cancelled", Reads.LINES)]


class SignForm(FormModel):
    """The days of the signed contract."""

    signed_on: Annotated[date, Ask("the day of the signature")]
    first_pay_out_on: Annotated[date, Ask("the day of the first pay-out")]
    first_due_on: Annotated[date | None, Ask("the day on which the first instalment is due")] = None
    due_dates: Annotated[str, Ask("the due days", Reads.LINES)] = ""
