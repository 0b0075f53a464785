"""One park's share of one round: its enterprises and experts, what they asked, what was done."""

from app.demo import (
    achievements,
    draws,
    enterprises,
    experts,
    matches,
    needs,
    panels,
    projects,
    service_log,
)
from app.demo.scene import Scene

_OWNERS = 22  # enterprises of a park that have needs
_PARKS = 4  # of the first round: each holds draws, further rounds add none


async def enter(scene: Scene) -> None:
    """Write everything of one park, in the order in which it can be known."""
    await enterprises.enter(scene)
    working = scene.working()
    scene.owners = [working[0], *scene.dice.sample(working[1:], _OWNERS - 1)]
    await experts.enter(scene)
    begun = await projects.enter(scene)
    await achievements.enter(scene)
    cases = await needs.enter(scene)
    await matches.enter(scene, cases, begun)
    if scene.place < _PARKS:
        await panels.rule(scene)
        held = await draws.enter(scene, begun)
        await panels.enter(scene, held, begun)
    await needs.finish(scene, cases)
    await service_log.enter(scene)
