"""Short form of asking the API what its description allows, and forbids."""

import pytest
from fastapi import FastAPI

from app.core.embedded_pg import EmbeddedPostgres
from tests.input import controls, place
from tests.input.asking import ask_all

pytestmark = pytest.mark.slow


def test_asking_finds_every_bug_of_a_toy() -> None:
    assert controls.contract_bugs_found() == list(controls.CONTRACT_BUGS)


def test_answers_are_as_described(postgres: EmbeddedPostgres, app: FastAPI) -> None:
    """A few operations, all phases; the world is its own, because its records are changed."""
    with place.peopled(postgres, app) as own:
        asked = ask_all(
            own, "station_staff", examples=1, seed=1, seconds=60, only=r"^/api/v1/needs(/\{id\})?$"
        )
    assert asked.errors == []
    assert asked.violations == {}
    assert asked.broken == 0
    assert asked.cases
