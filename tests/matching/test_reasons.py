"""A reason is a literal piece of the record, from a field the reader may see."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import to_taiwan
from app.matching.parties import Person, Subject
from app.matching.ranking import Document
from app.matching.reasons import Piece, Reason
from app.matching.reasons import reasons as quoted
from app.matching.text import sentences
from tests.matching.people import GEARS, OPTICS, PAPERS, PEOPLE, READABLE, need

NEED = need("行星减速器噪声", "行星减速器在高负载下齿面磨损快、振动噪声大。")
Papers = Sequence[Document] | None
texts = st.text("减速器齿輪噪声光学ABC abc，。；\n 12", max_size=80)


def reasons(
    subject: Subject, person: Person, readable: frozenset[str], papers: Papers = None
) -> list[Reason]:
    pieces = [Piece("keywords", keyword) for keyword in person.keywords]
    for place, paper in enumerate(PAPERS[person.id] if papers is None else papers):
        pieces += [Piece("documents", text, place) for text in (paper.title, paper.abstract)]
    seen = [piece for piece in pieces if piece.field in readable]
    return quoted(subject.text, seen, f"experts/{person.id}")


def literal(reason: Reason, person: Person, papers: Sequence[Document]) -> bool:
    if reason.field == "keywords":
        return reason.text in person.keywords
    return any(reason.text in text for p in papers for text in (p.title, p.abstract))


def test_the_reasons_quote_the_keywords_and_the_sentence_that_fit() -> None:
    told = reasons(NEED, GEARS, READABLE)
    assert {r.text for r in told if r.field == "keywords"} == {"行星减速器", "振动噪声"}
    assert any("降低了行星减速器的振动噪声" in r.text for r in told if r.field == "documents")
    assert {r.source for r in told} == {f"experts/{GEARS.id}"}


@settings(deadline=None)
@given(texts, texts, texts, st.lists(texts, max_size=3))
def test_every_reason_is_a_literal_piece_of_the_record(
    wanted: str, title: str, abstract: str, keywords: list[str]
) -> None:
    person, papers = replace(GEARS, keywords=tuple(keywords)), [Document(title, abstract)]
    subject = Subject("needs", NEED.id, "", (wanted,))
    assert all(literal(r, person, papers) for r in reasons(subject, person, READABLE, papers))


def test_a_record_in_traditional_characters_is_quoted_as_it_stands() -> None:
    abroad = replace(GEARS, keywords=tuple(map(to_taiwan, GEARS.keywords)))
    known = PAPERS[GEARS.id]
    papers = [Document(to_taiwan(p.title), to_taiwan(p.abstract)) for p in known]
    told = reasons(NEED, abroad, READABLE, papers)
    assert told
    assert all(literal(reason, abroad, papers) for reason in told)


def test_only_documents_that_tell_are_quoted_and_in_their_order() -> None:
    words = [f"行星减速器的第{n}种做法" for n in range(8)]
    pieces = [Piece("documents", word, place) for place, word in enumerate(words)]
    told = quoted(NEED.text, pieces, "experts/1", [7, 6])
    assert [reason.text for reason in told] == [words[7], words[6]]


def test_a_field_the_reader_may_not_see_is_not_quoted() -> None:
    assert {r.field for r in reasons(NEED, GEARS, frozenset({"keywords"}))} == {"keywords"}
    assert reasons(NEED, GEARS, frozenset()) == []


def test_somebody_who_does_not_fit_is_given_no_reasons() -> None:
    assert reasons(NEED, OPTICS, READABLE) == []
    assert all(len(reasons(NEED, person, READABLE)) <= 4 for person in PEOPLE)


@given(st.text(max_size=400))
def test_sentences_are_literal_and_short_enough_to_quote(text: str) -> None:
    for piece in sentences(text):
        assert piece in text
        assert len(piece) <= 160
