"""Searching for many needs: a task in parts, each need noted in the trail as a single search is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.audit.work import Work
from app.core.errors import NotFound
from app.core.labels import T
from app.matching import subjects
from app.matching.batches import file
from app.matching.batches.keeping import KeptNeed, kept_of
from app.matching.matches.models import CandidateKind
from app.matching.searches import search
from app.registers import directory, tasks

KIND = "match_batch"
_AT_A_TIME = 5
_SEARCHING = T("查找候选", "Looking for candidates")


class Wanted(BaseModel):
    """Which needs, candidates of which kinds, and how many of each."""

    needs: list[UUID]
    kinds: list[CandidateKind]
    limit: int


async def ask(
    work: Work, needs: Sequence[UUID], kinds: list[CandidateKind], limit: int
) -> tasks.TaskRun:
    """Ask for candidates of needs the actor sees. Raises Forbidden, TooMany."""
    wanted = Wanted(needs=list(needs), kinds=kinds, limit=limit)
    title = f"{directory.named('needs').label.in_(work.locale)} · {len(needs)}"
    return await tasks.ask(work, KIND, wanted, register="needs", title=title)


@tasks.in_parts(
    KIND,
    T("批量对接", "Match in bulk"),
    Wanted,
    phases={"searching": _SEARCHING},
    page=lambda task: f"/matching/batches/{task.id}",
)
async def run(run: tasks.Run[Wanted]) -> tasks.Done:
    """Search for some needs at a time; whoever takes over goes on where the last part ended."""
    wanted = run.params
    start, total = int(run.cursor.get("next", 0)), len(wanted.needs)
    while start < total:
        async with run.part() as part:
            some = wanted.needs[start : start + _AT_A_TIME]
            found = [await _one(part.work, one, run) for one in some]
            start += len(some)
            kept = [one.model_dump(mode="json") for one in found if one is not None]
            part.cursor = {"next": start, "needs": [*run.cursor.get("needs", []), *kept]}
            part.done, part.total, part.phase = start, total, "searching"
            if start == total:
                await _noted(part.work, run, part.cursor)
    async with run.work() as work:
        made = await file.made(work, kept_of(run.cursor))
    return tasks.Done(_counts(run.cursor), made)


async def _one(work: Work, need_id: UUID, run: tasks.Run[Wanted]) -> KeptNeed | None:
    """Return the candidates of one need; None of a need that is out of sight by now."""
    try:
        row = await subjects.need_of(work, need_id)
    except NotFound:
        return None
    subjects.require_matcher(work)
    if row.state not in subjects.OPEN_NEEDS:
        return KeptNeed(id=need_id, closed=True)
    asked = run.params
    answer = await search(work, row, asked.kinds, asked.limit, task=str(run.id))
    return KeptNeed.of(need_id, answer)


async def _noted(work: Work, run: tasks.Run[Wanted], cursor: dict[str, Any]) -> None:
    """Write one line about the whole act, beside those of its needs."""
    detail = _counts(cursor) | {"task": str(run.id), "kinds": run.params.kinds}
    await work.note("needs.match_batch", register="needs", detail=detail)


def _counts(cursor: dict[str, Any]) -> dict[str, int]:
    kept = kept_of(cursor)
    groups = [group for one in kept for group in one.groups]
    return {
        "needs": sum(not one.closed for one in kept),
        "closed": sum(one.closed for one in kept),
        "found": sum(len(group.candidates) for group in groups),
        "excluded": sum(group.excluded for group in groups),
    }
