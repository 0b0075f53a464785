"""What faults taught.

Revises: cf1027a3b020
"""

revision = "cf1027a3b021"
down_revision = "cf1027a3b020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
