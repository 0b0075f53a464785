"""The index a worker holds: one base, one delta, and the search over both."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import kernels
from app.matching.ranking.asking import Asked, alike, asked
from app.matching.ranking.base import Base
from app.matching.ranking.delta import NO_DELTA, Delta, with_changes
from app.matching.ranking.explaining import Explainer
from app.matching.ranking.model import Candidate, Hits, Query, Ranking
from app.matching.ranking.rerank import Embedding, Looked, Side, looked, rows_of
from app.matching.ranking.scoring import Scanned, scanned
from app.matching.ranking.vectors import directions

REMEMBERED = 200_000  # documents whose vectors are kept unpacked while a matrix is made
RERANKED = 300  # candidates that get the second look; more when more are asked for

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Unknown(Exception):
    """An id was named that the index does not hold."""


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
        numbers = self._numbers_in_base
        told = Index(self.base, with_changes(self.base, numbers, self.delta, changed, deleted))
        told.__dict__["_numbers_in_base"] = numbers
        return told

    @cached_property
    def _numbers_in_base(self) -> Mapping[str, int]:
        return {name: number for number, name in enumerate(self.base.segment.roster.ids)}

    @cached_property
    def _replaced(self) -> tuple[Ints, Ints]:
        """Return the numbers in the base of what changed, and those in the delta's segment."""
        known = self._numbers_in_base
        both = [(known[n], at) for at, n in enumerate(self.delta.changed) if n in known]
        found = np.array(both, np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]

    @cached_property
    def _alive(self) -> Mask:
        """Say which numbers stand for a candidate: those of the base that nothing has replaced."""
        alive = np.ones(sum(len(one.roster) for one in self._segments), bool)
        if self.delta:
            known = self._numbers_in_base
            alive[self._replaced[0]] = False
            alive[[known[name] for name in self.delta.deleted if name in known]] = False
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
        """Return the best candidates that the masks let through, explained as one looks at them.

        The masks apply before anything is cut off: who may not be found takes nobody's place.
        Candidates that nothing of the query fits are left out.
        """
        allowed = self._mask(nodes, only, without)
        told = asked(query, self.base)
        found = self._found(told, allowed, max(RERANKED, limit), embedding)
        explain = Explainer(query, told, self.base.weights)
        best = _ordered(found)[:limit]
        ids = [side.segment.roster.ids[int(one.chosen[place])] for side, one, place in best]
        hits = Hits(ids, lambda at: explain.hit(*best[at]))
        return Ranking(hits, self.version, int(allowed.sum()), embedding is not None)

    def ranked(
        self, query: Query, *, limit: int = 20, depth: int = RERANKED
    ) -> list[tuple[str, float]]:
        """Return ids and scores alone, as search orders them, after a second look at ``depth``."""
        found = self._found(asked(query, self.base), self._alive, max(depth, limit), None)
        return [
            (side.segment.roster.ids[int(one.chosen[place])], float(one.score[place]))
            for side, one, place in _ordered(found)[:limit]
        ]

    def score_many(self, queries: Sequence[Query], ids: Sequence[str]) -> Doubles:
        """Return the scores of candidates (columns) for queries (rows), as search gives them.

        Raises Unknown for an id that the index does not hold.
        """
        if missing := [name for name in ids if name not in self.numbers]:
            raise Unknown(f"not in the index: {missing[:3]}")
        number = np.array([self.numbers[name] for name in ids], np.int64)
        scores = np.zeros((len(queries), len(ids)))
        order = np.argsort(number)  # documents of a segment are looked at in their order
        parts = list(self._parts(number[order]))
        for row, query in enumerate(queries):
            told = asked(query, self.base)
            found = [
                looked(told, side, chosen, self.base.weights, directions=placed).score
                for side, (chosen, placed) in zip(self._sides(told), parts, strict=True)
            ]
            scores[row, order] = np.concatenate(found)
        return scores

    def _parts(self, number: Ints) -> Iterator[tuple[Ints, Floats | None]]:
        """Cut sorted numbers into those of each segment, with the directions of their documents."""
        offset = 0
        for segment in self._segments:
            own = number[(number >= offset) & (number < offset + len(segment.roster))] - offset
            rows, _ = rows_of(segment, own)
            few = len(rows) <= REMEMBERED
            yield own, directions(segment.vector[rows]) if few else None
            offset += len(segment.roster)

    def similarity(self, one: Query, other: Query) -> float:
        """Return how alike two queries are, from 0 to 1, as the cosine of their grams."""
        return alike(one, other, self.base.lexicon)

    def _sides(self, told: Asked) -> list[Side]:
        """Scan every segment, then let those in the base who are like somebody lend to him."""
        scans = [scanned(told, segment, self.base.weights) for segment in self._segments]
        lending = self._lending(scans)
        sides, offset = [], 0
        for segment, scan in zip(self._segments, scans, strict=True):
            everybody = np.arange(len(segment.roster))
            lent = np.float32(told.share) * kernels.lent(
                everybody, segment.neighbour, segment.nearness, lending
            )
            sides.append(Side(segment, scan, lent, offset))
            offset += len(everybody)
        return sides

    def _lending(self, scans: list[Scanned]) -> Floats:
        """Return what the base's candidates can lend: nothing if deleted, the new if changed."""
        lending = scans[0].text
        if self.delta:
            alive = self._alive[: len(lending)]
            lending = np.where(alive, lending, np.float32(0))
            if self.delta.segment:
                old, new = self._replaced
                lending[old] = scans[1].text[new]
        return lending

    def _found(
        self, told: Asked, allowed: Mask, depth: int, embedding: Embedding | None
    ) -> list[tuple[Side, Looked]]:
        """Look twice at the best of those allowed."""
        sides = self._sides(told)
        chosen = self._best(sides, allowed, depth)
        return [
            (side, looked(told, side, own, self.base.weights, embedding))
            for side, own in zip(sides, _split(chosen, sides), strict=True)
        ]

    def _mask(
        self, nodes: Collection[int] | None, only: Collection[str] | None, without: Collection[str]
    ) -> Mask:
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

    def _best(self, sides: list[Side], allowed: Mask, depth: int) -> Ints:
        """Return the numbers of the candidates with the highest first scores, ties included."""
        weights = self.base.weights
        rough = [
            one.scan.text
            + one.lent
            + weights.field * one.scan.field
            + weights.keyword * one.scan.keyword
            for one in sides
        ]
        score = np.where(allowed, np.concatenate(rough), -1)
        kept = np.flatnonzero(score > 0)
        if len(kept) > depth:
            least = np.partition(score[kept], len(kept) - depth)[len(kept) - depth]
            kept = kept[score[kept] >= least]
        return kept


def _split(chosen: Ints, sides: list[Side]) -> Iterator[Ints]:
    """Cut numbers of the index into those of each segment."""
    for side in sides:
        own = chosen - side.offset
        yield own[(own >= 0) & (own < len(side.segment.roster))]


def _ordered(found: list[tuple[Side, Looked]]) -> list[tuple[Side, Looked, int]]:
    """Return everybody with his place, the highest score first; of equals, by id."""
    everybody = [
        (-score, side.segment.roster.ids[number], at, place)
        for at, (side, one) in enumerate(found)
        for place, (score, number) in enumerate(
            zip(one.score.tolist(), one.chosen.tolist(), strict=True)
        )
        if score > 0
    ]
    return [(*found[at], place) for _, _, at, place in sorted(everybody)]
