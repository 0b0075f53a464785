"""Who was shown which personal values of which record, and why."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, Index, String
from sqlmodel import Field

from app.core.clock import now
from app.core.ids import new_id
from app.registers.tables import Beside


class Revelation(Beside, table=True):
    """One look at personal values; what was seen is not kept, only which fields they were."""

    __tablename__ = "revelation"
    __table_args__ = (Index(None, "account_id", "at"),)
    follows_merge: ClassVar[bool] = False

    id: UUID = Field(default_factory=new_id, primary_key=True)
    fields: list[str] = Field(sa_type=ARRAY(String(64)))
    reason: str = Field(max_length=500)
    account_id: UUID
    at: datetime = Field(default_factory=now)
