"""Who sees which qualifications: whoever sees the enterprise."""

from sqlalchemy import ColumnElement, false

from app.access.actor import Actor
from app.access.roles import CENTRE, PARK, Role
from app.ledgers.qualifications.models import Qualification
from app.registers.register import Rights
from app.registers.visibility import in_nodes, linked_to_party

STATION = frozenset({Role.station_staff})
RIGHTS = Rights(
    read=PARK | CENTRE | {Role.enterprise},
    create=STATION,
    revise=STATION,
    delete=STATION,
    export=PARK | CENTRE,
    import_=STATION,
    attach=STATION | {Role.enterprise},
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show staff those of their parks, an enterprise its own."""
    if actor.role in PARK | CENTRE:
        return in_nodes(Qualification, actor)
    if actor.role is Role.enterprise:
        return linked_to_party(Qualification, actor)
    return false()
