"""Taking in what the bank states. Nothing is booked by it; the books stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from loans.banking.following import check_day, check_follows, check_holder
from loans.banking.signed_months import signed_months
from loans.banking.stated import LONGEST_NAME, StatedStatement, key_again, line_keys
from loans.banking.tables import (
    LINE_STANDS,
    STATEMENT_STANDS,
    BankLineAgainRow,
    BankLineRow,
    BankMappingRow,
    BankStatementRow,
)
from loans.books.bank_accounts import bank_account
from loans.books.cash_accounts import CashAccount
from loans.books.facility_turn import take_facility
from loans.day_words import shown_day, shown_month
from loans.history import Moment, record
from loans.people import Actor, Role, need_role
from loans.refusal import OutOfStep, WrongValue
from loans.storage.database import new_id


class ImportedBefore(OutOfStep):
    """This very file was imported for the account."""


class StatementOfTomorrow(WrongValue):
    """The statement has days that have not come."""


class MonthSigned(OutOfStep):
    """The reconciliation of the month was signed off."""


@dataclass(frozen=True)
class Imported:
    """How many statements came in, how many lines were new, and how many were there already."""

    statement_ids: tuple[str, ...]
    new_count: int
    known_count: int


def import_statements(
    session: Session,
    actor: Actor,
    moment: Moment,
    account_code: str,
    *,
    statements: Sequence[StatedStatement],
    file_hash: str,
    file_name: str,
    columns: Mapping[str, str] | None = None,
    has_gap: bool = False,
) -> Imported:
    """Keep the statements of a file; lines that came with an earlier file are not taken twice.

    ``columns`` is remembered for the next table of this account. ``has_gap`` says that statements
    before these are missing.

    Raises:
        WrongPerson: the actor is no officer.
        NoSuchBankAccount: there is no such account at a bank.
        ImportedBefore: the file was imported before.
        OtherAccount, StatementOfTomorrow: the file is of another account, or of days to come.
        NotFollowing: a table's closing balance does not follow from the statement before it.
        TwoClosings: another statement closes the same day with another balance.
        MonthSigned: it has new lines in a month that was signed off.
    """
    need_role(actor, Role.OFFICER)
    account = bank_account(session, account_code)
    take_facility(session, account.facility_id)
    kept_hash = _key_of_file(session, account, file_hash)
    if columns is not None:
        _remember(session, moment, account, columns)
    for statement in () if has_gap else statements:
        check_follows(session, account, statement)
    kept = [
        _keep(session, actor, moment, account, statement, file=(kept_hash, file_name, number))
        for number, statement in enumerate(statements, start=1)
    ]
    for on in {one.to_on for one in statements}:
        check_day(session, account, on)
    new_count = sum(row.line_count - row.known_count for row in kept)
    known_count = sum(row.known_count for row in kept)
    details = {"account": account.code, "lines": new_count, "file": file_hash}
    note = kept[-1].file_name
    record(
        session,
        actor,
        moment,
        subject=("bank", kept[-1].id),
        action="import_statement",
        facility_id=account.facility_id,
        note=note,
        details=details,
    )
    return Imported(tuple(row.id for row in kept), new_count, known_count)


def _keep(
    session: Session,
    actor: Actor,
    moment: Moment,
    account: CashAccount,
    statement: StatedStatement,
    *,
    file: tuple[str, str, int],
) -> BankStatementRow:
    """Keep one statement of a ``file`` (hash, name, number in it) with its new lines."""
    _check_day(moment, statement)
    check_holder(session, account, statement)
    file_hash, file_name, number = file
    row = BankStatementRow(
        id=new_id(),
        facility_id=account.facility_id,
        account_code=account.code,
        file_hash=file_hash,
        number=number,
        file_name=file_name[:LONGEST_NAME] or "statement",
        kind=statement.kind,
        holder=statement.holder,
        from_on=statement.from_on,
        to_on=statement.to_on,
        opening_minor=statement.opening_minor,
        closing_minor=statement.closing_minor,
        line_count=len(statement.lines),
        known_count=0,
        imported_by=actor.user_id,
        imported_at=moment.at,
    )
    lines, known = _new_and_known(session, account, row, statement)
    row.known_count = len(known)
    session.add(row)
    session.flush()
    session.add_all(lines)
    session.add_all(BankLineAgainRow(statement_id=row.id, line_id=one) for one in known)
    session.flush()
    return row


def remembered_columns(session: Session, account: CashAccount) -> Mapping[str, str]:
    """The mapping that the account's last table was read by; empty before the first."""
    row = session.get(BankMappingRow, (account.facility_id, account.code))
    return {} if row is None else {name: str(text) for name, text in row.columns.items()}


def _remember(
    session: Session, moment: Moment, account: CashAccount, columns: Mapping[str, str]
) -> None:
    row = session.get(BankMappingRow, (account.facility_id, account.code))
    if row is None:
        row = BankMappingRow(facility_id=account.facility_id, account_code=account.code)
        session.add(row)
    row.columns, row.saved_at = dict(columns), moment.at


def forget_columns(session: Session, account: CashAccount) -> None:
    """Let the next table of the account be read by its headings again."""
    row = session.get(BankMappingRow, (account.facility_id, account.code))
    if row is not None:
        session.delete(row)
        session.flush()


def _key_of_file(session: Session, account: CashAccount, file_hash: str) -> str:
    """The key under which a file is kept: its hash, and after each undone import the next one.

    Raises:
        ImportedBefore: the file was imported, and that stands.
    """
    known = session.execute(
        select(BankStatementRow.imported_at, STATEMENT_STANDS)
        .where(
            BankStatementRow.facility_id == account.facility_id,
            BankStatementRow.account_code == account.code,
            BankStatementRow.file_hash == file_hash,
        )
        .limit(1)
    ).first()
    if known is None:
        return file_hash
    imported_at, stands = known
    if not stands:
        return _key_of_file(session, account, key_again(file_hash))
    message = (
        f"This file was imported on {shown_day(imported_at.date())} for account "
        f"{account.code}. Nothing was imported twice. Choose the next statement."
    )
    raise ImportedBefore(message, field="file")


def _check_day(moment: Moment, statement: StatedStatement) -> None:
    if statement.to_on > moment.on:
        message = (
            f"The statement goes up to {shown_day(statement.to_on)}, which has not come. "
            f"Import statements up to today, {shown_day(moment.on)}."
        )
        raise StatementOfTomorrow(message, field="file")


def _key_of_line(key: str, undone: set[str]) -> str:
    """The key of a line: its own, and after each undone import the next one."""
    return _key_of_line(key_again(key), undone) if key in undone else key


def _new_and_known(
    session: Session, account: CashAccount, row: BankStatementRow, statement: StatedStatement
) -> tuple[list[BankLineRow], list[str]]:
    """The lines that no earlier statement of the account had, and the ids of the others."""
    rows = session.execute(
        select(BankLineRow.line_key, BankLineRow.id, LINE_STANDS).where(
            BankLineRow.facility_id == account.facility_id,
            BankLineRow.account_code == account.code,
            BankLineRow.booked_on.between(statement.from_on, statement.to_on),
        )
    ).all()
    known = {key: line_id for key, line_id, stands in rows if stands}
    undone = {key for key, _, stands in rows if not stands}
    keys = [_key_of_line(key, undone) for key in line_keys(statement.lines)]
    signed = signed_months(session, account)
    new = [one for one in zip(keys, statement.lines, strict=True) if one[0] not in known]
    for _, line in new:
        if (month := f"{line.booked_on:%Y-%m}") in signed:
            message = (
                f"The statement has a new line of {shown_day(line.booked_on)}, and "
                f"{shown_month(month)} was signed off. Import statements of later months."
            )
            raise MonthSigned(message, field="file")
    lines = [
        BankLineRow(
            id=new_id(),
            statement_id=row.id,
            facility_id=account.facility_id,
            account_code=account.code,
            line_key=key,
            booked_on=line.booked_on,
            amount_minor=line.amount_minor,
            bank_reference=line.bank_reference,
            counterparty=line.counterparty,
            text=line.text,
        )
        for key, line in new
    ]
    return lines, [known[key] for key in keys if key in known]
