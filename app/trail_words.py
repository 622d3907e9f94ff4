"""The words in which the page "Who did what" says the acts, what they were about, and the rest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.auth.access import is_open
from app.ledger_words import EVENT
from app.loan_words import LOAN_ACTION
from app.navigation import ROLE_NAMES
from app.rendering import count, money
from app.security_words import SECURITY_ACTION
from loans.cases.applications import REFUSAL_REASONS
from loans.day_words import shown_month
from loans.people import Role
from loans.trail import About, SubjectKind, TrailLine

KIND: Mapping[SubjectKind, str] = {
    SubjectKind.APPLICATION: "Application",
    SubjectKind.PROPOSAL: "Proposal",
    SubjectKind.LOAN: "Loan",
    SubjectKind.ASSET: "Asset",
    SubjectKind.ENTRY: "Journal entry",
    SubjectKind.ACCOUNT: "Account",
    SubjectKind.BANK: "Bank statements",
    SubjectKind.PROVISIONS: "Allowance",
    SubjectKind.FACILITY: "The fund",
    SubjectKind.PROFILE: "Terms",
    SubjectKind.USER: "User",
}

_BEFORE_A_NAME: Mapping[SubjectKind, str] = {
    **KIND,
    SubjectKind.BANK: "Statements of account",
    SubjectKind.PROVISIONS: "Allowance of",
}

TRAIL_ACTION: Mapping[str, str] = {
    **EVENT,
    **LOAN_ACTION,
    **SECURITY_ACTION,
    "save": "Draft saved",
    "reverse": "Entry reversed",
    "bank_account": "Account at a bank entered",
    "correct_bank_account": "Account at a bank corrected",
    "import_statement": "Statement imported",
    "undo_import": "Import of a statement undone",
    "sign_reconciliation": "Month signed off against the bank",
    "close_month": "Month closed",
    "run_provisions": "Allowance set",
    "draft_terms": "Draft of terms kept",
    "publish_terms": "Terms published",
    "give_up_terms": "Draft of terms given up",
    "open_account": "Account of a user opened",
    "close_account": "Account of a user closed",
    "demonstration_begun": "Loading of the demonstration begun",
    "demonstration_loaded": "Demonstration loaded",
}
"""The words of every act that is recorded."""

_DETAIL: Mapping[str, Callable[[Any], str]] = {
    "month": shown_month,
    "bank": str,
    "number": str,
    "reason": str,
    "loan": "loan {}".format,
    "measure": "measure {}".format,
    "instalment": "instalment {}".format,
    "lines": lambda lines: count(lines, "new line"),
    "code": lambda code: REFUSAL_REASONS.get(code, ""),
    "warnings": lambda points: f"{count(len(points), 'open point')} seen" if points else "",
}
"""What stands beside the note, in this order. Hashes and ids of entries tell a person nothing."""

_AMOUNTS = ("amount_minor", "allowance_minor")
_ADDRESS: Mapping[SubjectKind, str] = {
    SubjectKind.APPLICATION: "/applications/{application_id}",
    SubjectKind.PROPOSAL: "/applications/{application_id}",
    SubjectKind.LOAN: "/loans/{loan_id}",
    SubjectKind.ASSET: "/collateral/assets/{asset_id}",
    SubjectKind.ENTRY: "/ledger/entries/{entry_id}",
    SubjectKind.ACCOUNT: "/ledger/accounts/{account_code}",
    SubjectKind.BANK: "/ledger/bank/{account_code}",
    SubjectKind.PROVISIONS: "/ledger/provisions",
    SubjectKind.PROFILE: "/profiles/{profile_code}",
}
"""The page of each kind as the access table names it: the key stands for what is in braces, or is
the day of the page."""


@dataclass(frozen=True)
class ShownAct:
    """One act in words; ``href`` leads to what it was about where the reader may go there."""

    line: TrailLine
    who: str
    what: str
    about: str
    href: str | None
    note: str


def shown_act(line: TrailLine, reader: Role) -> ShownAct:
    """An act as the page shows it to somebody of this role."""
    return ShownAct(
        line=line,
        who=person_words(line.actor_name, line.actor_role),
        what=_what(line),
        about=_about(line.about),
        href=_href(line.about, reader),
        note="; ".join(part for part in (line.note, *_details(line)) if part),
    )


def person_words(name: str, role: Role | None) -> str:
    """A person with the role, or the program."""
    return name if role is None else f"{name}, {ROLE_NAMES[role]}"


def _what(line: TrailLine) -> str:
    words = TRAIL_ACTION.get(line.action, line.action)
    amounts = [
        money(line.details[name], line.currency) for name in _AMOUNTS if name in line.details
    ]
    return ": ".join((words, *amounts))


def _about(about: About) -> str:
    if about.kind is SubjectKind.PROPOSAL and not about.words:
        return "Proposal, not sent"
    return f"{_BEFORE_A_NAME[about.kind]} {about.words}".strip()


def _href(about: About, reader: Role) -> str | None:
    path = _ADDRESS.get(about.kind)
    if path is None or about.key is None or not is_open("GET", path, reader):
        return None
    address, brace, _ = path.partition("{")
    return f"{address}{quote(about.key, safe='')}" if brace else f"{address}?as_of={about.key}"


def _details(line: TrailLine) -> list[str]:
    return [show(line.details[name]) for name, show in _DETAIL.items() if name in line.details]
