"""What may be seen, in short: canaries in everything said to three people, two leaks put in."""

from contextlib import nullcontext

import pytest
from fastapi import FastAPI

from app.core.embedded_pg import EmbeddedPostgres
from bench.walls import blind, seen
from bench.walls.canaries import mutants

pytestmark = pytest.mark.slow


def test_no_canary_stands_where_it_should_not(postgres: EmbeddedPostgres, app: FastAPI) -> None:
    found = seen.swept(postgres, app, seen.SHORT, nullcontext)
    assert sorted(set(found.judge.wrong)) == []
    assert found.judge.allowed > 0
    assert len(found.judge.planted.aviary.by_key) > 40


@pytest.mark.parametrize("leak", [mutants.masking_off, mutants.bodies_in_the_log])
def test_a_leak_is_found(postgres: EmbeddedPostgres, app: FastAPI, leak: mutants.Mutant) -> None:
    assert seen.swept(postgres, app, seen.ONE_BUG, leak).judge.wrong


def test_disguised_names_are_found_and_harmless_texts_pass() -> None:
    assert [row["id"] for row in blind.rows() if row["held"] is False] == []
