"""Changes after the base: scored by the same statistics, in whatever order they came."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.matching.ranking import Base, Candidate, Document, Index, Query, Unreadable, build
from tests.matching.ranking.people import people

STEEL = Query("钢板表面裂纹检测", "用深度学习识别热轧钢板表面的裂纹")
NEW = Candidate("new", (Document("热轧钢板表面裂纹的深度学习检测", "识别裂纹"),), ("vision",))


def test_what_is_written_is_found_and_what_is_deleted_is_not(index: Index) -> None:
    changed = index.with_changes([NEW], ["vision-0"])
    found = [hit.id for hit in changed.search(STEEL, limit=50).hits]

    assert "new" in found[:3]
    assert "vision-0" not in found
    assert len(changed) == len(index)
    assert changed.version != index.version
    assert "new" not in [hit.id for hit in index.search(STEEL).hits]  # the old one is as it was


def test_a_changed_candidate_is_found_by_the_new_words_alone(index: Index) -> None:
    now = Candidate("vision-0", (Document("量子雷达成像"),))
    changed = index.with_changes([now])

    assert changed.search(Query("量子雷达成像")).hits[0].id == "vision-0"
    last = dict(changed.ranked(STEEL, limit=50))
    assert last.get("vision-0", 0) < dict(index.ranked(STEEL, limit=50))["vision-0"] / 2


def test_writing_the_same_again_changes_no_score(index: Index) -> None:
    again = index.with_changes(people())
    ids = [person.id for person in people()]
    queries = [STEEL, Query("Deep networks for steel", fields=("english",), year=2018)]

    assert again.score_many(queries, ids) == pytest.approx(index.score_many(queries, ids), abs=2e-6)
    assert [h.id for h in again.search(STEEL).hits] == [h.id for h in index.search(STEEL).hits]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(6)), cut=st.integers(0, 6))
def test_the_order_of_changes_makes_no_difference(index: Index, order: list[int], cut: int) -> None:
    some = [Candidate(p.id, p.documents[:1], node=9) for p in people()[:6]]
    shuffled = [some[at] for at in order]
    at_once = index.with_changes(some, ["water-1"])
    by_and_by = index.with_changes(shuffled[:cut]).with_changes(shuffled[cut:], ["water-1"])

    assert by_and_by.version == at_once.version
    assert by_and_by.search(STEEL) == at_once.search(STEEL)


def test_the_last_word_counts_and_a_deletion_is_a_word(index: Index) -> None:
    gone = index.with_changes([NEW]).with_changes(deleted=["new"])
    assert "new" not in gone.numbers

    back = gone.with_changes([NEW])
    assert "new" in back.numbers
    assert "new" in [hit.id for hit in back.search(STEEL).hits[:3]]


def test_an_empty_base_takes_changes(tmp_path: Path) -> None:
    empty = Index(build([], tmp_path / "base"))
    assert empty.search(STEEL).hits == ()

    found = empty.with_changes([NEW, Candidate("other", (Document("膜处理"),))]).search(STEEL)
    assert [hit.id for hit in found.hits] == ["new"]


def test_a_base_is_the_same_when_built_again_and_another_when_anything_differs(
    tmp_path: Path, base: Base
) -> None:
    assert build(people(), tmp_path / "same").version == base.version
    assert build(people()[1:], tmp_path / "less").version != base.version


def test_a_base_comes_back_from_disk(tmp_path: Path) -> None:
    kept = build(people(), tmp_path / "base")
    again = Base.open(tmp_path / "base")

    assert again.version == kept.version
    assert list(again.segment.roster.ids) == [person.id for person in people()]
    assert np.array_equal(again.segment.postings.document, kept.segment.postings.document)


def test_what_is_no_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Base.open(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 999}')
    with pytest.raises(Unreadable):
        Base.open(tmp_path)


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> list[Candidate]:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        build((one for _ in range(1) for one in broken()), tmp_path / "base")
    assert not (tmp_path / "base").exists()


def test_background_tells_what_is_common(tmp_path: Path) -> None:
    pair = [Candidate("a", (Document("系统研究"),)), Candidate("b", (Document("薄膜研究"),))]
    many = [Document("系统优化") for _ in range(50)]
    plain = Index(build(pair, tmp_path / "plain"))
    told = Index(build(pair, tmp_path / "told", background=many))
    query = Query("薄膜系统")

    assert plain.search(query).hits[0].score == plain.search(query).hits[1].score
    assert [hit.id for hit in told.search(query).hits] == ["b", "a"]
