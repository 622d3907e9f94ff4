"""The words in which pages say what is stored in the books as a code."""

from collections.abc import Iterable, Mapping

from loans.chart import AccountKind

EVENT: Mapping[str, str] = {
    "contribution": "Contribution",
    "administration": "Administration",
    "bank_interest": "Interest on bank balances",
    "disbursement": "Pay-out",
    "receipt": "Receipt",
    "recovery": "Recovery",
    "write_off": "Write-off",
    "provision": "Change of the allowance",
    "transfer": "Transfer",
    "restriction_release": "Release of a restriction",
    "commitment": "Commitment",
    "commitment_release": "Commitment given up",
    "reversal": "Reversal",
    "accrual": "Interest earned",
    "rebuild": "Change behind a late fact",
}

KIND: Mapping[str, str] = {
    AccountKind.ASSET: "Asset",
    AccountKind.LIABILITY: "Liability",
    AccountKind.EQUITY: "Contribution",
    AccountKind.INCOME: "Income",
    AccountKind.EXPENSE: "Expense",
    AccountKind.MEMO: "Memorandum",
}


def event_name(event: str) -> str:
    """The event of an entry in words."""
    return EVENT.get(event, event.replace("_", " ").capitalize())


def event_names(events: Iterable[str]) -> dict[str, str]:
    """The words of several events by their codes."""
    return {event: event_name(event) for event in events}
