"""Candidates with their documents as arrays: what a base keeps on disk and a delta in memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking.grams import Codes
from app.matching.ranking.kernels import Lists
from app.matching.ranking.keywords import hashed
from app.matching.ranking.model import Candidate
from app.matching.ranking.store import Texts

Ints32 = NDArray[np.int32]
Ints64 = NDArray[np.int64]
Floats = NDArray[np.float32]

UNKNOWN_YEAR = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """Who the candidates are and which documents are theirs; documents of one lie side by side."""

    ids: Texts
    node: Ints32
    owner_start: Ints64  # documents owner_start[c] to owner_start[c + 1] are candidate c's
    field: Ints32  # numbers among codes, in the candidate's order
    field_start: Ints64
    codes: Texts
    keyword: Codes  # hashes, as keywords.py makes them, sorted
    keyword_place: Ints32  # where each stands among keywords
    keyword_start: Ints64
    keywords: Texts
    year: NDArray[np.int16]
    weight: Floats
    place: Ints32
    keys: Texts

    def __len__(self) -> int:
        return len(self.node)

    @property
    def documents(self) -> int:
        return len(self.year)

    def owners(self) -> Ints32:
        """Return the number of each document's candidate."""
        size = np.diff(self.owner_start)
        return np.repeat(np.arange(len(self), dtype=np.int32), size)


@dataclass(frozen=True, slots=True)
class Postings:
    """Which gram occurs how often in which document."""

    term: Codes  # sorted
    start: Ints64
    document: Ints32
    count: NDArray[np.uint8]

    @property
    def lists(self) -> Lists:
        return Lists(self.start, self.document, self.count)


@dataclass(frozen=True, slots=True)
class Segment:
    roster: Roster
    postings: Postings
    norm: Floats  # BM25's length normalisation of each document
    inverse: Floats  # one over the length of its tf-idf vector
    vector: NDArray[np.int8]  # of each document; no columns where none were learnt
    neighbour: Ints32  # of each candidate, candidates of the base; -1 where there are fewer
    nearness: Floats  # adds up to 1 over a candidate's neighbours


class RosterWriter:
    """Collects candidates one by one and gives the roster."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._node: list[int] = []
        self._sizes: list[tuple[int, int, int]] = []
        self._fields: list[str] = []
        self._keywords: list[str] = []
        self._documents: list[tuple[int, float, int]] = []
        self._keys: list[str] = []

    def add(self, candidate: Candidate) -> None:
        kept = [(at, one) for at, one in enumerate(candidate.documents) if not one.excluded]
        self._ids.append(candidate.id)
        self._node.append(candidate.node)
        self._sizes.append((len(kept), len(candidate.fields), len(candidate.keywords)))
        self._fields += candidate.fields
        self._keywords += candidate.keywords
        self._documents += [(one.year or UNKNOWN_YEAR, one.weight, at) for at, one in kept]
        self._keys += [one.key for _, one in kept]

    def roster(self) -> Roster:
        sizes = np.array(self._sizes, np.int64).reshape(-1, 3)
        start = np.vstack([np.zeros((1, 3), np.int64), np.cumsum(sizes, axis=0)])
        number = {code: at for at, code in enumerate(sorted(set(self._fields)))}
        words = hashed(self._keywords)
        order = np.argsort(words, kind="stable")
        told = np.array(self._documents, np.float64).reshape(-1, 3)
        return Roster(
            ids=Texts.of(self._ids),
            node=np.array(self._node, np.int32),
            owner_start=start[:, 0].copy(),
            field=np.array([number[code] for code in self._fields], np.int32),
            field_start=start[:, 1].copy(),
            codes=Texts.of(number),
            keyword=words[order],
            keyword_place=order.astype(np.int32),
            keyword_start=start[:, 2].copy(),
            keywords=Texts.of(self._keywords),
            year=told[:, 0].astype(np.int16),
            weight=told[:, 1].astype(np.float32),
            place=told[:, 2].astype(np.int32),
            keys=Texts.of(self._keys),
        )
