"""Panels, reviews, invitation links, sealed scores.

Revises: cf1027a3b003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b004"
down_revision = "cf1027a3b003"
branch_labels = None
depends_on = None

#: Turns the hash of a token into the expert it lets in, and scopes the transaction to that expert.
#: A token nobody knows, one taken back and one that has expired give no row, all alike.
_OPEN_INVITATION = """
CREATE FUNCTION park_open_invitation(p_hash bytea, p_answers boolean)
RETURNS TABLE (link_id uuid, register_name text, record_id uuid, expert_id uuid, expert_name text,
               region_id int, node_id int, node_name text, asked_by text, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  f record;
BEGIN
  IF NOT starts_with(session_user::text, 'park_party') THEN RETURN; END IF;
  SELECT l.*, e.name AS expert_name, o.name AS node_name INTO f
    FROM invitation_link l
    JOIN expert e ON e.id = l.expert_id
    JOIN organisation o ON o.id = l.node_id
   WHERE l.token_hash = p_hash AND l.revoked_at IS NULL AND l.expires_at > now()
     AND e.deleted_at IS NULL AND e.state NOT IN ('barred', 'retired');
  IF NOT FOUND THEN RETURN; END IF;
  IF p_answers THEN
    UPDATE invitation_link l SET answered_at = now() WHERE l.id = f.id AND l.answered_at IS NULL;
  ELSE
    UPDATE invitation_link l SET opened_at = now() WHERE l.id = f.id AND l.opened_at IS NULL;
  END IF;
  PERFORM set_config('app.nodes', '', true),
          set_config('app.library_nodes', '', true),
          set_config('app.party', f.expert_id::text, true),
          set_config('app.account', f.id::text, true);
  RETURN QUERY SELECT f.id, f.register_name::text, f.record_id, f.expert_id, f.expert_name::text,
                      f.region_id::int, f.node_id, f.node_name::text, f.asked_by::text,
                      f.expires_at;
END $$
"""

#: What lies under a panel's seal, as one hash that says nothing of the scores.
_PANEL_SEAL = """
CREATE FUNCTION park_panel_seal(p_panel uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(
           s.record_id::text || ' ' || encode(sha256(s.ciphertext), 'hex'), chr(10)
           ORDER BY s.record_id), ''), 'UTF8')), 'hex')
    FROM sealed_score s
    JOIN review r ON r.region_id = s.region_id AND r.id = s.record_id
   WHERE s.panel_id = p_panel AND r.state IN ('submitted', 'locked') AND r.deleted_at IS NULL
     AND s.ciphertext IS NOT NULL
     AND s.node_id = ANY(string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::int[])
$$
"""

#: Hands out what was handed in, once the panel is locked, to another account than locked it.
_OPEN_PANEL = """
CREATE FUNCTION park_open_panel(p_panel uuid)
RETURNS TABLE (record_id uuid, wrapped_key bytea, ciphertext bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.record_id, s.wrapped_key, s.ciphertext
    FROM sealed_score s
    JOIN review r ON r.region_id = s.region_id AND r.id = s.record_id
    JOIN panel p ON p.region_id = r.region_id AND p.id = r.panel_id
   WHERE p.id = p_panel AND p.state = 'locked' AND r.state = 'locked' AND r.deleted_at IS NULL
     AND s.ciphertext IS NOT NULL
     AND nullif(current_setting('app.account', true), '')::uuid <> p.locked_by_id
     AND p.node_id = ANY(string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::int[])
$$
"""

#: Nothing is written under the seal but by somebody who is still to hand in.
_UNDER_SEAL = """
CREATE FUNCTION park_under_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM review r WHERE r.region_id = NEW.region_id AND r.id = NEW.record_id
                 AND r.state IN ('accepted', 'declared')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'the scores of this review are closed';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "invitation_link",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "mail",
            sa.Enum(
                "waiting",
                "sent",
                "failed",
                "no_address",
                "no_server",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mail_to", sa.String(length=120), nullable=True),
        sa.Column("mail_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_error", sa.String(length=200), nullable=True),
        sa.Column("mail_tries", sa.Integer(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_invitation_link")),
    )
    op.create_index(
        op.f("ix_invitation_link_record_id_created_at"),
        "invitation_link",
        ["record_id", "created_at"],
        unique=False,
    )
    op.create_index("uq_invitation_link_token_hash", "invitation_link", ["token_hash"], unique=True)
    op.create_table(
        "panel_key",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "panel_id", name=op.f("pk_panel_key")),
    )
    op.create_table(
        "sealed_score",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region_id", "record_id", name=op.f("pk_sealed_score")),
    )
    op.create_index(op.f("ix_sealed_score_panel_id"), "sealed_score", ["panel_id"], unique=False)
    op.create_table(
        "panel",
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
            "mode",
            sa.Enum(
                "recommend",
                "assign",
                "draw",
                name="choosingmode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("experts", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("min_members", sa.SmallInteger(), nullable=False),
        sa.Column(
            "criteria", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("online_url", sa.String(length=500), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column(
            "conclusion_draft",
            sa.Enum(
                "approve",
                "approve_with_changes",
                "reject",
                name="conclusion_draft",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opinion_draft", sa.String(length=10000), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "forming",
                "inviting",
                "confirmed",
                "scoring",
                "locked",
                "opened",
                "published",
                "cancelled",
                name="panelstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by_id", sa.Uuid(), nullable=True),
        sa.Column("locked_by", sa.String(length=64), nullable=True),
        sa.Column("lock_reason", sa.String(length=1000), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.String(length=64), nullable=True),
        sa.Column(
            "conclusion",
            sa.Enum(
                "approve",
                "approve_with_changes",
                "reject",
                name="conclusion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opinion", sa.String(length=10000), nullable=True),
        sa.Column("mean_score", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(mode = 'draw') = (draw_id IS NOT NULL)", name=op.f("ck_panel_drawn_by_a_draw")
        ),
        sa.CheckConstraint(
            "num_nonnulls(need_id, project_id) + (subject_note IS NOT NULL)::int >= 1 AND num_nonnulls(need_id, project_id) <= 1",
            name=op.f("ck_panel_one_subject"),
        ),
        sa.CheckConstraint(
            "opened_by_id IS NULL OR opened_by_id <> locked_by_id",
            name=op.f("ck_panel_two_persons"),
        ),
        sa.CheckConstraint("size >= min_members", name=op.f("ck_panel_room_for_the_least")),
        sa.ForeignKeyConstraint(
            ["region_id", "need_id"],
            ["need.region_id", "need.id"],
            name=op.f("fk_panel_region_id_need_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "project_id"],
            ["project.region_id", "project.id"],
            name=op.f("fk_panel_region_id_project_id"),
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_panel")),
    )
    op.create_index(op.f("ix_panel_need_id"), "panel", ["need_id"], unique=False)
    op.create_index(
        op.f("ix_panel_node_id_created_at_id"),
        "panel",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_panel_node_id_state_created_at_id"),
        "panel",
        ["node_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_panel_project_id"), "panel", ["project_id"], unique=False)
    op.create_index(
        "uq_panel_draw",
        "panel",
        ["region_id", "draw_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL AND state <> 'cancelled'"),
    )
    op.create_table(
        "review",
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
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "member",
                "alternate",
                name="seatkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reserved",
                "invited",
                "accepted",
                "declared",
                "submitted",
                "locked",
                "missing",
                "declined",
                "recused",
                "expired",
                "replaced",
                "passed_over",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("expert_label", sa.String(length=64), nullable=False),
        sa.Column(
            "criteria", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("online_url", sa.String(length=500), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("scoring_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_reason", sa.String(length=1000), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column(
            "scores", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("total", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column(
            "opinion",
            sa.Enum(
                "approve",
                "approve_with_changes",
                "reject",
                name="opinion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("comment", sa.String(length=5000), nullable=True),
        sa.ForeignKeyConstraint(
            ["region_id", "panel_id"],
            ["panel.region_id", "panel.id"],
            name=op.f("fk_review_region_id_panel_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id", "replaces"],
            ["review.region_id", "review.id"],
            name=op.f("fk_review_region_id_replaces"),
        ),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_review")),
    )
    op.create_index(
        op.f("ix_review_expert_id_state"), "review", ["expert_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_review_node_id_created_at_id"),
        "review",
        ["node_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_review_panel_id_position"), "review", ["panel_id", "position"], unique=False
    )
    op.create_index("uq_review_replaces", "review", ["region_id", "replaces"], unique=True)
    op.create_index(
        "uq_review_seat",
        "review",
        ["region_id", "panel_id", "expert_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    _walls()


def _walls() -> None:
    walls.register_table("panel", "panels")
    walls.register_table("review", "reviews")
    walls.closed("invitation_link")
    walls.staff("invitation_link", "nodes")
    walls.closed("panel_key")
    walls.staff("panel_key", "nodes", update=False)
    walls.closed("sealed_score")
    op.execute(f"GRANT INSERT ON sealed_score TO {walls.role('staff')}")
    walls.policy("sealed_score", "staff", "INSERT", None, walls.in_scope("nodes"))
    op.execute(f"GRANT SELECT, UPDATE ON sealed_score TO {walls.role('party')}")
    walls.policy("sealed_score", "party", "SELECT", walls.linked("record_id"), None)
    walls.policy(
        "sealed_score", "party", "UPDATE", walls.linked("record_id"), walls.linked("record_id")
    )
    for function, signature, wall in (
        (_OPEN_INVITATION, "park_open_invitation(bytea, boolean)", "party"),
        (_PANEL_SEAL, "park_panel_seal(uuid)", "staff"),
        (_OPEN_PANEL, "park_open_panel(uuid)", "staff"),
    ):
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {walls.role(wall)}")
    op.execute(_UNDER_SEAL)
    op.execute("REVOKE ALL ON FUNCTION park_under_seal() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER under_seal BEFORE UPDATE ON sealed_score FOR EACH ROW"
        " EXECUTE FUNCTION park_under_seal()"
    )


def downgrade() -> None:
    for signature in (
        "park_open_invitation(bytea, boolean)",
        "park_panel_seal(uuid)",
        "park_open_panel(uuid)",
    ):
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("sealed_score", "panel_key", "invitation_link", "review", "panel"):
        op.drop_table(table)
    op.execute("DROP FUNCTION park_under_seal()")
