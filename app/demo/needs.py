"""The demo's needs: thirty a park, in every state, moved there step by step by those who may."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.access.actor import Actor
from app.core.clock import CIVIL
from app.demo.need_words import Wording, worded
from app.demo.pen import Draft, Step
from app.demo.scene import Firm, Scene, Scholar
from app.ledgers.needs.models import HandlingLevel
from app.registers import directory

#: State -> its moves, and how many days ago the last of them was taken.
PATHS: dict[str, tuple[tuple[str, ...], int, int]] = {
    "draft": ((), 0, 12),
    "submitted": (("submit",), 0, 3),
    "returned": (("submit", "return"), 1, 9),
    "accepted": (("submit", "accept"), 1, 11),
    "published": (("submit", "accept", "publish"), 1, 12),
    "matching": (("submit", "accept", "match"), 4, 11),
    "matched": (("submit", "accept", "publish", "match", "match"), 1, 20),
    "in_progress": (("submit", "accept", "match", "match", "start"), 5, 60),
    "resolved": (("submit", "accept", "match", "match", "start", "resolve"), 1, 15),
    "confirmed": (("submit", "accept", "match", "match", "start", "resolve", "confirm"), 5, 120),
    "follow_up": (
        ("submit", "accept", "match", "match", "start", "resolve", "confirm", "follow_up"),
        3,
        40,
    ),
    "closed": (
        ("submit", "accept", "match", "match", "start", "resolve", "confirm", "follow_up", "close"),
        2,
        30,
    ),
    "rejected": (("submit", "reject"), 10, 200),
    "merged": (("submit", "merge"), 0, 2),
    "escalated": (("submit", "accept", "match", "escalate"), 2, 20),
    "suspended": (("submit", "accept", "suspend"), 3, 40),
    "withdrawn": (("submit", "withdraw"), 5, 150),
    "unresolved": (("submit", "accept", "match", "close"), 10, 200),
}
#: Beyond one of each: what a station mostly has on its desk.
MORE = (
    *("accepted", "published", "published", "matching", "matching", "matched"),
    *("in_progress", "in_progress", "resolved", "confirmed", "follow_up", "closed"),
)
#: The first enterprise of a park has an account people try; these are its own needs.
FIRST = ("resolved", "in_progress", "matching", "draft", "accepted")
COUNT = len(PATHS) + len(MORE)
_GAPS = {
    "submit": (0, 1),
    "accept": (1, 3),
    "return": (1, 3),
    "reject": (1, 4),
    "publish": (1, 2),
    "match": (1, 3),
    "again": (6, 12),  # match or escalate, the second time
    "start": (2, 8),
    "resolve": (28, 75),
    "confirm": (1, 8),
    "follow_up": (175, 190),
    "close": (5, 20),
    "escalate": (6, 10),
    "suspend": (2, 5),
    "merge": (0, 1),
    "withdraw": (2, 6),
}
_REASONS = {
    "return": "请补充现有工艺参数和希望达到的指标",
    "reject": "属于一般采购事项,不在科技服务范围内",
    "escalate": "本园区和本市专家库中没有合适的专家,请上级协调",
    "suspend": "企业正在搬迁生产线,暂停三个月",
    "withdraw": "企业已自行解决",
    "merge": "与本园区另一条需求内容相同,合并办理",
}


@dataclass(slots=True)
class Case:
    """One need on its way: its wording, its moves with their times, its record once written."""

    state: str
    firm: Firm
    wording: Wording
    filed_at: datetime
    moves: tuple[tuple[str, datetime], ...]
    row: Any = None

    def time_of(self, move: str, which: int = 0) -> datetime | None:
        times = [at for name, at in self.moves if name == move]
        return times[which] if which < len(times) else None


async def enter(scene: Scene) -> list[Case]:
    """File all needs and take each as far as the point where candidates are looked for."""
    cases = sorted(_planned(scene), key=lambda case: case.filed_at)
    rows = await scene.pen.create(
        directory.named("needs"),
        [Draft(case.firm.actor, case.filed_at, case.wording.body) for case in cases],
    )
    for case, row in zip(cases, rows, strict=True):
        case.row = row
    await _walk(scene, [(case, _until_match(case)[0]) for case in cases])
    return cases


async def finish(scene: Scene, cases: Sequence[Case]) -> None:
    """Take each need on from where candidates were looked for to its state."""
    await _walk(scene, [(case, _until_match(case)[1]) for case in cases])


Moves = Sequence[tuple[str, datetime]]


def _until_match(case: Case) -> tuple[Moves, Moves]:
    names = [name for name, _ in case.moves]
    cut = names.index("match") + 1 if "match" in names else len(names)
    if case.state == "merged":  # into a need that must have been accepted by then
        cut = 1
    return case.moves[:cut], case.moves[cut:]


async def _walk(scene: Scene, ways: Sequence[tuple[Case, Moves]]) -> None:
    register = directory.named("needs")
    for wave in range(max(len(way) for _, way in ways)):
        steps = [
            _step(scene, case, *way[wave], [other for other, _ in ways])
            for case, way in ways
            if wave < len(way)
        ]
        for step in steps:
            if step.move == "publish" and step.actor is scene.park.committee:
                asked = replace(step, actor=scene.park.station, at=step.at - timedelta(minutes=5))
                await scene.pen.ask("needs.publish", asked)
        await scene.pen.move(register, steps)


def _planned(scene: Scene) -> list[Case]:
    states = [*PATHS, *MORE]
    cases = []
    for state in FIRST:
        states.remove(state)
        cases.append(_case(scene, scene.owners[0], state, scene.scholars[0]))
    for place, state in enumerate(states):
        cases.append(_case(scene, scene.owners[1 + place % (len(scene.owners) - 1)], state))
    return cases


def _case(scene: Scene, firm: Firm, state: str, scholar: Scholar | None = None) -> Case:
    field = firm.row.hightech_field
    known = [s for s in scene.scholars if s.papers[0].field == field]
    scholar = scholar or (scene.dice.choice(known) if known else None)
    paper = scene.dice.choice(list(scholar.papers)) if scholar else scene.paper(field)
    moves, latest, earliest = PATHS[state]
    if state == "escalated" and scene.place % 2 == 0:
        moves = (*moves, "escalate")  # the city found nobody either: on to the province
    last = scene.ago(scene.dice.randint(latest, earliest))
    times = [last]
    for place in range(len(moves) - 1, -1, -1):
        again = moves[place] in ("match", "escalate") and moves[place] in moves[:place]
        gap = _GAPS["again" if again else moves[place]]
        day = times[0].astimezone(CIVIL).date() - timedelta(days=scene.dice.randint(*gap))
        times.insert(0, min(scene.dice.moment(day), times[0] - timedelta(minutes=7)))
    wording = worded(scene, firm, paper)
    if state == "published" and firm is scene.owners[1]:
        wording.body["confidentiality"] = "confidential"
    return Case(state, firm, wording, times[0], tuple(zip(moves, times[1:], strict=True)))


def _step(scene: Scene, case: Case, move: str, at: datetime, others: Sequence[Case]) -> Step:
    form: dict[str, Any] = {}
    if move in _REASONS:
        form["reason"] = _REASONS[move]
    if move == "reject":
        form["reason_code"] = "not_a_tech_need"
    elif move == "merge":
        form["into"] = next(c.row.id for c in others if c.state == "accepted" and c is not case)
    elif move == "publish":
        form = {
            "blind_title": case.wording.blind_title,
            "blind_text": case.wording.blind_text,
            "checked": True,
        }
    elif move == "resolve":
        words = "、".join(case.wording.body["keywords"])
        form["result"] = f"专家到现场两次,围绕{words}提出改进方案,试运行后指标达到要求。"
    elif move == "close" and case.state == "unresolved":
        form["reason"] = "多方寻找仍未找到合适的技术来源,企业同意结束"
    return Step(_who(scene, case, move), at, case.row, move, form)


def _who(scene: Scene, case: Case, move: str) -> Actor:
    if move in ("submit", "confirm", "withdraw"):
        return case.firm.actor
    if move == "publish" and case.wording.body["confidentiality"] == "confidential":
        return scene.park.committee
    return scene.park.leader if case.row.level == HandlingLevel.centre else scene.park.station
