"""Who sees which matches, and what of them."""

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, PARK, Role
from app.matching.matches.lifecycle import ASKED, REVEALED
from app.matching.matches.models import Match
from app.matching.subjects import MATCHERS
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_nodes, linked_to_party

READERS = CENTRE | PARK
RIGHTS = Rights(
    read=READERS | {Role.enterprise, Role.expert},
    create=MATCHERS,
    export=READERS,
    attach=MATCHERS,
    history=READERS,
)

#: How a candidate was judged stays among those who judge.
JUDGED = dict.fromkeys(READERS, Disclosure.plain)

#: How an answer came about is told to those who asked and to whoever is said to have answered.
ANSWERED = dict.fromkeys(READERS | {Role.expert}, Disclosure.plain)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show staff their parks' matches, an enterprise those revealed to it, an expert its own."""
    if actor.role is Role.enterprise:
        return and_(linked_to_party(Match, actor), col(Match.state).in_(REVEALED))
    if actor.role is Role.expert:
        return and_(linked_to_party(Match, actor), col(Match.state).in_(ASKED))
    return in_nodes(Match, actor)
