"""What is kept of people working together: comments, followers, notifications, saved views."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.access.roles import Role
from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import stored_as_text
from app.registers.tables import Beside


class Comment(Beside, table=True):
    """What somebody wrote about a record. An internal one is for staff; the words go with it."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "record_id", "created_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    text: str = Field(max_length=4000)
    internal: bool
    mentions: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )
    created_at: datetime = Field(default_factory=now)
    created_by: UUID
    created_by_name: str = Field(default="", max_length=64)
    role: Role = Field(sa_type=stored_as_text(Role))
    organisation_name: str = Field(default="", max_length=120)
    edited_at: datetime | None = None
    deleted_at: datetime | None = None


class Why(StrEnum):
    """Why somebody follows a record."""

    author = "author"
    mover = "mover"
    commenter = "commenter"
    mentioned = "mentioned"
    chosen = "chosen"


class Follower(Beside, table=True):
    """One account that wants to hear of one record; ``off`` remembers that it does not."""

    __tablename__ = "follower"

    record_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    hat_id: UUID
    why: Why = Field(sa_type=stored_as_text(Why))
    off: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    since: datetime = Field(default_factory=now)


class Kind(StrEnum):
    """What a notification is about."""

    comment = "comment"
    mention = "mention"
    move = "move"
    change = "change"
    overdue = "overdue"
    work_done = "work_done"
    work_failed = "work_failed"
    act_waiting = "act_waiting"


class Notification(SQLModel, table=True):
    """One thing one hat is told; written with its cause, its words made up when it is read."""

    __tablename__ = "notification"
    __table_args__ = (
        Index(None, "hat_id", "at", "id"),
        Index("ix_notification_hat_id_unread", "hat_id", postgresql_where=text("read_at IS NULL")),
        Index(
            "uq_notification_hat_id_once",
            "hat_id",
            "once",
            unique=True,
            postgresql_where=text("once IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID
    hat_id: UUID
    kind: Kind = Field(sa_type=stored_as_text(Kind))
    region_id: int | None = Field(default=None, sa_type=SmallInteger)
    node_id: int | None = Field(default=None, sa_type=Integer)
    register_name: str | None = Field(default=None, max_length=32)
    record_id: UUID | None = None
    comment_id: UUID | None = None
    verb: str | None = Field(default=None, max_length=64)
    actor_name: str = Field(default="", max_length=64)
    actor_organisation: str = Field(default="", max_length=120)
    detail: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, server_default="{}"))
    once: str | None = Field(default=None, max_length=80)
    at: datetime = Field(default_factory=now)
    read_at: datetime | None = None
    mailed_at: datetime | None = None
    mail_tries: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")}
    )


class Shared(StrEnum):
    """With whom a saved view is shared."""

    nobody = "nobody"
    node = "node"
    below = "below"


class SavedView(SQLModel, table=True):
    """A list as somebody wants to see it again: filters, words, order, columns."""

    __tablename__ = "saved_view"
    __table_args__ = (Index(None, "register_name", "node_id"),)

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    node_id: int = Field(sa_type=Integer)
    register_name: str = Field(max_length=32)
    title: str = Field(max_length=60)
    query: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    columns: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    shared: Shared = Field(default=Shared.nobody, sa_type=stored_as_text(Shared))
    pinned: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    position: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")}
    )
    account_id: UUID
    account_name: str = Field(default="", max_length=64)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)


class ViewDefault(SQLModel, table=True):
    """The view one person's list of a register opens with."""

    __tablename__ = "view_default"

    account_id: UUID = Field(primary_key=True)
    register_name: str = Field(primary_key=True, max_length=32)
    view_id: UUID
