"""Working together: comments, followers, notifications and their mail, saved views; walls.

Revises: cf1027a3b011
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import walls

revision = "cf1027a3b012"
down_revision = "cf1027a3b011"
branch_labels = None
depends_on = None

_ROLES = (
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
)
_KINDS = ("comment", "mention", "move", "change", "overdue", "work_done", "work_failed")
_FUNCTIONS = {
    "park_wearing(uuid[])": ("staff", "party"),
    "park_near(int, uuid, text, uuid[])": ("staff", "party"),
    "park_tell(jsonb)": ("staff", "party"),
    "park_daily_mail(timestamptz)": ("staff",),
    "park_in_charge(int, text[])": ("staff",),
    "park_forget_notices(timestamptz)": ("staff",),
}
_TABLES = ("comment", "follower", "notification", "saved_view", "view_default")
_ACCOUNT = ("email", "email_verified_at", "email_nonce", "email_asked_at", "email_tries", "mail")
_MINE = "account_id = nullif(current_setting('app.account', true), '')::uuid"
_WRITTEN = "created_by = nullif(current_setting('app.account', true), '')::uuid"


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _rows(name: str, default: str | None = None) -> sa.Column[object]:
    kind = postgresql.JSONB(astext_type=sa.Text())
    return sa.Column(name, kind, server_default=default, nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _beside() -> list[sa.Column[object]]:
    return [
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
    ]


def upgrade() -> None:
    _account()
    _comment()
    _follower()
    _notification()
    _views()
    op.execute((Path(__file__).parents[1] / "together.sql").read_text("utf-8"))
    for function, given in _FUNCTIONS.items():
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        for wall in given:
            op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {walls.role(wall)}")
    _walls()


def _account() -> None:
    added = (
        sa.Column("email", sa.String(length=254), nullable=True),
        _time("email_verified_at", nullable=True),
        sa.Column("email_nonce", sa.String(length=32), nullable=True),
        _time("email_asked_at", nullable=True),
        sa.Column("email_tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column(
            "mail",
            _choice("mailwish", "off", "immediate", "daily"),
            server_default="off",
            nullable=False,
        ),
    )
    for column in added:
        op.add_column("account", column)


def _comment() -> None:
    op.create_table(
        "comment",
        *_beside(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        _rows("mentions", "[]"),
        _time("created_at"),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_by_name", sa.String(length=64), nullable=False),
        sa.Column("role", _choice("role", *_ROLES), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
        _time("edited_at", nullable=True),
        _time("deleted_at", nullable=True),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_record_id_created_at"), "comment", ["record_id", "created_at"])


def _follower() -> None:
    op.create_table(
        "follower",
        *_beside(),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hat_id", sa.Uuid(), nullable=False),
        sa.Column(
            "why",
            _choice("why", "author", "mover", "commenter", "mentioned", "chosen"),
            nullable=False,
        ),
        sa.Column("off", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _time("since"),
        sa.PrimaryKeyConstraint("region_id", "record_id", "account_id", name=op.f("pk_follower")),
    )


def _notification() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hat_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _choice("kind", *_KINDS), nullable=False),
        sa.Column("region_id", sa.SmallInteger(), nullable=True),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("register_name", sa.String(length=32), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.String(length=64), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("actor_organisation", sa.String(length=120), nullable=False),
        _rows("detail", "{}"),
        sa.Column("once", sa.String(length=80), nullable=True),
        _time("at"),
        _time("read_at", nullable=True),
        _time("mailed_at", nullable=True),
        sa.Column("mail_tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index(op.f("ix_notification_hat_id_at_id"), "notification", ["hat_id", "at", "id"])
    op.create_index(
        "ix_notification_hat_id_unread",
        "notification",
        ["hat_id"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "uq_notification_hat_id_once",
        "notification",
        ["hat_id", "once"],
        unique=True,
        postgresql_where=sa.text("once IS NOT NULL"),
    )


def _views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("region_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        _rows("query"),
        _rows("columns"),
        sa.Column("shared", _choice("shared", "nobody", "node", "below"), nullable=False),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(length=64), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("region_id", "id", name=op.f("pk_saved_view")),
    )
    op.create_index(
        op.f("ix_saved_view_register_name_node_id"), "saved_view", ["register_name", "node_id"]
    )
    op.create_table(
        "view_default",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("register_name", sa.String(length=32), nullable=False),
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "register_name", name=op.f("pk_view_default")),
    )


def _walls() -> None:
    for table in _TABLES:
        walls.closed(table)
    _comment_walls()
    for wall in ("staff", "party"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON follower TO {walls.role(wall)}")
        walls.policy("follower", wall, "ALL", _MINE, _MINE)
        op.execute(f"GRANT SELECT, UPDATE ON notification TO {walls.role(wall)}")
        walls.policy("notification", wall, "SELECT", _MINE, None)
        walls.policy("notification", wall, "UPDATE", _MINE, _MINE)
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON view_default TO {walls.role(wall)}")
        walls.policy("view_default", wall, "ALL", _MINE, _MINE)
    _view_walls()


def _comment_walls() -> None:
    """Staff read within their own nodes, never in a library above; parties only what is open."""
    within = walls.in_scope("nodes")
    linked = f"{walls.linked('record_id')} AND NOT internal"
    for wall, sight in (("staff", within), ("party", linked)):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON comment TO {walls.role(wall)}")
        walls.policy("comment", wall, "SELECT", sight, None)
        walls.policy("comment", wall, "INSERT", None, f"{sight} AND {_WRITTEN}")
        walls.policy(
            "comment", wall, "UPDATE", f"{sight} AND {_WRITTEN}", f"{sight} AND {_WRITTEN}"
        )


def _view_walls() -> None:
    """One's own; staff also what was shared in their nodes and from above. No party shares."""
    rules = {
        "staff": (
            f"{_MINE} OR (shared <> 'nobody' AND {walls.in_scope('library_nodes')})",
            f"{_MINE} AND (shared = 'nobody' OR {walls.in_scope('nodes')})",
        ),
        "party": (_MINE, f"{_MINE} AND shared = 'nobody'"),
    }
    for wall, (sight, check) in rules.items():
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view TO {walls.role(wall)}")
        walls.policy("saved_view", wall, "SELECT", sight, None)
        walls.policy("saved_view", wall, "INSERT", None, check)
        walls.policy("saved_view", wall, "UPDATE", _MINE, check)
        walls.policy("saved_view", wall, "DELETE", _MINE, None)


def downgrade() -> None:
    for function in reversed(_FUNCTIONS):
        op.execute(f"DROP FUNCTION {function}")
    for table in reversed(_TABLES):
        op.drop_table(table)
    for column in _ACCOUNT:
        op.drop_column("account", column)
