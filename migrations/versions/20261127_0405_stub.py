"""Reserved.

Revises: cf1027a3b013
"""

revision = "cf1027a3b014"
down_revision = "cf1027a3b013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
