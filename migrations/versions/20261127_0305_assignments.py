"""Assignments: batches, their runs, their pairs, walls.

Revises: cf1027a3b004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b005"
down_revision = "cf1027a3b004"
branch_labels = None
depends_on = None

_STATES = (
    "draft",
    "queued",
    "running",
    "solved",
    "infeasible",
    "failed",
    "cancelled",
    "adopted",
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _rows(name: str, default: str | None = "[]", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(
        name,
        postgresql.JSONB(astext_type=sa.Text()),
        server_default=default,
        nullable=nullable,
    )


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("project_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        _rows("exceptions"),
        sa.Column("max_load", sa.SmallInteger(), nullable=False),
        sa.Column("technical_min_percent", sa.SmallInteger(), nullable=False),
        sa.Column("finance_min", sa.SmallInteger(), nullable=False),
        sa.Column("offsite_min", sa.SmallInteger(), nullable=False),
        sa.Column("per_unit_max", sa.SmallInteger(), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=True),
        sa.Column("objective", _choice("objective", "total", "worst_off"), nullable=False),
        sa.Column("time_limit_s", sa.SmallInteger(), nullable=False),
        sa.Column("top_n", sa.SmallInteger(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", _choice("assignmentstate", *_STATES), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_by", sa.String(length=64), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("bound", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("proved", sa.Boolean(), nullable=True),
        sa.Column("worst", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("failure", sa.String(length=1000), nullable=True),
        sa.Column("rules_version", sa.String(length=64), nullable=True),
        sa.Column("index_version", sa.String(length=64), nullable=True),
        sa.Column("weights_version", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "cardinality(project_ids) > 0", name=op.f("ck_assignment_some_projects")
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_assignment")),
    )
    for columns in (["node_id", "created_at", "id"], ["node_id", "state", "created_at", "id"]):
        op.create_index(op.f(f"ix_assignment_{'_'.join(columns)}"), "assignment", columns)
    op.create_table(
        "assignment_run",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        _rows("certificate", None, nullable=True),
        _rows("explanation", None, nullable=True),
        _rows("clash", None, nullable=True),
        _rows("refused"),
        sa.ForeignKeyConstraint(
            ["region_id", "record_id"],
            ["assignment.region_id", "assignment.id"],
            name=op.f("fk_assignment_run_region_id_record_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "record_id", name=op.f("pk_assignment_run")),
    )
    op.create_table(
        "assignment_pair",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("alternate", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id", "record_id"],
            ["assignment.region_id", "assignment.id"],
            name=op.f("fk_assignment_pair_region_id_record_id"),
        ),
        sa.PrimaryKeyConstraint(
            "region_id", "record_id", "project_id", "expert_id", name=op.f("pk_assignment_pair")
        ),
    )
    op.create_index(op.f("ix_assignment_pair_expert_id"), "assignment_pair", ["expert_id"])
    walls.register_table("assignment", "assignments")
    for table in ("assignment_run", "assignment_pair"):  # whom nobody but the centre's staff reads
        walls.closed(table)
        walls.staff(table, "nodes", delete=True)


def downgrade() -> None:
    for table in ("assignment_pair", "assignment_run", "assignment"):
        op.drop_table(table)
