"""What panels ask of a draw: who was selected, who follows, and an expert's own proof.

A seat that falls vacant is filled by the same order with the same seed: nobody can draw again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.errors import Conflict, NotFound
from app.core.labels import T
from app.matching.drawing import bundle
from app.matching.draws import events, matter, publishing, standing
from app.matching.draws.holding import pool_of
from app.matching.draws.models import Draw, DrawEntry, DrawState
from app.matching.draws.permissions import OUT
from app.matching.draws.standing import Standing

_NOT_OUT = T(
    "抽取结果尚未复核放行，不能据此组成评审组；请由封存名单以外的另一位同志先复核。",
    "The result is not released yet, so no panel is formed from it; somebody other than who froze"
    " the pool must release it first.",
)
_OWN_KINDS = T(
    "这类记录由抽取自身写入，不能手工填写；请选择其他类别。",
    "Such entries are the draw's own to write; choose another kind.",
)


class SeatKind(StrEnum):
    member = "member"
    alternate = "alternate"


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the result: members by the number of their seat, alternates by their turn."""

    expert_id: UUID
    position: int
    kind: SeatKind


async def selected(work: Work, draw_id: UUID) -> list[Seat]:
    """Return who sits now and who follows. Raises NotFound, Conflict."""
    draw = await _out(work, draw_id)
    now_ = await stand(work, draw)
    after = [one for one in now_.spare if one not in now_.panel and one not in now_.gone]
    people = await experts_behind(work, draw, [one for one in (*now_.panel, *after) if one])
    members = [Seat(people[one], n, SeatKind.member) for n, one in enumerate(now_.panel, 1) if one]
    return members + [Seat(people[one], n, SeatKind.alternate) for n, one in enumerate(after, 1)]


async def replace(work: Work, draw_id: UUID, gone: UUID, code: str) -> UUID | None:
    """Let somebody go; return who takes the seat, the first in the same order who fits.

    None: nobody in the pool can keep the quotas, or ``gone`` held no seat. Asked again about the
    same person, the answer is the one given before. Raises NotFound, Conflict.
    """
    draw = await _out(work, draw_id, lock=True)
    left = await _pseudonym(work, draw, gone)
    log = await events.read(work, draw.id)
    told = _answered(log, left)
    if told is not None:
        return await _behind(work, draw, told["by"])
    now_ = standing.of(draw, await pool_of(work, draw), log)
    seat = now_.seat_of(left)
    if seat is None:
        if left not in now_.gone:
            await events.write(work, draw, events.WITHDRAWN, {"gone": left, "code": code})
            await publishing.project(work, draw)
        return None
    filled = now_.follow(seat, [*now_.gone, left])
    facts = bundle.seated(filled, left=left, code=code)
    await events.write(work, draw, events.SEATED, facts)
    await publishing.project(work, draw)
    await work.note(
        "draws.replace",
        register=matter.NAME,
        record_id=draw.id,
        record_label=draw.title,
        node_id=draw.node_id,
        detail={"seat": seat + 1, "code": code, "filled": filled.by is not None},
    )
    return await _behind(work, draw, facts["by"])


async def record_event(
    work: Work,
    draw_id: UUID,
    kind: str,
    facts: Mapping[str, Any],
    expert_id: UUID | None = None,
) -> str:
    """Append what happened to a panel to the draw's log; return the entry's hash.

    ``facts`` are public in the end: they name nobody. ``expert_id`` goes in as the pseudonym.
    Raises NotFound, Conflict.
    """
    if kind in events.LABELS:
        raise Conflict(_OWN_KINDS)
    draw = await _out(work, draw_id, lock=True)
    told = dict(facts)
    if expert_id is not None:
        told["person"] = await _pseudonym(work, draw, expert_id)
    written = await events.write(work, draw, kind, told)
    await publishing.project(work, draw)
    return written


@dataclass(frozen=True, slots=True)
class Proof:
    """What lets one expert check that they were in the pool, and as what."""

    draw_id: UUID
    title: str
    state: str
    root: str
    terms_hash: str
    entry: Mapping[str, Any]
    steps: list[list[str | None]]
    secret: str
    findings: list[dict[str, Any]]


async def proof_for(work: Work, draw_id: UUID, expert_id: UUID) -> Proof:
    """Return an expert's inclusion proof, once the draw is held. Raises NotFound."""
    row = (
        await work.session.execute(
            select(DrawEntry).where(
                col(DrawEntry.record_id) == draw_id, col(DrawEntry.expert_id) == expert_id
            )
        )
    ).scalar_one_or_none()
    public = await publishing.payload_of(work, draw_id)
    if row is None or public is None:
        raise NotFound
    return Proof(
        draw_id=draw_id,
        title=public["title"],
        state=public["state"],
        root=public["root"],
        terms_hash=public["terms_hash"],
        entry={
            "id": row.pseudonym,
            "unit": row.unit,
            "strata": row.strata,
            "excluded": row.excluded,
            "salt": row.salt,
        },
        steps=row.proof,
        secret=row.secret,
        findings=row.findings,
    )


async def stand(work: Work, draw: Draw) -> Standing:
    """Return how a draw stands that was held."""
    return standing.of(draw, await pool_of(work, draw), await events.read(work, draw.id))


async def experts_behind(work: Work, draw: Draw, pseudonyms: list[str]) -> dict[str, UUID]:
    """Return the experts behind pseudonyms."""
    statement = select(col(DrawEntry.pseudonym), col(DrawEntry.expert_id)).where(
        col(DrawEntry.record_id) == draw.id, col(DrawEntry.pseudonym).in_(pseudonyms)
    )
    return {row[0]: row[1] for row in await work.session.execute(statement)}


async def _out(work: Work, draw_id: UUID, *, lock: bool = False) -> Draw:
    draw = await matter.draw_of(work, draw_id, lock=lock)
    if DrawState(draw.state) not in OUT:
        raise Conflict(_NOT_OUT)
    return draw


async def _pseudonym(work: Work, draw: Draw, expert_id: UUID) -> str:
    found = await work.session.scalar(
        select(col(DrawEntry.pseudonym)).where(
            col(DrawEntry.record_id) == draw.id, col(DrawEntry.expert_id) == expert_id
        )
    )
    if found is None:
        raise NotFound
    return str(found)


async def _behind(work: Work, draw: Draw, pseudonym: str | None) -> UUID | None:
    if pseudonym is None:
        return None
    return (await experts_behind(work, draw, [pseudonym])).get(pseudonym)


def _answered(log: list[dict[str, Any]], left: str) -> Mapping[str, Any] | None:
    """Return the seating that followed when ``left`` went, if it did."""
    filled = (event["facts"] for event in log if event["kind"] == events.SEATED)
    return next((facts for facts in filled if facts.get("left") == left), None)
