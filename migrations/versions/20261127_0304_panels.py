"""Panels, reviews, invitation links, sealed scores.

Revises: cf1027a3b003
"""

revision = "cf1027a3b004"
down_revision = "cf1027a3b003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
