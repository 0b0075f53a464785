"""Texts taken apart a stretch at a time and put on disk, so that a large library fits in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.matching.ranking.grams import Grams, document_grams
from app.matching.ranking.model import Candidate, Document
from app.matching.ranking.segment import RosterWriter

DOCUMENTS_IN_A_PIECE = 1 << 14


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of whole candidates; its texts are numbered from 0, the index's from ``first``."""

    path: Path
    first: int
    documents: int
    first_candidate: int = 0
    candidates: int = 0

    def read(self) -> Grams:
        with np.load(self.path) as held:
            return Grams(held["code"], held["text"], held["count"])


def kept(candidate: Candidate) -> list[Document]:
    """Return the documents that count; an excluded one is never read."""
    return [one for one in candidate.documents if not one.excluded]


def spilled(candidates: Iterable[Candidate], roster: RosterWriter, folder: Path) -> Iterator[Piece]:
    """Yield pieces of candidates, entering each candidate in the roster."""
    batch: list[Document] = []
    first = first_candidate = held = 0
    for candidate in candidates:
        roster.add(candidate)
        batch += kept(candidate)
        held += 1
        if len(batch) >= DOCUMENTS_IN_A_PIECE:
            path = _put(batch, folder / f"{first_candidate}.npz")
            yield Piece(path, first, len(batch), first_candidate, held)
            first, first_candidate, held = first + len(batch), first_candidate + held, 0
            batch = []
    if held:
        path = _put(batch, folder / f"{first_candidate}.npz")
        yield Piece(path, first, len(batch), first_candidate, held)


def spilled_background(documents: Iterable[Document], folder: Path) -> Iterator[Piece]:
    """Yield pieces of texts that belong to nobody."""
    batch: list[Document] = []
    number = 0
    for document in documents:
        batch.append(document)
        if len(batch) >= DOCUMENTS_IN_A_PIECE:
            yield Piece(_put(batch, folder / f"background-{number}.npz"), 0, len(batch))
            batch, number = [], number + 1
    if batch:
        yield Piece(_put(batch, folder / f"background-{number}.npz"), 0, len(batch))


def _put(documents: list[Document], path: Path) -> Path:
    found = document_grams(documents)
    np.savez(path, code=found.code, text=found.text, count=found.count)
    return path
