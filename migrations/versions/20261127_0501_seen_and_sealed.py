"""What is revealed, and acts that take two people.

Revises: cf1027a3b017
"""

revision = "cf1027a3b018"
down_revision = "cf1027a3b017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
