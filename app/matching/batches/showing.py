"""What a search for many needs found, as whoever asked may see it when looking."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.labels import T
from app.ledgers.needs.models import Need, NeedState
from app.matching.batches.keeping import KeptGroup, KeptNeed
from app.matching.kinds import KINDS
from app.matching.matches.models import CandidateKind
from app.matching.sieve import rows_of
from app.registers import directory
from app.registers.visibility import visible

CLOSED = T(
    "这条需求当前不能对接（须已受理且未办结），没有查找；请先受理，再重新对接。",
    "Not searched: the need must be accepted and not yet settled. Accept it, then match again.",
)


class FoundCandidate(BaseModel):
    id: UUID
    label: str
    note: str = Field(description="What tells two of the same name apart")
    score: float
    reason: str = Field(description="The first of the reasons, a literal quotation; may be empty")


class FoundGroup(BaseModel):
    kind: CandidateKind
    label: str
    candidates: list[FoundCandidate]
    excluded: int = Field(description="How many of those ahead a rule kept away")


class FoundNeed(BaseModel):
    """One need with the best candidates of each kind."""

    id: UUID
    label: str
    state: NeedState
    closed: str | None = Field(description="Why nobody was looked for; null where somebody was")
    groups: list[FoundGroup]


class Found(BaseModel):
    items: list[FoundNeed]
    total: int = Field(description="Needs searched so far, as far as one still sees them")


Labels = Mapping[CandidateKind, Mapping[UUID, tuple[str, str]]]


async def shown(work: Work, kept: Sequence[KeptNeed], offset: int = 0, limit: int = 0) -> Found:
    """Return some of the needs (``limit`` 0: all); what is out of sight by now is absent."""
    needs = await _needs(work, kept)
    there = [one for one in kept if one.id in needs]
    window = there[offset : offset + limit] if limit else there
    labels = await _labels(work, window)
    items = [
        FoundNeed(
            id=one.id,
            label=needs[one.id][0],
            state=needs[one.id][1],
            closed=CLOSED.in_(work.locale) if one.closed else None,
            groups=[_group(work, group, labels) for group in one.groups if group.kind in labels],
        )
        for one in window
    ]
    return Found(items=items, total=len(there))


async def _needs(work: Work, kept: Sequence[KeptNeed]) -> dict[UUID, tuple[str, NeedState]]:
    found = await work.session.execute(
        select(col(Need.id), col(Need.title), col(Need.state)).where(
            col(Need.id).in_([one.id for one in kept]),
            visible(directory.named("needs"), work.actor),
        )
    )
    return {one: (title, state) for one, title, state in found.all()}


async def _labels(work: Work, kept: Sequence[KeptNeed]) -> Labels:
    """Return the names of the candidates that may be seen today, kind by kind."""
    wanted: dict[CandidateKind, set[UUID]] = {}
    for group in (group for one in kept for group in one.groups):
        wanted.setdefault(group.kind, set()).update(one.id for one in group.candidates)
    labels = {}
    for name, ids in wanted.items():
        kind, register = KINDS[name], directory.named(name.value)
        if work.actor.role not in register.rights.read:
            continue
        rows = await rows_of(work, kind, list(ids)) if ids else []
        title = register.title_field
        labels[name] = {row.id: (str(getattr(row, title)), kind.note(row)) for row in rows}
    return labels


def _group(work: Work, group: KeptGroup, labels: Labels) -> FoundGroup:
    known = labels[group.kind]
    return FoundGroup(
        kind=group.kind,
        label=directory.named(group.kind.value).label.in_(work.locale),
        excluded=group.excluded,
        candidates=[
            FoundCandidate(
                id=one.id,
                label=known[one.id][0],
                note=known[one.id][1],
                score=one.score,
                reason=one.reason,
            )
            for one in group.candidates
            if one.id in known
        ],
    )
