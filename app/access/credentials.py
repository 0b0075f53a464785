"""What proves who somebody is, as tables: factors, devices, identities elsewhere, tries counted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.access.tables import Account
from app.core.clock import now
from app.core.ids import new_id

_ACCOUNT = f"{Account.__tablename__}.id"


class SecondFactor(SQLModel, table=True):
    """The seed of an authenticator; it counts once a code of it has been entered."""

    __tablename__ = "second_factor"

    account_id: UUID = Field(primary_key=True, foreign_key=_ACCOUNT, ondelete="CASCADE")
    key_id: str = Field(max_length=16)
    wrapped_key: bytes
    ciphertext: bytes
    created_at: datetime = Field(default_factory=now)
    confirmed_at: datetime | None = None
    last_step: int = Field(
        default=0,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("0")},
        description="Thirty-second step of the last code taken; none up to it counts again",
    )


class RecoveryCode(SQLModel, table=True):
    """One of the codes for the day the authenticator is lost; good once."""

    __tablename__ = "recovery_code"

    account_id: UUID = Field(primary_key=True, foreign_key=_ACCOUNT, ondelete="CASCADE")
    digest: bytes = Field(primary_key=True, description="HMAC under a key of the installation")
    used_at: datetime | None = None


class PastPassword(SQLModel, table=True):
    """A password somebody had, so that it is not taken again at once."""

    __tablename__ = "past_password"

    account_id: UUID = Field(primary_key=True, foreign_key=_ACCOUNT, ondelete="CASCADE")
    at: datetime = Field(primary_key=True, default_factory=now)
    password_hash: str


class KnownDevice(SQLModel, table=True):
    """A browser an account has signed in from; strangers cannot slow it down."""

    __tablename__ = "known_device"

    digest: bytes = Field(primary_key=True, description="SHA-256 of the cookie")
    account_id: UUID = Field(primary_key=True, foreign_key=_ACCOUNT, ondelete="CASCADE")
    seen_at: datetime = Field(default_factory=now)
    expires_at: datetime


class SignInTry(SQLModel, table=True):
    """How often one key (a name, an address, a device) was guessed with; HMAC, never the name."""

    __tablename__ = "sign_in_try"

    key: bytes = Field(primary_key=True)
    failures: int = Field(sa_type=Integer)
    at: datetime
    until: datetime = Field(index=True)


class Identity(SQLModel, table=True):
    """Who an account is at an identity provider: its issuer and its subject, nothing else."""

    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key=_ACCOUNT, ondelete="CASCADE", index=True)
    issuer: str = Field(max_length=255)
    subject: str = Field(max_length=255)
    linked_at: datetime = Field(default_factory=now)


class ProviderTrip(SQLModel, table=True):
    """One way to the identity provider and back; taken once, by the browser that set out."""

    __tablename__ = "provider_trip"

    state: bytes = Field(primary_key=True, description="SHA-256 of the state sent along")
    browser: bytes = Field(description="SHA-256 of the cookie the browser was given")
    nonce: str = Field(max_length=64)
    verifier: str = Field(max_length=128)
    next: str = Field(default="/", max_length=500)
    session_id: UUID | None = Field(
        default=None,
        foreign_key="session.id",
        ondelete="CASCADE",
        description="Of whoever links an identity to their account; none for signing in",
    )
    created_at: datetime = Field(default_factory=now, index=True)
