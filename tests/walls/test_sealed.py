"""Acts that take two people, tried every wrong way; keys that open one round and no other."""

from contextlib import nullcontext

import pytest
from fastapi import FastAPI

from app.core.embedded_pg import EmbeddedPostgres
from bench.walls import sealed
from bench.walls.two_persons import WALLS_DOWN, anybody_is_the_second

pytestmark = pytest.mark.slow


def test_every_wrong_way_is_refused_by_the_wall_meant_for_it(
    postgres: EmbeddedPostgres, app: FastAPI
) -> None:
    tried = sealed.tried_in(postgres, app, nullcontext)
    assert tried.unlike == []
    assert not any(tried.accepted.values())
    assert tried.made >= 40


def test_bugs_and_walls_taken_down_are_found(postgres: EmbeddedPostgres, app: FastAPI) -> None:
    assert sealed.tried_in(postgres, app, anybody_is_the_second).unlike
    assert sealed.tried_in(postgres, app, nullcontext, WALLS_DOWN[0]).unlike


def test_a_sheet_opens_with_the_key_of_its_round_alone() -> None:
    assert sealed.rounds_opened(6)[0] == 0
    with sealed.one_key_for_all():
        assert sealed.rounds_opened(3)[0] > 0
    with sealed.context_unbound():
        assert sealed.rounds_opened(3)[0] > 0
