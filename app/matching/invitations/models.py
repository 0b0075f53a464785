"""The link's row: of the token itself only the SHA-256 is kept."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import stored_as_text
from app.registers.tables import Beside


class MailState(StrEnum):
    """How a link travels; all but the first two leave the copying to a clerk."""

    waiting = "waiting"
    sent = "sent"
    failed = "failed"
    no_address = "no_address"
    no_server = "no_server"


class InvitationLink(Beside, table=True):
    """Lets whoever holds the token act as one expert for one record, until it expires."""

    __tablename__ = "invitation_link"
    names_too: ClassVar[Mapping[str, str]] = {"expert_id": "experts"}
    __table_args__ = (
        Index("uq_invitation_link_token_hash", "token_hash", unique=True),
        Index(None, "record_id", "created_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    expert_id: UUID
    token_hash: bytes
    asked_by: str = Field(max_length=120, description="The organisation that asks")
    created_at: datetime = Field(default_factory=now)
    created_by: UUID
    expires_at: datetime
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    revoked_at: datetime | None = None
    mail: MailState = Field(sa_type=stored_as_text(MailState))
    mail_to: str | None = Field(default=None, max_length=120, description="Masked")
    mail_at: datetime | None = None
    mail_error: str | None = Field(default=None, max_length=200)
    mail_tries: int = 0
    private: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": text("false")},
        description="Nobody but the expert has had it in hand: it may carry a score sheet",
    )
    sealed_token: str | None = Field(
        default=None, description="Encrypted; only while a mail with it is on its way"
    )
