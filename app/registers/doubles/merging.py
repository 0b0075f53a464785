"""Two records of one thing become one: what pointed at either points at the one that stays.

One transaction: the other record is set aside, everything that named it names the survivor, what
stood beside it follows, accounts that spoke for it speak for the survivor, and its old address
leads there. All of it is written down, so that :mod:`app.registers.doubles.unmerging` turns it
back.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.access.opening import scope_to
from app.access.system import system_at
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Stale
from app.core.ids import new_id
from app.core.labels import T
from app.registers import reading, secrets, writing
from app.registers.directory import AnyRegister
from app.registers.doubles import beside, pointers
from app.registers.doubles.rights import Pair, never_merges, refusal
from app.registers.doubles.tables import RecordMerge
from app.registers.keeping import Kept, keep, stored
from app.registers.register import Change
from app.registers.showing import may_write

VERB = "merge"
_HOPS = 10
_EVIDENCE = T(
    "「{title}」写在抽取、评审或指派的凭据里，不能并走；请改为保留它，把另一条并入。",
    "“{title}” stands in the evidence of a draw, review or assignment and must stay; keep it and"
    " merge the other one into it.",
)
_STALE = T(
    "「{title}」在您比较之后又被修改（现为第 {now} 版）；请重新比较后再合并。",
    "“{title}” was changed after you compared (version {now} now); compare again, then merge.",
)
_TWIN = T(
    "两条记录各有一条相同的下属记录（例如同一张证书、同一次对接），合并后会重复；"
    "请先删除或合并其中一条，再合并这两条。",
    "Both have the same record of another ledger (one certificate, one match), which would be there"
    " twice; delete or merge one of those first, then merge these.",
)
_NO_FIELD = T(
    "没有这个可以选择的项目，请刷新后从列出的项目中选择。",
    "There is no such field to choose; reload and take one of those listed.",
)


class MergeAsked(BaseModel):
    """What goes into the record of the address, and from which record each field is taken."""

    model_config = ConfigDict(extra="forbid")
    other: UUID
    other_version: int
    take: dict[str, Literal["this", "other"]] = Field(default={}, max_length=200)


async def merge(
    work: Work, register: AnyRegister, record_id: UUID, asked: MergeAsked, version: int
) -> Any:
    """Merge ``asked.other`` into a record. Raises NotFound, Forbidden, Stale, Invalid, Conflict."""
    never = never_merges(register, work.actor.role)
    if never:
        await reading.row_of(work, register, record_id)
        raise Forbidden(*never)
    pair = await _locked(work, register, record_id, asked.other)
    for row, read in ((pair.survivor, version), (pair.loser, asked.other_version)):
        if row.version != read:
            title = getattr(row, register.title_field)
            raise Stale(_STALE, {"title": title, "now": row.version})
    why = refusal(work, register, pair)
    if why:
        raise Forbidden(*why)
    try:
        await _merged(work, register, pair, asked)
    except IntegrityError as exc:
        raise Conflict(_TWIN) from exc
    return pair.survivor


async def _locked(work: Work, register: AnyRegister, one: UUID, other: UUID) -> Pair:
    """Lock both in one order, whoever asks. Raises NotFound."""
    rows = {i: await reading.row_of(work, register, i, lock=True) for i in sorted({one, other})}
    return Pair(rows[one], rows[other])


@asynccontextmanager
async def whole_region(work: Work, region_id: int) -> AsyncIterator[None]:
    """Reach every record of the region for a moment: what names a record may lie beyond sight.

    Nothing read here is shown; it is only pointed elsewhere, and its history says by whom.
    """
    actor = work.actor
    house = await system_at(work.session, region_id)
    wide = replace(
        actor,
        nodes=tuple({*actor.nodes, *house.nodes}),
        library_nodes=tuple({*actor.library_nodes, *house.library_nodes}),
    )
    await scope_to(work.session, wide)
    yield  # a refusal rolls the whole transaction back, and the scope with it
    await scope_to(work.session, actor)


async def _merged(work: Work, register: AnyRegister, pair: Pair, asked: MergeAsked) -> None:
    survivor, loser = pair.survivor, pair.loser
    own = replace(work, batch_id=new_id())
    given = await _chosen(own, register, pair, asked)
    async with whole_region(own, survivor.region_id):
        pointing = await pointers.pointing(own, register, loser.id)
        if any(other.evidence for other in pointing):
            raise Forbidden(_EVIDENCE, {"title": getattr(loser, register.title_field)})
        moved: dict[str, Any] = {"published_at": await beside.published_at(own, loser.id)}
        touched = [row.id for rows in pointing.values() for row in rows]
        links = await beside.links_about(own, loser.id, survivor.id, touched)
        written = [await _set_aside(own, register, pair)]
        moved["tables"] = await beside.move_rows(own, register, loser, survivor)
        written.append(await _taken_in(own, register, survivor, given))
        for other, rows in pointing.items():  # the survivor may have pointed at the other itself
            further = [row for row in rows if row.id != survivor.id]
            written += await _turned(own, register, other, further, pair)
        await beside.move_links(own, loser, survivor)
        now_ = await beside.links_about(own, loser.id, survivor.id, touched)
        moved["links"] = beside.links_changed(links, now_)
        moved["names"] = await beside.move_names(own, register, loser.id, survivor.id)
        moved["hats"] = await beside.move_hats(own, register, loser.id, survivor.id)
        await _note(own, register, pair, written, moved)


async def _chosen(
    work: Work, register: AnyRegister, pair: Pair, asked: MergeAsked
) -> Mapping[str, Any]:
    """Return what the survivor is given: each field from the record it was chosen from."""
    writable = {f.name: f for f in register.fields if may_write(f, work.actor)}
    unknown = [n for n in asked.take if n not in writable]
    if unknown:
        raise Invalid.of(*(FieldError(f"/take/{n}", "unknown", _NO_FIELD) for n in unknown))
    given = {}
    for name, f in writable.items():
        given[name] = getattr(pair.survivor, name)
        if asked.take.get(name) != "other":
            continue
        given[name] = getattr(pair.loser, name)
        if f.secret and given[name]:
            given[name] = await secrets.value_of(work, register, pair.loser.id, name)
    return given


async def _set_aside(work: Work, register: AnyRegister, pair: Pair) -> dict[str, Any]:
    row = pair.loser
    before = stored(register, row)
    row.deleted_at = now()
    _touched(work, row)
    reason = f"→ {getattr(pair.survivor, register.title_field)} ({pair.survivor.id})"
    kept = Kept(Change(row, before), VERB, reason, op="delete")
    await keep(work, register, [kept])
    if register.after_write is not None:
        await register.after_write(work, kept.change)
    return _line(register, row, before)


async def _taken_in(
    work: Work, register: AnyRegister, row: Any, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the survivor with what was chosen and what its new surroundings say of it."""
    before = stored(register, row)
    if register.gather is not None:
        await register.gather(work, row)
    kept = await writing.prepared_revision(work, register, row, given, verb=VERB)
    kept = replace(kept, change=replace(kept.change, before=before))
    _touched(work, row)
    await keep(work, register, [kept])
    if register.after_write is not None:
        await register.after_write(work, kept.change)
    return _line(register, row, before)


async def _turned(
    work: Work, register: AnyRegister, other: AnyRegister, rows: list[Any], pair: Pair
) -> list[dict[str, Any]]:
    """Let records of another register name the survivor, each as a version of its own."""
    many = []
    for row in rows:
        before = stored(other, row)
        pointers.turn(other, register, row, pair.loser.id, pair.survivor.id)
        writing.settle(other, row)
        _touched(work, row)
        many.append(Kept(Change(row, before), VERB))
    if many:
        await keep(work, other, many)
    for kept in many:
        if other.after_write is not None:
            await other.after_write(work, kept.change)
    return [_line(other, kept.change.row, kept.change.before or {}) for kept in many]


def _touched(work: Work, row: Any) -> None:
    row.updated_at = max(now(), row.updated_at)
    row.updated_by = work.actor.account_id


def _line(register: AnyRegister, row: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "register": register.name,
        "id": str(row.id),
        "before": before["version"],
        "after": row.version,
    }


async def _note(
    work: Work,
    register: AnyRegister,
    pair: Pair,
    written: list[dict[str, Any]],
    moved: dict[str, Any],
) -> None:
    survivor, loser = pair.survivor, pair.loser
    work.session.add(
        RecordMerge(
            region_id=survivor.region_id,
            node_id=survivor.node_id,
            register_name=register.name,
            record_id=loser.id,
            id=work.batch_id or new_id(),
            survivor_id=survivor.id,
            account_id=work.actor.account_id,
            account_name=work.actor.name,
            written=written,
            moved=moved,
        )
    )
    await work.session.flush()


async def survivor_of(work: Work, register: AnyRegister, record_id: UUID) -> UUID:
    """Return the record an old address leads to, if this actor sees it. Raises NotFound."""
    at = record_id
    for _ in range(_HOPS):
        statement = select(col(RecordMerge.survivor_id)).where(
            col(RecordMerge.record_id) == at,
            col(RecordMerge.register_name) == register.name,
            col(RecordMerge.undone_at).is_(None),
        )
        next_one = await work.session.scalar(statement)
        if next_one is None:
            break
        at = next_one
    if at == record_id:
        raise NotFound
    await reading.one(work, register, at)
    return at
