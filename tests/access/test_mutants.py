"""The matrix can fail: each injected bug of authorisation is found by it."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.access.mutants import MUTANTS, Mutant, hunted
from tests.access.world import World

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def api(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.name))
async def test_a_bug_of_authorisation_is_found(
    probed: World, api: dict[str, Any], mutant: Mutant
) -> None:
    assert (await hunted(probed, api, mutant, alive=True)).wrong


async def test_without_a_bug_the_same_probes_find_nothing(
    probed: World, api: dict[str, Any]
) -> None:
    for mutant in MUTANTS:
        found = await hunted(probed, api, mutant, alive=False)
        assert not found.wrong, (mutant.name, [str(one) for one in found.wrong[:5]])
        assert found.asked, mutant.name
