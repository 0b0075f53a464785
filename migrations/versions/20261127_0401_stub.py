"""Reserved.

Revises: cf1027a3b009
"""

revision = "cf1027a3b010"
down_revision = "cf1027a3b009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
