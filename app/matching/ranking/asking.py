"""A query made ready: its grams weighed, so that a perfect answer would get 1."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import vectors
from app.matching.ranking.base import Base
from app.matching.ranking.grams import Codes, document_pieces, grams
from app.matching.ranking.keywords import within
from app.matching.ranking.lexicon import LOGARITHM, Lexicon
from app.matching.ranking.model import Query
from app.matching.ranking.weights import Mix

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Mask = NDArray[np.bool_]

POSTINGS = 8_000_000  # read for every document at the first look, if it costs no more than
UNTOLD = 0.02  # of what a perfect answer would get


@dataclass(frozen=True, slots=True)
class Asked:
    """What a segment needs to score a query."""

    code: Codes  # sorted
    plain: Floats  # weight in BM25, of which a perfect answer gets 1 in sum
    angular: Floats  # weight in the cosine, the query's own length divided out
    scanned: Mask  # which grams every document is scored by; the rest only at the second look
    vector: Floats
    mix: Mix
    share: float  # what those alike lend, of which a small library has few
    level: float  # brings one perfect document, and those alike as perfect, to 1
    phrases: Codes  # hashes of what a declared keyword could be
    fields: tuple[str, ...]
    year: int | None


def asked(query: Query, base: Base) -> Asked:
    """Weigh a query's grams; how BM25 and cosine share depends on how much was written."""
    lexicon, weights = base.lexicon, base.weights
    found = grams(document_pieces(0, query.document))
    idf = lexicon.weigh(found.code).astype(np.float64)
    length = float(found.count.sum(dtype=np.int64))
    mix = weights.mix(len(found.code))
    angle = LOGARITHM[found.count] * idf
    across = float(np.sqrt((angle**2).sum())) or 1.0
    count = found.count.astype(np.float64)
    norm = float(lexicon.norm(np.array([length]), weights.k1, weights.b)[0])
    best = float((idf * count * (weights.k1 + 1) / (count + norm)).sum()) or 1.0
    told = idf * count * (weights.k1 + 1) / (count + norm) / best * (1 - mix.cosine)
    told += mix.cosine * (angle / across) ** 2
    size = len(base.segment.roster)
    share = mix.alike * size / (size + weights.library)
    return Asked(
        code=found.code,
        plain=((1 - mix.cosine) * idf / best).astype(np.float32),
        angular=(mix.cosine * angle * idf / across).astype(np.float32),
        scanned=_scanned(found.code, told, base),
        vector=vectors.placed(found, 1, base.vectors, lexicon)[0],
        mix=mix,
        share=share,
        level=math.sqrt(1 + mix.shrink) / (1 + share),
        phrases=within((query.title, query.text, *query.keywords)),
        fields=query.fields,
        year=query.year,
    )


def _scanned(code: Codes, told: Doubles, base: Base) -> Mask:
    """Choose the grams to read for every document, ``told`` being what each adds to 1.

    In a large library the commonest characters hold most of the postings and tell least: those
    that together tell ``UNTOLD`` at most are left to the second look, as far as that is needed.
    """
    at, known = base.lexicon.find(code)
    start = base.segment.postings.start
    size = np.zeros(len(code), np.int64)
    size[known] = start[at[known] + 1] - start[at[known]]
    order = np.argsort(told, kind="stable")
    left = size.sum() - np.cumsum(size[order])
    before = np.concatenate([[size.sum()], left[:-1]]) if len(order) else left
    spared = (np.cumsum(told[order]) <= UNTOLD) & (before > POSTINGS)
    found = np.ones(len(code), bool)
    found[order[spared]] = False
    return found


def alike(one: Query, other: Query, lexicon: Lexicon) -> float:
    """Return the cosine of two queries' tf-idf vectors."""
    found = grams(document_pieces(0, one.document) + document_pieces(1, other.document))
    weight = LOGARITHM[found.count] * lexicon.weigh(found.code).astype(np.float64)
    first, second = found.text == 0, found.text == 1
    _, left, right = np.intersect1d(found.code[first], found.code[second], return_indices=True)
    shared = float(weight[first][left] @ weight[second][right])
    across = float(np.linalg.norm(weight[first]) * np.linalg.norm(weight[second]))
    return min(shared / across, 1.0) if across else 0.0
