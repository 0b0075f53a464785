"""The demo's projects: fifteen a park, from a lead to the archive, with texts of real projects."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.access.actor import Actor
from app.demo import names
from app.demo.dice import Dice
from app.demo.pen import Draft, Step
from app.demo.scene import Firm, Scene
from app.demo.texts import Text, library
from app.registers import directory
from app.registers.register import Placement

COUNT = 15
_TO_RECOMMENDED = ("reserve", "argue", "apply", "recommend")
_TO_RUNNING = (*_TO_RECOMMENDED, "approve", "sign", "start")
_TO_ACCEPTANCE = (*_TO_RUNNING, "request_acceptance")
PATHS: Mapping[str, tuple[str, ...]] = {
    "running": _TO_RUNNING,
    "lead": (),
    "reserve": ("reserve",),
    "argumentation": ("reserve", "argue"),
    "applying": ("reserve", "argue", "apply"),
    "recommended": _TO_RECOMMENDED,
    "approved": (*_TO_RECOMMENDED, "approve"),
    "rejected": (*_TO_RECOMMENDED, "reject"),
    "signed": (*_TO_RECOMMENDED, "approve", "sign"),
    "changed": (*_TO_RUNNING, "change"),
    "delayed": (*_TO_RUNNING, "delay"),
    "acceptance": _TO_ACCEPTANCE,
    "accepted": (*_TO_ACCEPTANCE, "accept"),
    "failed": (*_TO_ACCEPTANCE, "fail"),
    "transformation": (*_TO_ACCEPTANCE, "accept", "transform"),
    "archived": (*_TO_ACCEPTANCE, "accept", "archive"),
    "terminated": (*_TO_RUNNING, "terminate"),
}
_REASONS = {
    "reject": "技术指标论证不充分,建议补充后再报",
    "change": "主要试验设备到货推迟,调整技术路线",
    "delay": "中试场地改造未完成",
    "fail": "一项考核指标未达到合同要求",
    "terminate": "牵头企业调整主营方向",
}
_GAPS = {"request_acceptance": (40, 70)}
_AWARDS = 0.4  # share of projects titled like an award


async def enter(scene: Scene) -> list[Any]:
    """File the projects and take each through its programme; return those under way."""
    register = directory.named("projects")
    states = [list(PATHS)[(scene.place * COUNT + place) % len(PATHS)] for place in range(COUNT)]
    firms = scene.dice.sample(scene.working(), COUNT)
    firms[0] = scene.owners[0]
    drafts = [
        _draft(scene, firm, 30 + 26 * len(PATHS[state]))
        for firm, state in zip(firms, states, strict=True)
    ]
    rows = await scene.pen.create(register, drafts)
    for wave in range(max(map(len, PATHS.values()))):
        steps = [
            _step(scene, row, PATHS[state][wave])
            for row, state in zip(rows, states, strict=True)
            if wave < len(PATHS[state])
        ]
        await scene.pen.move(register, steps)
    return [row for row in rows if row.state in ("reserve", "argumentation", "running", "changed")]


def _draft(scene: Scene, firm: Firm, days_ago: int) -> Draft:
    dice, field = scene.dice, firm.row.hightech_field
    text, title = _text(scene, field)
    at = scene.ago(min(days_ago, 390) + dice.randint(0, 20))
    begins = at.date() + timedelta(days=60)
    given = {
        "title": title[:120],
        "project_no": f"YL{at.year}-{next(scene.serial):06d}",
        "kind": dice.weighed({"research": 50, "transformation": 25, "industrialisation": 25}),
        "level": dice.weighed({"state": 8, "province": 37, "city": 35, "park": 20}),
        "programme": dice.choice(
            ("样例省重点研发计划", "样例省成果转化专项资金", "样例市科技计划")
        ),
        "major": ["programme"] if dice.happens(0.06) else [],
        "undertakers": _undertakers(scene, firm),
        "leader_name": names.person(dice),
        "hightech_field": field,
        "industry_code": firm.trade.code,
        "summary": text.abstract
        or f"围绕{text.title}开展研究与应用,形成可在园区企业推广的方法和软件。",
        "keywords": list(text.keywords),
        "budget_lines": _budget(dice),
        "period_from": begins,
        "period_to": begins + timedelta(days=730),
        "trl": dice.randint(3, 8),
        "milestones": [
            {"name": "完成方案设计", "due": (begins + timedelta(days=180)).isoformat()},
            {"name": "完成样机试制", "due": (begins + timedelta(days=420)).isoformat()},
            {"name": "完成验收准备", "due": (begins + timedelta(days=700)).isoformat()},
        ],
    }
    row = firm.row
    placement = Placement(row.region_id, row.node_id, row.id)
    return Draft(scene.park.station, at, given, placement)


def _text(scene: Scene, field: str) -> tuple[Text, str]:
    awards = library().awards.get(field)
    if awards and scene.dice.happens(_AWARDS):
        award = scene.deck.deal(f"award {field}", awards)
        return award, award.title
    paper = scene.paper(field)
    word = max(paper.keywords, key=len)
    return paper, f"{word}关键技术研发与应用:{paper.title}"


def _undertakers(scene: Scene, firm: Firm) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [{"enterprise_id": firm.row.id, "role": "lead"}]
    if scene.dice.happens(0.3):
        other = scene.dice.choice([f for f in scene.working() if f is not firm])
        told.append({"enterprise_id": other.row.id, "role": "participant"})
    if scene.dice.happens(0.5):
        institution = scene.dice.choice(names.INSTITUTIONS)[0]
        told.append({"name": institution, "role": "participant"})
    return told


def _budget(dice: Dice) -> list[dict[str, Any]]:
    own = dice.choice((50, 80, 120, 200, 300, 600))
    return [
        {
            "source": dice.choice(("state", "province", "city")),
            "amount": dice.choice((20, 50, 100)),
        },
        {"source": "own", "amount": own},
    ]


def _step(scene: Scene, row: Any, move: str) -> Step:
    at = scene.after(row.updated_at, *_GAPS.get(move, (6, 24)))
    form: dict[str, Any] = {"reason": _REASONS[move]} if move in _REASONS else {}
    if move == "approve":
        form = {
            "approval_no": f"样例科技〔{at.year}〕{next(scene.serial)}号",
            "approved_on": at.date().isoformat(),
        }
    elif move == "delay":
        form["period_to"] = (row.period_to + timedelta(days=180)).isoformat()
    return Step(_who(scene, move), at, row, move, form)


def _who(scene: Scene, move: str) -> Actor:
    if move == "recommend":
        return scene.park.committee
    if move in ("approve", "reject", "terminate"):
        return scene.park.leader
    return scene.park.centre if move in ("accept", "fail") else scene.park.station
