"""The house's table of contents: every floor's registers, entered into the directory at import."""

import app.audit.trail  # noqa: F401 -- fills the metadata
import app.registers.tables
from app.catalogues import codes, workdays  # noqa: F401 -- fill the metadata
from app.core.labels import T
from app.registers import directory

try:
    from app import ledgers, libraries, matching
    FLOORS = (ledgers, libraries, matching)
except ImportError:
    FLOORS = ()
REGISTERS = tuple(register.built() for floor in FLOORS for register in floor.REGISTERS)
directory.enter(REGISTERS)
