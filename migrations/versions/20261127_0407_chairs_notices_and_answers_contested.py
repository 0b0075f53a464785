"""Chairs sum up, results go public, deadlines are recalled, answers by a handed-on link contested.

Names of experts in public stand in a table of their own, from which the database itself takes them
as soon as their owners no longer agree.

Revises: cf1027a3b015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b016"
down_revision = "cf1027a3b015"
branch_labels = None
depends_on = None

#: Takes a person's name out of everything public, in the transaction that ends the consent.
_FORGET = """
CREATE FUNCTION park_forget_published_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM published_name WHERE expert_id = OLD.id;
  RETURN NULL;
END $$
"""
#: Lets no name in without consent; waits for whoever is just withdrawing it.
_AGREED = """
CREATE FUNCTION park_published_name_agreed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM expert
    WHERE id = NEW.expert_id AND consent_scope @> '["publish"]' AND deleted_at IS NULL
    FOR SHARE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN NEW;
END $$
"""
_FUNCTIONS = ("park_forget_published_name()", "park_published_name_agreed()")
_TRIGGERS = """
CREATE TRIGGER agreed_name BEFORE INSERT ON published_name
  FOR EACH ROW EXECUTE FUNCTION park_published_name_agreed();
CREATE TRIGGER forget_published_name AFTER UPDATE OF consent_scope, deleted_at ON expert
  FOR EACH ROW WHEN (NOT NEW.consent_scope @> '["publish"]' OR NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION park_forget_published_name();
CREATE TRIGGER forget_deleted_name AFTER DELETE ON expert
  FOR EACH ROW EXECUTE FUNCTION park_forget_published_name();
"""

#: The names that stand inside the projections of draws move into the table, as far as still agreed.
_MOVE_NAMES = """
INSERT INTO published_name (region_id, node_id, register_name, record_id, expert_id, place, name)
SELECT p.region_id, p.node_id, p.register_name, p.record_id, e.expert_id, e.pseudonym, x.name
  FROM published_draw p
  CROSS JOIN LATERAL jsonb_array_elements(
      CASE jsonb_typeof(p.payload -> 'result') WHEN 'array' THEN p.payload -> 'result'
           ELSE '[]' END) AS one
  JOIN draw_entry e ON e.record_id = p.record_id AND e.pseudonym = one ->> 'pseudonym'
  JOIN expert x ON x.id = e.expert_id
 WHERE one ->> 'name' IS NOT NULL
   AND x.consent_scope @> '["publish"]' AND x.deleted_at IS NULL
ON CONFLICT DO NOTHING;
UPDATE published_draw SET payload = jsonb_set(payload, '{result}', (
    SELECT jsonb_agg(one - 'name' ORDER BY n)
      FROM jsonb_array_elements(payload -> 'result') WITH ORDINALITY AS r(one, n)))
 WHERE jsonb_typeof(payload -> 'result') = 'array'
   AND jsonb_array_length(payload -> 'result') > 0;
"""

_OPINIONS = ("approve", "approve_with_changes", "reject")


def upgrade() -> None:
    _names()
    no = sa.text("false")
    op.add_column("panel", sa.Column("chaired", sa.Boolean(), server_default=no, nullable=False))
    op.add_column("panel", sa.Column("announced_on", sa.Date(), nullable=True))
    for column in _of_reviews():
        op.add_column("review", column)
    op.create_check_constraint(
        op.f("ck_review_conclusion"),
        "review",
        sa.column("conclusion").in_(_OPINIONS),
    )
    for table in ("review", "match"):
        op.add_column(table, sa.Column("lent", sa.Boolean(), server_default=no, nullable=False))
        op.add_column(table, sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True))


def _of_reviews() -> tuple[sa.Column[object], ...]:
    instant = sa.DateTime(timezone=True)
    lines = postgresql.JSONB(astext_type=sa.Text())
    return (
        sa.Column("is_chair", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("heard", lines, server_default="[]", nullable=False),
        sa.Column("summary_since", instant, nullable=True),
        sa.Column("conclusion", sa.String(length=32), nullable=True),
        sa.Column("summary", sa.String(length=10000), nullable=True),
        sa.Column("summarised_at", instant, nullable=True),
        sa.Column("answer_reminded_at", instant, nullable=True),
        sa.Column("review_reminded_at", instant, nullable=True),
    )


def _names() -> None:
    op.create_table(
        "published_name",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint(
            "region_id", "record_id", "expert_id", name=op.f("pk_published_name")
        ),
    )
    op.create_index(op.f("ix_published_name_expert_id"), "published_name", ["expert_id"])
    walls.closed("published_name")
    staff, party = walls.role("staff"), walls.role("party")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON published_name TO {staff}")
    op.execute(f"GRANT SELECT ON published_name TO {party}")
    walls.policy("published_name", "staff", "SELECT", "true", None)
    walls.policy("published_name", "party", "SELECT", "true", None)
    own = walls.in_scope("nodes")
    walls.policy("published_name", "staff", "INSERT", None, own)
    walls.policy("published_name", "staff", "DELETE", own, None)
    op.execute(_FORGET)
    op.execute(_AGREED)
    for function in _FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(_TRIGGERS)
    op.execute(_MOVE_NAMES)


def downgrade() -> None:
    for table in ("match", "review"):
        op.drop_column(table, "contested_at")
        op.drop_column(table, "lent")
    op.drop_constraint(op.f("ck_review_conclusion"), "review", type_="check")
    for column in reversed(_of_reviews()):
        op.drop_column("review", column.name)
    op.drop_column("panel", "announced_on")
    op.drop_column("panel", "chaired")
    op.execute("DROP TRIGGER forget_deleted_name ON expert")
    op.execute("DROP TRIGGER forget_published_name ON expert")
    op.drop_table("published_name")
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
