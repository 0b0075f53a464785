"""The change feed of a register: what changed since, in commit order."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, func, select, tuple_
from sqlmodel import col

from app.audit.work import Work
from app.core.errors import BadRequest
from app.core.labels import T
from app.registers.directory import AnyRegister
from app.registers.tables import ChangeEntry

_LONGEST = 40  # characters of a cursor
_BAD = T(
    "续读标记无效，请从头重新读取。", "The cursor is not valid; start again from the beginning."
)


class ChangeShown(BaseModel):
    seq: str
    id: UUID
    version: int
    op: Literal["put", "delete"]
    at: datetime


class Changes(BaseModel):
    items: list[ChangeShown]
    next: str


async def changes(work: Work, register: AnyRegister, after: str, limit: int) -> Changes:
    """Return finished changes of records this actor may see. Raises BadRequest.

    Rows of transactions that may still commit are held back (``pg_snapshot_xmin``): a reader that
    follows ``next`` misses nothing.
    """
    since = _position(after)
    row = register.row
    fence = func.park_fence()
    seen = select(row.id).where(
        and_(row.id == ChangeEntry.record_id, register.visible_to(work.actor))
    )
    statement = (
        select(ChangeEntry)
        .where(
            col(ChangeEntry.register_name) == register.name,
            col(ChangeEntry.xid) < fence,
            tuple_(col(ChangeEntry.xid), col(ChangeEntry.seq)) > tuple_(*since),
            seen.exists(),
        )
        .order_by(col(ChangeEntry.xid), col(ChangeEntry.seq))
        .limit(limit)
    )
    found = (await work.session.execute(statement)).scalars().all()
    items = [
        ChangeShown(
            seq=f"{e.xid}.{e.seq}",
            id=e.record_id,
            version=e.version,
            op=e.op,
            at=e.at,
        )
        for e in found
    ]
    return Changes(items=items, next=items[-1].seq if items else after)


def _position(after: str) -> tuple[int, int]:
    xid, _, seq = after.partition(".")
    if not xid.isdecimal() or not (seq or "0").isdecimal() or len(after) > _LONGEST:
        raise BadRequest(_BAD)
    return int(xid), int(seq or 0)
