"""Whether one follows a record, and changing one's mind about it."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.together.rights import require, talkers
from app.registers.together.tables import Follower, Why


class Following(BaseModel):
    following: bool
    may: bool = Field(description="False: this role is told nothing of such records")


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")
    following: bool


async def following(work: Work, register: AnyRegister, record_id: UUID) -> Following:
    """Say whether the actor follows a record. Raises NotFound."""
    await reading.row_of(work, register, record_id)
    off = await work.session.scalar(
        select(col(Follower.off)).where(
            col(Follower.record_id) == record_id,
            col(Follower.account_id) == work.actor.account_id,
        )
    )
    may = work.actor.role in talkers(register)
    return Following(following=may and off is False, may=may)


async def change(work: Work, register: AnyRegister, record_id: UUID, wish: Wish) -> Following:
    """Follow a record from now on, or no longer. Raises NotFound, Forbidden."""
    row: Any = await reading.row_of(work, register, record_id)
    require(work, register)
    off = not wish.following
    given = {
        "region_id": row.region_id,
        "node_id": row.node_id,
        "register_name": register.name,
        "record_id": row.id,
        "account_id": work.actor.account_id,
        "hat_id": work.actor.hat_id,
        "why": Why.chosen,
        "off": off,
        "since": now(),
    }
    asked = insert(Follower).on_conflict_do_update(
        index_elements=["region_id", "record_id", "account_id"],
        set_={"off": off, "hat_id": work.actor.hat_id},
    )
    await work.session.execute(asked, given)
    return Following(following=wish.following, may=True)
