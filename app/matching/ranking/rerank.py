"""The second look at a few candidates: every component of every document, added up and shared out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels
from app.matching.ranking.asking import Asked
from app.matching.ranking.scoring import Scanned, field_fit, keyword_fit, keywords_met
from app.matching.ranking.segment import Segment
from app.matching.ranking.weights import Weights

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

OF_TEXT = ("bm25", "cosine", "neighbours", "vectors", "embedding")
PARTS = (*OF_TEXT, "field", "keyword")
DECIMALS = 6  # what a score is told to; the parts are rounded first, so that they add up


@dataclass(frozen=True, slots=True)
class Reference:
    """A document as the caller knows it, for the optional embedding term."""

    id: str
    place: int
    key: str


#: Returns the cosine of the query with each document asked for; what it lacks is 0.
Embedding = Callable[[Sequence[Reference]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the second look found for chosen candidates of one segment."""

    chosen: Ints  # numbers within the segment
    parts: Doubles  # by candidate and PARTS, rounded
    rows: Ints  # the documents looked at
    first: Ints  # rows first[i] to first[i + 1] are the i-th candidate's
    share: Doubles  # of each row in its candidate's text score

    @property
    def score(self) -> Doubles:
        return np.round(self.parts.sum(axis=1), DECIMALS)


def looked(
    asked: Asked,
    segment: Segment,
    scan: Scanned,
    lending: Floats,
    chosen: Ints,
    weights: Weights,
    embedding: Embedding | None,
) -> Looked:
    """Score chosen candidates in full. ``lending`` holds the base's document scores."""
    roster = segment.roster
    size = roster.owner_start[chosen + 1] - roster.owner_start[chosen]
    first = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    rows = np.repeat(roster.owner_start[chosen] - first[:-1], size) + np.arange(first[-1])
    lent = kernels.lent(rows, segment.neighbour, segment.nearness, lending)
    components = np.zeros((len(rows), len(OF_TEXT)), np.float64)
    components[:, 0] = scan.bm25[rows]
    components[:, 1] = scan.cosine[rows]
    components[:, 2] = asked.neighbours * lent
    if embedding is not None:
        owner = np.repeat(chosen, size)
        told = embedding([_reference(segment, o, r) for o, r in zip(owner, rows, strict=True)])
        components[:, 4] = weights.embedding * np.maximum(told, 0)
    text, share = kernels.shared_out(components, scan.weight[rows], first, weights.shrink)
    field = weights.field * field_fit(asked, roster, weights)[chosen]
    keyword = weights.keyword * keyword_fit(keywords_met(asked, roster), roster)[chosen]
    parts = np.round(np.column_stack([text, field, keyword]), DECIMALS)
    return Looked(chosen, parts, rows, first, share)


def _reference(segment: Segment, owner: int, row: int) -> Reference:
    roster = segment.roster
    return Reference(roster.ids[owner], int(roster.place[row]), roster.keys[row])
