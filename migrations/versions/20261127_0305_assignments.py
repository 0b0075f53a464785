"""Assignments: batches, pairs, walls.

Revises: cf1027a3b004
"""

revision = "cf1027a3b005"
down_revision = "cf1027a3b004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
