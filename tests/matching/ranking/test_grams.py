"""Texts as grams: every script, one form, whatever the text."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.core.text import HAN, fold
from app.matching.ranking.grams import Grams, document_grams, grams
from app.matching.ranking.keywords import hashed, within
from app.matching.ranking.model import Document


def counted(text: str) -> Counter[int]:
    found = grams([(0, 1, text)])
    return Counter(dict(zip(found.code.tolist(), found.count.tolist(), strict=True)))


def shared(one: str, other: str) -> int:
    return len(counted(one) & counted(other))


def test_characters_pairs_stems_and_their_pairs() -> None:
    assert len(counted("图神经网络")) == 5 + 4
    assert len(counted("graph neural networks")) == 3 + 2
    assert len(counted("基于BERT的GNN")) == (3 + 1) + 2  # the words do not touch: no pair of them


def test_stems_pairs_across_a_comma_and_not_across_han() -> None:
    assert counted("neural networks") == counted("Neural, NETWORK")
    assert shared("neural网network", "neural network") == 2
    assert shared("深 度", "深度") == 2  # the pair needs both characters side by side


def test_one_form_for_widths_scripts_and_cases() -> None:
    assert counted("ＧＰＳ導航") == counted("gps导航")


def test_title_and_keywords_count_twice() -> None:
    found = document_grams([Document("水", "水", ("水",))])
    assert found.count.tolist() == [5]


def test_counts_end_at_a_byte() -> None:
    assert counted("水" * 1000).most_common()[0][1] == 255


def test_texts_are_kept_apart() -> None:
    both = document_grams([Document("膜"), Document("处")])
    alone = document_grams([Document("膜处")])
    assert len(both.code) == 2
    assert len(alone.code) == 3


def test_a_separator_in_the_text_separates_nothing_else() -> None:
    found = document_grams([Document("膜\ue000处"), Document("机")])
    assert found.text.tolist().count(1) == 1


@given(st.lists(st.text(max_size=30), max_size=6))
def test_read_together_or_alone_makes_no_difference(texts: list[str]) -> None:
    together = grams([(at, 1, text) for at, text in enumerate(texts)])
    for at, text in enumerate(texts):
        own = together.text == at
        alone: Grams = grams([(0, 1, text)])
        assert together.code[own].tolist() == alone.code.tolist()
        assert together.count[own].tolist() == alone.count.tolist()


@given(st.text(max_size=60))
def test_characters_are_those_of_the_house(text: str) -> None:
    """What search calls a character is a gram here, and nothing else is."""
    characters = set(re.findall(f"[{HAN}]", fold(text)))
    found = sum(1 for code in counted(text) if code < 1 << 38)
    assert found == len(characters)


@given(st.text(min_size=1, max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_a_keyword_is_found_inside_a_text_that_has_it(word: str, left: str, right: str) -> None:
    code = hashed([word])[0]
    if code:
        assert code in within([f"{left} {word} {right}"])


def test_a_keyword_too_short_or_too_long_matches_nothing() -> None:
    assert hashed(["水", "", "。", "水" * 17, "C"]).tolist()[:4] == [0, 0, 0, 0]
