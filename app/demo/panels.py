"""The demo's panels, batches and rules: what follows a draw, what is being prepared, what binds."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.demo.pen import Draft, Step
from app.demo.scene import Scene
from app.registers import directory

_CRITERIA: tuple[dict[str, Any], ...] = (
    {"name": "技术先进性", "max_points": "40"},
    {"name": "实施可行性", "max_points": "30"},
    {"name": "预期效益", "max_points": "30"},
)
_RULE: dict[str, Any] = {
    "code": "rotation",
    "purpose": "review",
    "days": 30,
    "document": "样例市评审专家管理规定（演示）",
    "clause": "第十二条",
    "note": "演示数据：三十日内不重复邀请同一专家评审。",
}
_PARKS_OF_A_CITY = 2
_RULED_DAYS_AGO, _PANEL_DAYS_AGO, _BATCH_DAYS_AGO = 60, 20, 1


async def enter(scene: Scene, held: Any, projects: Sequence[Any]) -> None:
    """Form the panel of a draw and send its invitations; prepare a batch."""
    panels = directory.named("panels")
    at = scene.ago(_PANEL_DAYS_AGO)
    given = {
        "title": f"{held.title[:100]}评审组",
        "mode": "draw",
        "draw_id": held.id,
        "criteria": list(_CRITERIA),
        "meeting_on": (scene.today + timedelta(days=7)).isoformat(),
        "place": "园区会议室（演示）",
    }
    (panel,) = await scene.pen.create(panels, [Draft(scene.park.centre, at, given)])
    later = at + timedelta(hours=2)
    await scene.pen.move(panels, [Step(scene.park.centre, later, panel, "invite")])
    batch = {
        "title": f"{scene.park.organisation.name}项目评审指派（演示）",
        "project_ids": [project.id for project in projects],
        "seats": 3,
    }
    register = directory.named("assignments")
    await scene.pen.create(register, [Draft(scene.park.centre, scene.ago(_BATCH_DAYS_AGO), batch)])


async def rule(scene: Scene) -> None:
    """Have each city lay down one rule of its own, by two persons."""
    if scene.place >= len(scene.founded.parks) or scene.place % _PARKS_OF_A_CITY:
        return
    register = directory.named("conflict-rules")
    at = scene.ago(_RULED_DAYS_AGO)
    given = _RULE | {"valid_from": at.date().isoformat()}
    (made,) = await scene.pen.create(register, [Draft(scene.park.centre, at, given)])
    later = at + timedelta(hours=3)
    await scene.pen.move(register, [Step(scene.park.leader, later, made, "activate")])
