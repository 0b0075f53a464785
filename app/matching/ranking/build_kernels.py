"""The loops of building: lengths, neighbours, and what occurs together."""

from typing import NamedTuple

import numpy as np

from app.matching.ranking.compiling import compiled
from app.matching.ranking.kernels import Doubles, Floats, Ints, Ints32, Lists


@compiled
def lengths(lists: Lists, logarithm: Floats, idf: Floats, size: int) -> tuple[Doubles, Doubles]:
    """Return the squared length of every document's tf-idf vector, and its count of grams."""
    squared = np.zeros(size, np.float64)
    total = np.zeros(size, np.float64)
    for term in range(lists.start.shape[0] - 1):
        for at in range(lists.start[term], lists.start[term + 1]):
            squared[lists.document[at]] += (logarithm[lists.counted[at]] * idf[term]) ** 2
            total[lists.document[at]] += lists.counted[at]
    return squared, total


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


@compiled
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


@compiled
def together(first: Ints, feature: Ints, counts: Floats) -> None:
    """Add to ``counts`` how many texts have two features together."""
    for row in range(first.shape[0] - 1):
        for one in range(first[row], first[row + 1]):
            for other in range(first[row], first[row + 1]):
                if one != other:
                    counts[feature[one], feature[other]] += 1
