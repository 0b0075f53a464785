"""The libraries: projects and experts, and the achievements that go with them.

REGISTERS is this floor's table of contents; ROUTERS are routes beyond the standard ones.
"""

from fastapi import APIRouter

from app.libraries.achievements.register import REGISTER as ACHIEVEMENTS
from app.libraries.experts.register import REGISTER as EXPERTS
from app.libraries.projects.register import REGISTER as PROJECTS
from app.registers.directory import AnyRegister

REGISTERS: tuple[AnyRegister, ...] = (PROJECTS, EXPERTS, ACHIEVEMENTS)
ROUTERS: tuple[APIRouter, ...] = ()
