"""Reserved.

Revises: cf1027a3b014
"""

revision = "cf1027a3b015"
down_revision = "cf1027a3b014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
