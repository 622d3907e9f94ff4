"""The frame of each page: navigation by role, who is signed in, and the notice of the last act."""

from collections.abc import Mapping

from fastapi import Request

from app.auth.access import is_open
from app.rendering import Frame, Person
from loans.fund import Facility
from loans.people import Actor, Role

ROLE_NAMES: Mapping[Role, str] = {
    Role.ENTERPRISE: "Enterprise",
    Role.ADVISER: "CP adviser",
    Role.OFFICER: "Loan officer",
    Role.MANAGER: "Fund manager",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
}

HOME: Mapping[Role, str] = {
    Role.ENTERPRISE: "/proposals",
    Role.ADVISER: "/proposals",
    Role.OFFICER: "/queue",
    Role.MANAGER: "/fund",
    Role.AUDITOR: "/ledger",
    Role.ADMINISTRATOR: "/users",
}

_AUTHOR = (("Proposals", "/proposals"), ("Loans", "/loans"), ("Rules", "/profiles"))
_STAFF = (
    ("Applications", "/queue"),
    ("Loans", "/loans"),
    ("Collateral", "/collateral"),
    ("Fund", "/fund"),
    ("Ledger", "/ledger"),
    ("Rules", "/profiles"),
)
_NAVIGATION: Mapping[Role | None, tuple[tuple[str, str], ...]] = {
    None: (("Check a project", "/pre-check"), ("Rules", "/profiles")),
    Role.ENTERPRISE: _AUTHOR,
    Role.ADVISER: _AUTHOR,
    Role.OFFICER: _STAFF,
    Role.MANAGER: _STAFF,
    Role.AUDITOR: _STAFF,
    Role.ADMINISTRATOR: (("Users", "/users"), ("Rules", "/profiles")),
}

_NOTICES: Mapping[str, str] = {
    "already-done": "This was done before; nothing was done twice.",
    "saved": "Your answers are saved.",
    "started": "A new proposal is open. Everything you save stays here until you send it.",
    "removed": "The measure is removed.",
    "sent": "Your proposal was sent.",
    "withdrawn": "The proposal is withdrawn.",
    "returned": "The application was returned to the enterprise.",
    "completed": "The application is confirmed complete.",
    "appraised": "The appraisal is confirmed and stored.",
    "overridden": "The other type is noted.",
    "recommended": "The loan is recommended. The fund manager decides.",
    "sent-back": "It was sent back to the loan officer.",
    "approved": "The loan is approved and the money is reserved.",
    "refused": "The application is refused.",
    "cancelled": "The approval is cancelled and the money is free again.",
    "signed": "The signature is recorded and the schedule is made.",
    "prepared": "The pay-out is prepared. A fund manager releases it.",
    "released": "The pay-out is released and posted.",
    "receipt": "The receipt is recorded and allocated.",
    "reversed": "The entry is reversed by a new one.",
    "write-off-requested": "The write-off is requested. A fund manager confirms it.",
    "written-off": "The loan is written off.",
    "recovered": "The recovery is recorded.",
    "charged": "The charge is recorded.",
    "credit-used": "The waiting money has lowered the principal.",
    "asked": "It is asked for. The fund manager agrees or sends it back.",
    "agreed": "It is agreed and counts from today.",
    "condition-added": "The condition is added.",
    "condition-met": "It is recorded that the condition is met.",
    "condition-opened": "The condition is open again.",
    "waiver-asked": "The waiver is asked for. A fund manager decides.",
    "waived": "The condition is waived.",
    "waiver-refused": "The waiver is refused. The condition stays open.",
    "own-money": "The own money is recorded.",
    "withdrawn-evidence": "It is withdrawn and does not count any more.",
    "quotation": "The quotation is recorded.",
    "supplier-chosen": "The supplier is chosen.",
    "invoice": "The invoice is recorded.",
    "pay-out-asked": "Your request was sent. A loan officer prepares the pay-out.",
    "asset-registered": "The asset is registered. Enter what it is worth, then pledge it.",
    "valued": "The valuation is entered.",
    "pledged": "The asset is pledged to the loan.",
    "guaranteed": "The guarantee is entered.",
    "claim-entered": "The claim of the other creditor is entered.",
    "claim-ended": "The claim has ended; what ranks behind it counts for more.",
    "contributed": "The contribution is booked.",
    "administration": "The cost is booked.",
    "statement-imported": "The statement is imported. Lines that came before were not taken twice.",
    "matched": "Bank and books are matched.",
    "match-undone": "The match is undone; the history keeps it.",
    "import-undone": "The import is undone. The same file may be imported again.",
    "line-explained": "The line is explained.",
    "month-signed": "The month is signed off with these figures.",
    "allowance-set": "The allowance is set to what the loans need.",
    "terms-drafted": "The draft is kept. Another fund manager publishes it.",
    "terms-published": "The version is published. It holds from its first day.",
    "terms-given-up": "The draft is given up. The terms stay as they are.",
    "imported": "The loans are taken over.",
    "transferred": "The transfer is booked.",
    "restriction-released": "The money is released for lending.",
    "bank-account": "The account at the bank is entered.",
    "period-closed": "The month is closed. It stands under “Closed months”, with who closed it.",
    "days-closed": "The days are closed.",
    "reminder-kept": "It is kept what became of the reminder.",
    "user-added": "The user is entered.",
    "user-changed": "The account is changed.",
}


def frame_for(request: Request, actor: Actor | None, facility: Facility | None) -> Frame:
    """What surrounds the page that this request asks for."""
    path = request.url.path
    links = _NAVIGATION[actor.role if actor else None]
    return Frame(
        facility_name=facility.name if facility else "",
        demonstration=bool(facility and facility.is_demonstration),
        nav=tuple(
            (label, href, path == href or path.startswith(f"{href}/")) for label, href in links
        ),
        person=Person(actor.name, ROLE_NAMES[actor.role], actor.organisation) if actor else None,
        sign_in_href=None if actor else "/sign-in",
        has_own_page=is_open("GET", request.scope["route"].path, actor.role if actor else None),
        notice=_NOTICES.get(request.query_params.get("done", "")),
    )
