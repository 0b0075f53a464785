"""What is revealed, and acts that take two people.

Revises: cf1027a3b017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b018"
down_revision = "cf1027a3b017"
branch_labels = None
depends_on = None

_MINE = "account_id = nullif(current_setting('app.account', true), '')::uuid"
#: Acts about accounts stand at no node; which of the administrators sees them, the predicate says.
_WITHIN = f"(node_id IS NULL OR {walls.in_scope('nodes')})"

#: An act is decided once, by whoever the transaction belongs to, and nothing else of it changes.
_DECIDED_ONCE = """
CREATE FUNCTION park_decided_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.state <> 'pending' THEN
    RAISE insufficient_privilege USING MESSAGE = 'this act was decided before';
  END IF;
  IF (NEW.id, NEW.kind, NEW.record_id, NEW.params, NEW.asked_by_id, NEW.asked_at, NEW.expires_at,
      NEW.barred) IS DISTINCT FROM
     (OLD.id, OLD.kind, OLD.record_id, OLD.params, OLD.asked_by_id, OLD.asked_at, OLD.expires_at,
      OLD.barred) THEN
    RAISE insufficient_privilege USING MESSAGE = 'what was asked is not rewritten';
  END IF;
  IF NEW.state IN ('confirmed', 'refused') AND NEW.decided_by_id IS DISTINCT FROM
     nullif(current_setting('app.account', true), '')::uuid THEN
    RAISE insufficient_privilege USING MESSAGE = 'an act is decided in one''s own name';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.add_column(
        "enterprise",
        sa.Column(
            "other_names",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
    )
    _revelations()
    _acts()
    _under_way()
    _notices("act_waiting")


def _revelations() -> None:
    op.create_table(
        "revelation",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.String(length=64)), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_revelation")),
    )
    op.create_index(op.f("ix_revelation_account_id_at"), "revelation", ["account_id", "at"])
    walls.closed("revelation")
    op.execute(f"GRANT SELECT, INSERT ON revelation TO {walls.role('staff')}")
    walls.policy("revelation", "staff", "SELECT", _MINE, None)
    walls.policy("revelation", "staff", "INSERT", None, f"{walls.in_scope('nodes')} AND {_MINE}")


def _acts() -> None:
    op.create_table(
        "two_person_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("register_name", sa.String(length=32), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("barred", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "confirmed",
                "refused",
                "withdrawn",
                "lapsed",
                name="actstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> asked_by_id"
            " AND NOT decided_by_id = ANY (barred))",
            name=op.f("ck_two_person_act_two_persons"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (decided_at IS NOT NULL AND decided_at <= expires_at)",
            name=op.f("ck_two_person_act_in_time"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_two_person_act")),
    )
    op.create_index(
        "uq_two_person_act_pending",
        "two_person_act",
        ["kind", "record_id", "subject"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(op.f("ix_two_person_act_node_id"), "two_person_act", ["node_id"])
    op.execute(_DECIDED_ONCE)
    op.execute("REVOKE ALL ON FUNCTION park_decided_once() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER decided_once BEFORE UPDATE ON two_person_act"
        " FOR EACH ROW EXECUTE FUNCTION park_decided_once()"
    )
    walls.closed("two_person_act")
    staff = walls.role("staff")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON two_person_act TO {staff}")
    walls.policy("two_person_act", "staff", "SELECT", _WITHIN, None)
    mine = "asked_by_id = nullif(current_setting('app.account', true), '')::uuid"
    fresh = f"{_WITHIN} AND state = 'pending' AND {mine}"
    walls.policy("two_person_act", "staff", "INSERT", None, fresh)
    walls.policy("two_person_act", "staff", "UPDATE", _WITHIN, _WITHIN)


def _under_way() -> None:
    """Let draws and rules that wait for their second person now go on waiting for one."""
    op.execute(
        "INSERT INTO two_person_act (id, kind, node_id, register_name, record_id, subject, label,"
        " params, barred, asked_by_id, asked_by, asked_at, expires_at, state)"
        " SELECT gen_random_uuid(), 'draws.release', node_id, 'draws', id, '', title, '{}', '{}',"
        " frozen_by_id, coalesce(frozen_by, ''), now(), now() + interval '180 days', 'pending'"
        " FROM draw WHERE state IN ('frozen', 'committed', 'drawn') AND frozen_by_id IS NOT NULL"
        " AND deleted_at IS NULL"
    )
    op.execute(
        "INSERT INTO two_person_act (id, kind, node_id, register_name, record_id, subject, label,"
        " params, barred, asked_by_id, asked_by, asked_at, expires_at, state)"
        " SELECT gen_random_uuid(), 'conflict-rules.activate', node_id, 'conflict-rules', id, '',"
        " name, '{}', authors, authors[1], '', now(), now() + interval '90 days', 'pending'"
        " FROM conflict_rule WHERE state = 'draft' AND authors[1] IS NOT NULL"
        " AND deleted_at IS NULL"
    )


_KINDS = ("comment", "mention", "move", "change", "overdue", "work_done", "work_failed")


def _notices(*further: str) -> None:
    told = ", ".join(f"'{kind}'" for kind in (*_KINDS, *further))
    op.drop_constraint("kind", "notification", type_="check")
    op.create_check_constraint("kind", "notification", f"kind IN ({told})")


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind = 'act_waiting'")
    _notices()
    op.drop_table("two_person_act")
    op.execute("DROP FUNCTION park_decided_once()")
    op.drop_table("revelation")
    op.drop_column("enterprise", "other_names")
