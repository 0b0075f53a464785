"""The row of one piece of work done for enterprises, and what its author writes."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Numeric, Uuid
from sqlmodel import Field

from app.access.roles import Role
from app.core.clock import today
from app.core.tables import Body, Record, list_field, stored_as_text

Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
MOST_ENTERPRISES = 500


class ServiceKind(StrEnum):
    visit = "visit"
    policy_promotion = "policy_promotion"
    policy_guidance = "policy_guidance"
    training = "training"
    argumentation = "argumentation"
    application = "application"
    matchmaking = "matchmaking"
    achievement_discovery = "achievement_discovery"
    patent = "patent"
    financing = "financing"
    other = "other"


class Channel(StrEnum):
    """How the service reached the enterprise: 上墙、上门、上网 of the policy papers, and others."""

    on_wall = "on_wall"
    door_to_door = "door_to_door"
    online = "online"
    phone = "phone"
    at_station = "at_station"
    event = "event"
    other = "other"


class EntryState(StrEnum):
    recorded = "recorded"
    confirmed = "confirmed"
    disputed = "disputed"
    void = "void"


class ServiceLogBody(Body):
    """One entry as its author writes it; one entry is one service under one hat."""

    served_on: date = Field(default_factory=today)
    kind: ServiceKind = Field(sa_type=stored_as_text(ServiceKind))
    channel: Channel = Field(default=Channel.door_to_door, sa_type=stored_as_text(Channel))
    title: str = Field(min_length=2, max_length=120)
    content: str | None = Field(default=None, max_length=5000)
    result: str | None = Field(default=None, max_length=2000)
    next_step: str | None = Field(default=None, max_length=2000)
    hours: Decimal | None = Field(default=None, gt=0, le=1000, sa_type=Numeric(6, 2))
    staff: list[Person] = list_field(30)
    enterprise_ids: list[UUID] = Field(
        default_factory=list,
        max_length=MOST_ENTERPRISES,
        sa_type=ARRAY(Uuid),
        sa_column_kwargs={"server_default": "{}"},
    )
    audience: str | None = Field(default=None, max_length=200)
    need_id: UUID | None = None
    project_id: UUID | None = Field(
        default=None, description="Of the projects' library, a floor up: no foreign key"
    )


class ServiceLogEntry(ServiceLogBody, Record, table=True):
    """Under which hat it was done, whether a move wrote it, and which enterprises agree."""

    __tablename__ = "service_log_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region_id", "need_id"], ["need.region_id", "need.id"], ondelete="RESTRICT"
        ),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "served_on", "id"),
        Index(None, "node_id", "state"),
        Index(None, "need_id"),
        Index(None, "project_id"),
        Index("ix_service_log_entry_enterprise_ids", "enterprise_ids", postgresql_using="gin"),
        CheckConstraint("hours > 0", name="hours_positive"),
        CheckConstraint("automatic = (source_verb IS NOT NULL)", name="automatic_has_a_source"),
        CheckConstraint("confirmed_by <@ enterprise_ids", name="confirmed_by_its_enterprises"),
        CheckConstraint("disputed_by <@ enterprise_ids", name="disputed_by_its_enterprises"),
    )

    state: EntryState = Field(default=EntryState.recorded, sa_type=stored_as_text(EntryState))
    acted_as: Role = Field(default=Role.station_staff, sa_type=stored_as_text(Role))
    organisation_id: int = 0
    organisation_name: str = Field(default="", max_length=120)
    automatic: bool = False
    source_verb: str | None = Field(default=None, max_length=64)
    confirmed_by: list[UUID] = Field(
        default_factory=list, sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
    disputed_by: list[UUID] = Field(
        default_factory=list, sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": "{}"}
    )
