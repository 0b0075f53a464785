"""The foundation: organisations, accounts, the trail, what the engine stores, and the walls.

Revises:
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "407c705df02c"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "active",
                "disabled",
                name="accountstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("setup_hash", sa.LargeBinary(), nullable=True),
        sa.Column("setup_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("fictitious", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state <> 'active' OR password_hash IS NOT NULL",
            name=op.f("ck_account_active_has_password"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index(
        "uq_account_username_lower", "account", [sa.literal_column("lower(username)")], unique=True
    )
    op.create_table(
        "attachment",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "clean",
                "rejected",
                name="filestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_by_name", sa.String(length=64), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_record_id"), "attachment", ["record_id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("account_name", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
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
            nullable=True,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("record_label", sa.String(length=200), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "refused",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column(
            "detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_audit_entry")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(
        op.f("ix_audit_entry_account_id_at"), "audit_entry", ["account_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entry_node_id_at"), "audit_entry", ["node_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_audit_entry_record_id_at"), "audit_entry", ["record_id", "at"], unique=False
    )
    op.create_table(
        "change_entry",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "xid",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "seq", name=op.f("pk_change_entry")),
    )
    op.create_index(
        op.f("ix_change_entry_register_name_xid_seq"),
        "change_entry",
        ["register_name", "xid", "seq"],
        unique=False,
    )
    op.create_table(
        "idempotency_key",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("etag", sa.String(length=16), nullable=True),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "import_batch",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "checked",
                "committed",
                "undone",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=64), nullable=False),
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ignored", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_by_name", sa.String(length=64), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "province",
                "centre",
                "park",
                "committee",
                "station",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=True),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("ancestors", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("host_division_code", sa.String(length=12), nullable=True),
        sa.Column("fictitious", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "party_link",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("party_id", "record_id", "region_id", name=op.f("pk_party_link")),
    )
    op.create_index(op.f("ix_party_link_record_id"), "party_link", ["record_id"], unique=False)
    op.create_table(
        "published",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "record_id", name=op.f("pk_published")),
    )
    op.create_index(
        op.f("ix_published_register_name_published_at_record_id"),
        "published",
        ["register_name", "published_at", "record_id"],
        unique=False,
    )
    op.create_table(
        "record_version",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
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
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("row", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "changed", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.PrimaryKeyConstraint(
            "region_id", "record_id", "version", name=op.f("pk_record_version")
        ),
    )
    op.create_index(
        op.f("ix_record_version_record_id_at"), "record_version", ["record_id", "at"], unique=False
    )
    op.create_table(
        "search_document",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("document", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "record_id", name=op.f("pk_search_document")),
    )
    op.create_index(
        op.f("ix_search_document_document"),
        "search_document",
        ["document"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "secret_value",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "record_id", "field", name=op.f("pk_secret_value")),
    )
    op.create_index(
        op.f("ix_secret_value_register_name_field_blind_index"),
        "secret_value",
        ["register_name", "field", "blind_index"],
        unique=False,
    )
    op.create_table(
        "hat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
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
        sa.Column("party_register", sa.String(length=32), nullable=True),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role IN ('enterprise', 'expert')) = (party_id IS NOT NULL)",
            name=op.f("ck_hat_party_roles"),
        ),
        sa.CheckConstraint(
            "(party_id IS NULL) = (party_register IS NULL)",
            name=op.f("ck_hat_party_id_and_register"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_hat_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_hat_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hat")),
    )
    op.create_index(op.f("ix_hat_account_id"), "hat", ["account_id"], unique=False)
    op.create_index(
        "uq_hat_live",
        "hat",
        [
            "account_id",
            "role",
            "organisation_id",
            sa.literal_column("coalesce(party_id, '00000000-0000-0000-0000-000000000000')"),
        ],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "import_row",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("errors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("written_version", sa.Integer(), nullable=True),
        sa.Column("previous_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region_id", "batch_id"],
            ["import_batch.region_id", "import_batch.id"],
            name=op.f("fk_import_row_region_id_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("region_id", "batch_id", "row", name=op.f("pk_import_row")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hat_id", sa.Uuid(), nullable=False),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hat_id"], ["hat.id"], name=op.f("fk_session_hat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    _trail_partitions()
    op.execute((Path(__file__).parents[1] / "functions.sql").read_text("utf-8"))
    _walls()


def _trail_partitions() -> None:
    op.execute("CREATE TABLE audit_entry_later PARTITION OF audit_entry DEFAULT")


def _walls() -> None:
    walls.append_only("record_version")
    walls.beside("attachment")
    walls.beside("secret_value", delete=True)
    walls.append_only("change_entry")
    _linked_and_published()
    _imports_and_keys()
    _people()
    _trail()
    _functions()


def _linked_and_published() -> None:
    own = "party_id = nullif(current_setting('app.party', true), '')::uuid"
    walls.closed("party_link")
    walls.staff("party_link", "library_nodes", delete=True)
    op.execute(f"GRANT SELECT ON party_link TO {walls.role('party')}")
    walls.policy("party_link", "party", "SELECT", own, None)
    walls.closed("search_document")
    walls.closed("published")
    everybody = "true"  # published means published: the one table without a scope on reading
    linked = walls.in_scope("nodes")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON published TO {walls.role('staff')}")
    walls.policy("published", "staff", "SELECT", everybody, None)
    walls.policy("published", "staff", "INSERT", None, linked)
    walls.policy("published", "staff", "UPDATE", linked, linked)
    walls.policy("published", "staff", "DELETE", linked, None)
    walls.party("published", "record_id", delete=True)


def _imports_and_keys() -> None:
    for table in ("import_batch", "import_row"):
        walls.closed(table)
        walls.staff(table, "nodes", delete=table == "import_row")
    mine = "account_id = nullif(current_setting('app.account', true), '')::uuid"
    walls.closed("idempotency_key")
    for wall in ("staff", "party"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON idempotency_key TO {walls.role(wall)}")
        walls.policy("idempotency_key", wall, "ALL", mine, mine)


def _people() -> None:
    """Who signs in is looked up before there is a scope, so these tables have grants only."""
    walls.everybody_reads("organisation")
    op.execute(f"GRANT INSERT, UPDATE ON organisation TO {walls.role('staff')}")
    for table in ("account", "hat", "session"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {walls.role('staff')}")


def _trail() -> None:
    walls.closed("audit_entry")
    for wall in ("staff", "party", "audit"):
        op.execute(f"GRANT INSERT ON audit_entry TO {walls.role(wall)}")
        walls.policy("audit_entry", wall, "INSERT", None, "true")
    op.execute(f"GRANT SELECT ON audit_entry TO {walls.role('audit')}")
    walls.policy("audit_entry", "audit", "SELECT", walls.in_scope("nodes"), None)
    op.execute("SELECT park_prepare_months(3)")


def _functions() -> None:
    open_to = {
        "park_open(uuid, text)": ("staff", "party", "audit"),
        "park_index(text, int, uuid, int, text)": ("staff", "party"),
        "park_search(text, text)": ("staff", "party"),
        "park_scope_holds(int, uuid)": (),
        "park_link_owner()": (),
        "park_prepare_months(int)": (),
    }
    for function, roles in open_to.items():
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        for wall in roles:
            op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {walls.role(wall)}")


def downgrade() -> None:
    for function in (
        "park_open(uuid, text)",
        "park_index(text, int, uuid, int, text)",
        "park_search(text, text)",
        "park_scope_holds(int, uuid)",
        "park_link_owner()",
        "park_prepare_months(int)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index(op.f("ix_session_account_id"), table_name="session")
    op.drop_table("session")
    op.drop_table("import_row")
    op.drop_index("uq_hat_live", table_name="hat", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index(op.f("ix_hat_account_id"), table_name="hat")
    op.drop_table("hat")
    op.drop_index(
        op.f("ix_secret_value_register_name_field_blind_index"), table_name="secret_value"
    )
    op.drop_table("secret_value")
    op.drop_index(
        op.f("ix_search_document_document"), table_name="search_document", postgresql_using="gin"
    )
    op.drop_table("search_document")
    op.drop_index(op.f("ix_record_version_record_id_at"), table_name="record_version")
    op.drop_table("record_version")
    op.drop_index(op.f("ix_published_register_name_published_at_record_id"), table_name="published")
    op.drop_table("published")
    op.drop_index(op.f("ix_party_link_record_id"), table_name="party_link")
    op.execute("DROP TABLE party_link CASCADE")  # policies of the other tables read it
    op.drop_table("organisation")
    op.drop_table("import_batch")
    op.drop_table("idempotency_key")
    op.drop_index(op.f("ix_change_entry_register_name_xid_seq"), table_name="change_entry")
    op.drop_table("change_entry")
    op.drop_index(op.f("ix_audit_entry_record_id_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_node_id_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_account_id_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_attachment_record_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("uq_account_username_lower", table_name="account")
    op.drop_table("account")
