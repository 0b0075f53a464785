"""What changed since the base was built: a small segment in memory, scored by the base's statistics.

A candidate's arrays depend on the candidate and the base alone, so the order in which changes
arrived makes no difference: two workers with the same base and the same changes answer alike.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

import numpy as np

from app.matching.ranking.base import Base
from app.matching.ranking.building import inverted_lengths
from app.matching.ranking.grams import Grams, document_grams
from app.matching.ranking.lexicon import LOGARITHM, totals
from app.matching.ranking.model import Candidate
from app.matching.ranking.neighbours import Target, neighbours
from app.matching.ranking.segment import Postings, RosterWriter, Segment


@dataclass(frozen=True, slots=True)
class Delta:
    """Candidates written or taken away since; ``segment`` is None when none was written."""

    changed: Mapping[str, Candidate]
    deleted: frozenset[str]
    segment: Segment | None
    version: str

    def __len__(self) -> int:
        return len(self.changed) + len(self.deleted)


NO_DELTA = Delta({}, frozenset(), None, "")


def with_changes(
    base: Base, delta: Delta, changed: Iterable[Candidate], deleted: Iterable[str]
) -> Delta:
    """Return the delta with more changes; of one candidate, the last word counts.

    One that is both changed and deleted is deleted.
    """
    now = {**delta.changed, **{one.id: one for one in changed}}
    gone = frozenset(deleted)
    now = {name: now[name] for name in sorted(now) if name not in gone}
    left = (delta.deleted | gone) - now.keys()
    told = [[asdict(one) for one in now.values()], sorted(left)]
    version = sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()[:16]
    return Delta(now, left, _segment(base, now.values()) if now else None, version)


def _segment(base: Base, candidates: Iterable[Candidate]) -> Segment:
    writer = RosterWriter()
    documents = []
    for candidate in candidates:
        writer.add(candidate)
        documents += [one for one in candidate.documents if not one.excluded]
    grams = document_grams(documents)
    idf = base.lexicon.weigh(grams.code)
    squared = np.bincount(
        grams.text, weights=(LOGARITHM[grams.count] * idf) ** 2.0, minlength=len(documents)
    )
    kept = base.segment
    target = Target(kept.postings, base.lexicon, kept.inverse)
    nobody = np.full(len(documents), -1, np.int64)
    found, near = neighbours(grams, len(documents), target, nobody)
    total = totals(grams, len(documents))
    norm = base.lexicon.norm(total, base.weights.k1, base.weights.b)
    return Segment(writer.roster(), _postings(grams), norm, inverted_lengths(squared), found, near)


def _postings(grams: Grams) -> Postings:
    term, first = np.unique(grams.code, return_index=True)
    start = np.append(first, len(grams.code)).astype(np.int64)
    return Postings(term, start, grams.text, grams.count)
