"""Opening a request: the session row becomes an Actor and the database's scope, in one round trip.

``park_open`` (a SECURITY DEFINER function of the first migration) checks the session, the account
and the hat, computes the nodes in scope, and sets them for this transaction only. The scope is
thus derived on the server from a row, never taken from a request.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.roles import Role, Wall
from app.core.errors import Unauthenticated
from app.core.labels import T

_OPEN = text("SELECT * FROM park_open(:session_id, :wall)")
_OPEN_HAT = text("SELECT * FROM park_open_hat(:account_id, :hat_id, :wall)")
_OWN = text("SELECT set_config('app.account', :account, true)")
_SCOPE = text(
    "SELECT set_config('app.nodes', :nodes, true),"
    " set_config('app.library_nodes', :library_nodes, true),"
    " set_config('app.party', :party, true),"
    " set_config('app.account', :account, true)"
)
_OVER = T("登录已失效，请重新登录。", "The session is over; sign in again.")


async def open_session(session: AsyncSession, session_id: UUID, wall: Wall) -> Actor:
    """Return who ``session_id`` is and scope this transaction to it. Raises Unauthenticated."""
    found = await session.execute(_OPEN, {"session_id": session_id, "wall": wall.value})
    row = found.mappings().one_or_none()
    if row is None:
        raise Unauthenticated(_OVER)
    return _actor(dict(row))


async def open_hat(
    session: AsyncSession, account_id: UUID, hat_id: UUID, wall: Wall
) -> Actor | None:
    """Return who wears this hat and scope this transaction to it, for work asked for earlier.

    None, and no scope, once the account is disabled or the hat has ended.
    """
    asked = {"account_id": account_id, "hat_id": hat_id, "wall": wall.value}
    row = (await session.execute(_OPEN_HAT, asked)).mappings().one_or_none()
    return None if row is None else _actor(dict(row))


async def own_account(session: AsyncSession, account_id: UUID) -> None:
    """Open what belongs to one account alone (its tasks), and no record."""
    await session.execute(_OWN, {"account": str(account_id)})


def _actor(facts: dict[str, Any]) -> Actor:
    return Actor(
        **facts
        | {
            "role": Role(facts["role"]),
            "nodes": tuple(facts["nodes"] or ()),
            "library_nodes": tuple(facts["library_nodes"] or ()),
        }
    )


async def scope_to(session: AsyncSession, actor: Actor) -> None:
    """Scope this transaction to an actor known otherwise (commands, jobs, the demo)."""
    await session.execute(
        _SCOPE,
        {
            "nodes": _listed(actor.nodes),
            "library_nodes": _listed(actor.library_nodes),
            "party": str(actor.party_id or ""),
            "account": str(actor.account_id),
        },
    )


def _listed(nodes: tuple[int, ...]) -> str:
    return ",".join(str(node) for node in nodes)
