"""How the votes fell, where a published panel has to say so.

Revises: cf1027a3b008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "cf1027a3b009"
down_revision = "cf1027a3b008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    votes = postgresql.JSONB(astext_type=sa.Text())
    op.add_column("panel", sa.Column("votes", votes, server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("panel", "votes")
