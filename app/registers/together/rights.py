"""Who takes part in talking about a record: whoever reads its past.

A role that is shown only some fields of the present (an expert, of a need) hears nothing of who
did what, and a comment knows no field policy. A library read from above is not talked about below.
"""

from typing import Any

from app.access.roles import Role, Wall, named, wall_of
from app.audit.work import Work
from app.core.errors import Forbidden
from app.core.labels import T
from app.registers.directory import AnyRegister
from app.registers.register import Fence

_ONLY = T(
    "只有{who}可以评论和关注{register}，因为评论会谈到办理经过；请联系他们转达。",
    "Only {who} may comment on and follow: {register}, because comments tell how it was handled;"
    " ask one of them to pass your words on.",
)

_ABOVE = T(
    "这条记录由上级单位管理，只有管理它的单位可以评论；请联系他们转达。",
    "This record is kept by an organisation above yours, and only that one comments on it;"
    " ask them to pass your words on.",
)


def talkers(register: AnyRegister) -> frozenset[Role]:
    """Return the roles that read and write comments of ``register``."""
    rights = register.rights
    return rights.read if rights.history is None else rights.read & rights.history


def inside(register: AnyRegister) -> frozenset[Role]:
    """Return those of :func:`talkers` for whom internal comments are."""
    return frozenset(role for role in talkers(register) if wall_of(role) is Wall.staff)


def require(work: Work, register: AnyRegister) -> None:
    """Raise Forbidden for a role that takes no part."""
    may = talkers(register)
    if work.actor.role not in may:
        raise Forbidden(_ONLY, {"who": named(may), "register": register.label_one})


def require_to_write(work: Work, register: AnyRegister, row: Any) -> None:
    """Raise Forbidden also for what is only read from here: kept above, or elsewhere."""
    require(work, register)
    if work.actor.wall is Wall.staff and row.node_id not in work.actor.nodes:
        raise Forbidden(_ABOVE)
    if register.fence is Fence.library and register.may_edit is not None:
        why = register.may_edit(work.actor, row)
        if why:
            raise Forbidden(why)
