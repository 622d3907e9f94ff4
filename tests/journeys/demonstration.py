"""The demonstration fund, served: a session for each role, and real ids for every address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, demo
from app.auth.access import VISITOR, access_table
from app.imports.old_loan_file import read_old_loans
from app.imports.old_loan_values import old_loans_of
from app.main import create_app
from app.settings import Settings
from loans import people, sign_ins
from loans.banking.tables import BankLineRow, BankStatementRow
from loans.books.tables import journal_entry
from loans.closing_tables import DayClose, Reminder
from loans.collateral.tables import AssetCharge
from loans.conditions import procurement
from loans.conditions.tables import LoanCondition, PlanLine, Quotation
from loans.conditions.views import pay_outs_view
from loans.figures.fund_definitions import DEFINITIONS
from loans.history import Moment
from loans.importing.loan_imports import keep_file
from loans.importing.tables import LoanImport
from loans.people import Actor, Role
from loans.servicing import disbursing, write_offs
from loans.storage.database import Database, open_database
from loans.tables import Application, Loan, Proposal, Receipt
from loans.versions.profile_draft_views import DRAFT as DRAFT_OF_TERMS
from loans.versions.profile_drafts import TermChange, draft_version
from loans.versions.profile_tables import ProfileDraft
from tests.app.imports.test_old_loan_file import LOAN, PAY_OUT, RECEIPT, workbook
from tests.browser.serving import serving

SECTIONS = ("enterprise", "project", "finance", "responsibilities")
OFFICER_ACTS = (
    ("return", "submitted"),
    ("complete", "submitted"),
    ("appraise", "complete"),
    ("override", "complete"),
    ("refuse", "complete"),
    ("recommend", "appraised"),
    ("sign", "approved"),
)
MANAGER_ACTS = (
    ("send-back", "recommended"),
    ("refuse", "recommended"),
    ("approve", "recommended"),
    ("cancel", "approved"),
)

FILES = {
    "/exports/records.{ending}": "/exports/records.zip",
    "/imports/template.xlsx": "/imports/template.xlsx",
    "/loans.csv": "/loans.csv",
    "/ledger/trial-balance.csv": "/ledger/trial-balance.csv",
    "/ledger/general.csv": "/ledger/general.csv",
    "/ledger/roll-forward.csv": "/ledger/roll-forward.csv",
    "/loans/{loan_id}/schedule.csv": "/loans/none/schedule.csv",
    "/loans/{loan_id}/statement.csv": "/loans/none/statement.csv",
    "/exports/records/{table_name}.csv": "/exports/records/loan.csv",
}
"""Addresses that answer a file to keep and no page, each with a real one."""


@dataclass(frozen=True)
class Demonstration:
    """Where the demonstration is served, the token of each role, and the addresses to visit."""

    address: str
    tokens: Mapping[str, str]
    paths: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Role, then address of the access table, then that address with real ids."""

    def pages_of(self, role: str) -> tuple[str, ...]:
        """Every page that the role may open."""
        return tuple(path for paths in self.paths[role].values() for path in paths)


def let_work_wait(url: str) -> None:
    """Add to the demonstration what waits for managers: a pay-out, a write-off, terms, a file."""
    database = open_database(url, is_test_server=True)
    with database.writing() as session:
        officer = _actor(session, Role.OFFICER)
        moment = clock.moment()
        signed = _loans(session, "signed")[0]
        disbursing.prepare_disbursement(
            session,
            officer,
            moment,
            signed,
            amount_minor=session.get_one(Loan, signed).principal_minor,
            pay_on=moment.on,
            purpose="Invoice 1 of the supplier",
        )
        free = _loans(session, "signed")[-1]
        procurement.add_quotation(
            session,
            officer,
            moment,
            pay_outs_view(session, officer, free, as_of=moment.on).plan[0].plan_line_id,
            supplier="Nordvatten AB (invented)",
            country="SE",
            tier="nordic",
            amount_minor=1_000_000,
            quoted_on=moment.on,
        )
        late = _loans(session, "repaying")[-1]
        write_offs.request_write_off(
            session, officer, moment, late, reason="The plant stands still"
        )
        _draft_terms(session, moment)
        for principal in (90_000, -5):
            _keep_old_loans(session, officer, moment, principal)
    database.close()


def _draft_terms(session: Session, moment: Moment) -> None:
    draft_version(
        session,
        _actor(session, Role.MANAGER),
        moment,
        "nefco-1998",
        valid_from=moment.on,
        reason="A lower rate",
        changes={"annual_rate": TermChange("0.05", "The board", is_decided=False)},
    )


def _keep_old_loans(session: Session, officer: Actor, moment: Moment, principal: int) -> None:
    """A file of one old loan; a negative principal is a row to correct."""
    file = workbook(
        loans=[{**LOAN, "Principal": principal}], pay_outs=[PAY_OUT], receipts=[RECEIPT]
    )
    old, unread = old_loans_of(read_old_loans([("old.xlsx", file)], "EUR"), "EUR")
    keep_file(session, officer, moment, old, unread)


@contextmanager
def served_demonstration(url: str) -> Iterator[Demonstration]:
    """Serve a database in which the demonstration was loaded."""
    database = open_database(url, is_test_server=True)
    tokens, paths = visits_of(database)
    database.close()
    with serving(create_app(Settings(database_url=url, test_server=True))) as address:
        yield Demonstration(address, tokens, paths)


def visits_of(
    database: Database,
) -> tuple[Mapping[str, str], Mapping[str, Mapping[str, tuple[str, ...]]]]:
    """A session's token for each role, and the pages that each may open; see ``Demonstration``."""
    with database.writing() as session:
        actors = {role: _actor(session, role) for role in Role}
        moment = clock.moment()
        tokens = {
            role.value: sign_ins.open_session(session, user_id=actor.user_id, at=moment.at)
            for role, actor in actors.items()
        }
    return {VISITOR: "", **tokens}, _paths(database, actors, moment)


def _actor(session: Session, role: Role) -> Actor:
    email = next(email for email, named in demo.ACCOUNTS if named == role)
    return people.actor_by_email(session, email)


def _loans(session: Session, status: str) -> list[str]:
    return list(session.scalars(select(Loan.id).where(Loan.status == status).order_by(Loan.id)))


def _paths(
    database: Database, actors: Mapping[Role, Actor], moment: Moment
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """For each role the pages that the table opens to it, with ids of the demonstration."""
    with database.reading() as session:
        found = {
            role: _filled_in(session, role, actors[Role(role)] if role != VISITOR else None, moment)
            for role in (VISITOR, *Role)
        }
    return {
        role: {
            path: filled[path]
            for (method, path), roles in access_table().items()
            if method == "GET"
            and role in roles
            and path not in FILES
            and not path.startswith(("/api/", "/healthz", "/readyz"))
        }
        for role, filled in found.items()
    }


def _filled_in(
    session: Session, role: str, actor: Actor | None, moment: Moment
) -> dict[str, tuple[str, ...]]:
    applications = _applications(session)
    entries = session.execute(select(journal_entry.c.event, journal_entry.c.id)).all()
    last_month = moment.on.replace(day=1) - timedelta(days=1)
    return {
        "/": ("/",),
        "/sign-in": ("/sign-in",),
        "/pre-check": ("/pre-check",),
        "/profiles": ("/profiles",),
        "/profiles/{profile_code}": ("/profiles/nefco-1998",),
        "/profiles/{profile_code}/versions/{version}": tuple(
            f"/profiles/nefco-1998/versions/{one}" for one in _versions(session, role)
        ),
        "/profiles/{profile_code}/compare": ("/profiles/nefco-1998/compare",),
        "/profiles/{profile_code}/draft": ("/profiles/nefco-1998/draft",),
        "/queue": ("/queue", "/queue?status=all&sort=enterprise", "/queue?search=none-such"),
        "/applications/{application_id}": tuple(
            f"/applications/{one}" for one in applications.values()
        ),
        "/applications/{application_id}/appraisal": (
            f"/applications/{applications['signed']}/appraisal",
            f"/applications/{applications['refused']}/appraisal",
        ),
        "/applications/{application_id}/what-if": (
            f"/applications/{applications['signed']}/what-if",
            f"/applications/{applications['signed']}/what-if?savings=-20&tax_rate=20&inflation=2",
            f"/applications/{applications['refused']}/what-if?price-0-change=30",
        ),
        "/applications/{application_id}/simulation": (
            f"/applications/{applications['signed']}/simulation",
            f"/applications/{applications['refused']}/simulation?draws=2000&price-0-low=-30",
        ),
        "/applications/{application_id}/acts/{act}": tuple(
            f"/applications/{applications[status]}/acts/{act}"
            for act, status in (MANAGER_ACTS if role == Role.MANAGER else OFFICER_ACTS)
        ),
        "/fund": ("/fund", "/fund?as_of=2024-06-30"),
        "/fund/figures/{figure}": tuple(f"/fund/figures/{code}" for code in _one_of_each_unit()),
        "/fund/accounts": ("/fund/accounts",),
        "/fund/acts/{act}": tuple(
            f"/fund/acts/{act}"
            for act in ("contribution", "administration", "transfer", "bank-account")
        ),
        "/ledger": ("/ledger", "/ledger?as_of=2024-06-30&compare_on=2023-12-31"),
        "/ledger/accounts/{account_code}": ("/ledger/accounts/1010", "/ledger/accounts/1210"),
        "/ledger/entries": ("/ledger/entries",),
        "/ledger/entries/{entry_id}": tuple(
            f"/ledger/entries/{one}" for one in dict(entries).values()
        ),
        "/ledger/entries/{entry_id}/reverse": tuple(
            f"/ledger/entries/{one}/reverse" for one in dict(entries).values()
        ),
        "/ledger/check": ("/ledger/check",),
        "/ledger/trail": ("/ledger/trail", "/ledger/trail?kind=entry"),
        "/ledger/general": ("/ledger/general", "/ledger/general?account=1210&from_on=2024-01-01"),
        "/ledger/roll-forward": ("/ledger/roll-forward", "/ledger/roll-forward?from_on=2024-01-01"),
        **_of_closed_days(session),
        "/ledger/periods/{period}/close": (f"/ledger/periods/{last_month:%Y-%m}/close",),
        "/ledger/bank": ("/ledger/bank",),
        "/ledger/bank/{account_code}": ("/ledger/bank/1010?state=all", "/ledger/bank/1010"),
        "/ledger/bank/{account_code}/import": ("/ledger/bank/1010/import",),
        "/ledger/bank/{account_code}/reconciliation": (
            "/ledger/bank/1010/reconciliation",
            f"/ledger/bank/1010/reconciliation?as_of={last_month}",
        ),
        "/ledger/bank-lines/{line_id}": _bank_lines(session),
        "/ledger/bank-statements/{statement_id}/undo": _imports(session),
        "/ledger/provisions": ("/ledger/provisions", "/ledger/provisions?as_of=2024-06-30"),
        "/imports": ("/imports",),
        "/imports/{import_id}": tuple(
            f"/imports/{one}" for one in session.scalars(select(LoanImport.id))
        ),
        "/exports": ("/exports",),
        "/users": ("/users",),
        "/users/new": ("/users/new",),
        **_of_authors(session, actor),
        **_of_loans(session, role, actor),
        **_of_collateral(session, actor),
    }


def _versions(session: Session, role: str) -> tuple[int, ...]:
    """The version in force, and for who may read it the draft that waits."""
    numbers = session.scalars(
        select(ProfileDraft.version).where(ProfileDraft.status == DRAFT_OF_TERMS)
    )
    return (1, *(numbers if role in (Role.MANAGER, Role.AUDITOR) else ()))


def _imports(session: Session) -> tuple[str, ...]:
    """Undoing the first import of a statement, and the last."""
    ids = session.scalars(select(BankStatementRow.id).order_by(BankStatementRow.id)).all()
    return tuple(f"/ledger/bank-statements/{one}/undo" for one in (ids[0], ids[-1]))


def _bank_lines(session: Session) -> tuple[str, ...]:
    """The newest line of the bank that came in, and the newest that went out."""
    rows = session.scalars(select(BankLineRow).order_by(BankLineRow.booked_on.desc())).all()
    signs = {one.amount_minor > 0: one.id for one in reversed(rows)}
    return tuple(f"/ledger/bank-lines/{one}" for one in signs.values())


def _one_of_each_unit() -> tuple[str, ...]:
    """A figure in money, a share, a count and so on; the pages of the others are alike."""
    return tuple({one.unit: code for code, one in DEFINITIONS.items()}.values())


def _applications(session: Session) -> dict[str, str]:
    """An application in each status."""
    rows = session.execute(select(Application.status, Application.id).order_by(Application.id))
    return {row[0]: row[1] for row in rows}


def _of_authors(session: Session, actor: Actor | None) -> dict[str, tuple[str, ...]]:
    own = select(Proposal.id).order_by(Proposal.id)
    if actor is not None and actor.enterprise_ids is not None:
        own = own.where(Proposal.enterprise_id.in_(actor.enterprise_ids))
    drafts = list(session.scalars(own.where(Proposal.status == "draft")))
    sent = list(session.scalars(own.where(Proposal.status != "draft")))[-1:]
    draft = f"/proposals/{drafts[0] if drafts else 'none'}"
    return {
        "/proposals": ("/proposals",),
        "/proposals/{proposal_id}": (draft, *(f"/proposals/{one}" for one in sent)),
        "/proposals/{proposal_id}/sections/{section}": tuple(
            f"{draft}/sections/{section}" for section in SECTIONS
        ),
        "/proposals/{proposal_id}/measures": (f"{draft}/measures",),
        "/proposals/{proposal_id}/measures/{measure_code}": (
            f"{draft}/measures/new",
            f"{draft}/measures/M1",
        ),
        "/proposals/{proposal_id}/check": (f"{draft}/check",),
        "/proposals/{proposal_id}/what-if": (f"{draft}/what-if", f"{draft}/what-if?savings=10"),
        "/proposals/{proposal_id}/withdraw": (f"{draft}/withdraw",),
    }


def _of_closed_days(session: Session) -> dict[str, tuple[str, ...]]:
    day = session.scalars(select(DayClose.closed_on).order_by(DayClose.closed_on.desc())).first()
    due = session.scalars(select(Reminder.id).order_by(Reminder.noticed_on.desc())).first()
    return {
        "/ledger/days": ("/ledger/days", f"/ledger/days?before={day}"),
        "/ledger/days/close": ("/ledger/days/close",),
        "/ledger/days/{day}": (f"/ledger/days/{day}",),
        "/reminders": ("/reminders", "/reminders?status=sent"),
        "/reminders/{reminder_id}": (f"/reminders/{due}",),
    }


def _of_loans(session: Session, role: str, actor: Actor | None) -> dict[str, tuple[str, ...]]:
    own = select(Loan.status, Loan.id).order_by(Loan.id)
    if actor is not None and actor.enterprise_ids is not None:
        own = own.where(Loan.enterprise_id.in_(actor.enterprise_ids))
    loans = {row[0]: row[1] for row in session.execute(own)}
    money = [loans[status] for status in loans if status != "signed"]
    return {
        "/loans": ("/loans",),
        "/loans/{loan_id}": tuple(f"/loans/{one}" for one in loans.values()),
        "/loans/{loan_id}/schedule": tuple(f"/loans/{one}/schedule" for one in money[:2]),
        "/loans/{loan_id}/statement": tuple(f"/loans/{one}/statement" for one in money),
        "/loans/{loan_id}/payoff": tuple(f"/loans/{one}/payoff" for one in money[:2]),
        "/loans/{loan_id}/acts/{act}": _loan_acts(session, role),
        "/loans/{loan_id}/pay-outs": tuple(f"/loans/{one}/pay-outs" for one in loans.values()),
        "/loans/{loan_id}/pay-outs/{act}": _pay_out_acts(session, role, list(loans.values())),
    }


def _pay_out_acts(session: Session, role: str, loans: list[str]) -> tuple[str, ...]:
    """The forms before a pay-out: of a signed loan for staff, of their own for authors."""
    if role in (Role.ENTERPRISE, Role.ADVISER):
        return tuple(f"/loans/{loans[0]}/pay-outs/{act}" for act in ("invoice", "ask"))
    signed = _loans(session, "signed")[-1]
    pledge = session.scalars(
        select(LoanCondition.id).where(
            LoanCondition.loan_id == signed, LoanCondition.code == "collateral_signed"
        )
    ).one()
    line = session.scalars(select(PlanLine.id).where(PlanLine.loan_id == signed)).first()
    quotation = session.scalars(
        select(Quotation.id).join(PlanLine).where(PlanLine.loan_id == signed)
    ).first()
    base = f"/loans/{signed}/pay-outs"
    if role == Role.MANAGER:
        return (f"{base}/waive?target={pledge}", f"{base}/refuse-waiver?target={pledge}")
    return (
        f"{base}/add-condition",
        f"{base}/meet?target={pledge}",
        f"{base}/ask-waiver?target={pledge}",
        f"{base}/own-money",
        f"{base}/quotation?target={line}",
        f"{base}/choose?target={quotation}",
        f"{base}/invoice",
    )


def _of_collateral(session: Session, actor: Actor | None) -> dict[str, tuple[str, ...]]:
    charge = session.scalars(select(AssetCharge).where(AssetCharge.rank > 1)).one()
    before = session.scalars(select(AssetCharge.id).where(AssetCharge.loan_id.is_(None))).one()
    own = select(Loan.id).order_by(Loan.id)
    if actor is not None and actor.enterprise_ids is not None:
        own = own.where(Loan.enterprise_id.in_(actor.enterprise_ids))
    at_loan = f"/loans/{charge.loan_id}/collateral"
    at_asset = f"/collateral/assets/{charge.asset_id}"
    return {
        "/collateral": ("/collateral", "/collateral?search=none-such"),
        "/collateral/assets/{asset_id}": (at_asset,),
        "/collateral/assets/{asset_id}/{act}": (
            f"{at_asset}/valuation",
            f"{at_asset}/claim",
            f"{at_asset}/claim-ended?target={before}",
        ),
        "/loans/{loan_id}/collateral": tuple(
            f"/loans/{one}/collateral" for one in session.scalars(own)
        ),
        "/loans/{loan_id}/collateral/{act}": (
            f"{at_loan}/asset",
            f"{at_loan}/pledge?asset={charge.asset_id}",
            f"{at_loan}/guarantee",
            f"{at_loan}/release?target={charge.id}",
        ),
    }


def _loan_acts(session: Session, role: str) -> tuple[str, ...]:
    waiting, free = _loans(session, "signed")[0], _loans(session, "signed")[-1]
    paying, doubtful = _loans(session, "repaying")[0], _loans(session, "repaying")[-1]
    lost = _loans(session, "written_off")[0]
    if role == Role.MANAGER:
        return (
            f"/loans/{waiting}/acts/release-disbursement",
            f"/loans/{waiting}/acts/send-back-disbursement",
            f"/loans/{doubtful}/acts/confirm-write-off",
            f"/loans/{doubtful}/acts/send-back-write-off",
        )
    receipt = session.scalars(
        select(Receipt.id)
        .where(Receipt.loan_id == paying)
        .order_by(Receipt.received_on.desc(), Receipt.recorded_at.desc())
    ).first()
    return (
        f"/loans/{free}/acts/prepare-disbursement",
        f"/loans/{paying}/acts/receipt",
        f"/loans/{paying}/acts/reverse-receipt?receipt={receipt}",
        f"/loans/{paying}/acts/charge",
        f"/loans/{paying}/acts/new-terms",
        f"/loans/{paying}/acts/holiday",
        f"/loans/{paying}/acts/request-write-off",
        f"/loans/{lost}/acts/recovery",
    )
