"""Who sees which projects, and who may do what with them (domain model 5.4)."""

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, STAFF, Role, Wall
from app.core.labels import T
from app.libraries.projects.lifecycle import PREPARERS, RECOMMENDED
from app.libraries.projects.models import Project
from app.registers.register import Rights
from app.registers.visibility import in_nodes, linked_to_party

RIGHTS = Rights(
    read=STAFF | {Role.enterprise, Role.expert},
    create=PREPARERS | {Role.enterprise},
    delete=frozenset({Role.centre_staff}),
    export=STAFF,
    import_=PREPARERS,
    attach=PREPARERS | {Role.centre_leader, Role.enterprise},
    history=STAFF | {Role.enterprise},
)
#: Who asks which experts could help a project.
MATCHERS = CENTRE | {Role.station_staff}

_NOT_LEADING = T(
    "只有牵头企业可以修改项目线索，请联系牵头企业。",
    "Only the leading enterprise may edit a lead; ask that enterprise.",
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show staff their parks' projects, the province those recommended, a party its own."""
    if actor.wall is Wall.party:
        return linked_to_party(Project, actor)
    if actor.role is Role.province_staff:
        return and_(in_nodes(Project, actor), col(Project.state).in_(RECOMMENDED))
    return in_nodes(Project, actor)


def may_edit(actor: Actor, row: Project) -> T | None:
    """Say why this actor may not edit the project: a participant does not rewrite the leader's."""
    if actor.role is Role.enterprise and row.owner_id != actor.party_id:
        return _NOT_LEADING
    return None
