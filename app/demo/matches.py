"""The demo's matches: ranked by the product's own rules, then chosen, invited, answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.access.actor import Actor
from app.demo.needs import Case
from app.demo.pen import Ready, Step
from app.demo.scene import Scene, Scholar
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import candidates, subjects
from app.matching.conflicts import BUILT_IN, Checker, Purpose
from app.matching.kinds import KINDS, expert
from app.matching.matches.models import CandidateKind, Match, MatchBody
from app.matching.matches.service import write_down
from app.matching.parties import person_of
from app.matching.ranking import WEIGHTS, Index, build
from app.registers import directory

#: What became of the candidates of a need in a state; several lists are taken in turn.
_FATES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "matching": (
        ("invited", "proposed", "proposed"),
        ("chosen", "proposed", "rejected"),
        ("proposed", "declined", "proposed"),
    ),
    "matched": (("accepted", "rejected"), ("accepted", "proposed")),
    "in_progress": (("working", "rejected"), ("working",)),
    "resolved": (("done", "rejected"), ("done",)),
    "confirmed": (("done",), ("done", "rejected")),
    "follow_up": (("done",),),
    "closed": (("done",), ("done", "declined")),
    "escalated": (("recused", "rejected"),),
    "unresolved": (("done_no_help", "rejected"), ("not_reachable", "done_no_help")),
}
_MOVES: Mapping[str, tuple[str, ...]] = {
    "proposed": (),
    "chosen": ("choose",),
    "rejected": ("reject",),
    "invited": ("choose", "invite"),
    "accepted": ("choose", "invite", "accept"),
    "declined": ("choose", "invite", "decline"),
    "recused": ("choose", "invite", "recuse"),
    "working": ("choose", "invite", "accept", "start"),
    "done": ("choose", "invite", "accept", "start", "finish"),
    "done_no_help": ("choose", "invite", "accept", "start", "finish_without_help"),
    "not_reachable": ("choose", "invite", "give_up"),
}
_FORMS: Mapping[str, Mapping[str, str]] = {
    "reject": {"reason": "研究方向与需求相差较远"},
    "decline": {"reason": "近期项目较多,时间上无法保证"},
    "recuse": {"reason": "与该企业有其他合作,主动回避"},
    "give_up": {"reason": "两周内多次联系未获答复"},
    "finish": {"result": "到企业现场两次,提交改进方案一份"},
    "finish_without_help": {"result": "交流一次,认为现有技术难以满足要求"},
}
_EXPERTS = KINDS[CandidateKind.experts]


@dataclass(slots=True)
class Meeting:
    """A match on its way."""

    row: Match
    scholar: Scholar
    moves: tuple[tuple[str, datetime], ...]


async def enter(scene: Scene, cases: Sequence[Case], projects: Sequence[Any]) -> None:
    """Propose candidates and take each match to its state."""
    ranker = Ranker(scene)
    turns: dict[str, int] = {}
    meetings: list[Meeting] = []
    proposed: list[Ready] = []
    for case in cases:
        begun = case.time_of("match")
        if case.state not in _FATES or begun is None:
            continue
        turn = turns[case.state] = turns.get(case.state, scene.place - 1) + 1
        fates = _FATES[case.state][turn % len(_FATES[case.state])]
        chosen = await ranker.best(case.row, begun, len(fates))
        for fate, (scholar, found) in zip(fates, chosen, strict=False):
            times = _times(scene, case, begun, _MOVES[fate])
            meetings.append(_meeting(scene, proposed, case.row, scholar, found, begun, times))
    for project in projects[:2]:
        for scholar, found in await ranker.best(project, project.updated_at, 1):
            at = scene.after(project.updated_at, 0, 2)
            meetings.append(_meeting(scene, proposed, project, scholar, found, at, ()))
    register = directory.named("matches")
    await scene.pen.write(register, proposed)
    for wave in range(max(len(meeting.moves) for meeting in meetings)):
        steps = [
            Step(
                _who(scene, m, m.moves[wave][0]),
                m.moves[wave][1],
                m.row,
                m.moves[wave][0],
                _FORMS.get(m.moves[wave][0], {}),
            )
            for m in meetings
            if wave < len(m.moves)
        ]
        await scene.pen.move(register, steps)


def _who(scene: Scene, meeting: Meeting, move: str) -> Actor:
    own = move in ("accept", "decline", "recuse")
    return meeting.scholar.actor if own else scene.park.station


class Ranker:
    """The scholars of a scene, ranked as the product ranks them."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._able = [s for s in scene.scholars if s.row.state == "active"]
        self._by_id = {str(s.row.id): s for s in self._able}
        with TemporaryDirectory() as folder:  # what is mapped stays readable
            self._index = Index(build((expert(s.row) for s in self._able), Path(folder)))

    async def best(
        self, row: Need | Project, at: datetime, most: int
    ) -> list[tuple[Scholar, candidates.Assessment]]:
        """Return the best scholars for a need or a project, with how they are judged."""
        work = self._scene.pen.work(self._scene.park.station, at)
        subject = await subjects.subject_of(work, row)
        checker = Checker(subject, at.date(), BUILT_IN, Purpose.match)
        query = candidates.query_of(subject, at.date())
        found: list[tuple[Scholar, candidates.Assessment]] = []
        for hit in self._index.search(query, limit=len(self._able)).hits:
            scholar = self._by_id[hit.id]
            if len(found) < most and checker.clear(person_of(scholar.row)):
                told = candidates.explained(work, subject, _EXPERTS, hit, scholar.row)
                versions = (self._index.version, WEIGHTS.version, BUILT_IN.version)
                found.append((scholar, candidates.Assessment(told, [], *versions)))
        return found


def _meeting(
    scene: Scene,
    proposed: list[Ready],
    row: Need | Project,
    scholar: Scholar,
    found: candidates.Assessment,
    at: datetime,
    moves: tuple[tuple[str, datetime], ...],
) -> Meeting:
    """Write a match down as the server judges it, ready to be kept."""
    body = MatchBody(
        need_id=row.id if isinstance(row, Need) else None,
        project_id=row.id if isinstance(row, Project) else None,
        candidate_id=scholar.row.id,
    )
    match = Match(**body.model_dump(), region_id=row.region_id, node_id=row.node_id)
    scene.pen.work(scene.park.station, at)
    write_down(match, found)
    proposed.append(Ready(scene.park.station, at + timedelta(minutes=5), match, body))
    return Meeting(match, scholar, moves)


def _times(
    scene: Scene, case: Case, begun: datetime, moves: Sequence[str]
) -> tuple[tuple[str, datetime], ...]:
    """Spread a match's moves between the search for candidates and what followed it."""
    following = [at for _, at in case.moves if at > begun]
    end = following[0] if following else scene.until
    found, at = [], begun + timedelta(minutes=20)
    for move in moves:
        if move == "start":
            at = max(at, case.time_of("start") or at)
        elif move == "finish":
            resolved = case.time_of("resolve") or scene.until
            at = max(at, resolved - timedelta(days=2))
        else:
            at = min(scene.after(at, 1, 2), max(end - timedelta(minutes=30), at))
        at = min(at + timedelta(minutes=3), scene.until)
        found.append((move, at))
    return tuple(found)
