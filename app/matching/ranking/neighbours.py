"""Which documents speak of the same: found once when a document is written, used when ranking."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels
from app.matching.ranking.grams import Grams
from app.matching.ranking.lexicon import LOGARITHM, Lexicon
from app.matching.ranking.segment import NEIGHBOURS, Postings

BUDGET = 30_000  # postings read for one document, its rarest grams first


@dataclass(frozen=True, slots=True)
class Target:
    """The documents among which neighbours are looked for."""

    postings: Postings
    lexicon: Lexicon
    inverse: NDArray[np.float32]


def neighbours(
    grams: Grams, texts: int, target: Target, own: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return each text's nearest documents and how near they are, adding up to 1."""
    held = target.postings.term
    at = np.searchsorted(held, grams.code)
    known = (
        np.flatnonzero(held[np.minimum(at, len(held) - 1)] == grams.code) if len(held) else at[:0]
    )
    term, text = at[known], grams.text[known]
    idf = target.lexicon.idf[term]
    weight = LOGARITHM[grams.count[known]] * idf
    order = np.lexsort((term, -idf, text))
    first = np.searchsorted(text[order], np.arange(texts + 1))
    postings = target.postings
    found, near = kernels.nearest(
        first, term[order], weight[order], postings.start, postings.document, postings.count,
        LOGARITHM, target.lexicon.idf, target.inverse, own, NEIGHBOURS, BUDGET,
    )  # fmt: skip
    total = near.sum(axis=1, keepdims=True)
    return found, np.divide(near, total, out=near, where=total > 0)
