"""Actors of hats that nobody wears just now: whom one may mention, whom a letter is written to."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from app.access.actor import Actor
from app.access.roles import Role

_WEARING = text("SELECT * FROM park_wearing(:hats)").bindparams(
    bindparam("hats", type_=ARRAY(Uuid))
)


async def wearing(session: AsyncSession, hats: Iterable[UUID]) -> Sequence[Actor]:
    """Return the actors of those of ``hats`` that are held now, by name; scopes nothing."""
    asked = list(hats)
    if not asked:
        return []
    found = await session.execute(_WEARING, {"hats": asked})
    actors = [
        Actor(
            **dict(row)
            | {
                "role": Role(row["role"]),
                "nodes": tuple(row["nodes"] or ()),
                "library_nodes": tuple(row["library_nodes"] or ()),
            }
        )
        for row in found.mappings()
    ]
    return sorted(actors, key=lambda actor: (actor.name, str(actor.hat_id)))
