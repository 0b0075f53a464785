"""Why a candidate was found: parts, documents, words, fields, keywords."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import rjieba
from numpy.typing import NDArray

from app.core.text import fold
from app.matching.ranking import kernels
from app.matching.ranking.asking import Asked
from app.matching.ranking.grams import begins, grams
from app.matching.ranking.kernels import Terms
from app.matching.ranking.model import Hit, Part, Query, Shown, Term
from app.matching.ranking.rerank import DECIMALS, PARTS, Looked, Side
from app.matching.ranking.scoring import agreement, measures, met
from app.matching.ranking.segment import UNKNOWN_YEAR, Roster
from app.matching.ranking.weights import Weights

DOCUMENTS, TERMS = 3, 8
_SHORTEST = 2  # characters; a single one tells nothing


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a query; the grams of the i-th are at place[first[i]:first[i + 1]]."""

    text: list[str]
    place: NDArray[np.int64]
    first: NDArray[np.int64]


@dataclass
class Explainer:
    """Explains the hits of one query; what it needs of the query is worked out once."""

    query: Query
    told: Asked
    weights: Weights
    _terms_met: dict[int, tuple[Terms, NDArray[np.int64]]] = field(default_factory=dict)

    def hit(self, side: Side, found: Looked, place: int) -> Hit:
        """Describe the candidate at ``place`` among those looked at."""
        roster, owner = side.segment.roster, int(found.chosen[place])
        rows = slice(int(found.first[place]), int(found.first[place + 1]))
        documents, share = found.rows[rows], found.share[rows]
        points = found.parts[place]
        years = roster.year[documents]
        return Hit(
            id=roster.ids[owner],
            score=float(found.score[place]),
            parts=tuple(
                Part(name, round(float(p), DECIMALS))
                for name, p in zip(PARTS, points, strict=True)
                if p
            ),
            documents=tuple(_shown(roster, documents, share)),
            terms=tuple(self._terms(side, documents, share)),
            fields=self._fields(roster, owner),
            keywords=self._keywords(side, owner),
            newest_year=int(years.max(initial=UNKNOWN_YEAR)) or None,
            recency=_recency(side, documents),
        )

    @cached_property
    def _words(self) -> _Words:
        """Cut the query into words, each with the places of its grams among the query's."""
        texts = (self.query.title, self.query.text, *self.query.keywords)
        words = dict.fromkeys(word for text in texts for word in rjieba.cut(fold(text)))
        kept = [word for word in words if len(word.strip()) >= _SHORTEST]
        found = grams([(number, 1, word) for number, word in enumerate(kept)])
        order = np.argsort(found.text, kind="stable")
        number, code = found.text[order], found.code[order]
        at = np.searchsorted(self.told.code, code)
        at = np.minimum(at, max(len(self.told.code) - 1, 0))
        absent = self.told.code[at] != code if len(self.told.code) else np.ones(len(at), bool)
        inside = ~np.isin(
            number, number[absent]
        )  # a word cut across the grams of the query is none
        first = begins(number[inside].astype(np.uint64))
        return _Words([kept[n] for n in number[inside][first].tolist()], at[inside], first)

    def _met(self, side: Side) -> tuple[Terms, NDArray[np.int64]]:
        if side.offset not in self._terms_met:
            self._terms_met[side.offset] = met(self.told, side.segment)
        return self._terms_met[side.offset]

    def _terms(
        self, side: Side, documents: NDArray[np.int64], share: NDArray[np.float64]
    ) -> list[Term]:
        """Return the words of the query that gave most, by their grams' weight in the documents."""
        words, (terms, places) = self._words, self._met(side)
        if not len(documents) or not words.text or not len(places):
            return []
        by_gram = np.zeros((len(documents), len(self.told.code)), np.float32)
        by_gram[:, places] = kernels.contributions(
            terms, side.segment.postings.lists, measures(side.segment, self.weights), documents
        )
        total = share @ by_gram
        given = np.add.reduceat(total[words.place], words.first) / (float(total.sum()) or 1.0)
        whole = np.logical_and.reduceat(by_gram[:, words.place] > 0, words.first, axis=1)
        strong = np.flatnonzero(whole.any(axis=0) & (given > 0))  # the word stands in one document
        best = sorted(strong.tolist(), key=lambda at: (-given[at], words.text[at]))[:TERMS]
        return [Term(words.text[at], round(float(given[at]), 4)) for at in best]

    def _fields(self, roster: Roster, owner: int) -> tuple[str, ...]:
        own = roster.field[roster.field_start[owner] : roster.field_start[owner + 1]]
        codes = [roster.codes[number] for number in own.tolist()]
        return tuple(c for c in codes if agreement(c, self.told.fields, self.weights))

    def _keywords(self, side: Side, owner: int) -> tuple[str, ...]:
        roster = side.segment.roster
        low, high = roster.keyword_start[owner], roster.keyword_start[owner + 1]
        own = np.flatnonzero(side.scan.met[low:high]) + low
        return tuple(roster.keywords[number] for number in own.tolist())


def _shown(
    roster: Roster, documents: NDArray[np.int64], share: NDArray[np.float64]
) -> Iterator[Shown]:
    """Yield the documents that carried most."""
    for at in np.lexsort((documents, -share))[:DOCUMENTS].tolist():
        row = int(documents[at])
        if share[at] > 0:
            year = int(roster.year[row]) or None
            yield Shown(int(roster.place[row]), roster.keys[row], year, round(float(share[at]), 4))


def _recency(side: Side, documents: NDArray[np.int64]) -> float:
    """Return the mean of what their years leave of the documents' weights."""
    own = side.segment.roster.weight[documents]
    factor = np.divide(side.scan.weight[documents], own, out=np.zeros_like(own), where=own > 0)
    return round(float(factor.mean()), 4) if len(factor) else 1.0
