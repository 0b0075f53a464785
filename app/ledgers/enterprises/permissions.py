"""Who sees which enterprises, and what of them (domain model 5.4, first column)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, false

from app.access.actor import Actor
from app.access.roles import CENTRE, PARK, Role
from app.ledgers.enterprises.models import Enterprise
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_nodes, linked_to_party

#: The province sees sums, never single enterprises; experts see what a match reveals.
READERS = PARK | CENTRE | {Role.enterprise}
RECORDERS = frozenset({Role.station_staff, Role.enterprise})
STATION = frozenset({Role.station_staff})

RIGHTS = Rights(
    read=READERS,
    create=STATION,
    delete=STATION,
    export=PARK | CENTRE,
    import_=STATION,
    attach=RECORDERS,
)

#: A person's number: whoever works with the enterprise calls it, others see that there is one.
PERSONAL: Mapping[Role, Disclosure] = {
    Role.station_staff: Disclosure.plain,
    Role.enterprise: Disclosure.plain,
    Role.committee: Disclosure.masked,
    Role.centre_leader: Disclosure.masked,
    Role.centre_staff: Disclosure.masked,
}


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show a park its own enterprises, a centre those of its parks, an enterprise itself."""
    if actor.role in PARK | CENTRE:
        return in_nodes(Enterprise, actor)
    if actor.role is Role.enterprise:
        return linked_to_party(Enterprise, actor)
    return false()
