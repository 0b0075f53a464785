"""The loops over postings and documents, compiled. Compiled on first use and kept on disk."""

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def scan(terms, plain, angular, start, documents, counts, logarithm, norm, k1, inverse):
    """Return BM25 and cosine of every document for weighted query terms, as two columns."""
    found = np.zeros((norm.shape[0], 2), np.float32)
    for place in range(terms.shape[0]):
        flat, steep = plain[place], angular[place]
        for at in range(start[terms[place]], start[terms[place] + 1]):
            document, count = documents[at], counts[at]
            found[document, 0] += flat * count * (k1 + 1) / (count + norm[document])
            found[document, 1] += steep * logarithm[count]
    for document in range(norm.shape[0]):
        found[document, 1] *= inverse[document]
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def lengths(start, documents, counts, logarithm, idf, size):
    """Return the squared length of every document's tf-idf vector, and its count of grams."""
    squared = np.zeros(size, np.float64)
    total = np.zeros(size, np.float64)
    for term in range(start.shape[0] - 1):
        for at in range(start[term], start[term + 1]):
            squared[documents[at]] += (logarithm[counts[at]] * idf[term]) ** 2
            total[documents[at]] += counts[at]
    return squared, total


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def gathered(score, weight, owner_start, shrink):
    """Return the shrunk root mean square of every owner's document scores."""
    found = np.zeros(owner_start.shape[0] - 1, np.float32)
    for owner in range(found.shape[0]):
        total, held = 0.0, 0.0
        for document in range(owner_start[owner], owner_start[owner + 1]):
            if weight[document] > 0:
                total += weight[document] * score[document] ** 2
                held += 1.0
        found[owner] = np.sqrt(total / (held + shrink))
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def lent(documents, neighbour, nearness, score):
    """Return what each document's neighbours lend it: their scores by nearness."""
    found = np.zeros(documents.shape[0], np.float32)
    for place in range(documents.shape[0]):
        document = documents[place]
        for at in range(neighbour.shape[1]):
            other = neighbour[document, at]
            if other >= 0:
                found[place] += nearness[document, at] * score[other]
    return found


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def nearest(
    first, terms, weights, start, documents, counts, logarithm, idf, inverse, own, width, budget
):
    """Return each document's nearest others by cosine over its rarest terms.

    ``first``, ``terms``, ``weights`` hold the documents by row with terms the rarest first; a row
    stops when it has read ``budget`` postings, which bounds the work on a large library and reads
    everything in a small one. ``own`` is the number of a row's document in the index, or -1.
    """
    rows = first.shape[0] - 1
    found = np.full((rows, width), -1, np.int32)
    near = np.zeros((rows, width), np.float32)
    score = np.zeros(inverse.shape[0], np.float32)
    touched = np.empty(inverse.shape[0], np.int32)
    for row in range(rows):
        read, seen = 0, 0
        for place in range(first[row], first[row + 1]):
            term = terms[place]
            read += start[term + 1] - start[term]
            if read > budget and seen > width:
                break
            for at in range(start[term], start[term + 1]):
                document = documents[at]
                if score[document] == 0:
                    touched[seen] = document
                    seen += 1
                score[document] += weights[place] * logarithm[counts[at]] * idf[term]
        lowest = 0.0
        for at in range(seen):
            document = touched[at]
            value = score[document] * inverse[document]
            score[document] = 0
            if document == own[row] or value <= lowest:
                continue
            place = width - 1
            while place > 0 and near[row, place - 1] < value:
                near[row, place] = near[row, place - 1]
                found[row, place] = found[row, place - 1]
                place -= 1
            near[row, place] = value
            found[row, place] = document
            lowest = near[row, width - 1]
    return found, near


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def shared_out(components, weight, first, shrink):
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


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def contributions(
    terms, plain, angular, start, documents, counts, logarithm, norm, k1, inverse, rows
):
    """Return what each query term gave each of a few documents (sorted by number)."""
    found = np.zeros((rows.shape[0], terms.shape[0]), np.float32)
    for place in range(terms.shape[0]):
        low, high = start[terms[place]], start[terms[place] + 1]
        at = low
        for row in range(rows.shape[0]):
            at += np.searchsorted(documents[at:high], rows[row])
            if at < high and documents[at] == rows[row]:
                count = counts[at]
                found[row, place] = (
                    plain[place] * count * (k1 + 1) / (count + norm[rows[row]])
                    + angular[place] * logarithm[count] * inverse[rows[row]]
                )
    return found
