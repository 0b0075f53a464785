"""The index a worker holds: one base, one delta, and the search over both."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels
from app.matching.ranking.asking import Asked, alike, asked
from app.matching.ranking.base import Base
from app.matching.ranking.delta import NO_DELTA, Delta, with_changes
from app.matching.ranking.explaining import hit
from app.matching.ranking.model import Candidate, Query, Ranking
from app.matching.ranking.rerank import Embedding, Looked, looked
from app.matching.ranking.scoring import (
    Scanned,
    field_fit,
    keyword_fit,
    keywords_met,
    scanned,
)
from app.matching.ranking.segment import Segment

RERANKED = 300  # candidates that get the second look; more when more are asked for

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Unknown(Exception):
    """An id was named that the index does not hold."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One segment as a query met it; ``offset`` is its first candidate's number in the index."""

    segment: Segment
    scan: Scanned
    offset: int


class Index:
    """Immutable: a change gives another index, so a search never sees half of one."""

    def __init__(self, base: Base, delta: Delta = NO_DELTA) -> None:
        self.base = base
        self.delta = delta
        self._segments = [base.segment, *([delta.segment] if delta.segment else [])]

    @property
    def version(self) -> str:
        """Name what the index answers from: base, weights and changes."""
        return f"{self.base.version}+{self.delta.version}" if self.delta else self.base.version

    def with_changes(
        self, changed: Iterable[Candidate] = (), deleted: Iterable[str] = ()
    ) -> "Index":
        """Return the index with candidates written anew or taken away, by the frozen statistics."""
        told = Index(self.base, with_changes(self.base, self.delta, changed, deleted))
        if "_numbers_in_base" in self.__dict__:
            told.__dict__["_numbers_in_base"] = self._numbers_in_base
        return told

    @cached_property
    def _numbers_in_base(self) -> Mapping[str, int]:
        return {name: number for number, name in enumerate(self.base.segment.roster.ids)}

    @cached_property
    def _alive(self) -> NDArray[np.bool_]:
        """Say which numbers stand for a candidate: those of the base that nothing has replaced."""
        alive = np.ones(sum(len(one.roster) for one in self._segments), bool)
        if self.delta:
            known = self._numbers_in_base
            gone = (*self.delta.changed, *self.delta.deleted)
            alive[[known[name] for name in gone if name in known]] = False
        return alive

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Give the number of every candidate that can be found."""
        if not self.delta:
            return self._numbers_in_base
        size = len(self.base.segment.roster)
        kept = {n: at for n, at in self._numbers_in_base.items() if self._alive[at]}
        return kept | {name: size + at for at, name in enumerate(self.delta.changed)}

    def __len__(self) -> int:
        return int(self._alive.sum())

    def search(
        self,
        query: Query,
        *,
        limit: int = 20,
        nodes: Collection[int] | None = None,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        embedding: Embedding | None = None,
    ) -> Ranking:
        """Return the best candidates that the masks let through, explained.

        The masks apply before anything is cut off: who may not be found takes nobody's place.
        """
        told, sides = self._met(query)
        allowed = self._mask(nodes, only, without)
        chosen = self._best(told, sides, allowed, max(RERANKED, limit))
        found = self._looked(told, sides, chosen, embedding)
        order = self._ordered(sides, found)[:limit]
        hits = tuple(
            hit(told, sides[at].segment, found[at], place, sides[at].scan) for at, place in order
        )
        return Ranking(hits, self.version, int(allowed.sum()), embedding is not None)

    def score_many(self, queries: Sequence[Query], ids: Sequence[str]) -> Doubles:
        """Return the scores of candidates (columns) for queries (rows), as search gives them.

        Raises Unknown for an id that the index does not hold.
        """
        if missing := [name for name in ids if name not in self.numbers]:
            raise Unknown(f"not in the index: {missing[:3]}")
        number = np.array([self.numbers[name] for name in ids], np.int64)
        scores = np.zeros((len(queries), len(ids)))
        for row, query in enumerate(queries):
            told, sides = self._met(query)
            for side in sides:
                own = (number >= side.offset) & (number < side.offset + len(side.segment.roster))
                chosen = number[own] - side.offset
                scores[row, own] = self._look(told, side, sides[0], chosen, None).score
        return scores

    def similarity(self, one: Query, other: Query) -> float:
        """Return how alike two queries are, from 0 to 1, as the cosine of their grams."""
        return alike(one, other, self.base.lexicon)

    def _met(self, query: Query) -> tuple[Asked, list[_Side]]:
        weights = self.base.weights
        told = asked(query, self.base.lexicon, weights)
        sides, offset = [], 0
        for segment in self._segments:
            sides.append(_Side(segment, scanned(told, segment, weights), offset))
            offset += len(segment.roster)
        return told, sides

    def _mask(
        self, nodes: Collection[int] | None, only: Collection[str] | None, without: Collection[str]
    ) -> NDArray[np.bool_]:
        allowed = self._alive.copy()
        if nodes is not None:
            node = np.concatenate([one.roster.node for one in self._segments])
            allowed &= np.isin(node, list(nodes))
        if only is not None:
            named = np.zeros(len(allowed), bool)
            named[[self.numbers[name] for name in only if name in self.numbers]] = True
            allowed &= named
        allowed[[self.numbers[name] for name in without if name in self.numbers]] = False
        return allowed

    def _best(
        self, told: Asked, sides: list[_Side], allowed: NDArray[np.bool_], depth: int
    ) -> Ints:
        """Return the candidates of the highest first score, as numbers, in their order."""
        weights = self.base.weights
        rough = []
        for side in sides:
            roster = side.segment.roster
            text = kernels.gathered(
                side.scan.text, side.scan.weight, roster.owner_start, weights.shrink
            )
            text += weights.field * field_fit(told, roster, weights)
            rough.append(text + weights.keyword * keyword_fit(keywords_met(told, roster), roster))
        score = np.where(allowed, np.concatenate(rough), -1)
        kept = np.flatnonzero(score > 0)
        if len(kept) > depth:
            least = np.partition(score[kept], len(kept) - depth)[len(kept) - depth]
            kept = kept[score[kept] >= least]
        return kept

    def _looked(
        self, told: Asked, sides: list[_Side], chosen: Ints, embedding: Embedding | None
    ) -> list[Looked]:
        found = []
        for side in sides:
            own = chosen - side.offset
            own = own[(own >= 0) & (own < len(side.segment.roster))]
            found.append(self._look(told, side, sides[0], own, embedding))
        return found

    def _look(
        self, told: Asked, side: _Side, base: _Side, chosen: Ints, embedding: Embedding | None
    ) -> Looked:
        lending = self._lending(base)
        weights = self.base.weights
        return looked(told, side.segment, side.scan, lending, chosen, weights, embedding)

    def _lending(self, base: _Side) -> Floats:
        """Return the base's document scores; what was deleted or replaced lends nothing."""
        text = base.scan.text
        if self.delta:
            roster = base.segment.roster
            text[~np.repeat(self._alive[: len(roster)], np.diff(roster.owner_start))] = 0
        return text

    def _ordered(self, sides: list[_Side], found: list[Looked]) -> list[tuple[int, int]]:
        """Return (side, place) of everybody, the highest score first; of equals, by id."""
        everybody = [
            (-score, sides[at].segment.roster.ids[int(one.chosen[place])], at, place)
            for at, one in enumerate(found)
            for place, score in enumerate(one.score.tolist())
        ]
        return [(at, place) for _, _, at, place in sorted(everybody)]
