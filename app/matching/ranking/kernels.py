"""The loops of a search, over postings and documents.

Plain functions over arrays, without a decision in them; what the arrays mean, the callers say.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking.compiling import compiled

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]

BLOCK = 1 << 15  # documents whose sums fit the second-level cache


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


@compiled
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
    sums = np.zeros(min(BLOCK, size) * 4, np.float32)
    worth = np.empty(logarithm.shape[0], np.float32)
    for low in range(0, size, BLOCK):
        high = min(low + BLOCK, size)
        sums[:] = 0
        for place in range(terms.term.shape[0]):
            flat, steep = terms.plain[place], terms.angular[place]
            here = at[place]
            stop = _until(lists.document, here, lists.start[terms.term[place] + 1], high)
            at[place] = stop
            if here == stop:
                continue
            for often in range(logarithm.shape[0]):
                worth[often] = steep * logarithm[often]
            for posting in range(here, stop):  # unsigned: no index from behind to look out for
                count = np.uint32(lists.counted[posting])
                row = np.uint32(lists.document[posting] - low) * np.uint32(4)
                if count <= np.uint32(2):
                    sums[row + count - np.uint32(1)] += flat
                else:
                    many = np.float32(count)
                    sums[row + np.uint32(2)] += flat * many / (many + norm[low + row // 4])
                sums[row + np.uint32(3)] += worth[count]
        for document in range(low, high):
            row = np.uint32(document - low) * np.uint32(4)
            once = sums[row] / (one + norm[document])
            twice = two * sums[row + 1] / (two + norm[document])
            plain[document] = rise * (once + twice + sums[row + 2])
            angular[document] = sums[row + 3] * inverse[document]
    return plain, angular


@compiled
def _until(document: Ints32, here: int, stop: int, high: int) -> int:
    """Return the first place from ``here`` to ``stop`` whose document is not below ``high``."""
    while here < stop:
        middle = (here + stop) >> 1
        if document[middle] < high:
            here = middle + 1
        else:
            stop = middle
    return here


@compiled
def completed(terms: Terms, lists: Lists, measures: Measures, rows: Ints) -> tuple[Floats, Floats]:
    """Return BM25 and cosine of a few documents, ``rows`` being sorted."""
    rise = measures.k1 + np.float32(1)
    plain = np.zeros(rows.shape[0], np.float32)
    angular = np.zeros(rows.shape[0], np.float32)
    for place in range(terms.term.shape[0]):
        term = terms.term[place]
        at, stop = lists.start[term], lists.start[term + 1]
        for row in range(rows.shape[0]):
            document, step = rows[row], 1
            while at + step < stop and lists.document[at + step] < document:
                at += step
                step *= 2
            at = _until(lists.document, at, min(at + step + 1, stop), document)
            if at < stop and lists.document[at] == document:
                count = np.float32(lists.counted[at])
                share = count / (count + measures.norm[document])
                plain[row] += terms.plain[place] * rise * share
                angular[row] += terms.angular[place] * measures.logarithm[lists.counted[at]]
    for row in range(rows.shape[0]):
        angular[row] *= measures.inverse[rows[row]]
    return plain, angular


@compiled
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


@compiled
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


@compiled
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


@compiled
def lent(rows: Ints, neighbour: Ints32, nearness: Floats, score: Floats) -> Floats:
    """Return the mean score of each row's neighbours, weighted by nearness."""
    found = np.zeros(rows.shape[0], np.float32)
    for place in range(rows.shape[0]):
        for at in range(neighbour.shape[1]):
            other = neighbour[rows[place], at]
            if other >= 0:
                found[place] += nearness[rows[place], at] * score[other]
    return found
