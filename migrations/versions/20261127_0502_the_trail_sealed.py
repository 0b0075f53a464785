"""The trail is sealed.

Revises: cf1027a3b018
"""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "cf1027a3b019"
down_revision = "cf1027a3b018"
branch_labels = None
depends_on = None

_COLUMNS = (
    "id, at, account_id, username, account_name, role, organisation_id, organisation_name,"
    " node_id, verb, register_name, record_id, record_label, outcome, ip, request_id, detail"
)
#: A restored database counts transactions anew; `park restore` gives the base another value, so
#: that numbers go on rising. Plain SQL functions are inlined: they cost nothing.
_FUNCTIONS = """
CREATE FUNCTION park_xid_base() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint';
CREATE FUNCTION park_xid() RETURNS bigint LANGUAGE sql STABLE
  AS 'SELECT (pg_current_xact_id()::text)::bigint + public.park_xid_base()';
CREATE FUNCTION park_fence() RETURNS bigint LANGUAGE sql STABLE
  AS 'SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint + public.park_xid_base()';
CREATE FUNCTION park_trail_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE insufficient_privilege USING MESSAGE = 'the trail and its seals are never changed';
END $$
"""


def upgrade() -> None:
    op.execute(_FUNCTIONS)
    op.add_column(
        "audit_entry", sa.Column("xid", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.alter_column("audit_entry", "xid", server_default=sa.text("park_xid()"))
    op.alter_column("change_entry", "xid", server_default=sa.text("park_xid()"))
    op.create_index(op.f("ix_audit_entry_xid"), "audit_entry", ["xid"], unique=False)
    _tables()
    _walls()


def _tables() -> None:
    op.create_table(
        "trail_seal",
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_xid", sa.BigInteger(), nullable=False),
        sa.Column("to_xid", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_trail_seal")),
        sa.UniqueConstraint("previous", name=op.f("uq_trail_seal_previous")),
    )
    op.create_index(op.f("ix_trail_seal_sealed_at"), "trail_seal", ["sealed_at"], unique=False)
    op.create_table(
        "trail_key",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_trail_key")),
    )
    op.create_table(
        "trail_anchor",
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", "no", name=op.f("pk_trail_anchor")),
    )
    op.create_table(
        "trail_retired",
        sa.Column("month", sa.String(length=6), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_trail_retired")),
    )


def _walls() -> None:
    """Only the sealer's login adds seals; nobody's changes them; nobody chooses a number."""
    seal = walls.role("seal")
    for wall in ("staff", "party", "audit"):
        op.execute(f"REVOKE INSERT ON audit_entry FROM {walls.role(wall)}")
        op.execute(f"GRANT INSERT ({_COLUMNS}) ON audit_entry TO {walls.role(wall)}")
    op.execute(f"GRANT SELECT ON audit_entry TO {seal}")
    walls.policy("audit_entry", "seal", "SELECT", "true", None)
    for table in ("trail_seal", "trail_key", "trail_anchor"):
        walls.closed(table)
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {seal}")
        walls.policy(table, "seal", "SELECT", "true", None)
        walls.policy(table, "seal", "INSERT", None, "true")
    walls.closed("trail_retired")  # the operator's command alone writes it
    op.execute(f"GRANT SELECT ON trail_retired TO {seal}")
    walls.policy("trail_retired", "seal", "SELECT", "true", None)
    for table in ("audit_entry", "trail_seal", "trail_retired"):
        op.execute(
            f"CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION park_trail_stands()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER stands ON audit_entry")
    for table in ("trail_retired", "trail_anchor", "trail_key", "trail_seal"):
        op.drop_table(table)
    op.execute("DROP POLICY seal_select ON audit_entry")
    op.execute(f"REVOKE ALL ON audit_entry FROM {walls.role('seal')}")
    for wall in ("staff", "party", "audit"):
        op.execute(f"REVOKE INSERT ({_COLUMNS}) ON audit_entry FROM {walls.role(wall)}")
        op.execute(f"GRANT INSERT ON audit_entry TO {walls.role(wall)}")
    own = sa.text("(pg_current_xact_id()::text)::bigint")
    op.alter_column("change_entry", "xid", server_default=own)
    op.drop_index(op.f("ix_audit_entry_xid"), table_name="audit_entry")
    op.drop_column("audit_entry", "xid")
    for function in ("park_trail_stands", "park_fence", "park_xid", "park_xid_base"):
        op.execute(f"DROP FUNCTION {function}()")
