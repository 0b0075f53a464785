"""Who sees which panels and reviews, and what of them (domain model 5.4)."""

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, PARK, STAFF, Role
from app.matching.panels.models import Panel, PanelState, Review
from app.matching.panels.review_lifecycle import UNASKED
from app.registers.fields import Disclosure
from app.registers.register import Rights
from app.registers.visibility import in_nodes, linked_to_party

PANEL_RIGHTS = Rights(
    read=STAFF | {Role.enterprise},
    create=CENTRE,
    export=CENTRE,
    attach=CENTRE,
    history=CENTRE,
)
REVIEW_RIGHTS = Rights(read=CENTRE | {Role.expert}, export=CENTRE, history=CENTRE)

#: Who sits, and what is being drafted, is between those who run the panel.
RUN = dict.fromkeys(CENTRE, Disclosure.plain)
#: How the panel works is the parks' and the province's to know; an enterprise hears the result.
STAFF_ONLY = dict.fromkeys(STAFF, Disclosure.plain)
#: Of a review: the house and its author.
WHOLE = dict.fromkeys(CENTRE | {Role.expert}, Disclosure.plain)


def panels_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show the city and the park their panels; the province and an enterprise published ones."""
    published = col(Panel.state) == PanelState.published
    if actor.role is Role.enterprise:
        return and_(linked_to_party(Panel, actor), published)
    if actor.role in CENTRE | PARK:
        return in_nodes(Panel, actor)
    return and_(in_nodes(Panel, actor), published)


def reviews_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show the centre its reviews, an expert those it was asked for."""
    if actor.role is Role.expert:
        return and_(linked_to_party(Review, actor), col(Review.state).not_in(UNASKED))
    return in_nodes(Review, actor)
