"""Second factors, lockout, identities from elsewhere.

Revises: cf1027a3b019
"""

import sqlalchemy as sa
from alembic import op

from migrations import walls

revision = "cf1027a3b020"
down_revision = "cf1027a3b019"
branch_labels = None
depends_on = None

#: As before, and when whoever sits there proved who they are.
_OPEN = """
CREATE FUNCTION park_open(p_session uuid, p_wall text)
RETURNS TABLE (account_id uuid, username text, name text, locale text, role text, hat_id uuid,
               session_id uuid, party_id uuid, party_register text, organisation_id int,
               organisation_name text, node_id int, region_id int, nodes int[], library_nodes int[]
               {columns})
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  f record;
  mine int[] := '{{}}';
  read int[] := '{{}}';
BEGIN
  SELECT a.id, a.username, a.name, a.locale, h.role, h.id AS hat, h.party_id, h.party_register,
         o.id AS org, o.name AS org_name, o.node_id, o.region_id, n.ancestors {read}
    INTO f
    FROM session s
    JOIN account a ON a.id = s.account_id
    JOIN hat h ON h.id = s.hat_id AND h.account_id = a.id
    JOIN organisation o ON o.id = h.organisation_id
    JOIN organisation n ON n.id = o.node_id
   WHERE s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now()
     AND a.state = 'active' AND h.ended_at IS NULL
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
                      p_session, f.party_id, f.party_register::text, f.org, f.org_name::text,
                      f.node_id, f.region_id::int, mine, read {values};
END $$
"""

_TABLES = (
    "second_factor",
    "recovery_code",
    "past_password",
    "known_device",
    "sign_in_try",
    "identity",
    "provider_trip",
)


def upgrade() -> None:
    _columns()
    _factors()
    _tries()
    _identities()
    for table in _TABLES:  # like account and session: looked up before there is a scope
        rights = "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO {walls.role('staff')}")
    _open(
        ", factor_at timestamptz, second_factor_at timestamptz, password_at timestamptz",
        ", s.factor_at, s.second_factor_at,"
        " coalesce(a.password_changed_at, a.created_at) AS password_at",
        ", f.factor_at, f.second_factor_at, f.password_at",
    )


def _open(columns: str, read: str, values: str) -> None:
    """Write ``park_open`` anew; what it gives back cannot be changed in place."""
    signature = "park_open(uuid, text)"
    op.execute(f"DROP FUNCTION {signature}")
    op.execute(_OPEN.format(columns=columns, read=read, values=values))
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    for wall in ("staff", "party", "audit"):
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {walls.role(wall)}")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"), ondelete="CASCADE"
    )


def _columns() -> None:
    op.add_column("account", _instant("password_changed_at", nullable=True))
    for name in ("factor_at", "second_factor_at"):
        op.add_column("session", _instant(name, nullable=True))
    for name in ("issuer", "provider_session"):
        op.add_column("session", sa.Column(name, sa.String(length=255), nullable=True))


def _factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        _instant("created_at"),
        _instant("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _of_account("second_factor"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _instant("used_at", nullable=True),
        _of_account("recovery_code"),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "past_password",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _instant("at"),
        sa.Column("password_hash", sa.String(), nullable=False),
        _of_account("past_password"),
        sa.PrimaryKeyConstraint("account_id", "at", name=op.f("pk_past_password")),
    )


def _tries() -> None:
    op.create_table(
        "known_device",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        _instant("seen_at"),
        _instant("expires_at"),
        _of_account("known_device"),
        sa.PrimaryKeyConstraint("digest", "account_id", name=op.f("pk_known_device")),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _instant("at"),
        _instant("until"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_try")),
    )
    op.create_index(op.f("ix_sign_in_try_until"), "sign_in_try", ["until"], unique=False)


def _identities() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        _instant("linked_at"),
        _of_account("identity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),
    )
    op.create_index(op.f("ix_identity_account_id"), "identity", ["account_id"], unique=False)
    op.create_table(
        "provider_trip",
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("next", sa.String(length=500), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        _instant("created_at"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_provider_trip_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_provider_trip")),
    )
    op.create_index(
        op.f("ix_provider_trip_created_at"), "provider_trip", ["created_at"], unique=False
    )


def downgrade() -> None:
    _open("", "", "")
    for table in reversed(_TABLES):
        op.drop_table(table)
    for name in ("provider_session", "issuer", "second_factor_at", "factor_at"):
        op.drop_column("session", name)
    op.drop_column("account", "password_changed_at")
