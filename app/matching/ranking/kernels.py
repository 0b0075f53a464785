"""The loops over postings and documents, compiled on first use and kept on disk.

Plain functions over arrays, without a decision in them; what the arrays mean, the callers say.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]

BLOCK = 1 << 15  # documents whose sums fit the second-level cache

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    """Compile a function when it is first called, without the interpreter's lock.

    What was compiled is kept beside the source or in the user's cache; where neither can be
    written, numba refuses to try, and every process compiles for itself.
    """
    try:
        return cast("_Function", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast("_Function", numba.njit(nogil=True)(function))


class Lists(NamedTuple):
    """Postings: documents and how often, of term t, stand from start[t] to start[t + 1]."""

    start: Ints
    document: Ints32
    counted: NDArray[np.uint8]


class Measures(NamedTuple):
    """What is known of each document, and the two constants that go with it."""

    norm: Floats  # BM25's length normalisation
    inverse: Floats  # one over the length of its tf-idf vector
    logarithm: Floats  # 1 + log of a count, by the count
    k1: np.float32


class Terms(NamedTuple):
    """A query's terms with their weights in BM25 and in the cosine."""

    term: Ints
    plain: Floats
    angular: Floats


@_compiled
def scan(terms: Terms, lists: Lists, measures: Measures) -> tuple[Floats, Floats]:
    """Return BM25 and cosine of every document.

    Documents are taken a block at a time, so that what is added up stays in the processor's cache
    while the postings stream by. Most counts are 1 or 2: they are added up first and divided by
    the document's length once, at the end of the block.
    """
    norm, inverse, logarithm = measures.norm, measures.inverse, measures.logarithm
    rise, one, two = measures.k1 + np.float32(1), np.float32(1), np.float32(2)
    size = norm.shape[0]
    plain, angular = np.empty(size, np.float32), np.empty(size, np.float32)
    at = np.empty(terms.term.shape[0], np.int64)
    for place in range(terms.term.shape[0]):
        at[place] = lists.start[terms.term[place]]
    sums = np.zeros((min(BLOCK, size), 4), np.float32)
    for low in range(0, size, BLOCK):
        high = min(low + BLOCK, size)
        sums[:] = 0
        for place in range(terms.term.shape[0]):
            flat, steep = terms.plain[place], terms.angular[place]
            here, stop = at[place], lists.start[terms.term[place] + 1]
            while here < stop:
                document = lists.document[here]
                if document >= high:
                    break
                count = lists.counted[here]
                row = document - low
                if count <= 2:  # noqa: PLR2004 -- one and two have columns of their own
                    sums[row, count - 1] += flat
                else:
                    often = np.float32(count)
                    sums[row, 2] += flat * often / (often + norm[document])
                sums[row, 3] += steep * logarithm[count]
                here += 1
            at[place] = here
        for document in range(low, high):
            row = document - low
            once = sums[row, 0] / (one + norm[document])
            twice = two * sums[row, 1] / (two + norm[document])
            plain[document] = rise * (once + twice + sums[row, 2])
            angular[document] = sums[row, 3] * inverse[document]
    return plain, angular


@_compiled
def contributions(terms: Terms, lists: Lists, measures: Measures, rows: Ints) -> Floats:
    """Return what each query term gave each of a few documents, ``rows`` being sorted."""
    rise = measures.k1 + np.float32(1)
    found = np.zeros((rows.shape[0], terms.term.shape[0]), np.float32)
    for place in range(terms.term.shape[0]):
        term = terms.term[place]
        at, high = lists.start[term], lists.start[term + 1]
        for row in range(rows.shape[0]):
            at += np.searchsorted(lists.document[at:high], rows[row])
            if at < high and lists.document[at] == rows[row]:
                count = np.float32(lists.counted[at])
                found[row, place] = (
                    terms.plain[place] * rise * count / (count + measures.norm[rows[row]])
                    + terms.angular[place]
                    * measures.logarithm[lists.counted[at]]
                    * measures.inverse[rows[row]]
                )
    return found


@_compiled
def lengths(lists: Lists, logarithm: Floats, idf: Floats, size: int) -> tuple[Doubles, Doubles]:
    """Return the squared length of every document's tf-idf vector, and its count of grams."""
    squared = np.zeros(size, np.float64)
    total = np.zeros(size, np.float64)
    for term in range(lists.start.shape[0] - 1):
        for at in range(lists.start[term], lists.start[term + 1]):
            squared[lists.document[at]] += (logarithm[lists.counted[at]] * idf[term]) ** 2
            total[lists.document[at]] += lists.counted[at]
    return squared, total


@_compiled
def gathered(
    one: Floats, other: Floats, weight: Floats, owner_start: Ints, shrink: float
) -> Floats:
    """Return the shrunk root mean square of each owner's document scores, sums of two."""
    found = np.zeros(owner_start.shape[0] - 1, np.float32)
    for owner in range(found.shape[0]):
        total, held = 0.0, 0.0
        for document in range(owner_start[owner], owner_start[owner + 1]):
            if weight[document] > 0:
                total += weight[document] * (one[document] + other[document]) ** 2
                held += 1.0
        found[owner] = np.sqrt(total / (held + shrink))
    return found


@_compiled
def shared_out(
    components: Doubles, weight: Floats, first: Ints, shrink: float
) -> tuple[Doubles, Doubles]:
    """Return how much of each owner's gathered score each component gave, and each document.

    The gathered score is homogeneous in the components, so by Euler's theorem the parts add up to
    it exactly; a document's share is its part of the sum of squares.
    """
    parts = np.zeros((first.shape[0] - 1, components.shape[1]), np.float64)
    share = np.zeros(components.shape[0], np.float64)
    for owner in range(first.shape[0] - 1):
        total, held = 0.0, 0.0
        for row in range(first[owner], first[owner + 1]):
            if weight[row] > 0:
                held += 1.0
                score = components[row].sum()
                share[row] = weight[row] * score * score
                total += share[row]
        if total <= 0:
            continue
        text = np.sqrt(total / (held + shrink))
        for row in range(first[owner], first[owner + 1]):
            if weight[row] > 0:
                score = components[row].sum()
                for column in range(components.shape[1]):
                    given = weight[row] * score * components[row, column]
                    parts[owner, column] += given / ((held + shrink) * text)
            share[row] /= total
    return parts, share


@_compiled
def lent(rows: Ints, neighbour: Ints32, nearness: Floats, score: Floats) -> Floats:
    """Return the mean score of each row's neighbours, weighted by nearness."""
    found = np.zeros(rows.shape[0], np.float32)
    for place in range(rows.shape[0]):
        for at in range(neighbour.shape[1]):
            other = neighbour[rows[place], at]
            if other >= 0:
                found[place] += nearness[rows[place], at] * score[other]
    return found


class Profiles(NamedTuple):
    """Texts to find neighbours for: terms and weights by row, the rarest term of a row first."""

    first: Ints
    term: Ints
    weight: Floats
    own: Ints  # the owner that a row stands for, or -1


class Owners(NamedTuple):
    """The owners among whom neighbours are looked for."""

    lists: Lists
    owner: Ints32  # of each document
    factor: Floats  # of each document: one over the length of its tf-idf vector
    inverse: Floats  # of each owner: one over the length of its profile


@_compiled
def nearest(
    profiles: Profiles, owners: Owners, logarithm: Floats, idf: Floats, width: int, budget: int
) -> tuple[Ints32, Floats]:
    """Return each row's nearest owners by the cosine of profiles.

    A row stops when it has read ``budget`` postings, its rarest terms first: that bounds the work
    in a large library, and reads everything in a small one.
    """
    rows = profiles.first.shape[0] - 1
    found = np.full((rows, width), -1, np.int32)
    near = np.zeros((rows, width), np.float32)
    score = np.zeros(owners.inverse.shape[0], np.float32)
    touched = np.empty(owners.inverse.shape[0], np.int32)
    start, documents, counts = owners.lists
    for row in range(rows):
        read, seen = 0, 0
        for place in range(profiles.first[row], profiles.first[row + 1]):
            term = profiles.term[place]
            read += start[term + 1] - start[term]
            if read > budget and seen > width:
                break
            worth = profiles.weight[place] * idf[term]
            for at in range(start[term], start[term + 1]):
                document = documents[at]
                owner = owners.owner[document]
                if score[owner] == 0:
                    touched[seen] = owner
                    seen += 1
                score[owner] += worth * logarithm[counts[at]] * owners.factor[document]
        for at in range(seen):
            owner = touched[at]
            value = score[owner] * owners.inverse[owner]
            score[owner] = 0
            if owner == profiles.own[row] or value <= near[row, width - 1]:
                continue
            place = width - 1
            while place > 0 and near[row, place - 1] < value:
                near[row, place] = near[row, place - 1]
                found[row, place] = found[row, place - 1]
                place -= 1
            near[row, place] = value
            found[row, place] = owner
    return found, near


@_compiled
def together(first: Ints, feature: Ints, counts: Floats) -> None:
    """Add to ``counts`` how many texts have two features together."""
    for row in range(first.shape[0] - 1):
        for one in range(first[row], first[row + 1]):
            for other in range(first[row], first[row + 1]):
                if one != other:
                    counts[feature[one], feature[other]] += 1
