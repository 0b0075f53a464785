"""A merge taken apart again, exactly: every record, link, file and account as they stood before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access.roles import named
from app.audit.work import Work
from app.core.clock import CIVIL, now
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.ids import new_id
from app.core.labels import T
from app.registers import directory, undo_words, undoing
from app.registers.directory import AnyRegister
from app.registers.doubles import beside, merging
from app.registers.doubles.rights import mergers
from app.registers.doubles.tables import RecordMerge
from app.registers.keeping import Kept, keep
from app.registers.restoring import version_of
from app.registers.showing import Refusal
from app.registers.tables import RecordVersion
from app.registers.visibility import visible

VERB = "unmerge"
_DONE = T(
    "这次合并已经撤销；需要时请重新比较并合并。",
    "This merge has been undone already; compare and merge again if that is right.",
)
_TOO_OLD = T(
    "这次合并是{day}做的，超过{days}天不再撤销；请新建一条记录，把分开的内容填入。",
    "This merge was made on {day}; after {days} days it is no longer undone. Make a new record for"
    " what is to be apart.",
)
_NOT_YOURS = T(
    "只有做这次合并的{name}，或{who}可以撤销，请联系他们。",
    "Only {name}, who merged them, or {who} may undo it; ask one of them.",
)
_UNSEEN = T("一条您无权查看的关联记录", "a linked record you may not see")


@dataclass(frozen=True, slots=True)
class Written:
    """One record the merge wrote: as it is now, and the version it goes back to."""

    register: AnyRegister
    row: Any
    before: RecordVersion


async def merge_of(work: Work, batch: UUID, *, lock: bool = False) -> RecordMerge | None:
    """Return the merge a batch was, if it was one behind this wall."""
    statement = select(RecordMerge).where(col(RecordMerge.id) == batch)
    if lock:
        statement = statement.with_for_update()
    return (await work.session.execute(statement)).scalar_one_or_none()


def refusal(work: Work, merged: RecordMerge) -> Refusal | None:
    """Return why this actor may not take the merge apart, or None."""
    register = directory.named(merged.register_name)
    by = mergers(register)
    if merged.undone_at is not None:
        return _DONE, {}
    if merged.at < now() - timedelta(days=undoing.DAYS):
        day = merged.at.astimezone(CIVIL).date().isoformat()
        return _TOO_OLD, {"day": day, "days": undoing.DAYS}
    kept = work.actor.role in by and merged.node_id in work.actor.nodes
    if merged.account_id != work.actor.account_id and not kept:
        return _NOT_YOURS, {"name": merged.account_name, "who": named(by)}
    return None


async def take_apart(work: Work, batch: UUID) -> RecordMerge:
    """Undo a merge. Raises NotFound, Forbidden, Conflict for a record changed since."""
    merged = await merge_of(work, batch)
    if merged is None:
        raise NotFound
    register = directory.named(merged.register_name)
    await undoing.found(work, register, merged.survivor_id)
    why = refusal(work, merged)
    if why:
        raise Forbidden(*why) if merged.undone_at is None else Conflict(*why)
    own = replace(work, batch_id=new_id())
    async with merging.whole_region(own, merged.region_id):
        many = await _unchanged(own, merged)
        again = await merge_of(own, batch, lock=True)  # nobody else took it apart meanwhile
        if again is None or again.undone_at is not None:
            raise Conflict(_DONE)
        await _turn_back(own, merged, many)
    merged.undone_at = now()
    await work.session.flush()
    return merged


async def _unchanged(work: Work, merged: RecordMerge) -> list[Written]:
    """Return what the merge wrote, locked. Raises Conflict if somebody changed one since."""
    found = []
    for line in sorted(merged.written, key=lambda told: (told["register"], told["id"])):
        register = directory.named(line["register"])
        one = select(register.row).where(col(register.row.id) == UUID(line["id"]))
        statement = one.with_for_update(of=register.row)
        row = (await work.session.execute(statement)).scalar_one()
        if row.version != line["after"]:
            raise Conflict(undo_words.CHANGED_SINCE, await _who_since(work, register, row))
        found.append(Written(register, row, await version_of(work, row.id, line["before"])))
    return found


async def _who_since(work: Work, register: AnyRegister, row: Any) -> dict[str, object]:
    """Name who changed a record since, and the record only to those who see it."""
    last = await version_of(work, row.id, row.version)
    told = dict(undoing.changed_since(work, register, undoing.Act(row, last, None)))
    statement = select(col(register.row.id)).where(
        col(register.row.id) == row.id, visible(register, work.actor)
    )
    if await work.session.scalar(statement) is None:
        told["title"] = _UNSEEN
    return told


async def _turn_back(work: Work, merged: RecordMerge, many: Sequence[Written]) -> None:
    """Write every record as it was: the survivor first, which may hold a key of the other's."""
    place = {merged.survivor_id: 0, merged.record_id: 1}
    ordered = sorted(many, key=lambda one: place.get(one.row.id, 2))
    rows = {one.row.id: one.row for one in ordered}
    old, new = rows[merged.record_id], rows[merged.survivor_id]
    done: list[tuple[AnyRegister, Kept]] = []
    for one in ordered:
        kept = await undoing.prepared(work, one.register, one.row, one.before)
        kept = replace(kept, verb=VERB)
        await keep(work, one.register, [kept])
        done.append((one.register, kept))
    await beside.move_rows_back(work, old, new, merged.moved["tables"])
    of = directory.named(merged.register_name)
    await beside.move_names_back(work, of, old.id, new.id, merged.moved["names"])
    await beside.move_hats_back(work, old.id, new.id, merged.moved["hats"])
    for register, kept in done:
        if register.after_write is not None:
            await register.after_write(work, kept.change)
    await beside.move_links_back(work, merged.moved["links"])
    await beside.published_as_of(work, old.id, merged.moved["published_at"])
