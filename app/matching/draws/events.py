"""The log of a draw in the database: read whole, written one entry after the other."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.core.labels import T
from app.matching.drawing.log import following
from app.matching.draws.lifecycle import PARTIES
from app.matching.draws.models import Draw, DrawEvent, Party

FROZEN, COMMITTED, REVEALED, BEACON = "frozen", "committed", "revealed", "beacon"
OVERDUE, DRAWN, SEATED, WITHDRAWN = "overdue", "drawn", "seated", "withdrawn"
RELEASED, PUBLISHED, VOIDED = "released", "published", "voided"

LABELS: dict[str, T] = {
    FROZEN: T("名单封存", "Pool frozen"),
    COMMITTED: T("提交承诺", "Promise given"),
    REVEALED: T("公开随机数", "Number shown"),
    BEACON: T("录入公共随机值", "Public value entered"),
    OVERDUE: T("逾期未公开", "Number not shown in time"),
    DRAWN: T("生成种子", "Seed made"),
    SEATED: T("席位产生", "Seat filled"),
    WITHDRAWN: T("候补退出", "Alternate withdrew"),
    RELEASED: T("复核放行", "Released"),
    PUBLISHED: T("公布", "Published"),
    VOIDED: T("作废", "Voided"),
}


_SEAT = T("第 {seat} 席", "seat {seat}")
_AGAIN = T("第 {seat} 席（递补）", "seat {seat}, filled again")


def detail(kind: str, facts: Mapping[str, Any]) -> T | None:
    """Return which party an entry is about, or which seat; it names nobody."""
    if kind in (COMMITTED, REVEALED):
        return PARTIES[Party(facts["party"])]
    if kind != SEATED:
        return None
    params = {"seat": facts["seat"] + 1}
    said = _AGAIN if "left" in facts else _SEAT
    return T(said.filled("zh-CN", params), said.filled("en", params), said.filled("zh-TW", params))


async def read(work: Work, draw_id: UUID) -> list[dict[str, Any]]:
    """Return the log as it is told, oldest first."""
    rows = await _rows(work, draw_id)
    return [
        {
            "seq": row.seq,
            "at": row.at,
            "kind": row.kind,
            "facts": row.facts,
            "prev": row.prev,
            "hash": row.hash,
        }
        for row in rows
    ]


async def _rows(work: Work, draw_id: UUID) -> Sequence[DrawEvent]:
    statement = (
        select(DrawEvent).where(col(DrawEvent.record_id) == draw_id).order_by(col(DrawEvent.seq))
    )
    return (await work.session.execute(statement)).scalars().all()


async def write(work: Work, draw: Draw, kind: str, facts: Mapping[str, Any]) -> str:
    """Append one entry; return its hash. The caller holds the draw's row."""
    last = (
        await work.session.execute(
            select(col(DrawEvent.seq), col(DrawEvent.hash))
            .where(col(DrawEvent.record_id) == draw.id)
            .order_by(col(DrawEvent.seq).desc())
            .limit(1)
        )
    ).one_or_none()
    event = following((last[0], last[1]) if last else None, now(), kind, facts)
    await work.session.execute(
        insert(DrawEvent).values(
            region_id=draw.region_id,
            node_id=draw.node_id,
            register_name="draws",
            record_id=draw.id,
            **event.told(),
        )
    )
    return event.hash
