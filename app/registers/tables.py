"""What the engine stores beside a row: versions, links, the feed, files, secrets, imports."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlmodel import Field, SQLModel

from app.access.roles import Role
from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import stored_as_text


class Beside(SQLModel):
    """A row that stands beside a record: same region and node, named by register and id.

    It follows its record into another when the two are merged, unless the table says otherwise.
    """

    follows_merge: ClassVar[bool] = True
    names_too: ClassVar[Mapping[str, str]] = {}  # further columns that name a record: its register

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    node_id: int = Field(sa_type=Integer)
    register_name: str = Field(max_length=32)
    record_id: UUID


class RecordVersion(Beside, table=True):
    """One version of a record as it was written, with who wrote it and why."""

    __tablename__ = "record_version"
    follows_merge: ClassVar[bool] = False
    __table_args__ = (
        Index(None, "record_id", "at"),
        Index(None, "account_id", "at"),
        Index(None, "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
    )

    record_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    batch_id: UUID | None = Field(
        default=None, description="Versions one act wrote together; they are taken back together"
    )
    at: datetime = Field(default_factory=now)
    verb: str = Field(max_length=64)
    account_id: UUID
    account_name: str = Field(default="", max_length=64)
    role: Role = Field(sa_type=stored_as_text(Role))
    organisation_name: str = Field(default="", max_length=120)
    reason: str | None = None
    row: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    changed: list[str] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default="[]")
    )


class PartyLink(SQLModel, table=True):
    """Lets one enterprise or expert see one record; the database's wall for parties reads it."""

    __tablename__ = "party_link"
    __table_args__ = (Index(None, "record_id"),)

    party_id: UUID = Field(primary_key=True)
    record_id: UUID = Field(primary_key=True)
    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    node_id: int = Field(sa_type=Integer)
    register_name: str = Field(max_length=32)
    since: datetime = Field(default_factory=now)


class ChangeEntry(Beside, table=True):
    """One line of the change feed.

    Read behind the xmin fence, in order of (xid, seq), or rows that commit late would be lost
    (docs/decisions/0005-change-feed.md).
    """

    __tablename__ = "change_entry"
    follows_merge: ClassVar[bool] = False
    __table_args__ = (Index(None, "register_name", "xid", "seq"),)

    seq: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, Identity(always=True), primary_key=True),
    )
    xid: int | None = Field(
        default=None,
        sa_column=Column(
            BigInteger,
            nullable=False,
            server_default=text("park_xid()"),
        ),
    )
    version: int
    op: str = Field(max_length=8)
    at: datetime = Field(default_factory=now)


class SearchDocument(Beside, table=True):
    """The words of a record, normalised and segmented by the application (docs: search)."""

    __tablename__ = "search_document"
    follows_merge: ClassVar[bool] = False
    __table_args__ = (Index(None, "document", postgresql_using="gin"),)

    record_id: UUID = Field(primary_key=True)
    document: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class SecretValue(Beside, table=True):
    """A personal value, encrypted under a data key of its own; the record holds only its mask."""

    __tablename__ = "secret_value"
    follows_merge: ClassVar[bool] = False
    __table_args__ = (Index(None, "register_name", "field", "blind_index"),)

    record_id: UUID = Field(primary_key=True)
    field: str = Field(primary_key=True, max_length=64)
    key_id: str = Field(max_length=16)
    wrapped_key: bytes
    ciphertext: bytes
    blind_index: bytes


class SecretVersion(Beside, table=True):
    """A personal value as a version of its record left it, for taking a change back.

    Without a ciphertext the value was emptied by that version. What has been superseded for longer
    than anybody may take it back is forgotten (:mod:`app.registers.secrets`).
    """

    __tablename__ = "secret_version"
    follows_merge: ClassVar[bool] = False

    record_id: UUID = Field(primary_key=True)
    field: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    at: datetime = Field(default_factory=now)
    key_id: str | None = Field(default=None, max_length=16)
    wrapped_key: bytes | None = None
    ciphertext: bytes | None = None
    blind_index: bytes | None = None


class FileState(StrEnum):
    clean = "clean"
    rejected = "rejected"


class Attachment(Beside, table=True):
    """A file kept with a record; its bytes lie under their SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "record_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int = Field(sa_type=BigInteger, description="Bytes")
    sha256: str = Field(max_length=64)
    state: FileState = Field(default=FileState.clean, sa_type=stored_as_text(FileState))
    created_at: datetime = Field(default_factory=now)
    created_by: UUID
    created_by_name: str = Field(default="", max_length=64)
    deleted_at: datetime | None = None


class Published(Beside, table=True):
    """The projection everybody may read: blind needs, listed achievements."""

    __tablename__ = "published"
    follows_merge: ClassVar[bool] = False
    __table_args__ = (Index(None, "register_name", "published_at", "record_id"),)

    record_id: UUID = Field(primary_key=True)
    published_at: datetime = Field(default_factory=now)
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


def _kept(otherwise: str) -> Column[Any]:
    return Column(JSONB, nullable=False, server_default=text(otherwise))


class ImportState(StrEnum):
    checked = "checked"
    committed = "committed"
    undone = "undone"


class ImportBatch(SQLModel, table=True):
    """One workbook on its way into a register."""

    __tablename__ = "import_batch"

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    node_id: int = Field(sa_type=Integer)
    register_name: str = Field(max_length=32)
    state: ImportState = Field(default=ImportState.checked, sa_type=stored_as_text(ImportState))
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    sheet: str = Field(default="", max_length=64)
    header_row: int
    columns: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    ignored: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    sheets: list[dict[str, Any]] = Field(default_factory=list, sa_column=_kept("'[]'"))
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_column=_kept("'[]'"))
    notes: list[dict[str, Any]] = Field(default_factory=list, sa_column=_kept("'[]'"))
    version: int = 1
    created_at: datetime = Field(default_factory=now)
    created_by: UUID
    created_by_name: str = Field(default="", max_length=64)
    committed_at: datetime | None = None
    undone_at: datetime | None = None


class ImportRow(SQLModel, table=True):
    """One row of a workbook: what stood in it, what is wrong with it, what became of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region_id", "batch_id"],
            ["import_batch.region_id", "import_batch.id"],
            ondelete="CASCADE",
        ),
        Index(None, "batch_id", "key"),
        Index(None, "batch_id", "outcome"),
    )

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    batch_id: UUID = Field(primary_key=True)
    row: int = Field(primary_key=True, description="As in the file, from 1")
    node_id: int = Field(sa_type=Integer)
    cells: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    mended: dict[str, Any] = Field(default_factory=dict, sa_column=_kept("'{}'"))
    key: str | None = Field(default=None, max_length=200, description="Its natural key, as read")
    errors: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    outcome: str = Field(max_length=16)
    record_id: UUID | None = None
    written_version: int | None = None
    previous_version: int | None = None


class ImportMapping(SQLModel, table=True):
    """What a park's clerks take a header of their workbooks for; no field: not imported."""

    __tablename__ = "import_mapping"

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    node_id: int = Field(primary_key=True, sa_type=Integer)
    register_name: str = Field(primary_key=True, max_length=32)
    header: str = Field(primary_key=True, max_length=200, description="Folded")
    field: str | None = Field(default=None, max_length=64)
    set_by: UUID
    set_at: datetime = Field(default_factory=now)


class IdempotencyKey(SQLModel, table=True):
    """The answer once given to a create, kept in the same transaction as its effect."""

    __tablename__ = "idempotency_key"

    account_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=128)
    request_hash: str = Field(max_length=64)
    status: int | None = None
    body: str | None = None
    etag: str | None = Field(default=None, max_length=16)
    location: str | None = Field(default=None, max_length=200)
    at: datetime = Field(default_factory=now)
