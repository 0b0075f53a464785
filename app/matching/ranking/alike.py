"""Which candidates work on the same: found once when one is written, used when ranking.

Whoever is like those who fit, fits better than his own few words can show. Compared are profiles:
the sums of a candidate's documents, each of length 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels
from app.matching.ranking.grams import Grams
from app.matching.ranking.kernels import Owners, Profiles
from app.matching.ranking.lexicon import LOGARITHM, Lexicon

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NEIGHBOURS = 5
BUDGET = 30_000  # postings read for one candidate


@dataclass(frozen=True, slots=True)
class Profile:
    """Profiles of a stretch of candidates, as (candidate, term of the base, weight)."""

    candidate: Ints
    term: Ints
    weight: Floats
    inverse: Floats  # one over the length, by candidate


def profiles(
    grams: Grams, owner: NDArray[np.int32], candidates: int, inverse: Floats, lexicon: Lexicon
) -> Profile:
    """Add up the documents of each candidate; ``owner`` and ``inverse`` are by text."""
    at = np.minimum(np.searchsorted(lexicon.term, grams.code), max(len(lexicon.term) - 1, 0))
    known = lexicon.term[at] == grams.code if len(lexicon.term) else np.zeros(len(at), bool)
    term, text = at[known], grams.text[known]
    worth = LOGARITHM[grams.count[known]] * lexicon.idf[term] * inverse[text]
    key = owner[text].astype(np.int64) * max(len(lexicon.term), 1) + term
    both, place = np.unique(key, return_inverse=True)
    weight = np.bincount(place, weights=worth, minlength=len(both))
    candidate, term = np.divmod(both, max(len(lexicon.term), 1))
    length = np.sqrt(np.bincount(candidate, weights=weight**2, minlength=candidates))
    one_over = np.divide(1.0, length, out=np.zeros(candidates), where=length > 0)
    return Profile(candidate, term, weight.astype(np.float32), one_over.astype(np.float32))


def neighbours(
    profile: Profile, own: Ints, owners: Owners, lexicon: Lexicon
) -> tuple[NDArray[np.int32], Floats]:
    """Return each candidate's nearest and how near they are, which adds up to 1."""
    order = np.lexsort((profile.term, -lexicon.idf[profile.term], profile.candidate))
    first = np.searchsorted(profile.candidate[order], np.arange(len(own) + 1))
    told = Profiles(first, profile.term[order], profile.weight[order], own)
    found, near = kernels.nearest(told, owners, LOGARITHM, lexicon.idf, NEIGHBOURS, BUDGET)
    total = near.sum(axis=1, keepdims=True)
    return found, np.divide(near, total, out=near, where=total > 0)
