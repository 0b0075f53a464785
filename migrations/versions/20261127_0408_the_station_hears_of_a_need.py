"""Who files a need may have its station told.

Revises: cf1027a3b016
"""

from alembic import op

from migrations import walls

revision = "cf1027a3b017"
down_revision = "cf1027a3b016"
branch_labels = None
depends_on = None

#: Whoever acts within the node, or is a party to one of its records.
_WITHIN = (
    "p_node = ANY(string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::int[])"
)
_PARTY = """EXISTS (SELECT 1 FROM party_link l WHERE l.node_id = p_node
    AND l.party_id = nullif(current_setting('app.party', true), '')::uuid)"""


_FUNCTION = """
CREATE OR REPLACE FUNCTION park_in_charge(p_node int, p_roles text[])
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.id FROM hat h JOIN organisation o ON o.id = h.organisation_id
   WHERE h.ended_at IS NULL AND o.node_id = p_node AND h.role = ANY(p_roles)
     AND (%s)
$$"""


def upgrade() -> None:
    op.execute(_FUNCTION % f"{_WITHIN} OR {_PARTY}")
    op.execute(f"GRANT EXECUTE ON FUNCTION park_in_charge(int, text[]) TO {walls.role('party')}")


def downgrade() -> None:
    op.execute(f"REVOKE EXECUTE ON FUNCTION park_in_charge(int, text[]) FROM {walls.role('party')}")
    op.execute(_FUNCTION % _WITHIN)
