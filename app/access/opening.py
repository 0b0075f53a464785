"""Opening a request: the session row becomes an Actor and the database's scope, in one round trip.

``park_open`` (a SECURITY DEFINER function of the first migration) checks the session, the account
and the hat, computes the nodes in scope, and sets them for this transaction only. The scope is
thus derived on the server from a row, never taken from a request.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.roles import Role, Wall
from app.core.errors import Unauthenticated
from app.core.labels import T

_OPEN = text("SELECT * FROM park_open(:session_id, :wall)")
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
    facts = dict(row)
    return Actor(
        **facts
        | {
            "role": Role(facts["role"]),
            "nodes": tuple(facts["nodes"]),
            "library_nodes": tuple(facts["library_nodes"]),
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
