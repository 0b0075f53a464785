"""The demo's draws: one published, one with its pool frozen, one planned, in each park."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.access.actor import Actor
from app.demo.pen import Draft, Step
from app.demo.scene import Scene
from app.matching.drawing.chance import commitment
from app.matching.drawing.pool import fresh
from app.registers import directory

_PLAN: dict[str, Any] = {
    "size": 5,
    "alternates": 3,
    "technical_min_percent": 60,
    "finance_min": 1,
    "offsite_min": 1,
}
_BEACON = "抽取次日双色球开奖号码"
_TITLES = ("项目立项论证", "项目中期检查", "项目验收")
_HELD_DAYS_AGO, _FROZEN_DAYS_AGO, _PLANNED_DAYS_AGO = 30, 2, 1


async def enter(scene: Scene, projects: Sequence[Any]) -> Any:
    """Plan three draws for projects of the park; freeze the second; hold the first, return it."""
    register = directory.named("draws")
    days = (_HELD_DAYS_AGO, _FROZEN_DAYS_AGO, _PLANNED_DAYS_AGO)
    drafts = [
        Draft(
            scene.park.station,
            scene.ago(days[place]),
            _PLAN
            | {
                "title": f"{project.title[:80]}{_TITLES[place]}专家抽取",
                "project_id": project.id,
                "beacon": _BEACON,
                "review_on": (scene.today + timedelta(days=7 - days[place])).isoformat(),
            },
        )
        for place, project in enumerate(projects[: len(days)])
    ]
    rows = await scene.pen.create(register, drafts)
    centre, committee = scene.park.centre, scene.park.committee
    for row in rows[:2]:
        await _step(scene, row, centre, "freeze", hours=2)
    held = rows[0]
    numbers = {party: fresh(32) for party in ("operator", "witness")}
    for actor, party in ((centre, "operator"), (committee, "witness")):
        given = commitment(str(held.id), party, numbers[party])
        await _step(scene, held, actor, "commit", hash=given)
    for actor, party in ((committee, "witness"), (centre, "operator")):
        await _step(scene, held, actor, "reveal", nonce=numbers[party])
    await _step(scene, held, scene.park.leader, "release")
    await _step(scene, held, centre, "publish", hours=20)
    return held


async def _step(
    scene: Scene, row: Any, actor: Actor, move: str, *, hours: int = 1, **form: str
) -> None:
    at: datetime = min(row.updated_at + timedelta(hours=hours), scene.until)
    await scene.pen.move(directory.named("draws"), [Step(actor, at, row, move, form)])
