"""Names of experts that anybody may read: of those who agreed to it, for as long as they agree.

They stand apart from what is public of a draw or a panel. The database lets no name in without its
owner's consent, and takes it out in the very transaction that ends the consent or the record, by
whatever way that is written (the triggers ``agreed_name`` and ``forget_published_name``).
"""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from app.audit.work import Work
from app.core.tables import Record
from app.libraries.experts.models import ConsentScope, Expert
from app.registers.tables import Beside


class PublishedName(Beside, table=True):
    """One expert's name in what is public of one record."""

    __tablename__ = "published_name"
    follows_merge: ClassVar[bool] = False

    record_id: UUID = Field(primary_key=True)
    expert_id: UUID = Field(primary_key=True, index=True)
    place: str = Field(max_length=64, description="Where in the record: a pseudonym, a seat")
    name: str = Field(max_length=64)


async def tell(work: Work, register: str, row: Record, places: Mapping[UUID, str]) -> None:
    """Tell the names of those of ``places`` who agree, in place of all told so far of ``row``."""
    await take_back(work, row.id)
    agreed = await work.session.execute(
        select(col(Expert.id), col(Expert.name)).where(
            col(Expert.id).in_(places),
            col(Expert.consent_scope).contains([ConsentScope.publish.value]),
            col(Expert.deleted_at).is_(None),
        )
    )
    rows = [
        {
            "region_id": row.region_id,
            "node_id": row.node_id,
            "register_name": register,
            "record_id": row.id,
            "expert_id": expert_id,
            "place": places[expert_id],
            "name": name,
        }
        for expert_id, name in agreed
    ]
    if rows:
        await work.session.execute(insert(PublishedName).values(rows))


async def take_back(work: Work, record_id: UUID) -> None:
    """Tell nobody's name any more for a record."""
    await work.session.execute(
        delete(PublishedName).where(col(PublishedName.record_id) == record_id)
    )


async def told(session: AsyncSession, record_id: UUID) -> dict[str, str]:
    """Return the names that are public of a record, by their place in it."""
    found = await session.execute(
        select(col(PublishedName.place), col(PublishedName.name)).where(
            col(PublishedName.record_id) == record_id
        )
    )
    return {row[0]: row[1] for row in found}
