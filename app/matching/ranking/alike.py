"""Which candidates work on the same: found once when one is written, used when ranking.

Whoever is like those who fit, fits better than his own few words can show. Compared are profiles:
the sums of a candidate's documents, each of length 1.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from app.matching.ranking import build_kernels
from app.matching.ranking.build_kernels import Owners, Profiles
from app.matching.ranking.grams import Codes, Grams
from app.matching.ranking.lexicon import LOGARITHM, Lexicon, over

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NEIGHBOURS = 5
BUDGET = 30_000  # postings read for one candidate


@dataclass(frozen=True, slots=True)
class Profile:
    """Profiles of a stretch of candidates: the i-th has what stands from first[i] on."""

    first: Ints
    term: Ints  # numbers of terms of the base, the rarest of a candidate first
    weight: Floats
    inverse: Floats  # one over the length, by candidate


def rarest_first(lexicon: Lexicon, among: Codes | None = None) -> Ints:
    """Return the numbers of the base's terms, or of those among codes, the rarest first."""
    if among is None:
        return np.argsort(-lexicon.idf, kind="stable")
    at, known = lexicon.find(np.unique(among))
    return at[known][np.argsort(-lexicon.idf[at[known]], kind="stable")]


def profiles(
    grams: Grams,
    owner: NDArray[np.int32],
    candidates: int,
    inverse: Floats,
    lexicon: Lexicon,
    order: Ints,
) -> Profile:
    """Add up the documents of each candidate; ``owner`` and ``inverse`` are by text.

    ``order`` is that of ``rarest_first`` and has all the terms that occur.
    """
    size = len(order)
    at, known = lexicon.find(grams.code)
    rank = np.empty(len(lexicon.term), np.int64)
    rank[order] = np.arange(size)
    term, text = at[known], grams.text[known]
    worth = LOGARITHM[grams.count[known]] * lexicon.idf[term] * inverse[text]
    summed = sp.csr_matrix((worth, (owner[text], rank[term])), shape=(candidates, max(size, 1)))
    summed.sum_duplicates()  # which sorts the columns of a row as well
    length = np.sqrt(np.asarray(summed.multiply(summed).sum(axis=1), np.float64).ravel())
    return Profile(
        first=summed.indptr.astype(np.int64),
        term=order[summed.indices] if size else summed.indices.astype(np.int64),
        weight=summed.data.astype(np.float32),
        inverse=over(length),
    )


def neighbours(
    profile: Profile, own: Ints, owners: Owners, lexicon: Lexicon
) -> tuple[NDArray[np.int32], Floats]:
    """Return each candidate's nearest and how near they are, which adds up to 1."""
    told = Profiles(profile.first, profile.term, profile.weight, own)
    found, near = build_kernels.nearest(told, owners, LOGARITHM, lexicon.idf, NEIGHBOURS, BUDGET)
    total = near.sum(axis=1, keepdims=True)
    return found, np.divide(near, total, out=near, where=total > 0)
