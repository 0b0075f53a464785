"""The demo's achievements: twenty a park, of experts and of enterprises, from found to benefit."""

from collections.abc import Mapping
from typing import Any

from app.access.actor import Actor
from app.demo.pen import Draft, Step
from app.demo.scene import Scene
from app.demo.texts import Text
from app.registers import directory
from app.registers.register import Placement

COUNT = 20
_OFFERED = ("register", "evaluate", "list")
PATHS: Mapping[str, tuple[str, ...]] = {
    "listed": _OFFERED,
    "registered": ("register",),
    "evaluated": ("register", "evaluate"),
    "negotiating": (*_OFFERED, "negotiate"),
    "contracted": (*_OFFERED, "negotiate", "contract"),
    "contract_registered": (*_OFFERED, "negotiate", "contract", "register_contract"),
    "benefit_tracked": (*_OFFERED, "negotiate", "contract", "register_contract", "track"),
    "withdrawn": ("register", "withdraw"),
    "found": (),
}
_STATES = ("listed",) * 5 + tuple(PATHS)
_OF_EXPERTS = 0.6
_SUMMARY = 600  # characters a summary is cut at


async def enter(scene: Scene) -> None:
    """Register the achievements and take each towards its user."""
    register = directory.named("achievements")
    states = [_STATES[(scene.place * COUNT + place) % len(_STATES)] for place in range(COUNT)]
    drafts = [
        _draft(scene, 20 + 22 * len(PATHS[state]), first=place == 0)
        for place, state in enumerate(states)
    ]
    rows = await scene.pen.create(register, drafts)
    for wave in range(max(map(len, PATHS.values()))):
        steps = [
            _step(scene, draft.actor, row, PATHS[state][wave])
            for draft, row, state in zip(drafts, rows, states, strict=True)
            if wave < len(PATHS[state])
        ]
        await scene.pen.move(register, steps)


def _draft(scene: Scene, days_ago: int, *, first: bool) -> Draft:
    dice = scene.dice
    at = scene.ago(days_ago + dice.randint(0, 60))
    if not first and dice.happens(_OF_EXPERTS):
        scholar = dice.choice(scene.scholars)
        row, paper = scholar.row, dice.choice(list(scholar.papers))
        own = {"expert_id": row.id, "owner_name": row.organisation}
        placement = Placement(row.region_id, row.node_id, row.id)
        return Draft(scene.park.centre, at, own | _body(scene, paper), placement)
    firm = scene.owners[0] if first else dice.choice(scene.working())
    row, paper = firm.row, scene.paper(firm.row.hightech_field)
    own = {"enterprise_id": row.id, "owner_name": row.name}
    placement = Placement(row.region_id, row.node_id, row.id)
    return Draft(scene.park.station, at, own | _body(scene, paper), placement)


def _body(scene: Scene, paper: Text) -> dict[str, Any]:
    dice, number = scene.dice, next(scene.serial)
    return {
        "title": paper.title,
        "registration_no": f"99{scene.today.year}Y{number:06d}",
        "kind": dice.weighed({"technology": 60, "product": 20, "material": 12, "software": 8}),
        "hightech_field": paper.field,
        "keywords": list(paper.keywords),
        "summary": paper.abstract[:_SUMMARY],
        "trl": dice.randint(4, 8),
        "trl_evidence": "完成样品试制并通过用户试用",
        "ip_refs": [
            {"kind": "invention", "number": f"演示{number:08d}", "title": paper.title[:200]}
        ],
        "transfer_modes": dice.sample(("transfer", "licence", "equity", "cooperation"), 2),
        "asking_price": dice.choice((None, 30, 50, 80, 120, 200)),
        "asking_terms": "价格面议,可先期联合试验",
    }


def _step(scene: Scene, actor: Actor, row: Any, move: str) -> Step:
    at = scene.after(row.updated_at, 4, 20)
    forms: Mapping[str, dict[str, Any]] = {
        "evaluate": {
            "evaluation": "技术先进,具备转化条件",
            "evaluator": "样例科技成果评价中心",
            "evaluated_on": at.date().isoformat(),
        },
        "contract": {
            "contract_kind": scene.dice.choice(("transfer", "licence", "development")),
            "contract_amount": scene.dice.choice((20, 45, 80, 150)),
        },
        "register_contract": {
            "contract_no": f"样例合同{next(scene.serial):06d}",
            "technical_amount": 20,
        },
        "withdraw": {"reason": "权利人改为自行实施"},
    }
    return Step(actor, at, row, move, forms.get(move, {}))
