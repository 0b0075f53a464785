"""Second factors, lockout, identities from elsewhere.

Revises: cf1027a3b019
"""

revision = "cf1027a3b020"
down_revision = "cf1027a3b019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
