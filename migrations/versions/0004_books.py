"""The journal's numbers, bank accounts, restricted contributions and memo commitments."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from migrations import ledger_sqlite, numbering
from migrations.append_only import give_up_guard, protect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MEMO_ACCOUNTS = (
    ("9010", "Commitments to borrowers", "memo"),
    ("9020", "Commitments to borrowers, contra", "memo"),
)
_GUARDS = (
    ("journal_entry_numbered", "journal_entry"),
    ("hold_in_open_period", "hold"),
    ("hold_use_in_open_period", "hold_use"),
)


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    _create_journal_number()
    _create_bank_account()
    _create_restriction()
    op.add_column(
        "disbursement",
        sa.Column("bank_account", sa.String(length=40), server_default="1010", nullable=False),
    )
    _number_what_is_there()
    if not is_postgresql:
        # As it was made before, it read every posting of the facility for each new entry.
        op.execute("DROP TRIGGER journal_entry_applied")
        op.execute(ledger_sqlite.APPLIED)
    for statement in numbering.ON_POSTGRESQL if is_postgresql else numbering.ON_SQLITE:
        op.execute(statement)
    protect("journal_number", "bank_account", "restriction")
    _open_memo_accounts()


def downgrade() -> None:
    for name, table in _GUARDS:
        give_up_guard(name, table)
    op.drop_column("disbursement", "bank_account")
    op.drop_table("restriction")
    op.drop_table("bank_account")
    op.drop_table("journal_number")
    if op.get_bind().dialect.name == "postgresql":
        for function in numbering.FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}")


def _create_journal_number() -> None:
    op.create_table(
        "journal_number",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (previous IS NULL) "
            "AND (previous IS NULL OR previous = number - 1)",
            name=op.f("ck_journal_number_follows"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_journal_number_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "previous"],
            ["journal_number.facility_id", "journal_number.number"],
            name=op.f("fk_journal_number_facility_id_previous"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "entry_id"],
            ["journal_entry.facility_id", "journal_entry.id"],
            name=op.f("fk_journal_number_facility_id_entry_id"),
        ),
        sa.PrimaryKeyConstraint("facility_id", "number", name=op.f("pk_journal_number")),
        sa.UniqueConstraint(
            "facility_id", "entry_id", name=op.f("uq_journal_number_facility_id_entry_id")
        ),
        sqlite_strict=True,
    )


def _create_bank_account() -> None:
    op.create_table(
        "bank_account",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id", "account_id"],
            ["account.facility_id", "account.id"],
            name=op.f("fk_bank_account_facility_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["app_user.id"], name=op.f("fk_bank_account_entered_by")
        ),
        sa.PrimaryKeyConstraint("facility_id", "account_id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint(
            "facility_id", "number", name=op.f("uq_bank_account_facility_id_number")
        ),
        sqlite_strict=True,
    )


def _create_restriction() -> None:
    op.create_table(
        "restriction",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("hold_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["facility_id", "account_id"],
            ["account.facility_id", "account.id"],
            name=op.f("fk_restriction_facility_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "entry_id"],
            ["journal_entry.facility_id", "journal_entry.id"],
            name=op.f("fk_restriction_facility_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "hold_id"],
            ["hold.facility_id", "hold.id"],
            name=op.f("fk_restriction_facility_id_hold_id"),
        ),
        sa.PrimaryKeyConstraint("facility_id", "account_id", name=op.f("pk_restriction")),
        sa.UniqueConstraint(
            "facility_id", "entry_id", name=op.f("uq_restriction_facility_id_entry_id")
        ),
        sa.UniqueConstraint(
            "facility_id", "hold_id", name=op.f("uq_restriction_facility_id_hold_id")
        ),
        sqlite_strict=True,
    )


def _number_what_is_there() -> None:
    """Entries of the time before get their numbers in the order in which they were booked."""
    op.execute(
        "INSERT INTO journal_number (facility_id, number, previous, entry_id) "
        "SELECT facility_id, place, CASE WHEN place > 1 THEN place - 1 END, id FROM ("
        "SELECT facility_id, id, row_number() OVER "
        "(PARTITION BY facility_id ORDER BY booked_at, id) AS place FROM journal_entry) numbered "
        "ORDER BY facility_id, place"
    )


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


def _open_memo_accounts() -> None:
    """Existing facilities get the memo accounts, with what is reserved for cases on them."""
    bind = op.get_bind()
    facilities = bind.exec_driver_sql("SELECT id, currency FROM facility").all()
    rows = bind.exec_driver_sql("SELECT facility_id, code, id FROM account").all()
    known = {(facility_id, code): account_id for facility_id, code, account_id in rows}
    account = _table("account", "facility_id", "id", "code", "name", "kind", "currency")
    for facility_id, currency in facilities:
        for code, name, kind in _MEMO_ACCOUNTS:
            if (facility_id, code) not in known:
                known[facility_id, code] = str(uuid.uuid4())
                row = {"facility_id": facility_id, "id": known[facility_id, code], "code": code}
                row |= {"name": name, "kind": kind, "currency": currency}
                bind.execute(sa.insert(account), row)
        accounts = [known[facility_id, code] for code, _, _ in _MEMO_ACCOUNTS]
        _post_what_is_reserved(facility_id, currency, accounts)


def _post_what_is_reserved(facility_id: str, currency: str, accounts: list[str]) -> None:
    bind = op.get_bind()
    facility, account = {"facility": facility_id}, {"account": accounts[0]}
    reserved = bind.execute(sa.text(_RESERVED), facility).scalar_one()
    posted = bind.execute(sa.text(_POSTED), facility | account).scalar_one()
    missing = int(reserved) - int(posted)
    if not missing:
        return
    now = datetime.now(UTC)  # noqa: TID251 - a step of history is an edge of its own
    entry_id = str(uuid.uuid4())
    shared = {"facility_id": facility_id, "n_postings": 2, "effective_on": now.date()}
    amounts = (missing, -missing)
    posting = sa.table(
        "posting",
        *(sa.column(one) for one in ("facility_id", "entry_id", "line_no", "n_postings")),
        *(sa.column(one) for one in ("account_id", "currency", "amount_minor")),
        sa.column("effective_on", sa.Date()),
    )
    entry = sa.table(
        "journal_entry",
        *(sa.column(one) for one in ("facility_id", "id", "event", "actor_id", "idem_key")),
        *(sa.column(one) for one in ("n_postings", "memo")),
        sa.column("effective_on", sa.Date()),
        sa.column("booked_at", sa.DateTime(timezone=True)),
    )
    for place, (account_id, amount) in enumerate(zip(accounts, amounts, strict=True), start=1):
        row = {**shared, "entry_id": entry_id, "line_no": place, "account_id": account_id}
        bind.execute(sa.insert(posting), {**row, "currency": currency, "amount_minor": amount})
    header = {**shared, "id": entry_id, "event": "commitment", "booked_at": now}
    header |= {"actor_id": "migration", "idem_key": f"commitments of {entry_id}"}
    bind.execute(sa.insert(entry), {**header, "memo": "Commitments before the memo accounts"})


_RESERVED = (
    "SELECT coalesce(sum(h.amount_minor), 0) - coalesce((SELECT sum(u.amount_minor) "
    "FROM hold_use u WHERE u.facility_id = :facility AND u.hold_id IN "
    "(SELECT hold_id FROM approval UNION SELECT hold_id FROM loan)), 0) FROM hold h "
    "WHERE h.facility_id = :facility AND h.id IN "
    "(SELECT hold_id FROM approval UNION SELECT hold_id FROM loan)"
)
_POSTED = (
    "SELECT coalesce(sum(amount_minor), 0) FROM posting "
    "WHERE facility_id = :facility AND account_id = :account"
)
