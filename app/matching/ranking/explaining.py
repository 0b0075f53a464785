"""Why a candidate was found: parts, documents, words, fields, keywords."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import rjieba
from numpy.typing import NDArray

from app.core.text import fold
from app.matching.ranking import kernels
from app.matching.ranking.asking import Asked
from app.matching.ranking.grams import grams
from app.matching.ranking.model import Hit, Part, Query, Shown, Term
from app.matching.ranking.rerank import DECIMALS, PARTS, Looked, Side
from app.matching.ranking.scoring import agreement, keywords_met, measures, met, recency
from app.matching.ranking.segment import UNKNOWN_YEAR, Roster, Segment
from app.matching.ranking.weights import Weights

DOCUMENTS, TERMS = 3, 8
_SHORTEST = 2  # characters; a single one tells nothing


@dataclass
class Explainer:
    """Explains the hits of one query; what it needs of the query is worked out once."""

    query: Query
    told: Asked
    weights: Weights

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
            terms=tuple(self._terms(side.segment, documents, share)),
            fields=self._fields(roster, owner),
            keywords=self._keywords(side.segment, owner),
            newest_year=int(years.max(initial=UNKNOWN_YEAR)) or None,
            recency=self._recency(roster, documents),
        )

    @cached_property
    def _words(self) -> list[tuple[str, NDArray[np.int64]]]:
        """Cut the query into words, each with the places of its grams among the query's."""
        texts = (self.query.title, self.query.text, *self.query.keywords)
        words = dict.fromkeys(word for text in texts for word in rjieba.cut(fold(text)))
        found = []
        for word in words:
            if len(word.strip()) < _SHORTEST:
                continue
            code = np.unique(grams([(0, 1, word)]).code)
            at = np.searchsorted(self.told.code, code)
            if len(code) and at[-1] < len(self.told.code) and (self.told.code[at] == code).all():
                found.append((word, at))
        return found

    def _terms(
        self, segment: Segment, documents: NDArray[np.int64], share: NDArray[np.float64]
    ) -> Iterator[Term]:
        """Yield the words of the query that gave most, by their grams' weight in the documents."""
        terms, places = met(self.told, segment)
        given = kernels.contributions(
            terms, segment.postings.lists, measures(segment, self.weights), documents
        )
        by_gram = np.zeros((len(documents), len(self.told.code)))
        by_gram[:, places] = given
        total = share @ by_gram
        whole = float(total.sum())
        strong = []
        for word, at in self._words if whole else ():
            if (by_gram[:, at] > 0).all(axis=1).any():  # the whole word stands in one document
                strong.append(Term(word, round(float(total[at].sum()) / whole, 4)))
        strong.sort(key=lambda term: (-term.share, term.text))
        yield from strong[:TERMS]

    def _fields(self, roster: Roster, owner: int) -> tuple[str, ...]:
        own = roster.field[roster.field_start[owner] : roster.field_start[owner + 1]]
        codes = [roster.codes[number] for number in own.tolist()]
        return tuple(c for c in codes if agreement(c, self.told.fields, self.weights))

    def _keywords(self, segment: Segment, owner: int) -> tuple[str, ...]:
        roster = segment.roster
        low, high = roster.keyword_start[owner], roster.keyword_start[owner + 1]
        own = np.flatnonzero(keywords_met(self.told, roster)[low:high]) + low
        return tuple(roster.keywords[number] for number in own.tolist())

    def _recency(self, roster: Roster, documents: NDArray[np.int64]) -> float:
        factor = recency(roster, self.told.year, self.weights)[documents]
        return round(float(factor.mean()), 4) if len(factor) else 1.0


def _shown(
    roster: Roster, documents: NDArray[np.int64], share: NDArray[np.float64]
) -> Iterator[Shown]:
    """Yield the documents that carried most."""
    for at in np.lexsort((documents, -share))[:DOCUMENTS].tolist():
        row = int(documents[at])
        if share[at] > 0:
            year = int(roster.year[row]) or None
            yield Shown(int(roster.place[row]), roster.keys[row], year, round(float(share[at]), 4))
