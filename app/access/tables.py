"""Organisations, accounts, the hats they wear, and their sessions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    SmallInteger,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from app.access.roles import Role
from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import stored_as_text


class OrganisationKind(StrEnum):
    province = "province"
    centre = "centre"
    park = "park"
    committee = "committee"
    station = "station"


#: Kinds that own records; a committee and a station work for the park above them.
NODE_KINDS = frozenset({OrganisationKind.province, OrganisationKind.centre, OrganisationKind.park})


class AccountState(StrEnum):
    pending = "pending"
    active = "active"
    disabled = "disabled"


class MailWish(StrEnum):
    """When somebody wants to hear by mail."""

    off = "off"
    immediate = "immediate"
    daily = "daily"


class Organisation(SQLModel, table=True):
    """One unit of the tree province > city centre > park > committee, station."""

    id: int | None = Field(
        default=None, sa_column=Column(Integer, Identity(always=False), primary_key=True)
    )
    parent_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    kind: OrganisationKind = Field(sa_type=stored_as_text(OrganisationKind))
    code: str = Field(max_length=32, unique=True)
    name: str = Field(max_length=120)
    name_en: str | None = Field(default=None, max_length=120)
    node_id: int = Field(description="The node it works for; itself when it is one")
    region_id: int = Field(sa_type=SmallInteger, description="The city (or province) it lies in")
    ancestors: list[int] = Field(
        default_factory=list, sa_column=Column(ARRAY(Integer), nullable=False)
    )
    host_division_code: str | None = Field(default=None, max_length=12)
    fictitious: bool = Field(default=False, description="Part of the demo")
    closed_at: datetime | None = None


class Account(SQLModel, table=True):
    """Somebody who can sign in. A username is never given to a second person."""

    __table_args__ = (
        Index("uq_account_username_lower", text("lower(username)"), unique=True),
        CheckConstraint(
            "state <> 'active' OR password_hash IS NOT NULL", name="active_has_password"
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    username: str = Field(max_length=64)
    name: str = Field(max_length=64)
    locale: str = Field(default="zh-CN", max_length=8)
    large_letters: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    state: AccountState = Field(default=AccountState.pending, sa_type=stored_as_text(AccountState))
    password_hash: str | None = None
    password_changed_at: datetime | None = None
    setup_hash: bytes | None = Field(default=None, description="SHA-256 of the one-use link")
    setup_expires_at: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    created_by: UUID | None = None
    fictitious: bool = False
    email: str | None = Field(default=None, max_length=254)
    email_verified_at: datetime | None = None
    email_nonce: str | None = Field(default=None, max_length=32, description="Of the code sent")
    email_asked_at: datetime | None = None
    email_tries: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")}
    )
    mail: MailWish = Field(
        default=MailWish.off,
        sa_type=stored_as_text(MailWish),
        sa_column_kwargs={"server_default": "off"},
    )


class Hat(SQLModel, table=True):
    """A role an account may act in, for one organisation; for a party also which one."""

    __table_args__ = (
        CheckConstraint(
            "(party_id IS NULL) = (party_register IS NULL)", name="party_id_and_register"
        ),
        CheckConstraint(
            "(role IN ('enterprise', 'expert')) = (party_id IS NOT NULL)", name="party_roles"
        ),
        Index(
            "uq_hat_live",
            "account_id",
            "role",
            "organisation_id",
            text("coalesce(party_id, '00000000-0000-0000-0000-000000000000')"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="RESTRICT", index=True)
    role: Role = Field(sa_type=stored_as_text(Role))
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    party_register: str | None = Field(default=None, max_length=32)
    party_id: UUID | None = None
    valid_until: date | None = None
    granted_at: datetime = Field(default_factory=now)
    granted_by: UUID | None = None
    ended_at: datetime | None = None


class Session(SQLModel, table=True):
    """One sign-in. Every request reads this row, so revoking it works on the next request."""

    __tablename__ = "session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    hat_id: UUID = Field(foreign_key="hat.id", ondelete="CASCADE")
    refresh_hash: bytes | None = None
    previous_hash: bytes | None = None
    rotated_at: datetime = Field(default_factory=now)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    revoked_at: datetime | None = None
    user_agent: str = Field(default="", max_length=200)
    ip: str = Field(default="", max_length=45)
    factor_at: datetime | None = Field(
        default=None, description="When whoever sits there last proved who they are"
    )
    second_factor_at: datetime | None = Field(
        default=None, description="When a second factor was last given; none: never"
    )
    issuer: str | None = Field(default=None, max_length=255, description="Signed in through it")
    provider_session: str | None = Field(default=None, max_length=255, description="Its sid")
