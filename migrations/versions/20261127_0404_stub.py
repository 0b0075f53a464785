"""Reserved.

Revises: cf1027a3b012
"""

revision = "cf1027a3b013"
down_revision = "cf1027a3b012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
