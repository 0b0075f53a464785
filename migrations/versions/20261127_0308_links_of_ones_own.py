"""Links that only their holder has seen; which link wrote a sheet; why few judged.

Revises: cf1027a3b007
"""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "cf1027a3b008"
down_revision = "cf1027a3b007"
branch_labels = None
depends_on = None

#: As before, and whether nobody but the expert has had the link in hand.
_OPEN_INVITATION = """
CREATE FUNCTION park_open_invitation(p_hash bytea, p_answers boolean)
RETURNS TABLE (link_id uuid, register_name text, record_id uuid, expert_id uuid, expert_name text,
               region_id int, node_id int, node_name text, asked_by text, expires_at timestamptz
               {columns})
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
                      f.expires_at {values};
END $$
"""

#: Gives whoever has just signed the pledge by a link a further one, and ends all the others.
_SHEET_LINK = """
CREATE FUNCTION park_sheet_link(p_id uuid, p_hash bytea, p_sealed text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  f invitation_link;
BEGIN
  IF NOT starts_with(session_user::text, 'park_party') THEN RETURN NULL; END IF;
  SELECT l.* INTO f
    FROM invitation_link l
    JOIN review r ON r.region_id = l.region_id AND r.id = l.record_id
   WHERE l.id = nullif(current_setting('app.account', true), '')::uuid
     AND l.expert_id = nullif(current_setting('app.party', true), '')::uuid
     AND l.revoked_at IS NULL AND l.expires_at > now() AND NOT l.private
     AND r.state = 'declared' AND r.deleted_at IS NULL;
  IF NOT FOUND THEN RETURN NULL; END IF;
  UPDATE invitation_link SET revoked_at = now(), sealed_token = NULL
   WHERE record_id = f.record_id AND revoked_at IS NULL;
  f.mail := CASE WHEN f.mail NOT IN ('sent', 'waiting') THEN f.mail
                 WHEN p_sealed IS NULL THEN 'no_server' ELSE 'waiting' END;
  INSERT INTO invitation_link (region_id, node_id, register_name, record_id, id, expert_id,
      token_hash, asked_by, created_at, created_by, expires_at, opened_at, mail, mail_to,
      mail_tries, sealed_token, private)
    VALUES (f.region_id, f.node_id, f.register_name, f.record_id, p_id, f.expert_id,
      p_hash, f.asked_by, now(), f.id, f.expires_at, now(), f.mail, f.mail_to,
      0, CASE f.mail WHEN 'waiting' THEN p_sealed END, true);
  RETURN f.mail;
END $$
"""

#: Says whether anything was ever written on a sheet; not what.
_SHEET_BEGUN = """
CREATE FUNCTION park_sheet_begun(p_review uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM sealed_score s
     WHERE s.record_id = p_review AND s.ciphertext IS NOT NULL
       AND s.node_id
           = ANY(string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::int[]))
$$
"""

_FUNCTIONS = (
    (_SHEET_LINK, "park_sheet_link(uuid, bytea, text)", "party"),
    (_SHEET_BEGUN, "park_sheet_begun(uuid)", "staff"),
)


def _open(columns: str, values: str) -> None:
    signature = "park_open_invitation(bytea, boolean)"
    op.execute(f"DROP FUNCTION {signature}")
    _allowed(_OPEN_INVITATION.format(columns=columns, values=values), signature, "party")


def _allowed(function: str, signature: str, wall: str) -> None:
    op.execute(function)
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {walls.role(wall)}")


def upgrade() -> None:
    private = sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("invitation_link", private)
    op.add_column("sealed_score", sa.Column("saved_by_link", sa.Uuid(), nullable=True))
    op.add_column("panel", sa.Column("few_reason", sa.String(length=1000), nullable=True))
    _open(", private boolean", ", f.private")
    for function, signature, wall in _FUNCTIONS:
        _allowed(function, signature, wall)


def downgrade() -> None:
    for _, signature, _ in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    _open("", "")
    op.drop_column("panel", "few_reason")
    op.drop_column("sealed_score", "saved_by_link")
    op.drop_column("invitation_link", "private")
