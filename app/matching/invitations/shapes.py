"""What is said of links on the wire."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, SerializeAsAny

from app.core.tables import Body
from app.matching.invitations.models import InvitationLink, MailState


class NewLink(Body):
    """What a clerk may say of a link: how long it lives."""

    expires_on: date | None = None


class LinkMade(BaseModel):
    """The one answer that shows a link."""

    invitation_url: str
    expires_at: datetime
    mail: MailState
    mail_to: str | None


class LinkShown(BaseModel):
    """A link as the house knows it afterwards: everything but itself."""

    issued_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None
    revoked_at: datetime | None
    mail: MailState
    mail_to: str | None
    mail_at: datetime | None
    mail_error: str | None

    @classmethod
    def of(cls, link: InvitationLink) -> "LinkShown":
        told = link.model_dump(include=set(cls.model_fields) - {"issued_at"})
        return cls(issued_at=link.created_at, **told)


class LatestLink(BaseModel):
    link: LinkShown | None


class InvitationShown(BaseModel):
    """What somebody invited is shown, and what can be done now."""

    register_name: str = Field(serialization_alias="register")
    record_id: UUID
    state: str
    state_label: str
    expert: str
    title: str
    subject: str
    text: str
    asked_by: str
    expected: str
    meeting_on: date | None
    place: str | None
    online_url: str | None
    answer_by: date | None
    review_by: date | None
    expires_at: datetime
    pledge: str | None
    pledged_at: datetime | None
    own_token: str | None = Field(
        default=None,
        description="Told once: goes on where the link that was answered by has ended",
    )
    may: list[str] = Field(
        description="accept, decline, recuse, declare, draft, submit, summarise, contest"
    )
    sheet: SerializeAsAny[BaseModel] | None = Field(
        description="A review's score sheet, once accepted: as GET /reviews/{id}/scores"
    )
    to_sum_up: SerializeAsAny[BaseModel] | None = Field(
        default=None, description="A chair's: what everybody said, without names, and the summary"
    )


Answer = Literal["accept", "decline", "recuse", "declare", "summarise", "contest"]
Given = dict[str, Any]
