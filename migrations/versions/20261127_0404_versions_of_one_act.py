"""Versions that one act wrote together carry its id, so that they can be taken back together.

Revises: cf1027a3b012
"""

import sqlalchemy as sa
from alembic import op

revision = "cf1027a3b013"
down_revision = "cf1027a3b012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("record_version", sa.Column("batch_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_record_version_batch_id"),
        "record_version",
        ["batch_id"],
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_record_version_batch_id"), table_name="record_version")
    op.drop_column("record_version", "batch_id")
