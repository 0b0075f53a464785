"""The trail is sealed.

Revises: cf1027a3b018
"""

revision = "cf1027a3b019"
down_revision = "cf1027a3b018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
