"""A list asked for any one field answers: guards and labels bring along what they need."""

import pytest

from app.access.roles import Role
from app.registers import directory
from app.registers.disclosure import visible_fields
from tests.access.asgi import Question
from tests.access.running import Run
from tests.access.world import World

pytestmark = pytest.mark.slow


async def test_every_list_answers_with_any_one_field(probed: World) -> None:
    run = Run(probed)
    for register in directory.everything():
        for role in ("station_staff", "centre_staff", "enterprise", "expert"):
            if role not in register.rights.read:
                continue
            for name in ("id", *visible_fields(register, Role(role))):
                asked = Question("GET", f"/api/v1/{register.name}", f"fields={name}&limit=5")
                answer = await run.answer(role, asked)
                assert answer.status == 200, (role, asked, answer.body[:300])
