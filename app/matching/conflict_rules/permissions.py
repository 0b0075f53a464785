"""Who sees and who makes rules: the centre its drafts, all of the staff what was laid down."""

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import CENTRE, STAFF
from app.matching.conflict_rules.lifecycle import AUTHORS, LAID_DOWN
from app.matching.conflict_rules.models import ConflictRule
from app.registers.register import Rights
from app.registers.visibility import in_library, in_nodes

RIGHTS = Rights(read=STAFF, create=AUTHORS, export=STAFF, attach=AUTHORS)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Show the centre all rules of its region, parks and province those laid down."""
    if actor.role in CENTRE:
        return in_nodes(ConflictRule, actor)
    near = or_(in_nodes(ConflictRule, actor), in_library(ConflictRule, actor))
    return and_(near, col(ConflictRule.state).in_(LAID_DOWN))
