"""Conflict rules as a versioned register.

Revises: 67d0bf89b601
"""

revision = "cf1027a3b001"
down_revision = "67d0bf89b601"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
