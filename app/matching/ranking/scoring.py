"""What a query makes of one segment: documents scored, people gathered, fields and keywords met."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels
from app.matching.ranking.asking import Asked
from app.matching.ranking.kernels import Measures, Terms
from app.matching.ranking.lexicon import LOGARITHM
from app.matching.ranking.segment import UNKNOWN_YEAR, Roster, Segment
from app.matching.ranking.store import Texts
from app.matching.ranking.weights import Weights

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_HIGHEST = chr(0x10FFFF)
_PLACES = 10  # how many fields down a candidate's list a match is worth nothing


@dataclass(frozen=True, slots=True)
class Scanned:
    """Every document's BM25 and cosine, weighted; its weight now; and everybody's text score."""

    bm25: Floats
    cosine: Floats
    weight: Floats
    text: Floats  # by candidate
    field: Floats  # by candidate, 0 to 1
    keyword: Floats
    met: NDArray[np.bool_]  # by declared keyword


def scanned(asked: Asked, segment: Segment, weights: Weights) -> Scanned:
    """Score every document of a segment exactly, and gather the scores by candidate."""
    roster = segment.roster
    terms, _ = met(asked, segment, asked.scanned)
    bm25, cosine = kernels.scan(terms, segment.postings.lists, measures(segment, weights))
    weight = roster.weight * recency(roster, asked.year, weights)
    text = kernels.gathered(bm25, cosine, weight, roster.owner_start, asked.mix.shrink)
    text *= np.float32(asked.level)
    words = keywords_met(asked, roster)
    field = field_fit(asked, roster, weights)
    keyword = keyword_fit(words, roster)
    return Scanned(bm25, cosine, weight, text, field, keyword, words)


def met(
    asked: Asked, segment: Segment, chosen: NDArray[np.bool_] | None = None
) -> tuple[Terms, Ints]:
    """Return the query's (chosen) terms that the segment has, and their places in the query."""
    held = segment.postings.term
    if not len(held):
        nothing = np.empty(0, np.int64)
        return Terms(nothing, asked.plain[:0], asked.angular[:0]), nothing
    at = np.minimum(np.searchsorted(held, asked.code), len(held) - 1)
    known = np.flatnonzero((held[at] == asked.code) & (True if chosen is None else chosen))
    return Terms(at[known], asked.plain[known], asked.angular[known]), known


def measures(segment: Segment, weights: Weights) -> Measures:
    return Measures(segment.norm, segment.inverse, LOGARITHM, np.float32(weights.k1))


def recency(roster: Roster, year: int | None, weights: Weights) -> Floats:
    """Return what each document's age leaves of its weight; 1 where either year is unknown.

    What was written after the query's year was not known then and counts nothing.
    """
    if year is None:
        return np.ones(roster.documents, np.float32)
    lowest = int(roster.year.min(initial=0))
    years = np.arange(lowest, int(roster.year.max(initial=0)) + 1)
    faded = 0.5 ** (np.maximum(year - years, 0) / weights.half_life)
    left = np.where(years > year, 0, weights.oldest + (1 - weights.oldest) * faded)
    left[years == UNKNOWN_YEAR] = 1
    factor: Floats = left.astype(np.float32)[roster.year.astype(np.int32) - lowest]
    return factor


def field_fit(asked: Asked, roster: Roster, weights: Weights) -> Floats:
    """Return 1 where a candidate's first field is the query's, less further down or in part."""
    found = np.zeros(len(roster), np.float32)
    if not asked.fields or not len(roster.field):
        return found
    value = np.zeros(len(roster.codes), np.float32)
    for at in agreeing(roster.codes, asked.fields):
        value[at] = agreement(roster.codes[at], asked.fields, weights)
    number = np.repeat(np.arange(len(roster)), np.diff(roster.field_start))
    rank = np.arange(len(roster.field)) - roster.field_start[number]
    worth = value[roster.field] * np.maximum(1 - rank / _PLACES, 0)
    np.maximum.at(found, number, worth.astype(np.float32))
    return found


def agreeing(codes: Texts, wanted: tuple[str, ...]) -> set[int]:
    """Return the places of the codes, which are sorted, that are or begin or continue a wanted."""
    found: set[int] = set()
    for code in filter(None, wanted):
        longer = range(bisect_left(codes, code), bisect_left(codes, code + _HIGHEST))
        starts = (bisect_left(codes, code[:size]) for size in range(1, len(code)))
        found.update(longer, (at for at in starts if at < len(codes)))
    return found


def agreement(code: str, wanted: tuple[str, ...], weights: Weights) -> float:
    """Return 1 for an equal code, less where one is a part of the other, else 0."""
    if code in wanted:
        return 1.0
    part = any(one and code and (one.startswith(code) or code.startswith(one)) for one in wanted)
    return weights.field_prefix if part else 0.0


def keywords_met(asked: Asked, roster: Roster) -> NDArray[np.bool_]:
    """Say of every declared keyword whether the query contains it."""
    found = np.zeros(len(roster.keyword), bool)
    low = np.searchsorted(roster.keyword, asked.phrases)
    high = np.searchsorted(roster.keyword, asked.phrases, side="right")
    for at in np.flatnonzero((high > low) & (asked.phrases != 0)).tolist():
        found[roster.keyword_place[low[at] : high[at]]] = True
    return found


def keyword_fit(met: NDArray[np.bool_], roster: Roster) -> Floats:
    """Return a half for one keyword met, three quarters for two, and so on."""
    so_far = np.concatenate([[0], np.cumsum(met)])
    number = so_far[roster.keyword_start[1:]] - so_far[roster.keyword_start[:-1]]
    found: Floats = np.asarray(1 - 0.5**number, np.float32)
    return found
