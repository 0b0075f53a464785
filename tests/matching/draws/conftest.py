"""A scene for every test that draws."""

import pytest

from tests.house import House
from tests.matching.draws.scene import Scene, library


@pytest.fixture
async def scene(house: House) -> Scene:
    """A library of fifteen experts in an own house."""
    return Scene(house, await library(house))
