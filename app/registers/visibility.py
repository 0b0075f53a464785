"""The predicates registers build ``visible_to`` from, and the one every statement carries."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, select
from sqlmodel import col

from app.access.actor import Actor
from app.core.tables import Record
from app.registers.directory import AnyRegister
from app.registers.tables import PartyLink


def visible(register: AnyRegister, actor: Actor) -> ColumnElement[bool]:
    """Return the predicate of all rows of ``register`` that ``actor`` may see, tombstones aside."""
    if actor.role not in register.rights.read:
        return false()
    return and_(register.row.deleted_at.is_(None), register.visible_to(actor))


def in_nodes(row: type[Record], actor: Actor) -> ColumnElement[bool]:
    """Rows of the actor's own park, or of the parks of its city."""
    return col(row.node_id).in_(actor.nodes)


def in_library(row: type[Record], actor: Actor) -> ColumnElement[bool]:
    """Rows of the actor's nodes and of those above, whose libraries are theirs too."""
    return col(row.node_id).in_(actor.library_nodes)


def linked_to_party(row: type[Record], actor: Actor) -> ColumnElement[bool]:
    """Rows that belong to, or were shown to, the enterprise or expert the actor speaks for."""
    if actor.party_id is None:
        return false()
    links: Any = select(col(PartyLink.record_id)).where(col(PartyLink.party_id) == actor.party_id)
    return col(row.id).in_(links)
