"""Long work that a person asked for; personal values as each version left them.

Revises: cf1027a3b009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b010"
down_revision = "cf1027a3b009"
branch_labels = None
depends_on = None

#: As ``park_open``, of somebody whose work goes on without a session.
_OPEN_HAT = """
CREATE FUNCTION park_open_hat(p_account uuid, p_hat uuid, p_wall text)
RETURNS TABLE (account_id uuid, username text, name text, locale text, role text, hat_id uuid,
               party_id uuid, party_register text, organisation_id int,
               organisation_name text, node_id int, region_id int, nodes int[], library_nodes int[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  f record;
  mine int[] := '{}';
  read int[] := '{}';
BEGIN
  SELECT a.id, a.username, a.name, a.locale, h.role, h.id AS hat, h.party_id, h.party_register,
         o.id AS org, o.name AS org_name, o.node_id, o.region_id, n.ancestors
    INTO f
    FROM account a
    JOIN hat h ON h.account_id = a.id AND h.id = p_hat
    JOIN organisation o ON o.id = h.organisation_id
    JOIN organisation n ON n.id = o.node_id
   WHERE a.id = p_account AND a.state = 'active' AND h.ended_at IS NULL
     AND (h.valid_until IS NULL OR h.valid_until >= current_date);
  IF NOT FOUND THEN RETURN; END IF;
  IF p_wall IS DISTINCT FROM (CASE WHEN f.role IN ('enterprise', 'expert') THEN 'party'
                                   WHEN f.role = 'auditor' THEN 'audit' ELSE 'staff' END)
     OR NOT starts_with(session_user::text, 'park_' || p_wall) THEN
    RETURN;
  END IF;
  IF f.role IN ('station_staff', 'committee') THEN
    mine := ARRAY[f.node_id];
  ELSIF f.role IN ('province_staff', 'centre_leader', 'centre_staff', 'auditor') THEN
    SELECT array_agg(x.id ORDER BY x.id) INTO mine FROM organisation x
     WHERE x.kind IN ('province', 'centre', 'park')
       AND (x.id = f.node_id OR f.node_id = ANY(x.ancestors));
  END IF;
  IF f.role IN ('station_staff', 'committee', 'province_staff', 'centre_leader', 'centre_staff') THEN
    read := mine || f.ancestors;
  END IF;
  PERFORM set_config('app.nodes', array_to_string(mine, ','), true),
          set_config('app.library_nodes', array_to_string(read, ','), true),
          set_config('app.party', coalesce(f.party_id::text, ''), true),
          set_config('app.account', f.id::text, true);
  RETURN QUERY SELECT f.id, f.username::text, f.name::text, f.locale::text, f.role::text, f.hat,
                      f.party_id, f.party_register::text, f.org, f.org_name::text,
                      f.node_id, f.region_id::int, mine, read;
END $$
"""

_FORGET_TASKS = """
CREATE FUNCTION park_forget_tasks(p_days int) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM task_run
   WHERE state NOT IN ('queued', 'running') AND finished_at < now() - make_interval(days => p_days)
$$
"""

#: A value that a later version replaced, once nobody may take that version back any more.
_FORGET_SECRETS = """
CREATE FUNCTION park_forget_secrets(p_days int) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM secret_version v
   WHERE EXISTS (
     SELECT FROM secret_version w
      WHERE w.region_id = v.region_id AND w.record_id = v.record_id AND w.field = v.field
        AND w.version > v.version AND w.at < now() - make_interval(days => p_days))
$$
"""

_FUNCTIONS = (
    (_OPEN_HAT, "park_open_hat(uuid, uuid, text)", ("staff", "party")),
    (_FORGET_TASKS, "park_forget_tasks(int)", ("staff",)),
    (_FORGET_SECRETS, "park_forget_secrets(int)", ("staff",)),
)


def upgrade() -> None:
    _task_run()
    _secret_version()
    for function, signature, allowed in _FUNCTIONS:
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        for wall in allowed:
            op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {walls.role(wall)}")


def _task_run() -> None:
    states = ("queued", "running", "done", "failed", "cancelled")
    rows = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "task_run",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hat_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("asked_from", rows, nullable=False),
        sa.Column("params", rows, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *states, name="taskstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("cursor", rows, nullable=True),
        sa.Column("result", rows, nullable=True),
        sa.Column("error", rows, nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("file_type", sa.String(length=100), nullable=True),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_task_run")),
    )
    op.create_index(
        "uq_task_run_live",
        "task_run",
        ["account_id", "kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    walls.closed("task_run")
    mine = "account_id = nullif(current_setting('app.account', true), '')::uuid"
    for wall in ("staff", "party"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON task_run TO {walls.role(wall)}")
        walls.policy("task_run", wall, "ALL", mine, mine)
    op.execute(f"GRANT SELECT ON task_run TO {walls.role('audit')}")  # who is shown an empty list
    walls.policy("task_run", "audit", "SELECT", mine, None)


def _secret_version() -> None:
    op.create_table(
        "secret_version",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("blind_index", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint(
            "region_id", "record_id", "field", "version", name=op.f("pk_secret_version")
        ),
    )
    op.execute(
        "INSERT INTO secret_version (region_id, node_id, register_name, record_id, field, version,"
        " at, key_id, wrapped_key, ciphertext, blind_index)"
        " SELECT region_id, node_id, register_name, record_id, field, 0, now(),"
        " key_id, wrapped_key, ciphertext, blind_index FROM secret_value"
    )
    walls.append_only("secret_version")


def downgrade() -> None:
    for _, signature, _ in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_table("secret_version")
    op.drop_table("task_run")
