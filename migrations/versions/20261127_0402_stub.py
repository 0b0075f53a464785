"""Reserved.

Revises: cf1027a3b010
"""

revision = "cf1027a3b011"
down_revision = "cf1027a3b010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
