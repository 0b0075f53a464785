"""What changed since the base was built: a small segment, scored by the statistics of the base.

A candidate's arrays depend on the candidate and the base alone, so the order in which changes
arrived makes no difference: two workers with the same base and the same changes answer alike.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

import numpy as np

from app.matching.ranking import alike
from app.matching.ranking.base import Base
from app.matching.ranking.build_kernels import Owners
from app.matching.ranking.grams import Grams, document_grams
from app.matching.ranking.lexicon import LOGARITHM, over, totals
from app.matching.ranking.model import Candidate, Document
from app.matching.ranking.pieces import kept
from app.matching.ranking.segment import Postings, RosterWriter, Segment
from app.matching.ranking.vectors import packed, placed


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
    base: Base,
    numbers: Mapping[str, int],
    delta: Delta,
    changed: Iterable[Candidate],
    deleted: Iterable[str],
) -> Delta:
    """Return the delta with more changes; of one candidate, the last word counts.

    One that is both changed and deleted is deleted. ``numbers`` gives each candidate's number in
    the base.
    """
    now = {**delta.changed, **{one.id: one for one in changed}}
    gone = frozenset(deleted)
    now = {name: now[name] for name in sorted(now) if name not in gone}
    left = (delta.deleted | gone) - now.keys()
    told = [[asdict(one) for one in now.values()], sorted(left)]
    version = sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()[:16]
    return Delta(now, left, _segment(base, numbers, now.values()) if now else None, version)


def _segment(base: Base, numbers: Mapping[str, int], candidates: Collection[Candidate]) -> Segment:
    writer = RosterWriter()
    documents: list[Document] = []
    for candidate in candidates:
        writer.add(candidate)
        documents += kept(candidate)
    roster, size = writer.roster(), len(documents)
    grams = document_grams(documents)
    weight = (LOGARITHM[grams.count] * base.lexicon.weigh(grams.code)).astype(np.float64)
    inverse = over(np.sqrt(np.bincount(grams.text, weights=weight**2, minlength=size)))
    norm = base.lexicon.norm(totals(grams, size), base.weights.k1, base.weights.b)
    vector = packed(placed(grams, size, base.vectors, base.lexicon))
    order = alike.rarest_first(base.lexicon, grams.code)
    profile = alike.profiles(grams, roster.owners(), len(roster), inverse, base.lexicon, order)
    own = np.array([numbers.get(one.id, -1) for one in candidates], np.int64)
    found, near = alike.neighbours(profile, own, _owners(base), base.lexicon)
    return Segment(roster, _postings(grams), norm, inverse, vector, found, near)


def _owners(base: Base) -> Owners:
    held = base.segment
    return Owners(held.postings.lists, held.roster.owners(), held.inverse, base.profile)


def _postings(grams: Grams) -> Postings:
    term, first = np.unique(grams.code, return_index=True)
    start = np.append(first, len(grams.code)).astype(np.int64)
    return Postings(term, start, grams.text, grams.count)
