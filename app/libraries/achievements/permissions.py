"""Who sees which achievements, and who may do what with them (domain model 5.4)."""

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import STAFF, Role, Wall
from app.core.labels import T
from app.libraries.achievements.lifecycle import KEEPERS, OWNERS, SHARED, in_own_library
from app.libraries.achievements.models import Achievement
from app.registers.register import Rights
from app.registers.visibility import in_library, in_nodes, linked_to_party

RIGHTS = Rights(
    read=STAFF | OWNERS,
    create=KEEPERS | OWNERS,
    delete=frozenset({Role.centre_staff}),
    export=STAFF,
    import_=KEEPERS,
    attach=KEEPERS | OWNERS,
)

_NOT_OWNER = T(
    "只有成果的所有者可以修改，请联系成果权属单位或登记它的工作站。",
    "Only the achievement's owner may edit it; ask them, or the station that registered it.",
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show staff their parks' achievements and the listed ones of the levels they read."""
    if actor.wall is Wall.party:
        return linked_to_party(Achievement, actor)
    shared = col(Achievement.state).in_(SHARED)
    if actor.role is Role.province_staff:
        own = col(Achievement.node_id) == actor.node_id
        return or_(own, and_(in_nodes(Achievement, actor), shared))
    return or_(in_nodes(Achievement, actor), and_(in_library(Achievement, actor), shared))


def may_edit(actor: Actor, row: Achievement) -> T | None:
    """Say why this actor may not edit the achievement."""
    if actor.wall is Wall.party and row.owner_id != actor.party_id:
        return _NOT_OWNER
    return in_own_library(actor, row)
