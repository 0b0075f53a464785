"""Seals of the trail: what was in it, second by second, chained and signed; and who signed.

Rows are only ever added, by the sealer's own login. ``from_xid`` and ``to_xid`` bound the
transactions a seal covers (the last one excluded): a row's transaction number is the database's,
so no row can come late into a range that is closed (docs/decisions/0015-the-trail-sealed.md).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Column, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.audit.leaves import canonical
from app.core.clock import now
from app.core.signatures import Signer

SEAL, RETIRED = "park-trail-seal-v1", "park-trail-retired-v1"
BEGINNING = "0" * 64


class TrailSeal(SQLModel, table=True):
    __tablename__ = "trail_seal"
    __table_args__ = (UniqueConstraint("previous"),)  # the chain has one end

    no: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    from_xid: int = Field(sa_column=Column(BigInteger, nullable=False))
    to_xid: int = Field(sa_column=Column(BigInteger, nullable=False))
    entries: int
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    previous: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed_at: datetime = Field(default_factory=now, index=True)
    key_id: str = Field(max_length=64)
    algorithm: str = Field(max_length=16)
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class TrailKey(SQLModel, table=True):
    """A public key that has sealed. Being here is no reason to trust it (:mod:`checking`)."""

    __tablename__ = "trail_key"

    key_id: str = Field(max_length=64, primary_key=True)
    algorithm: str = Field(max_length=16)
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    since: datetime = Field(default_factory=now)


class TrailAnchor(SQLModel, table=True):
    """The head of somebody else's trail, kept here so that they cannot rewrite it unnoticed."""

    __tablename__ = "trail_anchor"

    origin: str = Field(max_length=120, primary_key=True)
    no: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    key_id: str = Field(max_length=64)
    head: str = Field(sa_column=Column(Text, nullable=False))
    sealed_at: datetime
    received_at: datetime = Field(default_factory=now)


class TrailRetired(SQLModel, table=True):
    """A month that was lawfully dropped, as a signed statement: its entries are in an archive."""

    __tablename__ = "trail_retired"

    month: str = Field(max_length=6, primary_key=True)
    statement: str = Field(sa_column=Column(Text, nullable=False))
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


@dataclass(frozen=True, slots=True)
class Covered:
    """What the next seal is to say."""

    no: int
    from_xid: int
    to_xid: int
    entries: int
    root: bytes
    previous: str


def instant(at: datetime) -> str:
    """Write an instant the way signed statements do: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def statement(seal: Covered, at: datetime, signer: Signer) -> dict[str, Any]:
    """Return what is hashed and signed."""
    return {
        "kind": SEAL,
        "no": seal.no,
        "from": seal.from_xid,
        "to": seal.to_xid,
        "entries": seal.entries,
        "root": seal.root.hex(),
        "previous": seal.previous,
        "sealed_at": instant(at),
        "algorithm": signer.algorithm,
        "key": signer.key_id,
    }


def digest(told: dict[str, Any]) -> str:
    """Return the hash of a statement, in hexadecimal."""
    return sha256(canonical(told)).hexdigest()


def signed(told: dict[str, Any], signer: Signer) -> dict[str, Any]:
    """Return a statement with its hash and signature: a line of an export, a head to hand on."""
    return {
        "seal": told,
        "hash": digest(told),
        "signature": signer.sign(canonical(told)).hex(),
    }
