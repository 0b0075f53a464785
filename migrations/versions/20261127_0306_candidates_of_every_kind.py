"""Matches to candidates of every kind; what the index needs.

Revises: cf1027a3b005
"""

revision = "cf1027a3b006"
down_revision = "cf1027a3b005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
