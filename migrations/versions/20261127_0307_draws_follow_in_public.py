"""A draw that follows another for the same matter says why.

Revises: cf1027a3b006
"""

import sqlalchemy as sa
from alembic import op

revision = "cf1027a3b007"
down_revision = "cf1027a3b006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("draw", sa.Column("redraw_reason", sa.String(length=500), nullable=True))


def downgrade() -> None:
    op.drop_column("draw", "redraw_reason")
