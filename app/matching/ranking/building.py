"""Building a base in bounded memory: read in pieces, spilled to disk, merged into one index.

Memory holds the roster, the vocabulary and one piece; postings go through the page cache. The
result depends on the candidates and their order alone.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from app.matching.ranking import base as bases
from app.matching.ranking import kernels, store
from app.matching.ranking.base import Base
from app.matching.ranking.grams import Codes, Grams, document_grams
from app.matching.ranking.lexicon import LOGARITHM, Lexicon
from app.matching.ranking.model import Candidate, Document
from app.matching.ranking.neighbours import Target, neighbours
from app.matching.ranking.segment import NEIGHBOURS, Postings, RosterWriter
from app.matching.ranking.weights import WEIGHTS, Weights

DOCUMENTS_IN_A_PIECE = 1 << 14


def build(
    candidates: Iterable[Candidate],
    folder: Path,
    *,
    background: Iterable[Document] = (),
    weights: Weights = WEIGHTS,
) -> Base:
    """Index candidates into ``folder``, which must be empty or absent, and open the result.

    ``background`` gives texts of the same kind that belong to nobody: they tell only which grams
    are common.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=folder) as spill:
            _build(candidates, folder, Path(spill), background, weights)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Base.open(folder)


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of documents as grams, whose texts are numbered from ``first``."""

    path: Path
    first: int
    documents: int

    def read(self) -> Grams:
        held = np.load(self.path)
        return Grams(held["code"], held["text"], held["count"])


def _build(
    candidates: Iterable[Candidate],
    folder: Path,
    spill: Path,
    background: Iterable[Document],
    weights: Weights,
) -> None:
    roster = RosterWriter()
    pieces = list(_spilled(_documents(candidates, roster), spill))
    bases.write_roster(folder, told := roster.roster())
    term, seen = _vocabulary(piece.read().code for piece in pieces)
    postings = _inverted(pieces, term, seen, folder)
    others = _seen_elsewhere(term, background)
    size = told.documents
    lexicon = Lexicon.of(term, seen + others.seen, size + others.documents, 1.0)
    squared, total = kernels.lengths(
        postings.start, postings.document, postings.count, LOGARITHM, lexicon.idf, size
    )
    mean = float(total.sum() + others.grams) / max(size + others.documents, 1)
    lexicon = Lexicon.of(term, seen + others.seen, size + others.documents, mean)
    inverse = inverted_lengths(squared)
    store.save(folder, "idf", lexicon.idf)
    store.save(folder, "norm", lexicon.norm(total, weights.k1, weights.b))
    store.save(folder, "inverse", inverse)
    _write_neighbours(folder, pieces, Target(postings, lexicon, inverse), size)
    bases.seal(folder, lexicon, weights)


def inverted_lengths(squared: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return one over each vector's length; 0 of an empty document, which fits nothing."""
    length = np.sqrt(squared)
    return np.divide(1.0, length, out=np.zeros_like(length), where=length > 0).astype(np.float32)


def _documents(candidates: Iterable[Candidate], roster: RosterWriter) -> Iterator[Document]:
    for candidate in candidates:
        roster.add(candidate)
        yield from (one for one in candidate.documents if not one.excluded)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for document in documents:
        batch.append(document)
        if len(batch) == DOCUMENTS_IN_A_PIECE:
            yield batch
            batch = []
    if batch:
        yield batch


def _spilled(documents: Iterable[Document], spill: Path) -> Iterator[Piece]:
    """Take documents apart, a stretch at a time, and put the grams on disk."""
    first = 0
    for number, batch in enumerate(_batches(documents)):
        found = document_grams(batch)
        path = spill / f"{number}.npz"
        np.savez(path, code=found.code, text=found.text, count=found.count)
        yield Piece(path, first, len(batch))
        first += len(batch)


def _vocabulary(pieces: Iterable[Codes]) -> tuple[Codes, NDArray[np.int64]]:
    """Return every gram, sorted, with the number of documents that have it."""
    term, seen = np.empty(0, np.uint64), np.empty(0, np.int64)
    for codes in pieces:  # sorted by code
        fresh, count = np.unique(codes, return_counts=True)
        both = np.union1d(term, fresh)
        total = np.zeros(len(both), np.int64)
        total[np.searchsorted(both, term)] = seen
        total[np.searchsorted(both, fresh)] += count
        term, seen = both, total
    return term, seen


def _inverted(pieces: list[Piece], term: Codes, seen: NDArray[np.int64], folder: Path) -> Postings:
    """Write the postings gram by gram; within one, documents stand in their order."""
    start = np.concatenate([[0], np.cumsum(seen)]).astype(np.int64)
    store.save(folder, "postings_term", term)
    store.save(folder, "postings_start", start)
    document = store.create(folder, "postings_document", np.int32, int(start[-1]))
    count = store.create(folder, "postings_count", np.uint8, int(start[-1]))
    cursor = start[:-1].copy()
    for piece in pieces:
        grams = piece.read()
        begins = np.flatnonzero(np.diff(grams.code, prepend=np.uint64((1 << 64) - 1)))
        size = np.diff(begins, append=len(grams.code))
        number = np.searchsorted(term, grams.code[begins])
        goes = np.repeat(cursor[number] - begins, size) + np.arange(len(grams.code))
        document[goes] = grams.text + piece.first
        count[goes] = grams.count
        cursor[number] += size
    return Postings(term, start, document, count)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    seen: NDArray[np.int64]
    documents: int
    grams: float


def _seen_elsewhere(term: Codes, background: Iterable[Document]) -> _Elsewhere:
    """Count in how many of the background texts each gram occurs."""
    seen, documents, total = np.zeros(len(term), np.int64), 0, 0.0
    for batch in _batches(background):
        found = document_grams(batch)
        fresh, count = np.unique(found.code, return_counts=True)
        at = np.searchsorted(term, fresh)
        known = at < len(term)
        known[known] = term[at[known]] == fresh[known]
        seen[at[known]] += count[known]
        documents += len(batch)
        total += float(found.count.sum(dtype=np.int64))
    return _Elsewhere(seen, documents, total)


def _write_neighbours(folder: Path, pieces: list[Piece], target: Target, size: int) -> None:
    found = store.create(folder, "neighbour", np.int32, (size, NEIGHBOURS))
    near = store.create(folder, "nearness", np.float32, (size, NEIGHBOURS))
    for piece in pieces:
        rows = slice(piece.first, piece.first + piece.documents)
        own = np.arange(rows.start, rows.stop)
        found[rows], near[rows] = neighbours(piece.read(), piece.documents, target, own)
