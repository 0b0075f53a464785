"""How telling each gram is: statistics of a base, frozen, so that scores of one base compare."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking.grams import MOST_COUNTED, Codes, Grams

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

#: 1 + log of a count, by the count; 0 of none.
LOGARITHM: Floats = np.concatenate(
    [[0.0], 1 + np.log(np.arange(1, MOST_COUNTED + 1, dtype=np.float64))]
).astype(np.float32)


def idf_of(seen: NDArray[np.int64], documents: int) -> Floats:
    """Robertson and Spärck Jones's weight, kept above zero as Lucene does."""
    return np.log1p((documents - seen + 0.5) / (seen + 0.5)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Lexicon:
    term: Codes  # sorted
    idf: Floats
    documents: int
    mean_length: float
    empty: Floats  # the idf of a gram that no document has

    @classmethod
    def of(cls, term: Codes, seen: NDArray[np.int64], documents: int, length: float) -> "Lexicon":
        empty = idf_of(np.zeros(1, np.int64), documents)
        return cls(term, idf_of(seen, documents), documents, length or 1.0, empty)

    def find(self, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the number of each code's term, and whether there is one."""
        if not len(self.term):
            return np.zeros(len(codes), np.int64), np.zeros(len(codes), bool)
        at = np.minimum(np.searchsorted(self.term, codes), len(self.term) - 1)
        return at, self.term[at] == codes

    def weigh(self, codes: Codes) -> Floats:
        """Return the idf of each code; of one never seen it is the highest there is."""
        if not len(self.term):
            return np.repeat(self.empty, len(codes))
        at, known = self.find(codes)
        return np.where(known, self.idf[at], self.empty[0]).astype(np.float32)

    def norm(self, length: Doubles, k1: float, b: float) -> Floats:
        """Return what BM25 adds to the count of a gram in a text of that many grams."""
        return (k1 * (1 - b + b * length / self.mean_length)).astype(np.float32)


def totals(grams: Grams, texts: int) -> Doubles:
    """Return how many grams each text has, counted with their weights."""
    found = np.bincount(grams.text, weights=grams.count, minlength=texts)
    return found.astype(np.float64, copy=False)


def over(length: Doubles) -> Floats:
    """Return one over each length; 0 where there is none, as nothing fits an empty text."""
    found = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return found.astype(np.float32)
