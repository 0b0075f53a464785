"""Building a base in bounded memory: read in pieces, spilled to disk, merged into one index.

Memory holds the roster, the vocabulary, one piece, and the counts that vectors are learnt from;
postings go through the page cache. The result depends on the candidates and their order alone.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import alike, build_kernels, store, vectors
from app.matching.ranking import base as bases
from app.matching.ranking.base import Base
from app.matching.ranking.build_kernels import Owners
from app.matching.ranking.grams import Codes, begins
from app.matching.ranking.kernels import Lists
from app.matching.ranking.lexicon import LOGARITHM, Lexicon, over
from app.matching.ranking.model import Candidate, Document
from app.matching.ranking.pieces import Piece, spilled, spilled_background
from app.matching.ranking.segment import Postings, Roster, RosterWriter
from app.matching.ranking.vectors import Vectors
from app.matching.ranking.weights import WEIGHTS, Weights

Floats = NDArray[np.float32]


def build(
    candidates: Iterable[Candidate],
    folder: Path,
    *,
    background: Iterable[Document] = (),
    weights: Weights = WEIGHTS,
) -> Base:
    """Index candidates into ``folder``, which must be empty or absent, and open the result.

    ``background`` gives texts of the same kind that belong to nobody: they tell which grams are
    common and which keep company. Ids must differ.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=folder) as spill:
            roster = RosterWriter()
            pieces = list(spilled(candidates, roster, Path(spill)))
            others = list(spilled_background(background, Path(spill)))
            _Builder(folder, roster.roster(), pieces, others, weights).run()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Base.open(folder)


@dataclass(frozen=True, slots=True)
class _Builder:
    folder: Path
    roster: Roster
    pieces: list[Piece]
    background: list[Piece]
    weights: Weights

    def run(self) -> None:
        bases.write_roster(self.folder, self.roster)
        term, seen = vocabulary(self.pieces)
        postings = self._inverted(term, seen)
        seen = seen + self._seen_elsewhere(term)
        lexicon, inverse = self._measured(postings, seen)
        learnt = self._learnt(term, seen, lexicon)
        self._place(learnt, lexicon)
        self._acquaint(postings.lists, lexicon, inverse)
        bases.seal(self.folder, lexicon, self.weights)

    def _inverted(self, term: Codes, seen: NDArray[np.int64]) -> Postings:
        """Write the postings gram by gram; within one, documents stand in their order."""
        start = np.concatenate([[0], np.cumsum(seen)]).astype(np.int64)
        store.save(self.folder, "postings_term", term)
        store.save(self.folder, "postings_start", start)
        document = store.create(self.folder, "postings_document", np.int32, int(start[-1]))
        count = store.create(self.folder, "postings_count", np.uint8, int(start[-1]))
        cursor = start[:-1].copy()
        for piece in self.pieces:
            grams = piece.read()
            first = begins(grams.code)
            size = np.diff(first, append=len(grams.code))
            number = np.searchsorted(term, grams.code[first])
            goes = np.repeat(cursor[number] - first, size) + np.arange(len(grams.code))
            document[goes] = grams.text + piece.first
            count[goes] = grams.count
            cursor[number] += size
        return Postings(term, start, document, count)

    def _seen_elsewhere(self, term: Codes) -> NDArray[np.int64]:
        """Count in how many of the background's texts each gram occurs."""
        seen = np.zeros(len(term), np.int64)
        for piece in self.background:
            fresh, count = _seen(piece)
            at = np.minimum(np.searchsorted(term, fresh), max(len(term) - 1, 0))
            known = term[at] == fresh if len(term) else np.zeros(len(at), bool)
            seen[at[known]] += count[known]
        return seen

    def _measured(self, postings: Postings, seen: NDArray[np.int64]) -> tuple[Lexicon, Floats]:
        """Freeze the statistics and write what they make of each document's length."""
        size = self.roster.documents
        texts = size + sum(piece.documents for piece in self.background)
        idf = Lexicon.of(postings.term, seen, texts, 1.0).idf
        squared, total = build_kernels.lengths(postings.lists, LOGARITHM, idf, size)
        elsewhere = sum(float(piece.read().count.sum(dtype=np.int64)) for piece in self.background)
        mean = (float(total.sum()) + elsewhere) / max(texts, 1)
        lexicon = Lexicon.of(postings.term, seen, texts, mean)
        inverse = over(np.sqrt(squared))
        store.save(self.folder, "idf", lexicon.idf)
        store.save(self.folder, "norm", lexicon.norm(total, self.weights.k1, self.weights.b))
        store.save(self.folder, "inverse", inverse)
        return lexicon, inverse

    def _learnt(self, term: Codes, seen: NDArray[np.int64], lexicon: Lexicon) -> Vectors:
        chosen = vectors.features(term, seen, lexicon.documents)
        every = self.pieces + self.background
        pairs = sum(vectors.pairs_in(one.read(), chosen, one.documents) for one in every)
        texts = ((one.read(), one.documents) for one in every)
        learnt = vectors.learn(chosen, texts, pairs)
        store.save(self.folder, "vector_term", learnt.term)
        store.save(self.folder, "vector_matrix", learnt.matrix)
        return learnt

    def _place(self, learnt: Vectors, lexicon: Lexicon) -> None:
        """Write the vector of each document."""
        width = learnt.matrix.shape[1] if learnt else 0
        packed = store.create(self.folder, "vector", np.int8, (self.roster.documents, width))
        for piece in self.pieces if width else ():
            rows = vectors.placed(piece.read(), piece.documents, learnt, lexicon)
            packed[piece.first : piece.first + piece.documents] = vectors.packed(rows)

    def _acquaint(self, lists: Lists, lexicon: Lexicon, inverse: Floats) -> None:
        """Write who is like whom."""
        size = len(self.roster)
        owner, order = self.roster.owners(), alike.rarest_first(lexicon)
        profile = np.zeros(size, np.float32)
        for piece in self.pieces:
            rows = slice(piece.first_candidate, piece.first_candidate + piece.candidates)
            profile[rows] = self._profiles(piece, owner, lexicon, inverse, order).inverse
        store.save(self.folder, "profile", profile)
        owners = Owners(lists, owner, inverse, profile)
        found = store.create(self.folder, "neighbour", np.int32, (size, alike.NEIGHBOURS))
        near = store.create(self.folder, "nearness", np.float32, (size, alike.NEIGHBOURS))
        for piece in self.pieces:
            rows = slice(piece.first_candidate, piece.first_candidate + piece.candidates)
            own = np.arange(rows.start, rows.stop)
            told = self._profiles(piece, owner, lexicon, inverse, order)
            found[rows], near[rows] = alike.neighbours(told, own, owners, lexicon)

    @staticmethod
    def _profiles(
        piece: Piece,
        owner: NDArray[np.int32],
        lexicon: Lexicon,
        inverse: Floats,
        order: NDArray[np.int64],
    ) -> alike.Profile:
        rows = slice(piece.first, piece.first + piece.documents)
        local = owner[rows] - piece.first_candidate
        size = piece.candidates
        return alike.profiles(piece.read(), local, size, inverse[rows], lexicon, order)


def vocabulary(pieces: Iterable[Piece]) -> tuple[Codes, NDArray[np.int64]]:
    """Return every gram, sorted, with the number of documents that have it."""
    term, seen = np.empty(0, np.uint64), np.empty(0, np.int64)
    for piece in pieces:
        fresh, count = _seen(piece)
        both = np.union1d(term, fresh)
        total = np.zeros(len(both), np.int64)
        total[np.searchsorted(both, term)] = seen
        total[np.searchsorted(both, fresh)] += count
        term, seen = both, total
    return term, seen


def _seen(piece: Piece) -> tuple[Codes, NDArray[np.int64]]:
    """Return a piece's grams with the number of its texts that have each."""
    code = piece.read().code
    first = begins(code)
    return code[first], np.diff(first, append=len(code))
