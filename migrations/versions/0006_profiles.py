"""Versions of the facility's terms, and drafts of the next one.

A fund that exists keeps the terms that the program shipped until now as its first version.
"""

from __future__ import annotations

import json
import uuid
from datetime import date
from importlib import resources

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_profile_version()
    _create_profile_draft()
    _keep_first_versions()
    protect("profile_version")


def downgrade() -> None:
    op.drop_table("profile_draft")
    op.drop_table("profile_version")


def _create_profile_version() -> None:
    op.create_table(
        "profile_version",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("drafted_by", sa.String(length=36), nullable=True),
        sa.Column("published_by", sa.String(length=36), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_profile_version_counts_from_one")),
        sa.CheckConstraint(
            "(version = 1 AND drafted_by IS NULL AND published_by IS NULL) OR "
            "(drafted_by IS NOT NULL AND published_by IS NOT NULL AND drafted_by <> published_by)",
            name=op.f("ck_profile_version_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_profile_version_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["app_user.id"], name=op.f("fk_profile_version_drafted_by")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["app_user.id"], name=op.f("fk_profile_version_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_version")),
        sa.UniqueConstraint(
            "facility_id",
            "code",
            "version",
            name=op.f("uq_profile_version_facility_id_code_version"),
        ),
        sqlite_strict=True,
    )


def _create_profile_draft() -> None:
    op.create_table(
        "profile_draft",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("facility_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("drafted_by", sa.String(length=36), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'discarded')", name=op.f("ck_profile_draft_status")
        ),
        sa.CheckConstraint(
            "(status = 'draft') = (decided_by IS NULL)", name=op.f("ck_profile_draft_decided")
        ),
        sa.CheckConstraint(
            "status <> 'published' OR decided_by <> drafted_by",
            name=op.f("ck_profile_draft_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_profile_draft_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["app_user.id"], name=op.f("fk_profile_draft_drafted_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["app_user.id"], name=op.f("fk_profile_draft_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_draft")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_profile_draft_one_open",
        "profile_draft",
        ["facility_id", "code"],
        unique=True,
        sqlite_where=sa.text("status = 'draft'"),
        postgresql_where=sa.text("status = 'draft'"),
    )


def _keep_first_versions() -> None:
    """What each fund was judged by until now: the file of its profile as the program ships it."""
    bind = op.get_bind()
    table = sa.table(
        "profile_version",
        *(sa.column(name) for name in ("id", "facility_id", "code", "version", "document")),
        sa.column("valid_from", sa.Date()),
        *(sa.column(name) for name in ("reason", "published_at")),
    )
    shipped = resources.files("loans.profiles")
    rows = bind.exec_driver_sql("SELECT id, profile_code, created_at FROM facility").all()
    for facility_id, code, created_at in rows:
        file = shipped.joinpath(f"{code}.json")
        if file.is_file():
            document = json.loads(file.read_text(encoding="utf-8"))
            row = {"id": str(uuid.uuid4()), "facility_id": facility_id, "code": code, "version": 1}
            row |= {"document": json.dumps(document, sort_keys=True, separators=(",", ":"))}
            row |= {"valid_from": date.fromisoformat(document["valid_from"])}
            row |= {"reason": "The terms with which the fund opened", "published_at": created_at}
            bind.execute(sa.insert(table), row)
