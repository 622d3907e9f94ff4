"""The books of a facility: accounts, entries, postings, balances, periods and reserves."""

import sqlalchemy as sa
from alembic import op

from migrations import ledger_postgresql, ledger_sqlite
from migrations.append_only import protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


class BooksNotEmpty(RuntimeError):
    """Undoing this revision would destroy entries."""


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    _create_facility()
    _create_account()
    _create_period()
    _create_account_balance()
    _create_account_balance_day()
    _create_hold()
    _create_journal_entry()
    _create_hold_use()
    _create_posting()
    for statement in (ledger_postgresql if is_postgresql else ledger_sqlite).CREATE:
        op.execute(statement)
    protect("account", "journal_entry", "posting", "period", "hold", "hold_use")


def downgrade() -> None:
    bind = op.get_bind()
    if bind.exec_driver_sql("SELECT count(*) FROM journal_entry").scalar_one():
        message = "The books hold entries; this step back would destroy them."
        raise BooksNotEmpty(message)
    op.drop_table("posting")
    op.drop_table("hold_use")
    op.drop_table("journal_entry")
    op.drop_table("hold")
    op.drop_table("account_balance_day")
    op.drop_table("account_balance")
    op.drop_table("period")
    op.drop_table("account")
    op.drop_table("facility")
    if bind.dialect.name == "postgresql":
        for statement in ledger_postgresql.DROP:
            op.execute(statement)


def _create_facility() -> None:
    op.create_table(
        "facility",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("profile_code", sa.String(length=40), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_facility_currency_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint("code", name=op.f("uq_facility_code")),
        sqlite_strict=True,
    )


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("floor_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense', 'memo')",
            name=op.f("ck_account_kind"),
        ),
        sa.CheckConstraint("floor_minor <= 0", name=op.f("ck_account_floor_not_above_zero")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_account_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("facility_id", "code", name=op.f("uq_account_facility_id_code")),
        sa.UniqueConstraint(
            "facility_id", "id", "currency", name=op.f("uq_account_facility_id_id_currency")
        ),
        sqlite_strict=True,
    )


def _create_period() -> None:
    op.create_table(
        "period",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=36), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("debits_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "length(month) = 7 AND substr(month, 5, 1) = '-'", name=op.f("ck_period_month")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_period_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "month", name=op.f("pk_period")),
        sqlite_strict=True,
    )


def _create_account_balance() -> None:
    op.create_table(
        "account_balance",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("debits_minor", sa.BigInteger(), nullable=False),
        sa.Column("credits_minor", sa.BigInteger(), nullable=False),
        sa.Column("reserved_minor", sa.BigInteger(), nullable=False),
        sa.Column("floor_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "debits_minor - credits_minor - reserved_minor >= floor_minor",
            name=op.f("ck_account_balance_floor"),
        ),
        sa.CheckConstraint("reserved_minor >= 0", name=op.f("ck_account_balance_reserved")),
        sa.ForeignKeyConstraint(
            ["facility_id", "account_id"],
            ["account.facility_id", "account.id"],
            name=op.f("fk_account_balance_facility_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_account_balance_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "account_id", name=op.f("pk_account_balance")),
        sqlite_strict=True,
    )


def _create_account_balance_day() -> None:
    op.create_table(
        "account_balance_day",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("delta_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id", "account_id"],
            ["account.facility_id", "account.id"],
            name=op.f("fk_account_balance_day_facility_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_account_balance_day_facility_id")
        ),
        sa.PrimaryKeyConstraint(
            "facility_id", "account_id", "day", name=op.f("pk_account_balance_day")
        ),
        sqlite_strict=True,
    )


def _create_hold() -> None:
    op.create_table(
        "hold",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("idem_key", sa.String(length=200), nullable=False),
        sa.Column("memo", sa.String(length=500), nullable=False),
        sa.Column("source_kind", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "amount_minor BETWEEN 1 AND 1000000000000", name=op.f("ck_hold_amount_in_range")
        ),
        sa.CheckConstraint("length(idem_key) BETWEEN 1 AND 200", name=op.f("ck_hold_key_length")),
        sa.ForeignKeyConstraint(
            ["facility_id", "account_id"],
            ["account.facility_id", "account.id"],
            name=op.f("fk_hold_facility_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_hold_facility_id")),
        sa.PrimaryKeyConstraint("facility_id", "id", name=op.f("pk_hold")),
        sa.UniqueConstraint("facility_id", "idem_key", name=op.f("uq_hold_facility_id_idem_key")),
        sqlite_strict=True,
    )


def _create_journal_entry() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("idem_key", sa.String(length=200), nullable=False),
        sa.Column("reversal_of", sa.String(length=36), nullable=True),
        sa.Column("n_postings", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.String(length=36), nullable=True),
        sa.Column("hold_used_minor", sa.BigInteger(), nullable=True),
        sa.Column("memo", sa.String(length=500), nullable=False),
        sa.Column("source_kind", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "(hold_id IS NULL) = (hold_used_minor IS NULL)",
            name=op.f("ck_journal_entry_hold_with_amount"),
        ),
        sa.CheckConstraint(
            "length(idem_key) BETWEEN 1 AND 200", name=op.f("ck_journal_entry_key_length")
        ),
        sa.CheckConstraint("n_postings >= 2", name=op.f("ck_journal_entry_two_postings")),
        sa.CheckConstraint("reversal_of <> id", name=op.f("ck_journal_entry_not_own_reversal")),
        sa.ForeignKeyConstraint(
            ["facility_id", "hold_id"],
            ["hold.facility_id", "hold.id"],
            name=op.f("fk_journal_entry_facility_id_hold_id"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "reversal_of"],
            ["journal_entry.facility_id", "journal_entry.id"],
            name=op.f("fk_journal_entry_facility_id_reversal_of"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_journal_entry_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint(
            "facility_id", "id", "hold_id", "hold_used_minor", name="uq_journal_entry_hold"
        ),
        sa.UniqueConstraint(
            "facility_id", "id", "n_postings", "effective_on", name="uq_journal_entry_closed"
        ),
        sa.UniqueConstraint(
            "facility_id", "idem_key", name=op.f("uq_journal_entry_facility_id_idem_key")
        ),
        sa.UniqueConstraint(
            "facility_id", "reversal_of", name=op.f("uq_journal_entry_facility_id_reversal_of")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_journal_entry_effective", "journal_entry", ["facility_id", "effective_on"], unique=False
    )
    op.create_index(
        "ix_journal_entry_source",
        "journal_entry",
        ["facility_id", "source_kind", "source_id"],
        unique=False,
    )


def _create_hold_use() -> None:
    op.create_table(
        "hold_use",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("hold_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "amount_minor BETWEEN 1 AND 1000000000000", name=op.f("ck_hold_use_amount_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "entry_id", "hold_id", "amount_minor"],
            [
                "journal_entry.facility_id",
                "journal_entry.id",
                "journal_entry.hold_id",
                "journal_entry.hold_used_minor",
            ],
            name="fk_hold_use_entry",
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "hold_id"],
            ["hold.facility_id", "hold.id"],
            name=op.f("fk_hold_use_facility_id_hold_id"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_hold_use_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "id", name=op.f("pk_hold_use")),
        sa.UniqueConstraint(
            "facility_id", "entry_id", name=op.f("uq_hold_use_facility_id_entry_id")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_hold_use_hold", "hold_use", ["facility_id", "hold_id"], unique=False)


def _create_posting() -> None:
    op.create_table(
        "posting",
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("n_postings", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("loan_id", sa.String(length=36), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "amount_minor <> 0 AND abs(amount_minor) <= 1000000000000",
            name=op.f("ck_posting_amount_in_range"),
        ),
        sa.CheckConstraint(
            "line_no BETWEEN 1 AND n_postings", name=op.f("ck_posting_line_in_entry")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "account_id", "currency"],
            ["account.facility_id", "account.id", "account.currency"],
            name=op.f("fk_posting_facility_id_account_id_currency"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id", "entry_id", "n_postings", "effective_on"],
            [
                "journal_entry.facility_id",
                "journal_entry.id",
                "journal_entry.n_postings",
                "journal_entry.effective_on",
            ],
            name="fk_posting_entry",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_posting_facility_id")
        ),
        sa.PrimaryKeyConstraint("facility_id", "entry_id", "line_no", name=op.f("pk_posting")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_posting_account",
        "posting",
        ["facility_id", "account_id", "effective_on", "amount_minor"],
        unique=False,
    )
    op.create_index(
        "ix_posting_loan", "posting", ["facility_id", "loan_id", "account_id"], unique=False
    )
