"""Writing an entry with its postings, by the driver itself.

A run over many loans is one entry of as many postings. For each row the layer of tables would take
as long again as the database does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.orm import Session

from loans.books.ledger_guard import refusal_of, refusals_in_words
from loans.books.tables import AccountRow, journal_entry
from loans.ledger_legs import Leg
from loans.ledger_refusals import UnknownAccount
from loans.storage.column_types import storable_instant, storable_minor

# Built once: every entry needs them.
_ENTRY = insert(journal_entry)
_account = AccountRow.__table__.c
_ACCOUNTS = select(_account.code, _account.id, _account.currency).where(
    _account.facility_id == bindparam("facility_id"),
    _account.code.in_(bindparam("codes", expanding=True)),
)
_POSTING_ON_SQLITE = (
    "INSERT INTO posting (facility_id, entry_id, n_postings, effective_on, "
    "line_no, account_id, currency, amount_minor, loan_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_HEADER = tuple(column.name for column in journal_entry.columns)
_ON_POSTGRESQL = (
    f"SELECT post_entry({', '.join(f'in_{name} => %s' for name in _HEADER)}, "
    "in_accounts => %s, in_places => %s, in_amounts => %s, in_loans => %s)"
)
_INCOMPLETE = "ck_journal_entry_complete"


def write_entry(
    session: Session, header: Mapping[str, Any], legs: Sequence[Leg], loan_id: str | None
) -> None:
    """Write the entry ``header``, a row of ``journal_entry``, with one posting for each leg.

    ``loan_id`` stands on every leg that names no loan of its own. After a refusal the transaction
    is as before; after anything else that the database raises it is lost.

    Raises:
        UnknownAccount: a leg names an account that the facility has not.
        Refusal: what the database refuses, in words; see ``loans.books.ledger.post``.
    """
    if session.get_bind().dialect.name == "postgresql":
        _in_one_statement(session, header, legs, loan_id)
    else:
        _row_by_row(session, header, legs, loan_id)


def _in_one_statement(
    session: Session, header: Mapping[str, Any], legs: Sequence[Leg], loan_id: str | None
) -> None:
    # The driver alone would take what the types of the columns refuse.
    used = header["hold_used_minor"]
    row = {
        **header,
        "booked_at": storable_instant(header["booked_at"]),
        "hold_used_minor": None if used is None else storable_minor(used),
    }
    codes = tuple(dict.fromkeys(leg.account for leg in legs))
    places = {code: place for place, code in enumerate(codes, start=1)}
    values = (
        *(row[name] for name in _HEADER),
        json.dumps(codes),
        json.dumps([places[leg.account] for leg in legs]),
        json.dumps([storable_minor(leg.amount_minor) for leg in legs]),
        json.dumps([leg.loan_id or loan_id for leg in legs]),
    )
    refused = session.connection().exec_driver_sql(_ON_POSTGRESQL, values).scalar_one()
    if refused is None:
        return
    if refused == _INCOMPLETE:
        _accounts(session, header["facility_id"], codes)
        message = "An account of the entry was opened meanwhile. Send it again."
        raise UnknownAccount(message)
    raise refusal_of(session, header["facility_id"], refused, _drawn_on(legs))


def _row_by_row(
    session: Session, header: Mapping[str, Any], legs: Sequence[Leg], loan_id: str | None
) -> None:
    accounts = _accounts(session, header["facility_id"], {leg.account for leg in legs})
    with refusals_in_words(session, header["facility_id"], _drawn_on(legs)):
        write_rows_on_sqlite(session.connection(), header, legs, accounts, loan_id)


def _drawn_on(legs: Sequence[Leg]) -> list[str]:
    """The accounts that an entry credits: one of them is short where the database says so."""
    return sorted({leg.account for leg in legs if leg.amount_minor < 0})


def write_rows_on_sqlite(
    connection: Connection,
    header: Mapping[str, Any],
    legs: Sequence[Leg],
    accounts: Mapping[str, tuple[str, str]],
    loan_id: str | None = None,
) -> None:
    """Write the postings and then the entry; ``accounts`` has id and currency of each by code."""
    shared = (
        *(header[name] for name in ("facility_id", "id", "n_postings")),
        header["effective_on"].isoformat(),
    )
    rows = [
        (
            *shared,
            line_no,
            *accounts[leg.account],
            storable_minor(leg.amount_minor),
            leg.loan_id or loan_id,
        )
        for line_no, leg in enumerate(legs, start=1)
    ]
    # The entry comes last: its trigger counts, sums and moves the balances.
    connection.exec_driver_sql(_POSTING_ON_SQLITE, rows)
    connection.execute(_ENTRY, header)


def _accounts(
    session: Session, facility_id: str, codes: Iterable[str]
) -> Mapping[str, tuple[str, str]]:
    """Id and currency of each account, by code."""
    wanted = set(codes)
    rows = session.execute(_ACCOUNTS, {"facility_id": facility_id, "codes": tuple(wanted)})
    accounts = {code: (account_id, currency) for code, account_id, currency in rows}
    if missing := wanted - accounts.keys():
        message = f"The facility has no account {min(missing)}."
        raise UnknownAccount(message)
    return accounts
