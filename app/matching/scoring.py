"""How well a person fits: a text score, the field, the keywords; three parts that add up.

The text score is BM25 and cosine over characters and their pairs, each paper compared on its own
and relative to the query's score with itself, so that short and long needs are on one scale;
papers are gathered by a shrunk root mean square, which neither rewards many nor punishes breadth.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.matching.parties import Person, Subject
from app.matching.text import compact, grams

K1, B = 1.2, 0.75
SHRINK = 3  # papers everybody is taken to have besides, none of them fitting
HALF = 0.06  # the text score that earns half of the text's points
TEXT, FIELD, KEYWORD = 0.6, 0.2, 0.2
SHORTEST_KEYWORD = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """The points of a person; they add up to the score, which is between 0 and 1."""

    text: float
    field: float
    keyword: float

    @property
    def score(self) -> float:
        return round(self.text + self.field + self.keyword, 4)


class Corpus:
    """What is common and what is telling among the papers of the people compared."""

    def __init__(self, papers: Iterable[Counter[str]]) -> None:
        seen: Counter[str] = Counter()
        length = count = 0
        for paper in papers:
            seen.update(paper.keys())
            length += paper.total()
            count += 1
        self._mean = length / count if length else 1.0
        self._idf = {gram: math.log(1 + (count - n + 0.5) / (n + 0.5)) for gram, n in seen.items()}

    def known(self, query: Counter[str]) -> Counter[str]:
        """Return what of a query any paper could answer."""
        return Counter({gram: n for gram, n in query.items() if gram in self._idf})

    def bm25(self, query: Mapping[str, int], paper: Counter[str]) -> float:
        """Return Okapi BM25 of a paper for a query, each of its grams counted once."""
        norm = K1 * (1 - B + B * paper.total() / self._mean)
        return sum(
            self._idf[gram] * paper[gram] * (K1 + 1) / (paper[gram] + norm)
            for gram in query
            if gram in paper
        )

    def cosine(self, query: Counter[str], paper: Counter[str]) -> float:
        """Return the cosine of the two tf-idf vectors."""
        shared = sum(self._weight(g, n) * self._weight(g, paper[g]) for g, n in query.items())
        return shared / (self._length(query) * self._length(paper)) if shared else 0.0

    def _weight(self, gram: str, n: int) -> float:
        return (1 + math.log(n)) * self._idf[gram] if n else 0.0

    def _length(self, paper: Counter[str]) -> float:
        return math.sqrt(sum(self._weight(g, n) ** 2 for g, n in paper.items()))

    def fit(self, query: Counter[str], paper: Counter[str], best: float) -> float:
        """Return how well a paper answers a query whose BM25 with itself is ``best``.

        Cosine serves long needs, BM25 short ones; the mixture was measured on Chinese abstracts.
        """
        return 0.25 * self.bm25(query, paper) / best + 0.75 * self.cosine(query, paper)


def score_all(subject: Subject, people: Iterable[Person]) -> dict[UUID, Parts]:
    """Return the parts of everybody's score for one subject."""
    read = [(person, _papers(person)) for person in people]
    corpus = Corpus(paper for _, papers in read for paper in papers)
    query = corpus.known(grams(subject.text))
    best = corpus.bm25(query, query) or 1.0
    told = compact(subject.text)
    found = {}
    for person, papers in read:
        fits = [corpus.fit(query, paper, best) for paper in papers]
        found[person.id] = Parts(
            round(TEXT * _half_saturated(_gathered(fits)), 4),
            round(FIELD * field_fit(subject, person), 4),
            round(KEYWORD * keyword_fit(told, person), 4),
        )
    return found


def _papers(person: Person) -> list[Counter[str]]:
    """Return the person's papers as grams; the keywords are read as one more."""
    texts = [paper.text for paper in person.papers]
    if person.keywords:
        texts.append(" ".join(person.keywords))
    return [grams(text) for text in texts]


def _gathered(fits: list[float]) -> float:
    return math.sqrt(sum(fit * fit for fit in fits) / (len(fits) + SHRINK))


def _half_saturated(fit: float) -> float:
    return fit / (fit + HALF)


def field_fit(subject: Subject, person: Person) -> float:
    """Return 1 where the subject's field is the person's first, less further down, else 0."""
    if not subject.field:
        return 0.0
    for place, code in enumerate(person.fields):
        if subject.field.startswith(code) or code.startswith(subject.field):
            return 1 - place / 10
    return 0.0


def matched_keywords(told: str, person: Person) -> list[str]:
    """Return the person's keywords that the subject's text (compact) contains."""
    found = [keyword for keyword in person.keywords if len(compact(keyword)) >= SHORTEST_KEYWORD]
    return [keyword for keyword in found if compact(keyword) in told]


def keyword_fit(told: str, person: Person) -> float:
    """Return a half for one matched keyword, three quarters for two, and so on."""
    return float(1 - 0.5 ** len(set(matched_keywords(told, person))))
