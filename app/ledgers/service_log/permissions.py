"""Who sees which entries of the log, and what of them (domain model 5.4, third column)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, false

from app.access.actor import Actor
from app.access.roles import CENTRE, PARK, Role
from app.ledgers.service_log.lifecycle import AUTHORS
from app.ledgers.service_log.models import ServiceLogEntry
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_nodes, linked_to_party

RIGHTS = Rights(
    read=PARK | CENTRE | {Role.enterprise},
    create=AUTHORS,
    export=PARK | CENTRE,
    import_=frozenset({Role.station_staff}),
    attach=AUTHORS,
)

#: Which other enterprises took part, and what the house plans next, is the house's own matter.
INSIDE: Mapping[Role, Disclosure] = dict.fromkeys(PARK | CENTRE, Disclosure.plain)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show staff the entries of their parks, an enterprise those about it."""
    if actor.role in PARK | CENTRE:
        return in_nodes(ServiceLogEntry, actor)
    if actor.role is Role.enterprise:
        return linked_to_party(ServiceLogEntry, actor)
    return false()
