"""Whoever wants large letters finds them on every device.

Revises: cf1027a3b014
"""

import sqlalchemy as sa
from alembic import op

revision = "cf1027a3b015"
down_revision = "cf1027a3b014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("large_letters", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("account", "large_letters")
