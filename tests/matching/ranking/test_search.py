"""What a search promises: the best first, parts that add up, masks that hold, reasons that are."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import opencc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.matching.ranking import (
    Base,
    Candidate,
    Document,
    Index,
    Query,
    Ranking,
    Reference,
    Unknown,
    asking,
)
from tests.matching.ranking.conftest import Indexed
from tests.matching.ranking.people import TOPICS, people

STEEL = Query("钢板表面裂纹检测", "希望用深度学习识别热轧钢板表面的裂纹和划痕", fields=("vision",))
ENGLISH = Query("Detecting cracks on steel", "A convolutional neural network finds scratches.")


def best(ranking: Ranking) -> list[str]:
    return [hit.id for hit in ranking.hits]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_query_in_somebodys_words_finds_those_people_first(index: Index, topic: str) -> None:
    found = index.search(Query(*TOPICS[topic]), limit=3)

    assert {name.split("-")[0] for name in best(found)} == {topic}


def test_an_english_query_finds_by_stems(index: Index) -> None:
    assert best(index.search(ENGLISH))[0].startswith("english")


def test_parts_add_up_and_shares_are_shares(index: Index) -> None:
    for hit in index.search(STEEL).hits:
        assert hit.score == pytest.approx(sum(part.points for part in hit.parts), abs=1e-9)
        of_texts = {"bm25", "cosine", "vectors"} & {part.name for part in hit.parts}
        assert bool(of_texts) == bool(hit.documents)
        assert sum(shown.share for shown in hit.documents) <= 1.001
        assert all(0 < term.share <= 1 for term in hit.terms)


def test_equal_questions_get_equal_answers_in_a_fixed_order(index: Index, base: Base) -> None:
    again = Index(Base.open(base.folder)).search(STEEL)

    assert again == index.search(STEEL)
    order = [(-hit.score, hit.id) for hit in again.hits]
    assert order == sorted(order)


def test_traditional_characters_find_what_simplified_ones_do(index: Index) -> None:
    convert = opencc.OpenCC("s2t").convert
    other = replace(STEEL, title=convert(STEEL.title), text=convert(STEEL.text))
    assert other.title != STEEL.title

    assert index.search(other).hits[0].score == index.search(STEEL).hits[0].score
    assert best(index.search(other)) == best(index.search(STEEL))


def test_masks_apply_before_anything_is_cut_off(index: Index) -> None:
    whole = best(index.search(STEEL))
    without = index.search(STEEL, limit=2, without=whole[:2])
    assert best(without) == whole[2:4]
    assert without.considered == len(index) - 2

    assert set(best(index.search(STEEL, nodes={1}))) == {n for n in whole if n.endswith("-1")}
    assert best(index.search(STEEL, only=[whole[3], "nobody"])) == [whole[3]]
    assert best(index.search(STEEL, only=[])) == []


def test_the_matrix_has_the_scores_of_the_search(index: Index) -> None:
    ids = [person.id for person in people()]
    scores = index.score_many([STEEL, ENGLISH], ids)

    for row, query in enumerate((STEEL, ENGLISH)):
        for hit in index.search(query).hits:
            assert scores[row, ids.index(hit.id)] == hit.score


def test_what_the_first_look_spares_the_second_adds(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_documents(ranking: Ranking) -> dict[str, list[float]]:
        names = ("bm25", "cosine")
        return {h.id: [p.points for p in h.parts if p.name in names] for h in ranking.hits}

    exact = by_documents(index.search(STEEL, limit=50))
    monkeypatch.setattr(asking, "POSTINGS", 0)
    monkeypatch.setattr(asking, "UNTOLD", 0.3)
    assert not asking.asked(STEEL, index.base).scanned.all()
    spared = by_documents(index.search(STEEL, limit=50))

    assert spared.keys() <= exact.keys()
    assert "vision-0" in spared
    for name, points in spared.items():
        assert points == pytest.approx(exact[name], abs=2e-6)


def test_the_matrix_does_not_know_strangers(index: Index) -> None:
    with pytest.raises(Unknown):
        index.score_many([STEEL], ["nobody"])


def test_a_hit_says_what_made_it(index: Index) -> None:
    hit = next(h for h in index.search(STEEL).hits if h.id == "vision-2")

    assert {part.name for part in hit.parts} >= {"bm25", "cosine", "field"}
    assert hit.fields == ("vision.2", "vision")
    assert any(term.text in ("钢板", "表面", "检测") for term in hit.terms)
    assert hit.newest_year == 2020


def test_a_declared_keyword_counts_where_its_words_stand_together(indexed: Indexed) -> None:
    index = indexed(
        [
            Candidate("a", (), (), ("neural network", "机器学习")),
            Candidate("b", (), (), ("art", "学")),
        ]
    )
    hits = index.search(Query("A neural networks start", "机器学习方法")).hits

    assert [(hit.id, hit.keywords) for hit in hits] == [("a", ("neural network", "机器学习"))]
    assert index.search(Query("neural and other network")).hits == ()


def test_recent_work_counts_more_and_later_work_not_at_all(indexed: Indexed) -> None:
    title = "膜处理工艺"
    written = {"old": 1990, "new": 2020, "later": 2030, "undated": None}
    index = indexed([Candidate(n, (Document(title, year=y),)) for n, y in written.items()])

    scores = dict(index.ranked(Query(title, year=2021)))
    assert scores["undated"] > scores["new"] > scores["old"]
    assert scores.get("later", 0) < scores["old"] / 2
    flat = dict(index.ranked(Query(title)))
    assert len(set(flat.values())) == 1


def test_a_document_of_no_weight_counts_nothing(indexed: Indexed) -> None:
    title = "膜处理工艺"
    index = indexed(
        [
            Candidate("a", (Document(title, weight=0),)),
            Candidate("b", (Document(title, weight=0.5),)),
        ]
    )
    scores = dict(index.ranked(Query(title)))
    assert scores["b"] > scores.get("a", 0)


def test_an_excluded_document_never_counts_nor_shows(indexed: Indexed) -> None:
    hidden = Document("绝密的量子雷达", excluded=True, key="hidden")
    shown = Document("膜处理工艺", key="shown")
    index = indexed([Candidate("a", (hidden, shown)), Candidate("b", (Document("膜处理"),))])

    assert index.search(Query("绝密的量子雷达")).hits == ()
    found = next(hit for hit in index.search(Query("膜处理工艺")).hits if hit.id == "a")
    assert [(one.key, one.place) for one in found.documents] == [("shown", 1)]


def test_one_more_fitting_document_never_lowers_a_score(indexed: Indexed) -> None:
    title = "膜处理工艺"
    index = indexed(
        [
            Candidate("one", (Document(title),)),
            Candidate("two", (Document(title), Document(title))),
            Candidate("else", (Document("机器人标定"),)),
        ]
    )
    scores = dict(index.ranked(Query(title)))

    assert scores["two"] > scores["one"] > scores.get("else", 0)


def test_the_embedding_is_one_more_part(index: Index) -> None:
    asked: list[Reference] = []

    def cosines(documents: Sequence[Reference]) -> NDArray[np.float32]:
        asked.extend(documents)
        return np.array([one.id.startswith("water") for one in documents], np.float32)

    plain = {hit.id: hit.score for hit in index.search(STEEL).hits}
    found = index.search(STEEL, embedding=cosines)

    assert found.embedding
    assert {one.id for one in asked} >= {"vision-0"}
    for hit in found.hits:
        assert hit.score == pytest.approx(sum(part.points for part in hit.parts), abs=1e-9)
        if hit.id.startswith("water"):
            assert hit.score > plain[hit.id]


@pytest.mark.parametrize("query", [Query(), Query("  "), Query("。,!?"), Query(fields=("none",))])
def test_a_query_that_says_nothing_finds_nobody(index: Index, query: Query) -> None:
    assert index.search(query).hits == ()


def test_a_field_alone_is_enough(index: Index) -> None:
    assert set(best(index.search(Query(fields=("bio",))))) == {"bio-0", "bio-1", "bio-2"}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=st.text(max_size=40), text=st.text(max_size=200))
def test_no_text_is_too_strange(index: Index, title: str, text: str) -> None:
    for hit in index.search(Query(title, text)).hits:
        assert np.isfinite(hit.score)
        assert hit.score > 0


def test_alike_texts_are_alike(index: Index) -> None:
    other = Query("废水膜处理回用")

    assert index.similarity(STEEL, STEEL) == pytest.approx(1)
    assert index.similarity(STEEL, other) == index.similarity(other, STEEL) < 0.1
    assert index.similarity(STEEL, Query()) == 0
