"""What anybody may read of a draw, kept apart from the tables behind the walls.

From freezing on: title, root, promises, the head of the log. Once published: the bundle, and the
names of those drawn who agreed to their name being published. A void draw stays, with its reason;
if it was held, with its bundle and without any name: what was thrown away can be checked too.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.matching import published_names
from app.matching.drawing import bundle as bundles
from app.matching.draws import events, matter, standing
from app.matching.draws.holding import commitments, pool_of
from app.matching.draws.models import Draw, DrawEntry, DrawState, PublishedDraw
from app.registers.register import Change


async def keep_public(work: Work, change: Change[Draw]) -> None:
    """Keep the public page in step with a draw that was written."""
    await project(work, change.row)


async def project(work: Work, draw: Draw) -> None:
    """Write what is public of a draw now."""
    if draw.root is None and draw.state != DrawState.void:
        return  # a plan is nobody's business yet
    payload = await _payload(work, draw)
    bundle = None
    if draw.state == DrawState.published or (draw.state == DrawState.void and draw.seed):
        bundle = (await bundle_of(work, draw)).decode()
        payload["digest"] = _digest(bundle)
    if draw.state == DrawState.published:
        payload["result"] = await _result(work, draw)
    row = {
        "region_id": draw.region_id,
        "node_id": draw.node_id,
        "register_name": matter.NAME,
        "record_id": draw.id,
        "since": draw.frozen_at or draw.voided_at or now(),
        "payload": payload,
        "bundle": bundle,
    }
    await work.session.execute(
        insert(PublishedDraw)
        .values(**row)
        .on_conflict_do_update(
            index_elements=["region_id", "record_id"],
            set_={"payload": payload, "bundle": bundle},
        )
    )


def _digest(bundle: str) -> str:
    """Return the digest as it stands in the bundle, which is canonical: no need to parse it."""
    mark = '"digest":"'
    start = bundle.index(mark) + len(mark)
    return bundle[start : start + 64]


async def _payload(work: Work, draw: Draw) -> dict[str, Any]:
    log = await events.read(work, draw.id)
    promised = [
        {
            "party": one.party,
            "hash": one.hash,
            "committed_at": one.committed_at.isoformat(),
            "nonce": one.nonce if draw.seed else None,
            "revealed_at": one.revealed_at.isoformat() if one.revealed_at else None,
        }
        for one in await commitments(work, draw)
    ]
    return {
        "title": draw.title,
        "state": DrawState(draw.state).value,
        "node": await matter.node_name(work, draw),
        "root": draw.root,
        "terms_hash": draw.terms_hash,
        "terms": draw.terms,
        "pool_size": draw.pool_size,
        "qualified": draw.qualified,
        "commitments": promised,
        "reveal_due_at": draw.reveal_due_at.isoformat() if draw.reveal_due_at else None,
        "beacon_value": draw.beacon_value,
        "seed": draw.seed,
        "log": [_entry(event) for event in log],
        "published_at": draw.published_at.isoformat() if draw.published_at else None,
        "void": {
            "reason": draw.void_reason,
            "at": draw.voided_at.isoformat() if draw.voided_at else None,
        }
        if draw.state == DrawState.void
        else None,
        "supersedes": str(draw.supersedes_id) if draw.supersedes_id else None,
        "ordered_by": draw.ordered_by,
        "redraw_reason": draw.redraw_reason,
    }


def _entry(event: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of the log without its facts, but for the party or the seat."""
    told = {name: event[name] for name in ("seq", "at", "kind", "hash")}
    if event["kind"] in (events.COMMITTED, events.REVEALED):
        told["about"] = {"party": event["facts"]["party"]}
    elif event["kind"] == events.SEATED:
        again = {"left": True} if "left" in event["facts"] else {}
        told["about"] = {"seat": event["facts"]["seat"]} | again
    return told


async def bundle_of(work: Work, draw: Draw) -> bytes:
    """Return the bundle of a draw that was held, as it stands now."""
    entries = await pool_of(work, draw)
    log = await events.read(work, draw.id)
    result = standing.of(draw, entries, log).result()
    return bundles.bundle(draw.terms or {}, entries, log, result)


async def _result(work: Work, draw: Draw) -> list[dict[str, Any]]:
    """Return the public list, by pseudonym; tell the names of those who agreed beside it."""
    now_ = standing.of(draw, await pool_of(work, draw), await events.read(work, draw.id))
    found = [
        {
            "kind": "member",
            "position": n,
            "pseudonym": one,
            "drawn": drawn if drawn != one else None,
        }
        for n, (one, drawn) in enumerate(zip(now_.panel, now_.first, strict=True), 1)
    ]
    after = [one for one in now_.spare if one not in now_.panel and one not in now_.gone]
    await _tell_names(work, draw, [one for one in (*now_.panel, *after) if one])
    return found + [
        {"kind": "alternate", "position": n, "pseudonym": one} for n, one in enumerate(after, 1)
    ]


async def _tell_names(work: Work, draw: Draw, pseudonyms: list[str]) -> None:
    rows = await work.session.execute(
        select(col(DrawEntry.expert_id), col(DrawEntry.pseudonym)).where(
            col(DrawEntry.record_id) == draw.id, col(DrawEntry.pseudonym).in_(pseudonyms)
        )
    )
    await published_names.tell(work, matter.NAME, draw, {row[0]: row[1] for row in rows})


async def payload_of(work: Work, draw_id: UUID) -> dict[str, Any] | None:
    """Return what is public of a draw."""
    found = await work.session.scalar(
        select(col(PublishedDraw.payload)).where(col(PublishedDraw.record_id) == draw_id)
    )
    return dict(found) if found is not None else None
