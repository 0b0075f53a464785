"""Who sees which assignments, and what of them (domain model 5.4, the column draw/panel)."""

from sqlalchemy import ColumnElement

from app.access.actor import Actor
from app.access.roles import CENTRE, Role
from app.matching.assignments.models import Assignment
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_nodes

#: The centre runs it, its leader and the park's committee look on.
READERS = CENTRE | {Role.committee}
RUNNERS = frozenset({Role.centre_staff})

RIGHTS = Rights(
    read=READERS, create=RUNNERS, delete=RUNNERS, export=CENTRE, attach=RUNNERS, history=READERS
)

#: Who was assigned is between those who run it, until panels are formed and people asked.
RUN = dict.fromkeys(CENTRE, Disclosure.plain)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show the centre the batches of its city, a committee those of its own park."""
    return in_nodes(Assignment, actor)
