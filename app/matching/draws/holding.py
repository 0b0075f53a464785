"""Holding a draw: promises, numbers, seed, seats. Each step is checked and written to the log."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, text
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict
from app.core.labels import T
from app.matching.drawing import bundle, chance, pool
from app.matching.drawing import seats as seating
from app.matching.drawing.canonical import sha
from app.matching.drawing.pool import Entry
from app.matching.draws import events, matter
from app.matching.draws.acts import RELEASE
from app.matching.draws.lifecycle import PARTIES, overdue, party_of
from app.matching.draws.models import Draw, DrawCommitment, DrawState, Party
from app.registers.approvals.service import settle
from app.registers.register import Change

_POOL = text("SELECT * FROM park_draw_pool(:draw_id)")

_COPIED = T(
    "承诺值与另一方的相同：每方须自己生成随机数。",
    "The same promise as the other party's: each makes a number of its own.",
)
_WRONG = T(
    "随机数与您提交的承诺不符：请核对是否取用了本次抽取、以本人身份生成的随机数。",
    "The number is not the one you promised: look for the one made for this draw and party.",
)
_CHANGED = T(
    "封存的名单或条件与封存时公布的值不符，抽取已停止。请由中心主任作废并说明理由。",
    "Pool or terms are not those frozen: the draw is stopped. It must be voided with a reason.",
)


async def on_commit(work: Work, change: Change[Draw]) -> None:
    """Take one party's promise; with both, the draw waits for the numbers. Raises Conflict."""
    draw, given = change.row, change.form.hash
    await matter.require_operator(work)
    party = party_of(work.actor.role)
    for other in await commitments(work, draw):
        if other.hash == given:
            raise Conflict(_COPIED)
    work.session.add(
        DrawCommitment(
            region_id=draw.region_id,
            node_id=draw.node_id,
            record_id=draw.id,
            party=party,
            account_id=work.actor.account_id,
            account_name=work.actor.name,
            hash=given,
        )
    )
    setattr(draw, f"{party.value}_id", work.actor.account_id)
    setattr(draw, party.value, work.actor.name)
    await work.session.flush()
    await events.write(work, draw, events.COMMITTED, {"party": party.value, "hash": given})
    if draw.operator_id and draw.witness_id:
        draw.state = DrawState.committed
        draw.committed_at = now()
        draw.reveal_due_at = draw.committed_at + timedelta(hours=draw.reveal_within_hours)


async def on_reveal(work: Work, change: Change[Draw]) -> None:
    """Check one party's number; with the last one the draw is held. Raises Conflict."""
    draw, nonce = change.row, change.form.nonce
    mine = await _own(work, draw)
    if chance.commitment(str(draw.id), mine.party, nonce) != mine.hash:
        raise Conflict(_WRONG)
    mine.nonce, mine.revealed_at = nonce, now()
    setattr(draw, f"{Party(mine.party).value}_shown_at", mine.revealed_at)
    await work.session.flush()
    facts = {"party": Party(mine.party).value, "nonce": nonce}
    await events.write(work, draw, events.REVEALED, facts)
    if draw.operator_shown_at and draw.witness_shown_at:
        await _hold(work, draw, [])
        draw.state = DrawState.drawn


async def on_beacon(work: Work, change: Change[Draw]) -> None:
    """Take the public value named before, and hold the draw. Raises Conflict."""
    draw, value = change.row, change.form.value
    if overdue(draw):
        late = [p.value for p in PARTIES if getattr(draw, f"{p.value}_shown_at") is None]
        await events.write(work, draw, events.OVERDUE, {"parties": late})
    draw.beacon_value = value
    facts = {"named": draw.beacon, "value": value}
    await events.write(work, draw, events.BEACON, facts)
    await _hold(work, draw, [facts])


async def on_release(work: Work, change: Change[Draw]) -> None:
    """Let the result out, as the second person. Raises Conflict, Forbidden."""
    draw = change.row
    await settle(work, RELEASE, draw.id)
    draw.released_at = now()
    draw.released_by_id, draw.released_by = work.actor.account_id, work.actor.name
    await events.write(work, draw, events.RELEASED, {})


async def on_publish(work: Work, change: Change[Draw]) -> None:
    change.row.published_at = now()
    await events.write(work, change.row, events.PUBLISHED, {})


async def on_void(work: Work, change: Change[Draw]) -> None:
    """Void the draw in public; a missing number is noted with its party."""
    draw = change.row
    draw.void_reason, draw.voided_by, draw.voided_at = (
        change.form.reason,
        work.actor.name,
        now(),
    )
    if draw.root is None:
        return
    if change.before and change.before["state"] == DrawState.committed and overdue(draw):
        late = [p.value for p in PARTIES if getattr(draw, f"{p.value}_shown_at") is None]
        await events.write(work, draw, events.OVERDUE, {"parties": late})
    await events.write(work, draw, events.VOIDED, {"reason": draw.void_reason})


async def commitments(work: Work, draw: Draw) -> list[DrawCommitment]:
    """Return the promises of a draw, in the fixed order of the parties."""
    statement = (
        select(DrawCommitment)
        .where(col(DrawCommitment.record_id) == draw.id)
        .order_by(col(DrawCommitment.party))
    )
    return list((await work.session.execute(statement)).scalars())


async def _own(work: Work, draw: Draw) -> DrawCommitment:
    """Return the caller's promise; the move's guard has seen that there is one."""
    found = await commitments(work, draw)
    return next(one for one in found if one.account_id == work.actor.account_id)


async def pool_of(work: Work, draw: Draw) -> list[Entry]:
    """Return the frozen pool without names."""
    rows = await work.session.execute(_POOL, {"draw_id": draw.id})
    return [Entry.read(dict(row) | {"id": row["pseudonym"]}) for row in rows.mappings()]


async def _hold(work: Work, draw: Draw, beacon: list[dict[str, Any]]) -> None:
    """Make the seed and fill the seats. Raises Conflict if pool or terms were touched."""
    entries = await pool_of(work, draw)
    terms = draw.terms or {}
    root, settled = pool.root_of(entries), sha(terms)
    if (root, settled) != (draw.root, draw.terms_hash):
        raise Conflict(_CHANGED)
    shown = {
        Party(one.party).value: one.nonce for one in await commitments(work, draw) if one.nonce
    }
    draw.seed = chance.seed(root, settled, shown, beacon)
    draw.drawn_at = now()
    await events.write(work, draw, events.DRAWN, {"seed": draw.seed})
    order = chance.in_order(draw.seed, entries)
    seats = bundle.seats_of(terms)
    for filled in seating.walk(seats, order, terms["per_unit_max"]):
        await events.write(work, draw, events.SEATED, bundle.seated(filled))
