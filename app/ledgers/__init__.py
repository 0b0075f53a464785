"""Three ledgers: enterprises (and their qualifications), their needs, the work done for them.

REGISTERS is this floor's table of contents; ROUTERS are routes beyond the standard ones.
"""

from fastapi import APIRouter

from app.ledgers.enterprises.register import REGISTER as ENTERPRISES
from app.ledgers.enterprises.router import router as observations
from app.ledgers.needs import overdue  # noqa: F401 -- declares its task
from app.ledgers.needs.register import REGISTER as NEEDS
from app.ledgers.qualifications.register import REGISTER as QUALIFICATIONS
from app.ledgers.service_log.quick_entry import router as quick_entry
from app.ledgers.service_log.register import REGISTER as SERVICE_LOG
from app.registers.directory import AnyRegister

REGISTERS: tuple[AnyRegister, ...] = (ENTERPRISES, QUALIFICATIONS, NEEDS, SERVICE_LOG)
ROUTERS: tuple[APIRouter, ...] = (
    observations,
    quick_entry,
)
