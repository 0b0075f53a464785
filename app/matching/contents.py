"""What stands on this floor: its registers and routes. Importing it declares its tasks too."""

from fastapi import APIRouter

from app.matching.assignments.register import REGISTER as ASSIGNMENTS
from app.matching.assignments.router import router as assignments
from app.matching.batches.router import router as batches
from app.matching.conflict_rules.register import REGISTER as CONFLICT_RULES
from app.matching.conflict_rules.router import router as conflict_rules
from app.matching.draws.public import router as public_draws
from app.matching.draws.register import REGISTER as DRAWS
from app.matching.draws.router import router as draws
from app.matching.invitations import asks
from app.matching.invitations.router import public as invitations
from app.matching.invitations.router import routes_of
from app.matching.matches.asking import ASK as MATCH_ASK
from app.matching.matches.register import REGISTER as MATCHES
from app.matching.panels.asking import ASK as REVIEW_ASK
from app.matching.panels.public import router as public_panels
from app.matching.panels.register import PANELS, REVIEWS
from app.matching.panels.router import router as panels
from app.matching.router import router
from app.registers.directory import AnyRegister

_ASKS = asks.enter(MATCH_ASK, REVIEW_ASK)

REGISTERS: tuple[AnyRegister, ...] = (
    MATCHES,
    CONFLICT_RULES,
    DRAWS,
    PANELS,
    REVIEWS,
    ASSIGNMENTS,
)
ROUTERS: tuple[APIRouter, ...] = (
    batches,
    router,
    conflict_rules,
    draws,
    public_draws,
    panels,
    public_panels,
    assignments,
    invitations,
    *(routes_of(ask) for ask in _ASKS),
)
