"""Conflict rules as a versioned register, and the facts that conflicts rest on.

Revises: 67d0bf89b601
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "cf1027a3b001"
down_revision = "67d0bf89b601"
branch_labels = None
depends_on = None

_OPEN_TO = {
    "park_conflict_rules(int, date)": ("staff", "party"),
    "park_led_projects(text[])": ("staff",),
    "park_owned_achievements(uuid[])": ("staff",),
    "park_engagements(uuid[])": ("staff",),
    "park_enterprise_names(uuid[], text[], text[])": ("staff",),
}


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "conflict_rule",
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
        sa.Column(
            "code",
            _one_of(
                "code",
                "identity_missing",
                "subject_unknown",
                "consent_missing",
                "barred",
                "unavailable",
                "same_organisation",
                "former_organisation",
                "interest",
                "relative",
                "avoided_organisation",
                "named_by_applicant",
                "own_project",
                "officer",
                "co_project",
                "past_service",
                "similar_application",
                "load",
                "rotation",
            ),
            nullable=False,
        ),
        sa.Column("purpose", _one_of("purpose", "match", "review"), nullable=False),
        sa.Column("effect", _one_of("effect", "apply", "suspend"), nullable=False),
        sa.Column("years", sa.SmallInteger(), nullable=True),
        sa.Column("days", sa.SmallInteger(), nullable=True),
        sa.Column("percent", sa.SmallInteger(), nullable=True),
        sa.Column("cap", sa.SmallInteger(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("document_no", sa.String(length=64), nullable=True),
        sa.Column("clause", sa.String(length=64), nullable=False),
        sa.Column("quote", sa.String(length=5000), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            _one_of("rulestate", "draft", "active", "replaced", "withdrawn"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("quote_hash", sa.String(length=64), nullable=True),
        sa.Column("replaced_from", sa.Date(), nullable=True),
        sa.Column("authors", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("activated_by_id", sa.Uuid(), nullable=True),
        sa.Column("activated_by", sa.String(length=64), nullable=True),
        sa.Column("activated_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "effect = 'apply' OR code NOT IN ('identity_missing', 'subject_unknown')",
            name=op.f("ck_conflict_rule_identity_stays"),
        ),
        sa.CheckConstraint(
            "replaced_from >= valid_from", name=op.f("ck_conflict_rule_replaced_later")
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'replaced')"
            " OR (activated_by_id IS NOT NULL AND NOT activated_by_id = ANY (authors))",
            name=op.f("ck_conflict_rule_two_persons"),
        ),
        sa.CheckConstraint(
            "valid_to >= valid_from", name=op.f("ck_conflict_rule_validity_in_order")
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_conflict_rule")),
    )
    for columns in (
        ["node_id", "created_at", "id"],
        ["region_id", "code", "purpose", "valid_from"],
    ):
        op.create_index(
            op.f(f"ix_conflict_rule_{'_'.join(columns)}"), "conflict_rule", columns, unique=False
        )
    walls.register_table("conflict_rule", "conflict-rules", "library")
    op.execute((Path(__file__).parents[1] / "conflict_facts.sql").read_text("utf-8"))
    for function, roles in _OPEN_TO.items():
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        for wall in roles:
            op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {walls.role(wall)}")


def downgrade() -> None:
    for function in (*_OPEN_TO, "park_bare_name(text)", "park_scoped()"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("conflict_rule")
