"""The platform itself as an actor: jobs and indexes work under it, never a request.

It works behind the staff wall like everybody else, with the nodes it is given and no more, and
the trail names it. It has no account, so nobody can sign in as it.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import Role
from app.access.tables import NODE_KINDS, Organisation
from app.core.errors import NotFound

SYSTEM_ID = UUID(int=0)
USERNAME = "system"


async def system_at(session: AsyncSession, node_id: int) -> Actor:
    """Return the platform acting for one node and those below it. Raises NotFound."""
    found = await session.execute(
        select(Organisation)
        .where(col(Organisation.kind).in_(NODE_KINDS))
        .order_by(col(Organisation.id))
    )
    nodes = {row.node_id: row for row in found.scalars()}
    if node_id not in nodes:
        raise NotFound
    at = nodes[node_id]
    below = tuple(n for n, row in nodes.items() if n == node_id or node_id in row.ancestors)
    return _actor(at, below, (*below, *at.ancestors))


async def system_everywhere(session: AsyncSession) -> Actor:
    """Return the platform acting for every node of this database."""
    found = await session.execute(
        select(Organisation)
        .where(col(Organisation.kind).in_(NODE_KINDS))
        .order_by(col(Organisation.id))
    )
    rows = list(found.scalars())
    nodes = tuple(row.node_id for row in rows)
    return _actor(rows[0] if rows else None, nodes, nodes)


def _actor(at: Organisation | None, nodes: tuple[int, ...], library: tuple[int, ...]) -> Actor:
    return Actor(
        account_id=SYSTEM_ID,
        username=USERNAME,
        name="系统",
        role=Role.centre_staff,
        organisation_id=at.id or 0 if at else 0,
        organisation_name=at.name if at else "",
        node_id=at.node_id if at else 0,
        region_id=at.region_id if at else 0,
        nodes=nodes,
        library_nodes=library,
    )
