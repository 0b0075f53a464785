"""The first registers: three ledgers, two libraries, matches; code tables and working days.

Revises: 407c705df02c
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "67d0bf89b601"
down_revision = "407c705df02c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_value",
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=16), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_tw", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "edition", "code"),
    )
    op.create_table(
        "enterprise",
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
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column(
            "former_names",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("registered_capital", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("industry_code", sa.String(length=4), nullable=True),
        sa.Column("hightech_field", sa.String(length=2), nullable=True),
        sa.Column("legal_representative", sa.String(length=60), nullable=True),
        sa.Column("contact_name", sa.String(length=60), nullable=True),
        sa.Column("contact_phone", sa.String(length=60), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column(
            "tier",
            sa.Enum(
                "innovative",
                "specialised",
                "little_giant",
                "champion",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("backbone", sa.Boolean(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("ipo_reserve", sa.Boolean(), nullable=False),
        sa.Column("hnte_certificate_no", sa.String(length=32), nullable=True),
        sa.Column(
            "chain_positions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.Column("main_products", sa.String(length=1000), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=True),
        sa.Column("name_py", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_park",
                "left",
                "cancelled",
                name="enterprisestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("exited_on", sa.Date(), nullable=True),
        sa.Column("figures_year", sa.Integer(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("tech_staff", sa.Integer(), nullable=True),
        sa.Column("sales", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("rd_expense", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("total_assets", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column(
            "size_class",
            sa.Enum(
                "large",
                "medium",
                "small",
                "micro",
                name="sizeclass",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "figures_year IS NOT NULL OR num_nonnulls(employees, tech_staff, sales, rd_expense, total_assets) = 0",
            name=op.f("ck_enterprise_figures_have_a_year"),
        ),
        sa.CheckConstraint(
            "registered_capital >= 0", name=op.f("ck_enterprise_capital_not_negative")
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_enterprise")),
    )
    op.create_index(
        op.f("ix_enterprise_node_id_created_at_id"),
        "enterprise",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enterprise_node_id_industry_code"),
        "enterprise",
        ["node_id", "industry_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enterprise_node_id_name_py_id"),
        "enterprise",
        ["node_id", "name_py", "id"],
        unique=False,
    )
    op.create_index(
        "uq_enterprise_uscc_live",
        "enterprise",
        ["region_id", "node_id", "uscc"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "expert",
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
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=32), nullable=True),
        sa.Column(
            "degree",
            sa.Enum(
                "doctor",
                "master",
                "bachelor",
                "other",
                name="degree",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "gender",
            sa.Enum(
                "female",
                "male",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("organisation", sa.String(length=120), nullable=True),
        sa.Column("organisation_uscc", sa.String(length=18), nullable=True),
        sa.Column(
            "employments",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "hightech_fields",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "keywords", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "documents",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "languages",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "avoid_organisations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "shareholdings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "relations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_to", sa.Date(), nullable=True),
        sa.Column("max_load", sa.Integer(), nullable=True),
        sa.Column("paused_note", sa.String(length=500), nullable=True),
        sa.Column("consent_given_on", sa.Date(), nullable=True),
        sa.Column(
            "consent_scope",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("id_number", sa.String(length=32), nullable=True),
        sa.Column("conduct_note", sa.String(length=2000), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "applied",
                "verified",
                "active",
                "paused",
                "retired",
                "barred",
                name="expertstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name_py", sa.Text(collation="C"), nullable=False),
        sa.Column("barred_until", sa.Date(), nullable=True),
        sa.Column("appeal", sa.String(length=2000), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(phone IS NULL AND email IS NULL AND id_number IS NULL) OR consent_given_on IS NOT NULL",
            name=op.f("ck_expert_personal_data_needs_consent"),
        ),
        sa.CheckConstraint(
            "available_to >= available_from", name=op.f("ck_expert_availability_in_order")
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_expert")),
    )
    op.create_index(
        op.f("ix_expert_node_id_created_at_id"),
        "expert",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_expert_node_id_name_py_id"), "expert", ["node_id", "name_py", "id"], unique=False
    )
    op.create_index(
        op.f("ix_expert_node_id_state_created_at_id"),
        "expert",
        ["node_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "observation",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=4), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column(
            "source_kind",
            sa.Enum(
                "tax_return",
                "audit_report",
                "statistics",
                "enterprise_report",
                "station_visit",
                "workbook",
                "estimate",
                name="sourcekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source_ref", sa.String(length=200), nullable=True),
        sa.Column("observed_at", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=64), nullable=False),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "superseded_at >= recorded_at", name=op.f("ck_observation_superseded_later")
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_observation")),
    )
    op.create_index(
        op.f("ix_observation_record_id_period_indicator"),
        "observation",
        ["record_id", "period", "indicator"],
        unique=False,
    )
    op.create_index(
        "uq_observation_live",
        "observation",
        ["region_id", "record_id", "indicator", "period", "source_kind"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "running_number",
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "register_name", "region_id", "year", name=op.f("pk_running_number")
        ),
    )
    op.create_table(
        "workday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "work", "rest", name="daykind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_workday")),
    )
    op.create_table(
        "achievement",
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
        sa.Column("registration_no", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("owner_name", sa.String(length=120), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("expert_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "technology",
                "product",
                "material",
                "software",
                "variety",
                "theory",
                "soft_science",
                name="achievementkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("hightech_field", sa.String(length=2), nullable=True),
        sa.Column(
            "keywords", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("summary", sa.String(length=5000), nullable=True),
        sa.Column("trl", sa.Integer(), nullable=True),
        sa.Column("trl_evidence", sa.String(length=1000), nullable=True),
        sa.Column(
            "ip_refs", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "transfer_modes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("asking_price", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("asking_terms", sa.String(length=1000), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "found",
                "registered",
                "evaluated",
                "listed",
                "negotiating",
                "contracted",
                "contract_registered",
                "benefit_tracked",
                "withdrawn",
                name="achievementstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title_py", sa.Text(collation="C"), nullable=False),
        sa.Column("evaluation", sa.String(length=2000), nullable=True),
        sa.Column("evaluator", sa.String(length=120), nullable=True),
        sa.Column("evaluated_on", sa.Date(), nullable=True),
        sa.Column(
            "contract_kind",
            sa.Enum(
                "development",
                "transfer",
                "licence",
                "consulting",
                "service",
                name="contractkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("contract_amount", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("technical_amount", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("contract_no", sa.String(length=64), nullable=True),
        sa.CheckConstraint("trl BETWEEN 1 AND 9", name=op.f("ck_achievement_trl_in_scale")),
        sa.ForeignKeyConstraint(
            ["region_id", "enterprise_id"],
            ["enterprise.region_id", "enterprise.id"],
            name=op.f("fk_achievement_region_id_enterprise_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "expert_id"],
            ["expert.region_id", "expert.id"],
            name=op.f("fk_achievement_region_id_expert_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_achievement")),
    )
    op.create_index(
        op.f("ix_achievement_enterprise_id"), "achievement", ["enterprise_id"], unique=False
    )
    op.create_index(op.f("ix_achievement_expert_id"), "achievement", ["expert_id"], unique=False)
    op.create_index(
        op.f("ix_achievement_node_id_created_at_id"),
        "achievement",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_achievement_node_id_state_created_at_id"),
        "achievement",
        ["node_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_achievement_registration_no",
        "achievement",
        ["region_id", "registration_no"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "need",
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
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=10000), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "technology",
                "achievement_import",
                "testing",
                "talent",
                "funding",
                "policy",
                "patent",
                "other",
                name="needkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("current_state", sa.String(length=5000), nullable=True),
        sa.Column("target_metrics", sa.String(length=5000), nullable=True),
        sa.Column("budget", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column(
            "cooperation_modes",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("hightech_field", sa.String(length=2), nullable=True),
        sa.Column("industry_code", sa.String(length=4), nullable=True),
        sa.Column("trl_now", sa.SmallInteger(), nullable=True),
        sa.Column("trl_target", sa.SmallInteger(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column(
            "confidentiality",
            sa.Enum(
                "public",
                "internal",
                "confidential",
                name="confidentiality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "keywords", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("contact_name", sa.String(length=60), nullable=True),
        sa.Column("contact_phone", sa.String(length=60), nullable=True),
        sa.Column("avoid_experts", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                "published",
                "matching",
                "matched",
                "in_progress",
                "resolved",
                "confirmed",
                "follow_up",
                "closed",
                "rejected",
                "merged",
                "escalated",
                "suspended",
                "withdrawn",
                "unresolved",
                name="needstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "station",
                "centre",
                "province",
                name="handlinglevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("station_organisation_id", sa.Integer(), nullable=True),
        sa.Column("station_name", sa.String(length=120), nullable=True),
        sa.Column("handler_organisation_id", sa.Integer(), nullable=True),
        sa.Column("handler_name", sa.String(length=120), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column(
            "clock",
            sa.Enum(
                "idle",
                "running",
                "paused",
                "met",
                "missed",
                name="clockstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("clock_since", sa.Date(), nullable=True),
        sa.Column("clock_days_left", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_unknown", sa.Boolean(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blind_title", sa.String(length=120), nullable=True),
        sa.Column("blind_text", sa.String(length=5000), nullable=True),
        sa.Column("result", sa.String(length=5000), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_ups", sa.SmallInteger(), nullable=False),
        sa.Column("follow_up_due", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_reason", sa.String(length=1000), nullable=True),
        sa.Column(
            "reject_code",
            sa.Enum(
                "not_a_tech_need",
                "incomplete",
                "duplicate",
                "not_in_park",
                "state_secret",
                "other",
                name="rejectcode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("suspended_from", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL)",
            name=op.f("ck_need_merged_into_another"),
        ),
        sa.CheckConstraint(
            "(state = 'suspended') = (suspended_from IS NOT NULL)",
            name=op.f("ck_need_suspended_from_somewhere"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'rejected', 'merged', 'withdrawn') OR station_organisation_id IS NOT NULL",
            name=op.f("ck_need_one_station_once_accepted"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'follow_up') OR confirmed_at IS NOT NULL",
            name=op.f("ck_need_confirmed_by_the_enterprise"),
        ),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (station_organisation_id IS NULL)",
            name=op.f("ck_need_accepted_by_a_station"),
        ),
        sa.CheckConstraint("budget >= 0", name=op.f("ck_need_budget_not_negative")),
        sa.CheckConstraint("trl_now BETWEEN 1 AND 9", name=op.f("ck_need_trl_now_on_scale")),
        sa.CheckConstraint("trl_target BETWEEN 1 AND 9", name=op.f("ck_need_trl_target_on_scale")),
        sa.ForeignKeyConstraint(
            ["region_id", "enterprise_id"],
            ["enterprise.region_id", "enterprise.id"],
            name=op.f("fk_need_region_id_enterprise_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "merged_into"],
            ["need.region_id", "need.id"],
            name=op.f("fk_need_region_id_merged_into"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_need")),
    )
    op.create_index(
        op.f("ix_need_enterprise_id_created_at"),
        "need",
        ["enterprise_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_need_node_id_created_at_id"), "need", ["node_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_need_node_id_due_on_running",
        "need",
        ["node_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("clock = 'running'"),
    )
    op.create_index(
        op.f("ix_need_node_id_state_created_at"),
        "need",
        ["node_id", "state", "created_at"],
        unique=False,
    )
    op.create_index("uq_need_number", "need", ["region_id", "number"], unique=True)
    op.create_table(
        "project",
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
        sa.Column("project_no", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "research",
                "transformation",
                "industrialisation",
                "platform",
                "talent",
                "cooperation",
                "other",
                name="projectkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "state",
                "province",
                "city",
                "park",
                name="projectlevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("programme", sa.String(length=120), nullable=True),
        sa.Column(
            "major", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "undertakers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("leader_name", sa.String(length=64), nullable=True),
        sa.Column("hightech_field", sa.String(length=2), nullable=True),
        sa.Column("industry_code", sa.String(length=4), nullable=True),
        sa.Column("summary", sa.String(length=5000), nullable=True),
        sa.Column(
            "keywords", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "budget_lines",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("trl", sa.Integer(), nullable=True),
        sa.Column(
            "milestones",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "lead",
                "reserve",
                "argumentation",
                "applying",
                "recommended",
                "approved",
                "rejected",
                "signed",
                "running",
                "changed",
                "delayed",
                "acceptance",
                "accepted",
                "failed",
                "transformation",
                "archived",
                "terminated",
                name="projectstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title_py", sa.Text(collation="C"), nullable=False),
        sa.Column("budget", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("approval_no", sa.String(length=64), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_project_period_in_order")),
        sa.CheckConstraint("trl BETWEEN 1 AND 9", name=op.f("ck_project_trl_in_scale")),
        sa.ForeignKeyConstraint(
            ["region_id", "owner_id"],
            ["enterprise.region_id", "enterprise.id"],
            name=op.f("fk_project_region_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_project")),
    )
    op.create_index(
        op.f("ix_project_node_id_created_at_id"),
        "project",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_project_node_id_state_created_at_id"),
        "project",
        ["node_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_project_owner_id"), "project", ["owner_id"], unique=False)
    op.create_index(
        "uq_project_project_no",
        "project",
        ["region_id", "project_no"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "qualification",
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
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "high_tech_enterprise",
                "tech_sme",
                "innovative_sme",
                "specialised_sme",
                "little_giant",
                "champion",
                "gazelle",
                "unicorn",
                "high_tech_product",
                "private_tech_enterprise",
                "demonstration",
                "rd_institution",
                "other",
                name="qualificationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("certificate_no", sa.String(length=64), nullable=True),
        sa.Column("issuer", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("rule_version", sa.String(length=64), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_qualification_valid_in_order")),
        sa.ForeignKeyConstraint(
            ["region_id", "enterprise_id"],
            ["enterprise.region_id", "enterprise.id"],
            name=op.f("fk_qualification_region_id_enterprise_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_qualification")),
    )
    op.create_index(
        op.f("ix_qualification_enterprise_id"), "qualification", ["enterprise_id"], unique=False
    )
    op.create_index(
        op.f("ix_qualification_node_id_created_at_id"),
        "qualification",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_qualification_node_id_valid_to"),
        "qualification",
        ["node_id", "valid_to"],
        unique=False,
    )
    op.create_index(
        "uq_qualification_certificate_live",
        "qualification",
        ["region_id", "enterprise_id", "kind", "certificate_no"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "match",
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
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column(
            "candidate_kind",
            sa.Enum(
                "experts",
                name="candidatekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "chosen",
                "rejected",
                "invited",
                "accepted",
                "declined",
                "recused",
                "working",
                "done",
                "done_no_help",
                "not_reachable",
                name="matchstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("candidate_label", sa.String(length=120), nullable=False),
        sa.Column("score", sa.Numeric(precision=6, scale=4), nullable=False),
        sa.Column(
            "parts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "reasons", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "conflicts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("rules_version", sa.String(length=16), nullable=True),
        sa.Column("result", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(need_id, project_id) = 1", name=op.f("ck_match_need_or_project")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_match_score_normalised")),
        sa.ForeignKeyConstraint(
            ["region_id", "need_id"],
            ["need.region_id", "need.id"],
            name=op.f("fk_match_region_id_need_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "project_id"],
            ["project.region_id", "project.id"],
            name=op.f("fk_match_region_id_project_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_match")),
    )
    op.create_index(op.f("ix_match_candidate_id"), "match", ["candidate_id"], unique=False)
    op.create_index(
        op.f("ix_match_node_id_created_at_id"),
        "match",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_match_node_id_state_created_at_id"),
        "match",
        ["node_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_match_need_candidate",
        "match",
        ["region_id", "need_id", "candidate_kind", "candidate_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_match_project_candidate",
        "match",
        ["region_id", "project_id", "candidate_kind", "candidate_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "service_log_entry",
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
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "visit",
                "policy_promotion",
                "policy_guidance",
                "training",
                "argumentation",
                "application",
                "matchmaking",
                "achievement_discovery",
                "patent",
                "financing",
                "other",
                name="servicekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "on_wall",
                "door_to_door",
                "online",
                "phone",
                "at_station",
                "event",
                "other",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("content", sa.String(length=5000), nullable=True),
        sa.Column("result", sa.String(length=2000), nullable=True),
        sa.Column("next_step", sa.String(length=2000), nullable=True),
        sa.Column("hours", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column(
            "staff", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("enterprise_ids", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=True),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "recorded",
                "confirmed",
                "disputed",
                "void",
                name="entrystate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "acted_as",
            sa.Enum(
                "province_staff",
                "centre_leader",
                "centre_staff",
                "station_staff",
                "committee",
                "enterprise",
                "expert",
                "auditor",
                "system_admin",
                "security_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("source_verb", sa.String(length=64), nullable=True),
        sa.Column("confirmed_by", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("disputed_by", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.CheckConstraint(
            "automatic = (source_verb IS NOT NULL)",
            name=op.f("ck_service_log_entry_automatic_has_a_source"),
        ),
        sa.CheckConstraint(
            "confirmed_by <@ enterprise_ids",
            name=op.f("ck_service_log_entry_confirmed_by_its_enterprises"),
        ),
        sa.CheckConstraint(
            "disputed_by <@ enterprise_ids",
            name=op.f("ck_service_log_entry_disputed_by_its_enterprises"),
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_service_log_entry_hours_positive")),
        sa.ForeignKeyConstraint(
            ["region_id", "need_id"],
            ["need.region_id", "need.id"],
            name=op.f("fk_service_log_entry_region_id_need_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_service_log_entry")),
    )
    op.create_index(
        "ix_service_log_entry_enterprise_ids",
        "service_log_entry",
        ["enterprise_ids"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_service_log_entry_need_id"), "service_log_entry", ["need_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_log_entry_node_id_created_at_id"),
        "service_log_entry",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_log_entry_node_id_served_on_id"),
        "service_log_entry",
        ["node_id", "served_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_log_entry_node_id_state"),
        "service_log_entry",
        ["node_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_log_entry_project_id"), "service_log_entry", ["project_id"], unique=False
    )
    op.create_index(
        "uq_expert_identity",
        "secret_value",
        ["region_id", "blind_index"],
        unique=True,
        postgresql_where=sa.text("register_name = 'experts' AND field = 'id_number'"),
    )
    _walls()


def _walls() -> None:
    walls.register_table("enterprise", "enterprises")
    walls.register_table("qualification", "qualifications")
    walls.register_table("need", "needs")
    walls.register_table("service_log_entry", "service-log")
    walls.register_table("project", "projects")
    walls.register_table("expert", "experts", "library")
    walls.register_table("achievement", "achievements", "library")
    walls.register_table("match", "matches")
    walls.beside("observation")
    walls.everybody_reads("code_value")
    walls.everybody_reads("workday")
    walls.closed("running_number")
    op.execute(_NEXT_NUMBER)
    function = "park_next_number(text, int, int)"
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    for wall in ("staff", "party"):
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {walls.role(wall)}")


#: Locks one counter until the transaction ends: numbers are never given out twice.
_NEXT_NUMBER = """
CREATE FUNCTION park_next_number(p_register text, p_region int, p_year int) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO running_number AS n (register_name, region_id, year, last)
  VALUES (p_register, p_region, p_year, 1)
  ON CONFLICT (register_name, region_id, year) DO UPDATE SET last = n.last + 1
  RETURNING last
$$
"""


def downgrade() -> None:
    op.execute("DROP FUNCTION park_next_number(text, int, int)")
    op.drop_index(
        "uq_expert_identity",
        table_name="secret_value",
        postgresql_where=sa.text("register_name = 'experts' AND field = 'id_number'"),
    )
    op.drop_index(op.f("ix_service_log_entry_project_id"), table_name="service_log_entry")
    op.drop_index(op.f("ix_service_log_entry_node_id_state"), table_name="service_log_entry")
    op.drop_index(op.f("ix_service_log_entry_node_id_served_on_id"), table_name="service_log_entry")
    op.drop_index(
        op.f("ix_service_log_entry_node_id_created_at_id"), table_name="service_log_entry"
    )
    op.drop_index(op.f("ix_service_log_entry_need_id"), table_name="service_log_entry")
    op.drop_index(
        "ix_service_log_entry_enterprise_ids",
        table_name="service_log_entry",
        postgresql_using="gin",
    )
    op.drop_table("service_log_entry")
    op.drop_index(
        "uq_match_project_candidate",
        table_name="match",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "uq_match_need_candidate",
        table_name="match",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_match_node_id_state_created_at_id"), table_name="match")
    op.drop_index(op.f("ix_match_node_id_created_at_id"), table_name="match")
    op.drop_index(op.f("ix_match_candidate_id"), table_name="match")
    op.drop_table("match")
    op.drop_index(
        "uq_qualification_certificate_live",
        table_name="qualification",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_qualification_node_id_valid_to"), table_name="qualification")
    op.drop_index(op.f("ix_qualification_node_id_created_at_id"), table_name="qualification")
    op.drop_index(op.f("ix_qualification_enterprise_id"), table_name="qualification")
    op.drop_table("qualification")
    op.drop_index(
        "uq_project_project_no",
        table_name="project",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_project_owner_id"), table_name="project")
    op.drop_index(op.f("ix_project_node_id_state_created_at_id"), table_name="project")
    op.drop_index(op.f("ix_project_node_id_created_at_id"), table_name="project")
    op.drop_table("project")
    op.drop_index("uq_need_number", table_name="need")
    op.drop_index(op.f("ix_need_node_id_state_created_at"), table_name="need")
    op.drop_index(
        "ix_need_node_id_due_on_running",
        table_name="need",
        postgresql_where=sa.text("clock = 'running'"),
    )
    op.drop_index(op.f("ix_need_node_id_created_at_id"), table_name="need")
    op.drop_index(op.f("ix_need_enterprise_id_created_at"), table_name="need")
    op.drop_table("need")
    op.drop_index(
        "uq_achievement_registration_no",
        table_name="achievement",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_achievement_node_id_state_created_at_id"), table_name="achievement")
    op.drop_index(op.f("ix_achievement_node_id_created_at_id"), table_name="achievement")
    op.drop_index(op.f("ix_achievement_expert_id"), table_name="achievement")
    op.drop_index(op.f("ix_achievement_enterprise_id"), table_name="achievement")
    op.drop_table("achievement")
    op.drop_table("workday")
    op.drop_table("running_number")
    op.drop_index(
        "uq_observation_live",
        table_name="observation",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_observation_record_id_period_indicator"), table_name="observation")
    op.drop_table("observation")
    op.drop_index(op.f("ix_expert_node_id_state_created_at_id"), table_name="expert")
    op.drop_index(op.f("ix_expert_node_id_name_py_id"), table_name="expert")
    op.drop_index(op.f("ix_expert_node_id_created_at_id"), table_name="expert")
    op.drop_table("expert")
    op.drop_index(
        "uq_enterprise_uscc_live",
        table_name="enterprise",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_enterprise_node_id_name_py_id"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_node_id_industry_code"), table_name="enterprise")
    op.drop_index(op.f("ix_enterprise_node_id_created_at_id"), table_name="enterprise")
    op.drop_table("enterprise")
    op.drop_table("code_value")
