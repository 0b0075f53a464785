"""Draws: pool, commitments, events, walls.

Revises: cf1027a3b002
"""

revision = "cf1027a3b003"
down_revision = "cf1027a3b002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
