"""Who sees which draws, and from when on the names in them (domain model 5.4, hard rule 4)."""

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, PARK, Role
from app.matching.draws.models import Draw, DrawState
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_nodes

CITY = CENTRE | PARK
REQUESTERS = frozenset({Role.station_staff, Role.centre_staff})
OPERATORS = frozenset({Role.centre_staff})
WITNESSES = frozenset({Role.committee, Role.centre_leader})
LEADERS = frozenset({Role.centre_leader})

#: Who is told the result while it waits for its release; the requester is told when it is out.
WAITING = CENTRE | {Role.committee}
#: Where the result is out.
OUT = frozenset({DrawState.released, DrawState.published})

RIGHTS = Rights(
    read=CITY | {Role.province_staff},
    create=REQUESTERS,
    export=CITY,
    attach=REQUESTERS,
    history=CITY | {Role.province_staff},
)

#: Whom the applicant asked not to have is for those who plan the draw.
PLANNED = dict.fromkeys(CENTRE | {Role.station_staff}, Disclosure.plain)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show parks and centre the draws of their nodes, the province what is published of them."""
    if actor.role is Role.province_staff:
        return and_(in_nodes(Draw, actor), col(Draw.state) == DrawState.published)
    return in_nodes(Draw, actor)


def names_for(actor: Actor, draw: Draw) -> bool:
    """Say whether the actor may be told who was drawn. To void a draw tells nobody more."""
    if draw.seed is None:
        return False
    if draw.state in OUT or (draw.state == DrawState.void and draw.released_at is not None):
        return True
    return actor.role in WAITING
