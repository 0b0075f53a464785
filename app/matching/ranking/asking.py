"""A query made ready: its grams with their weights in BM25 and in the cosine, both self-normalised."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking.grams import Codes, document_pieces, grams
from app.matching.ranking.keywords import within
from app.matching.ranking.lexicon import LOGARITHM, Lexicon
from app.matching.ranking.model import Query
from app.matching.ranking.weights import Weights

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a segment needs to score a query."""

    code: Codes  # sorted
    plain: Floats  # weight in BM25, of which a perfect answer gets 1 in sum
    angular: Floats  # weight in the cosine, the query's own length divided out
    neighbours: float
    vectors: float
    phrases: Codes  # hashes of what a declared keyword could be
    fields: tuple[str, ...]
    year: int | None


def asked(query: Query, lexicon: Lexicon, weights: Weights) -> Asked:
    """Weigh a query's grams; how BM25 and cosine share depends on how much was written."""
    found = grams(document_pieces(0, query.document))
    idf = lexicon.weigh(found.code).astype(np.float64)
    count = found.count.astype(np.float64)
    length = float(count.sum())
    share = _share(length, weights)
    norm = float(lexicon.norm(np.array([length]), weights.k1, weights.b)[0])
    best = float((idf * count * (weights.k1 + 1) / (count + norm)).sum())
    angle = LOGARITHM[found.count] * idf
    across = float(np.sqrt((angle**2).sum()))
    return Asked(
        code=found.code,
        plain=((1 - share) * idf / (best or 1.0)).astype(np.float32),
        angular=(share * angle * idf / (across or 1.0)).astype(np.float32),
        neighbours=weights.neighbours,
        vectors=weights.vectors,
        phrases=within(_texts(query)),
        fields=query.fields,
        year=query.year,
    )


def _texts(query: Query) -> Sequence[str]:
    return (query.title, query.text, *query.keywords)


def _share(length: float, weights: Weights) -> float:
    """Return the cosine's share: BM25 knows short queries best, the cosine long ones."""
    if length <= 0:
        return weights.cosine_short
    rise = 1 / (1 + (weights.halfway / length) ** weights.steepness)
    return weights.cosine_short + (weights.cosine_long - weights.cosine_short) * rise


def alike(one: Query, other: Query, lexicon: Lexicon) -> float:
    """Return the cosine of two queries' tf-idf vectors."""
    pieces = document_pieces(0, one.document) + document_pieces(1, other.document)
    found = grams(pieces)
    weight = LOGARITHM[found.count] * lexicon.weigh(found.code).astype(np.float64)
    first, second = found.text == 0, found.text == 1
    _, left, right = np.intersect1d(found.code[first], found.code[second], return_indices=True)
    shared = float(weight[first][left] @ weight[second][right])
    across = float(np.linalg.norm(weight[first]) * np.linalg.norm(weight[second]))
    return min(shared / across, 1.0) if across else 0.0
