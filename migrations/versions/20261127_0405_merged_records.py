"""Merged records and where their old addresses lead; pairs that are not the same; one's own acts.

Revises: cf1027a3b013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b014"
down_revision = "cf1027a3b013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_merge",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(length=64), nullable=False),
        sa.Column("written", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_record_merge")),
    )
    op.create_index(
        "uq_record_merge_live",
        "record_merge",
        ["record_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(op.f("ix_record_merge_survivor_id"), "record_merge", ["survivor_id"])
    op.create_table(
        "not_duplicate",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint(
            "region_id", "record_id", "other_id", name=op.f("pk_not_duplicate")
        ),
    )
    op.create_index(op.f("ix_record_version_account_id_at"), "record_version", ["account_id", "at"])
    _walls()


def _walls() -> None:
    walls.closed("record_merge")
    walls.staff("record_merge", "library_nodes")
    op.execute(f"GRANT SELECT ON record_merge TO {walls.role('party')}")
    walls.policy("record_merge", "party", "SELECT", walls.linked("survivor_id"), None)
    walls.closed("not_duplicate")
    walls.staff("not_duplicate", "library_nodes", delete=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_record_version_account_id_at"), table_name="record_version")
    op.drop_table("not_duplicate")
    op.drop_table("record_merge")
