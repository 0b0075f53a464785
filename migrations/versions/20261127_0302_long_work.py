"""Long work: procrastinate's tables and who may enqueue.

Revises: cf1027a3b001
"""

revision = "cf1027a3b002"
down_revision = "cf1027a3b001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
