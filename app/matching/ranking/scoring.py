"""What a query makes of one segment: documents scored, people gathered, fields and keywords met."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels
from app.matching.ranking.asking import Asked
from app.matching.ranking.lexicon import LOGARITHM
from app.matching.ranking.segment import UNKNOWN_YEAR, Roster, Segment
from app.matching.ranking.weights import Weights

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_PLACES = 10  # how many fields down a candidate's list a match is worth nothing


@dataclass(frozen=True, slots=True)
class Scanned:
    """Every document's BM25 and cosine, weighted, and what its year leaves of its weight."""

    bm25: Floats
    cosine: Floats
    weight: Floats

    @property
    def text(self) -> Floats:
        return self.bm25 + self.cosine


def scanned(asked: Asked, segment: Segment, weights: Weights) -> Scanned:
    """Score every document of a segment exactly."""
    postings = segment.postings
    held = postings.term
    at = np.searchsorted(held, asked.code)
    at = np.minimum(at, max(len(held) - 1, 0))
    known = held[at] == asked.code if len(held) else np.zeros(len(at), bool)
    found = kernels.scan(
        at[known], asked.plain[known], asked.angular[known],
        postings.start, postings.document, postings.count,
        LOGARITHM, segment.norm, np.float32(weights.k1), segment.inverse,
    )  # fmt: skip
    factor = recency(segment.roster, asked.year, weights)
    return Scanned(found[:, 0], found[:, 1], segment.roster.weight * factor)


def recency(roster: Roster, year: int | None, weights: Weights) -> Floats:
    """Return what each document's age leaves of its weight; 1 where either year is unknown."""
    if year is None:
        return np.ones(roster.documents, np.float32)
    age = np.maximum(year - roster.year.astype(np.float32), 0)
    left = weights.oldest + (1 - weights.oldest) * 0.5 ** (age / weights.half_life)
    return np.where(roster.year == UNKNOWN_YEAR, 1, left).astype(np.float32)


def field_fit(asked: Asked, roster: Roster, weights: Weights) -> Floats:
    """Return 1 where a candidate's first field is the query's, less further down or in part."""
    if not asked.fields or not len(roster.field):
        return np.zeros(len(roster), np.float32)
    value = np.array([agreement(code, asked.fields, weights) for code in roster.codes])
    number = np.repeat(np.arange(len(roster)), np.diff(roster.field_start))
    rank = np.arange(len(roster.field)) - roster.field_start[number]
    worth = value[roster.field] * np.maximum(1 - rank / _PLACES, 0)
    found = np.zeros(len(roster), np.float32)
    np.maximum.at(found, number, worth.astype(np.float32))
    return found


def agreement(code: str, wanted: tuple[str, ...], weights: Weights) -> float:
    """Return 1 for an equal code, less where one is a part of the other, else 0."""
    if code in wanted:
        return 1.0
    part = any(one and code and (one.startswith(code) or code.startswith(one)) for one in wanted)
    return weights.field_prefix if part else 0.0


def keywords_met(asked: Asked, roster: Roster) -> NDArray[np.bool_]:
    """Say of every declared keyword whether the query contains it."""
    if not len(asked.phrases) or not len(roster.keyword):
        return np.zeros(len(roster.keyword), bool)
    at = np.minimum(np.searchsorted(asked.phrases, roster.keyword), len(asked.phrases) - 1)
    return (asked.phrases[at] == roster.keyword) & (roster.keyword != 0)


def keyword_fit(met: NDArray[np.bool_], roster: Roster) -> Floats:
    """Return a half for one keyword met, three quarters for two, and so on."""
    so_far = np.concatenate([[0], np.cumsum(met)])
    number = so_far[roster.keyword_start[1:]] - so_far[roster.keyword_start[:-1]]
    return (1 - 0.5**number).astype(np.float32)
