"""Who merges records of a register, and which two may be merged at all."""

from dataclasses import dataclass
from typing import Any

from app.access.roles import Role, named
from app.audit.work import Work
from app.core.labels import T
from app.registers.directory import AnyRegister
from app.registers.showing import Refusal, edit_refusal

_ONLY = T(
    "只有既能修改又能删除{register}的{who}可以合并，请联系他们办理。",
    "Only {who}, who both edit and delete {register}, may merge them; ask one of them.",
)
_NEVER = T(
    "{register}不作合并；重复的请用办理步骤处理（例如并入、作废）。",
    "{register} are not merged; deal with a double by a step of the procedure (merge into, void).",
)
_ITSELF = T(
    "一条记录不能与自身合并，请选择另一条。", "A record is not merged with itself; choose another."
)
_ELSEWHERE = T(
    "两条记录不属于同一园区或单位，不能合并；请先由{who}核对归属。",
    "The two belong to different parks or organisations and cannot be merged; {who} must first"
    " check where each belongs.",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The record that stays and the one that goes into it."""

    survivor: Any
    loser: Any


def mergers(register: AnyRegister) -> frozenset[Role]:
    """Return the roles that may merge: those that both revise and delete, if doubles are known."""
    if not register.duplicates or register.evidence:
        return frozenset()
    by = register.rights.revise
    if register.lifecycle:
        by = by.union(*register.lifecycle.editable.values())
    return by & register.rights.delete


def never_merges(register: AnyRegister, role: Role) -> Refusal | None:
    """Return why a role merges no such records at all, or None."""
    by = mergers(register)
    if not by:
        return _NEVER, {"register": register.label}
    return None if role in by else (_ONLY, {"who": named(by), "register": register.label})


def refusal(work: Work, register: AnyRegister, pair: Pair) -> Refusal | None:
    """Return why these two may not be merged by this actor, or None."""
    if pair.survivor.id == pair.loser.id:
        return _ITSELF, {}
    ours = {(r.region_id, r.node_id) for r in (pair.survivor, pair.loser)}
    if len(ours) > 1:
        return _ELSEWHERE, {"who": named(mergers(register))}
    return next(
        (w for r in (pair.survivor, pair.loser) if (w := edit_refusal(register, work.actor, r))),
        None,
    )
