"""Which steps of a need are services to the enterprise, and how the log words them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.access.roles import STAFF
from app.audit.work import Work
from app.ledgers.needs.models import Need
from app.ledgers.needs.models import NeedState as S
from app.ledgers.service_log.models import ServiceKind
from app.ledgers.service_log.service import write_automatically
from app.registers.register import Change


@dataclass(frozen=True, slots=True)
class Act:
    """A service act: the move that is one, its kind, and its words in the log."""

    move: str
    kind: ServiceKind
    words: str


_BY_STATE: Mapping[S, Act] = {
    S.accepted: Act("accept", ServiceKind.other, "受理需求"),
    S.published: Act("publish", ServiceKind.matchmaking, "脱敏发布需求"),
    S.matching: Act("match", ServiceKind.matchmaking, "为需求寻找对接对象"),
    S.matched: Act("match", ServiceKind.matchmaking, "需求完成对接"),
    S.in_progress: Act("start", ServiceKind.matchmaking, "需求启动实施"),
    S.resolved: Act("resolve", ServiceKind.matchmaking, "需求得到解决"),
    S.escalated: Act("escalate", ServiceKind.other, "需求提级办理"),
    S.follow_up: Act("follow_up", ServiceKind.visit, "需求跟踪回访"),
}


def act_of(before: Mapping[str, Any] | None, need: Need) -> Act | None:
    """Return the service act a change was, or None: edits, pauses and refusals are none."""
    if before is None or before["state"] == S.suspended:
        return None
    moved = before["state"] != need.state
    again = before["follow_ups"] != need.follow_ups or before["level"] != need.level
    return _BY_STATE.get(need.state) if moved or again else None


async def log_service(work: Work, change: Change[Need]) -> None:
    """Write the service log's entry of a step that staff took."""
    need = change.row
    act = act_of(change.before, need)
    if act is None or work.actor.role not in STAFF or need.enterprise_id is None:
        return
    await write_automatically(
        work,
        kind=act.kind,
        title=f"{act.words}：{need.title}",
        source_verb=f"needs.{act.move}",
        region_id=need.region_id,
        node_id=need.node_id,
        enterprise_ids=[need.enterprise_id],
        content=getattr(change.form, "reason", None),
        result=need.result if act.move == "resolve" else None,
        need_id=need.id,
    )
