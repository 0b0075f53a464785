"""The second look at a few candidates: every component, added up and shared out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels, vectors
from app.matching.ranking.asking import Asked
from app.matching.ranking.scoring import Scanned, measures, met
from app.matching.ranking.segment import Segment
from app.matching.ranking.weights import Weights

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

OF_DOCUMENTS = ("bm25", "cosine", "vectors", "embedding")
PARTS = (*OF_DOCUMENTS, "alike", "field", "keyword")
DECIMALS = 6  # what a score is told to; the parts are rounded first, so that they add up


@dataclass(frozen=True, slots=True)
class Reference:
    """A document as the caller knows it, for the optional embedding term."""

    id: str
    place: int
    key: str


#: A perfect text with the field and a keyword beside it; its rounded parts add up to 1 at most.
MOST = 0.999
#: Returns the cosine of the query with each document asked for; what it lacks is 0.
Embedding = Callable[[Sequence[Reference]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Side:
    """One segment as a query met it."""

    segment: Segment
    scan: Scanned
    lent: Floats  # by candidate: what those like him lend him
    offset: int  # of its first candidate in the index


@dataclass(frozen=True, slots=True)
class Looked:
    """What the second look found for chosen candidates of one segment."""

    chosen: Ints  # numbers within the segment
    parts: Doubles  # by candidate and PARTS, rounded
    rows: Ints  # the documents looked at
    first: Ints  # rows first[i] to first[i + 1] are the i-th candidate's
    share: Doubles  # of each row in what the candidate's documents gave

    @property
    def score(self) -> Doubles:
        total: Doubles = np.round(self.parts.sum(axis=1), DECIMALS)
        return total


def rows_of(segment: Segment, chosen: Ints) -> tuple[Ints, Ints]:
    """Return the documents of candidates, and where each candidate's begin among them."""
    start = segment.roster.owner_start
    size = start[chosen + 1] - start[chosen]
    first = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    return np.repeat(start[chosen] - first[:-1], size) + np.arange(first[-1]), first


def looked(
    asked: Asked,
    side: Side,
    chosen: Ints,
    weights: Weights,
    embedding: Embedding | None = None,
    directions: Floats | None = None,
) -> Looked:
    """Score chosen candidates of a segment in full.

    ``directions`` are those of their documents' vectors, for a caller who asks again and again.
    """
    segment, scan = side.segment, side.scan
    rows, first = rows_of(segment, chosen)
    components = np.zeros((len(rows), len(OF_DOCUMENTS)), np.float64)
    components[:, 0] = scan.bm25[rows]
    components[:, 1] = scan.cosine[rows]
    if not asked.scanned.all():
        rest, _ = met(asked, segment, ~asked.scanned)
        found = kernels.completed(rest, segment.postings.lists, measures(segment, weights), rows)
        components[:, :2] += np.column_stack(found)
    if segment.vector.shape[1]:
        placed = vectors.directions(segment.vector[rows]) if directions is None else directions
        alike = vectors.cosines(asked.vector, placed)
        components[:, 2] = weights.vectors * alike
    if embedding is not None:
        owner = np.repeat(chosen, np.diff(first))
        told = embedding(_references(segment, owner, rows))
        components[:, 3] = weights.embedding * np.maximum(told, 0)
    text, share = kernels.shared_out(components, scan.weight[rows], first, asked.mix.shrink)
    text *= asked.level
    beside = (
        side.lent[chosen],
        weights.field * scan.field[chosen],
        weights.keyword * scan.keyword[chosen],
    )
    parts = np.column_stack([text, *beside])
    whole = parts.sum(axis=1, keepdims=True)
    parts = np.round(parts * (MOST / np.maximum(whole, MOST)), DECIMALS)
    return Looked(chosen, parts, rows, first, share)


def _references(segment: Segment, owner: Ints, rows: Ints) -> list[Reference]:
    roster = segment.roster
    return [
        Reference(roster.ids[who], int(roster.place[row]), roster.keys[row])
        for who, row in zip(owner.tolist(), rows.tolist(), strict=True)
    ]
