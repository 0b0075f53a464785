"""Meaning from company: grams that occur with the same others get vectors that point alike.

Positive pointwise mutual information of grams within documents, factored once per base. It is
learnt from the library's own texts: it knows the library's words, and needs no model from outside.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from app.matching.ranking import build_kernels
from app.matching.ranking.grams import Codes, Grams
from app.matching.ranking.lexicon import LOGARITHM, Lexicon

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

WIDTH = 128
MOST_FEATURES = 10_000  # the square of it is held in memory while a base is built
FEWEST_FEATURES, FEWEST_DOCUMENTS = 200, 100  # with fewer there is nothing to learn from
SEEN_AT_LEAST = 3
SEEN_AT_MOST = 0.2  # of all documents; what is in every fifth has no company of its own
PAIRS = 400_000_000  # counted at most; of a large library every n-th document is read
_SMOOTHING = 0.75
_EXTRA, _ROUNDS, _SEED = 20, 2, 7


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of grams; without any, nothing is said about meaning."""

    term: Codes  # sorted
    matrix: Floats

    def __bool__(self) -> bool:
        return bool(len(self.term))


NO_VECTORS = Vectors(np.empty(0, np.uint64), np.empty((0, WIDTH), np.float32))


def features(term: Codes, seen: NDArray[np.int64], documents: int) -> Codes:
    """Choose the grams that get vectors: the most frequent of those that are not everywhere."""
    if documents < FEWEST_DOCUMENTS:
        return term[:0]
    kept = np.flatnonzero((seen >= SEEN_AT_LEAST) & (seen < SEEN_AT_MOST * documents))
    if len(kept) > MOST_FEATURES:
        kept = np.sort(kept[np.argsort(-seen[kept], kind="stable")[:MOST_FEATURES]])
    return term[kept]


def learn(term: Codes, pieces: Iterable[tuple[Grams, int]], pairs: float) -> Vectors:
    """Learn vectors for ``term`` from texts; ``pairs`` is how many they hold, to read fewer."""
    if len(term) < FEWEST_FEATURES:
        return NO_VECTORS
    stride = max(1, int(np.ceil(pairs / PAIRS)))
    counts = np.zeros((len(term), len(term)), np.float32)
    for grams, texts in pieces:
        text, feature = _known(grams, term)
        kept = text % stride == 0
        text, feature = text[kept], feature[kept]
        order = np.argsort(text, kind="stable")
        first = np.searchsorted(text[order], np.arange(texts + 1))
        build_kernels.together(first, feature[order], counts)
    return Vectors(term, _factored(_informed(counts)))


def _known(grams: Grams, term: Codes) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return (text, feature) of what occurs of the features."""
    at = np.minimum(np.searchsorted(term, grams.code), len(term) - 1)
    known = term[at] == grams.code
    return grams.text[known], at[known]


def pairs_in(grams: Grams, term: Codes, texts: int) -> float:
    """Return how many pairs of features the texts hold."""
    if not len(term):
        return 0.0
    text, _ = _known(grams, term)
    return float((np.bincount(text, minlength=texts).astype(np.float64) ** 2).sum())


def _informed(counts: Floats) -> Floats:
    """Turn counts into positive pointwise mutual information, in place and row by row."""
    mass = counts.sum(axis=1, dtype=np.float64)
    context = mass**_SMOOTHING
    context /= context.sum() or 1.0
    for row in range(len(counts)):
        expected = mass[row] * context
        ratio = np.divide(counts[row], expected, out=np.ones(len(counts)), where=expected > 0)
        counts[row] = np.log(np.maximum(ratio, 1.0))
    return counts


def _factored(matrix: Floats) -> Floats:
    """Return the rows of a truncated singular value decomposition, scaled by root, of length 1."""
    random = np.random.default_rng(_SEED)
    width = min(WIDTH, len(matrix))
    found = matrix @ random.standard_normal((len(matrix), width + _EXTRA)).astype(np.float32)
    for _ in range(_ROUNDS):
        found, _ = np.linalg.qr(matrix.T @ np.linalg.qr(found)[0])
        found = matrix @ found
    basis, _ = np.linalg.qr(found)
    left, values, _ = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    rows = (basis @ left)[:, :width] * np.sqrt(values[:width])
    return _unit(rows.astype(np.float32))


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Floats = np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
    return found


def placed(grams: Grams, texts: int, vectors: Vectors, lexicon: Lexicon) -> Floats:
    """Return the vector of each text, of length 1, or 0 where it has none of the features."""
    if not vectors:
        return np.zeros((texts, 0), np.float32)
    at = np.minimum(np.searchsorted(vectors.term, grams.code), len(vectors.term) - 1)
    known = vectors.term[at] == grams.code
    weight = LOGARITHM[grams.count[known]] * lexicon.weigh(grams.code[known])
    shape = (texts, len(vectors.term))
    mixed = sp.csr_matrix((weight, (grams.text[known], at[known])), shape=shape) @ vectors.matrix
    return _unit(np.asarray(mixed, np.float32))


def packed(rows: Floats) -> Bytes:
    """Keep a byte for each number, the largest of a row being 127: the direction is what counts."""
    most = np.abs(rows).max(axis=1, keepdims=True, initial=0)
    scale = np.divide(127, most, out=np.zeros_like(most), where=most > 0)
    found: Bytes = np.rint(rows * scale).astype(np.int8)
    return found


def directions(rows: Bytes) -> Floats:
    """Return packed rows as vectors of length 1."""
    return _unit(rows.astype(np.float32))


def cosines(query: Floats, rows: Floats) -> Floats:
    """Return the cosine of the query's vector with others of length 1, not below 0."""
    found: Floats = np.maximum(rows @ query, 0)
    return found
