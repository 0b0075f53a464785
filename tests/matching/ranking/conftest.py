"""One base for all tests that only read it."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from app.matching.ranking import Base, Candidate, Document, Index, build
from tests.matching.ranking.people import people

Indexed = Callable[..., Index]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return build(people(), tmp_path_factory.mktemp("ranking") / "base")


@pytest.fixture
def index(base: Base) -> Index:
    return Index(base)


@pytest.fixture
def indexed(tmp_path: Path) -> Indexed:
    """Build an index of candidates given in the test."""

    def make(candidates: Iterable[Candidate], background: Iterable[Document] = ()) -> Index:
        folder = tmp_path / f"base-{len(list(tmp_path.iterdir()))}"
        return Index(build(candidates, folder, background=background))

    return make
