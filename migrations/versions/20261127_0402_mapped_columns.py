"""Columns of a workbook are mapped by its clerk and remembered; what the reader noted is kept.

Revises: cf1027a3b010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b011"
down_revision = "cf1027a3b010"
branch_labels = None
depends_on = None

_LISTS = ("sheets", "problems", "notes")


def upgrade() -> None:
    for name in _LISTS:
        op.add_column(
            "import_batch",
            sa.Column(name, postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        )
    op.add_column("import_row", sa.Column("key", sa.String(length=200), nullable=True))
    op.add_column(
        "import_row",
        sa.Column("mended", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
    )
    for name in ("key", "outcome"):
        op.create_index(op.f(f"ix_import_row_batch_id_{name}"), "import_row", ["batch_id", name])
    op.create_table(
        "import_mapping",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("header", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "region_id", "node_id", "register_name", "header", name=op.f("pk_import_mapping")
        ),
    )
    walls.closed("import_mapping")
    walls.staff("import_mapping", "nodes")


def downgrade() -> None:
    op.drop_table("import_mapping")
    for name in ("key", "outcome"):
        op.drop_index(op.f(f"ix_import_row_batch_id_{name}"), table_name="import_row")
    for name in ("mended", "key"):
        op.drop_column("import_row", name)
    for name in _LISTS:
        op.drop_column("import_batch", name)
