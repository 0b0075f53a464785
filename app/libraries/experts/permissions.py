"""Who sees which experts and how much of a person (domain model 5.4)."""

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, STAFF, Role
from app.libraries.experts.lifecycle import INVITERS, LIBRARIANS, SHOWN
from app.libraries.experts.models import ConsentScope, Expert
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_library, in_nodes, linked_to_party

RIGHTS = Rights(
    read=STAFF | {Role.enterprise, Role.expert},
    create=INVITERS,
    delete=frozenset({Role.centre_leader}),
    export=LIBRARIANS,
    import_=frozenset({Role.centre_staff, Role.province_staff}),
    attach=LIBRARIANS | {Role.station_staff, Role.expert},
    history=LIBRARIANS | {Role.expert},
)

_P, _M = Disclosure.plain, Disclosure.masked

#: Professional facts beyond the card; what no table names is on the card, which an enterprise is
#: shown of an expert matched to it.
PROFESSIONAL = dict.fromkeys(STAFF | {Role.expert}, _P)
#: What a person declares so that conflicts can be computed: the person's own and the librarians'.
DECLARED = dict.fromkeys(CENTRE | {Role.expert}, _P)
#: Personal values; a station must recognise a person, not ring one up past the centre.
PERSONAL = dict.fromkeys(CENTRE | {Role.expert}, _P) | {Role.station_staff: _M}
#: What the centre notes about conduct is not the expert's to read, nor the park's.
CONDUCT = dict.fromkeys(CENTRE, _P)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show librarians their library, parks those in it, the province those shared with it,
    experts themselves, an enterprise the card of those matched to it while they are in the library.
    """
    if actor.role is Role.enterprise:
        return and_(linked_to_party(Expert, actor), _shown())
    if actor.role is Role.expert:
        return linked_to_party(Expert, actor)
    if actor.role is Role.province_staff:
        shared = col(Expert.consent_scope).contains([ConsentScope.library.value])
        own = col(Expert.node_id) == actor.node_id
        return or_(own, and_(in_nodes(Expert, actor), _shown(), shared))
    return or_(in_nodes(Expert, actor), and_(in_library(Expert, actor), _shown()))


def _shown() -> ColumnElement[bool]:
    return col(Expert.state).in_(SHOWN)
