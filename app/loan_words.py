"""The words in which pages say what is stored of a loan as a code."""

from collections.abc import Mapping

from app.case_words import ACTION, METHOD, STATUS_NAMES, WHO
from loans.cases.case_status import LoanStatus
from loans.component import Component
from loans.lending.loan_list import LoanFilter
from loans.lending.schedule_views import Standing
from loans.lending.statement import Movement
from loans.schedules.day_count import DayCount
from loans.servicing_kinds import ActKind

LOAN_STATUS: Mapping[str, tuple[str, str]] = {
    LoanStatus.SIGNED: ("Signed, not paid out", "info"),
    LoanStatus.DISBURSING: ("Being paid out", "info"),
    LoanStatus.REPAYING: ("Being repaid", "info"),
    LoanStatus.REPAID: ("Repaid", "good"),
    LoanStatus.WRITTEN_OFF: ("Written off", "bad"),
    LoanStatus.CANCELLED: ("Cancelled", "plain"),
}
"""The name of each status and the tone of its badge."""

FILTER: Mapping[LoanFilter, str] = {
    LoanFilter.ALL: "All",
    LoanFilter.ACTIVE: "Paid out and not repaid",
    LoanFilter.LATE: "In arrears",
    LoanFilter.SIGNED: "Signed, not paid out",
    LoanFilter.REPAID: "Repaid",
    LoanFilter.WRITTEN_OFF: "Written off",
}

STANDING: Mapping[str, tuple[str, str]] = {
    Standing.PAID: ("Paid", "good"),
    Standing.LATE: ("Late", "bad"),
    Standing.NEXT: ("Next due", "info"),
    Standing.OPEN: ("Open", "plain"),
    Standing.GIVEN_UP: ("Written off", "bad"),
}

MOVEMENT: Mapping[str, str] = {
    Movement.DUE: "Instalment due",
    Movement.CAPITALISED: "Interest added to the loan, instalment",
    Movement.LATE_INTEREST: "Late interest, instalment",
    Movement.CREDIT_APPLIED: "Waiting money used for what fell due",
    Movement.CREDIT_PAID: "Waiting money used",
    Movement.PAY_OUT: "Pay-out",
    Movement.REST_GIVEN_UP: "Undisbursed rest given up",
    Movement.CHARGE: "Charge",
    Movement.CHARGE_REVERSAL: "Reversed",
    Movement.RECEIPT: "Receipt",
    Movement.REVERSAL: "Receipt reversed",
    Movement.CREDIT_USE: "Waiting money lowers the principal",
    Movement.NEW_TERMS: "New terms",
    Movement.REFUND: "Waiting money given back",
    Movement.SECURITY_RELEASED: "Security released",
    Movement.WRITE_OFF: "Written off",
    Movement.RECOVERY: "Recovery",
    Movement.RECOVERY_REVERSAL: "Recovery reversed",
}

ACT_KIND: Mapping[str, str] = {
    ActKind.CHARGE: "Charge",
    ActKind.CREDIT_USE: "Waiting money lowers the principal",
    ActKind.REFUND: "Refund of waiting money",
    ActKind.RESCHEDULE: "New terms",
    ActKind.HOLIDAY: "Payment holiday",
    ActKind.GIVE_UP_REST: "Rest not paid out is given up",
    ActKind.RELEASE_SECURITY: "Release of a security",
}

COMPONENT: Mapping[str, str] = {
    Component.COSTS: "Costs of enforcement",
    Component.FEES: "Fees",
    Component.LATE_INTEREST: "Late interest",
    Component.INTEREST: "Interest",
    Component.PRINCIPAL: "Principal",
}

DAY_COUNT: Mapping[str, str] = {
    DayCount.ACT_365_FIXED: "Real days over 365",
    DayCount.ACT_360: "Real days over 360",
    DayCount.ACT_ACT_ISDA: "Real days over the days of each year",
    DayCount.THIRTY_E_360: "Months of 30 days over 360",
    DayCount.MONTHLY_NOMINAL: "One twelfth a month",
}

LOAN_ACTION: Mapping[str, str] = {
    **ACTION,
    "prepare_disbursement": "Pay-out prepared",
    "release_disbursement": "Pay-out released",
    "send_back_disbursement": "Pay-out sent back to the officer",
    "add_condition": "Condition added",
    "condition_met": "Condition met",
    "condition_waiver_asked": "Waiver of a condition asked for",
    "condition_waived": "Condition waived",
    "condition_waiver_refused": "Waiver of a condition refused",
    "condition_open": "Condition open again",
    "own_contribution": "Own money shown",
    "withdraw_own": "Evidence of own money withdrawn",
    "quotation": "Quotation entered",
    "choose_supplier": "Supplier chosen",
    "invoice": "Invoice entered",
    "withdraw_invoice": "Invoice withdrawn",
    "ask_pay_out": "Pay-out asked for by the borrower",
    "send_back_pay_out_request": "Request for a pay-out sent back",
    "receipt": "Receipt recorded",
    "reverse_receipt": "Receipt reversed",
    "request_write_off": "Write-off requested",
    "send_back_write_off": "Write-off sent back to the officer",
    "write_off": "Written off",
    "recovery": "Recovery recorded",
    "pledge": "Asset pledged",
    "guarantee": "Guarantee given",
    "import": "Taken over from a file",
    "reminder_sent": "Reminder sent",
    "reminder_dropped": "Reminder left unsent",
    **ACT_KIND,
    **{f"request_{kind}": f"{words}: asked for" for kind, words in ACT_KIND.items()},
    **{f"send_back_{kind}": f"{words}: sent back" for kind, words in ACT_KIND.items()},
    **{f"reverse_{kind}": f"{words}: reversed" for kind, words in ACT_KIND.items()},
}

_STATUS_NAMES: Mapping[str, str] = {
    **STATUS_NAMES,
    **{status: words for status, (words, _) in LOAN_STATUS.items()},
}

LOAN_WORDS: Mapping[str, Mapping[str, object]] = {
    "status": LOAN_STATUS,
    "status_names": _STATUS_NAMES,
    "standing": STANDING,
    "movement": MOVEMENT,
    "act_kind": ACT_KIND,
    "component": COMPONENT,
    "day_count": DAY_COUNT,
    "method": METHOD,
    "action": LOAN_ACTION,
    "who": WHO,
}
"""All words at once, for the templates."""
