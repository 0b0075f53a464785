"""Who sees which needs, and what of them (domain model 5.4, second column)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, PARK, STAFF, Role
from app.ledgers.needs.lifecycle import AUTHORS
from app.ledgers.needs.models import HandlingLevel, Need, NeedState
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_nodes, linked_to_party

RIGHTS = Rights(
    read=STAFF | {Role.enterprise, Role.expert},
    create=AUTHORS,
    export=PARK | CENTRE,
    import_=frozenset({Role.station_staff}),
    attach=AUTHORS | {Role.centre_staff},
    history=STAFF | {Role.enterprise},
)

#: An expert is shown the problem, not who has it, what it may cost, or how it is handled.
NOT_FOR_EXPERTS: Mapping[Role, Disclosure] = dict.fromkeys(
    STAFF | {Role.enterprise}, Disclosure.plain
)
FOR_STAFF: Mapping[Role, Disclosure] = dict.fromkeys(STAFF, Disclosure.plain)
PERSONAL: Mapping[Role, Disclosure] = {
    **dict.fromkeys(STAFF, Disclosure.masked),
    Role.station_staff: Disclosure.plain,
    Role.enterprise: Disclosure.plain,
}
#: Read by the one who wrote it and by those who would ask an expert.
AVOIDANCE: Mapping[Role, Disclosure] = dict.fromkeys(
    CENTRE | {Role.station_staff, Role.enterprise}, Disclosure.plain
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show staff the needs of their parks once filed, the province what was handed up to it,
    an enterprise its own, an expert those shown to them by a match.
    """
    if actor.role in PARK | CENTRE:
        filed = or_(col(Need.state) != NeedState.draft, col(Need.created_by) == actor.account_id)
        return and_(in_nodes(Need, actor), filed)
    if actor.role is Role.province_staff:
        return and_(in_nodes(Need, actor), col(Need.level) == HandlingLevel.province)
    if actor.role in (Role.enterprise, Role.expert):
        return linked_to_party(Need, actor)
    return false()
