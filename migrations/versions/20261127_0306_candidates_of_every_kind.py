"""Matches to candidates of every kind; what the judgement stood on; why somebody was not taken.

Revises: cf1027a3b005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b006"
down_revision = "cf1027a3b005"
branch_labels = None
depends_on = None

_REASONS = (
    "wrong_field",
    "other_problem",
    "level",
    "unavailable",
    "distance",
    "conflict",
    "other",
)


def _kinds(*names: str) -> None:
    told = ", ".join(f"'{name}'" for name in names)
    op.create_check_constraint("candidatekind", "match", f"candidate_kind IN ({told})")


def upgrade() -> None:
    op.drop_constraint("candidatekind", "match", type_="check")
    _kinds("experts", "achievements", "projects", "needs")
    op.add_column(
        "match",
        sa.Column(
            "documents",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
    )
    op.add_column("match", sa.Column("index_version", sa.String(length=64), nullable=True))
    op.add_column("match", sa.Column("weights_version", sa.String(length=32), nullable=True))
    op.add_column(
        "match",
        sa.Column(
            "reject_code",
            sa.Enum(
                *_REASONS, name="rejectcode", native_enum=False, create_constraint=False, length=32
            ),
            nullable=True,
        ),
    )
    told = ", ".join(f"'{reason}'" for reason in _REASONS)
    op.create_check_constraint("rejectcode", "match", f"reject_code IN ({told})")
    op.add_column("match", sa.Column("reject_reason", sa.String(length=1000), nullable=True))
    op.create_table(
        "text_embedding",
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("model", "digest", name=op.f("pk_text_embedding")),
    )
    walls.closed("text_embedding")
    op.execute(f"GRANT SELECT, INSERT ON text_embedding TO {walls.role('staff')}")
    walls.policy("text_embedding", "staff", "SELECT", "true", None)
    walls.policy("text_embedding", "staff", "INSERT", None, "true")


def downgrade() -> None:
    op.drop_table("text_embedding")
    for column in (
        "reject_reason",
        "reject_code",
        "weights_version",
        "index_version",
        "documents",
    ):
        op.drop_column("match", column)
    op.execute("DELETE FROM match WHERE candidate_kind <> 'experts'")
    op.drop_constraint("candidatekind", "match", type_="check")
    _kinds("experts")
