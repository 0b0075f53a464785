"""Draws: pool, commitments, log, what is public of them; what an expert is expert in, and where.

Revises: cf1027a3b002
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b003"
down_revision = "cf1027a3b002"
branch_labels = None
depends_on = None

_FUNCTIONS = (
    "park_draw_open(uuid)",
    "park_draw_pool(uuid)",
)
_TABLES = ("published_draw", "draw_event", "draw_commitment", "draw_entry", "draw")


def upgrade() -> None:
    _experts()
    _tables()
    op.execute((Path(__file__).parents[1] / "draws.sql").read_text("utf-8"))
    for function in _FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {walls.role('staff')}")
    op.execute(f"GRANT EXECUTE ON FUNCTION park_draw_open(uuid) TO {walls.role('party')}")
    walls.register_table("draw", "draws")
    _pool_walls()
    walls.beside("draw_commitment")
    walls.append_only("draw_event")
    _public_walls()
    op.execute(
        "CREATE TRIGGER keep_frozen BEFORE UPDATE ON draw FOR EACH ROW"
        " EXECUTE FUNCTION park_draw_keep_frozen()"
    )
    op.execute(
        "CREATE TRIGGER keep_promise BEFORE UPDATE ON draw_commitment FOR EACH ROW"
        " EXECUTE FUNCTION park_draw_keep_promise()"
    )


def _experts() -> None:
    op.add_column(
        "expert",
        sa.Column(
            "expertise",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
    )
    op.add_column("expert", sa.Column("division_code", sa.String(length=6), nullable=True))


def _pool_walls() -> None:
    """Nobody reads who is in a pool before the draw has its seed; nobody changes it ever."""
    walls.closed("draw_entry")
    staff, party = walls.role("staff"), walls.role("party")
    op.execute(f"GRANT SELECT, INSERT ON draw_entry TO {staff}")
    op.execute(f"GRANT SELECT ON draw_entry TO {party}")
    there = f"{walls.in_scope('nodes')} AND park_draw_open(record_id)"
    walls.policy("draw_entry", "staff", "SELECT", there, None)
    walls.policy("draw_entry", "staff", "INSERT", None, walls.in_scope("nodes"))
    mine = (
        "expert_id = nullif(current_setting('app.party', true), '')::uuid"
        " AND park_draw_open(record_id)"
    )
    walls.policy("draw_entry", "party", "SELECT", mine, None)


def _public_walls() -> None:
    """Everybody reads what is public of a draw; its own node writes it."""
    walls.closed("published_draw")
    staff, party = walls.role("staff"), walls.role("party")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON published_draw TO {staff}")
    op.execute(f"GRANT SELECT ON published_draw TO {party}")
    walls.policy("published_draw", "staff", "SELECT", "true", None)
    walls.policy("published_draw", "party", "SELECT", "true", None)
    own = walls.in_scope("nodes")
    walls.policy("published_draw", "staff", "INSERT", None, own)
    walls.policy("published_draw", "staff", "UPDATE", own, own)


def _tables() -> None:
    op.create_table(
        "draw",
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
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("subject_note", sa.String(length=500), nullable=True),
        sa.Column(
            "concerned",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column(
            "avoid", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("alternates", sa.SmallInteger(), nullable=False),
        sa.Column("per_unit_max", sa.SmallInteger(), nullable=False),
        sa.Column("technical_min_percent", sa.SmallInteger(), nullable=False),
        sa.Column("finance_min", sa.SmallInteger(), nullable=False),
        sa.Column("offsite_min", sa.SmallInteger(), nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=True),
        sa.Column(
            "hightech_fields",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("top_n", sa.Integer(), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "commit_reveal",
                "beacon",
                name="drawmethod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("beacon", sa.String(length=500), nullable=True),
        sa.Column("reveal_within_hours", sa.SmallInteger(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("ordered_by", sa.String(length=200), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "frozen",
                "committed",
                "drawn",
                "released",
                "published",
                "void",
                name="drawstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=True),
        sa.Column("terms_hash", sa.String(length=64), nullable=True),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("rules_version", sa.String(length=64), nullable=True),
        sa.Column("pool_size", sa.Integer(), nullable=True),
        sa.Column("qualified", sa.Integer(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_by_id", sa.Uuid(), nullable=True),
        sa.Column("frozen_by", sa.String(length=64), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("operator_shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("witness_id", sa.Uuid(), nullable=True),
        sa.Column("witness", sa.String(length=64), nullable=True),
        sa.Column("witness_shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reveal_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beacon_value", sa.String(length=1000), nullable=True),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("released_by", sa.String(length=64), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.String(length=1000), nullable=True),
        sa.Column("voided_by", sa.String(length=64), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'void') = (void_reason IS NOT NULL)", name=op.f("ck_draw_void_with_reason")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'frozen', 'committed', 'void') OR seed IS NOT NULL",
            name=op.f("ck_draw_drawn_by_a_seed"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(need_id, project_id) <= 1", name=op.f("ck_draw_one_subject")
        ),
        sa.CheckConstraint("operator_id <> witness_id", name=op.f("ck_draw_two_parties")),
        sa.CheckConstraint("released_by_id <> frozen_by_id", name=op.f("ck_draw_two_persons")),
        sa.CheckConstraint(
            "supersedes_id IS NULL OR ordered_by IS NOT NULL", name=op.f("ck_draw_redraw_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "need_id"],
            ["need.region_id", "need.id"],
            name=op.f("fk_draw_region_id_need_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "project_id"],
            ["project.region_id", "project.id"],
            name=op.f("fk_draw_region_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "supersedes_id"],
            ["draw.region_id", "draw.id"],
            name=op.f("fk_draw_region_id_supersedes_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_draw")),
    )
    op.create_index(op.f("ix_draw_need_id"), "draw", ["need_id"], unique=False)
    op.create_index(
        op.f("ix_draw_node_id_created_at_id"), "draw", ["node_id", "created_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_draw_node_id_state_created_at_id"),
        "draw",
        ["node_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_draw_project_id"), "draw", ["project_id"], unique=False)
    op.create_index(
        "uq_draw_supersedes",
        "draw",
        ["region_id", "supersedes_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL AND state <> 'void'"),
    )
    op.create_table(
        "draw_entry",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column(
            "strata", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "excluded", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "findings", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "proof", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "record_id"],
            ["draw.region_id", "draw.id"],
            name=op.f("fk_draw_entry_region_id_record_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "record_id", "pseudonym", name=op.f("pk_draw_entry")),
    )
    op.create_index(op.f("ix_draw_entry_expert_id"), "draw_entry", ["expert_id"], unique=False)
    op.create_index(
        "uq_draw_entry_expert", "draw_entry", ["region_id", "record_id", "expert_id"], unique=True
    )
    op.create_table(
        "draw_commitment",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "operator",
                "witness",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "nonce IS NULL OR hash = encode(sha256(convert_to('[\"park-draw-v1\",\"' || record_id::text || '\",{\"nonce\":\"' || nonce || '\",\"party\":\"' || party || '\"}]', 'UTF8')), 'hex')",
            name=op.f("ck_draw_commitment_shown_as_promised"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "record_id"],
            ["draw.region_id", "draw.id"],
            name=op.f("fk_draw_commitment_region_id_record_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "record_id", "party", name=op.f("pk_draw_commitment")),
    )
    op.create_index(
        "uq_draw_commitment_account",
        "draw_commitment",
        ["region_id", "record_id", "account_id"],
        unique=True,
    )
    op.create_table(
        "draw_event",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id", "record_id"],
            ["draw.region_id", "draw.id"],
            name=op.f("fk_draw_event_region_id_record_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "record_id", "seq", name=op.f("pk_draw_event")),
    )
    op.create_table(
        "published_draw",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("region_id", "record_id", name=op.f("pk_published_draw")),
    )
    op.create_index(
        op.f("ix_published_draw_since_record_id"),
        "published_draw",
        ["since", "record_id"],
        unique=False,
    )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    for function in (*_FUNCTIONS, "park_draw_keep_frozen()", "park_draw_keep_promise()"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_column("expert", "division_code")
    op.drop_column("expert", "expertise")
