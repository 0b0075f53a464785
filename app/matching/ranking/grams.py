"""Texts as the numbers that ranking compares: characters and their pairs, stems and their pairs.

A gram is a 40-bit code: two bits say what it is, the rest is the character, the pair, or a hash.
Han text is taken apart by numpy over code points; only folding and stemming happen in Python, so
that a million documents are read in minutes. A text that mixes scripts needs no switch.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from app.core.text import HAN, unified
from app.matching.ranking.model import Document

Codes = NDArray[np.uint64]
Ints = NDArray[np.int64]

TITLE, KEYWORDS, ABSTRACT = 2, 2, 1  # how often a field's words count
MOST_COUNTED = 255  # of one gram in one document; what is stored is a byte
LONGEST_WORD = 64
LONGEST_TEXT = 100_000  # characters of one field; a pasted book must not fill the memory
DOCUMENTS_AT_ONCE = 1 << 20  # what fits beside code and count in 64 bits

_SEPARATOR = "\ue000"  # private use: survives folding, belongs to no word
_WORD = re.compile(f"[^\\W_{HAN}]+")
_CHARACTER, _PAIR, _STEM, _STEM_PAIR = (np.uint64(kind << 38) for kind in range(4))
_HASH_BITS = 38
_HAN, _LETTER = 1, 2  # classes of code points
_HAN_BITS = np.uint64(18)
_CODE_SHIFT, _DOCUMENT_SHIFT = np.uint64(24), np.uint64(4)
_LONGEST_GAP = 3  # characters between two words that still make a pair: a comma and a blank
_STEMS_KEPT = 1 << 19


@dataclass(frozen=True, slots=True)
class Grams:
    """What occurs how often in which text, sorted by code, then by text."""

    code: Codes
    text: NDArray[np.int32]
    count: NDArray[np.uint8]


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Give for each code point its class (1 Han, 2 letter or digit) and its number among Han."""
    every = (
        "".join(map(chr, range(0xD800))) + "?" * 0x800 + "".join(map(chr, range(0xE000, 1 << 20)))
    )
    classes = np.zeros(1 << 20, np.uint8)
    numbers = np.zeros(1 << 20, np.uint32)
    for run in _WORD.finditer(every):
        classes[run.start() : run.end()] = _LETTER
    known = 0
    for run in re.finditer(f"[{HAN}]+", every):
        classes[run.start() : run.end()] = _HAN
        size = run.end() - run.start()
        numbers[run.start() : run.end()] = np.arange(known, known + size)
        known += size
    return classes, numbers


class _Stems(dict[str, int]):
    """Hashes of word stems, each computed once; emptied when it has grown too large."""

    def __init__(self) -> None:
        super().__init__()
        self._stem = snowballstemmer.stemmer("english").stemWord

    def __missing__(self, word: str) -> int:
        stem = self._stem(word[:LONGEST_WORD]) if word.isascii() else word[:LONGEST_WORD]
        digest = blake2b(stem.encode("utf-8", "replace"), digest_size=8).digest()
        if len(self) >= _STEMS_KEPT:
            self.clear()
        self[word] = found = int.from_bytes(digest, "little") >> (64 - _HASH_BITS)
        return found


@cache
def _stems() -> _Stems:
    return _Stems()


def _paired(first: Codes, second: Codes) -> Codes:
    """Hash pairs of word hashes; splitmix64's finish makes every bit depend on both."""
    mixed = first * np.uint64(0x9E3779B97F4A7C15) + second
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - _HASH_BITS)


def _found(folded: str) -> tuple[Codes, Ints]:
    """Return every gram of a folded text with the place where it begins."""
    classes, numbers = _tables()
    points = np.frombuffer(folded.encode("utf-32-le", "replace"), np.uint32)
    points = np.where(points < 1 << 20, points, 0)
    kind = classes[points]
    at = np.flatnonzero(kind == _HAN)
    number = numbers[points[at]].astype(np.uint64)
    chained = np.flatnonzero(np.diff(at) == 1)
    pairs = (number[chained] << _HAN_BITS) | number[chained + 1]
    codes, places = [_CHARACTER | number, _PAIR | pairs], [at, at[chained]]
    if words := _WORD.findall(folded):
        edges = np.flatnonzero(np.diff(kind == _LETTER, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        stem = np.array(list(map(_stems().__getitem__, words)), np.uint64)
        close = starts[1:] - ends[:-1] <= _LONGEST_GAP
        apart = (kind == _HAN) | (points == ord(_SEPARATOR))
        for step in range(_LONGEST_GAP):
            inside = ends[:-1] + step < starts[1:]
            close &= ~(inside & apart[np.minimum(ends[:-1] + step, len(apart) - 1)])
        beside = np.flatnonzero(close)
        codes += [_STEM | stem, _STEM_PAIR | _paired(stem[beside], stem[beside + 1])]
        places += [starts, starts[beside]]
    return np.concatenate(codes), np.concatenate(places)


def _cut(text: str) -> str:
    return text[:LONGEST_TEXT].replace(_SEPARATOR, " ")


def _borders(joined: str) -> Ints:
    return np.array([found.start() for found in re.finditer(_SEPARATOR, joined)], np.int64)


def sequence(texts: Sequence[str]) -> tuple[Codes, Ints]:
    """Return the characters and stems of texts in reading order, with the number of each's text."""
    joined = unified(_SEPARATOR.join(_cut(text) for text in texts))
    code, place = _found(joined)
    single = (code < _PAIR) | ((code >= _STEM) & (code < _STEM_PAIR))
    order = np.argsort(place[single], kind="stable")
    place = place[single][order]
    return code[single][order], np.searchsorted(_borders(joined), place)


def is_character(codes: Codes) -> NDArray[np.bool_]:
    return codes < _PAIR


def grams(pieces: Sequence[tuple[int, int, str]]) -> Grams:
    """Take apart pieces of text, each given as (number of its text, weight, text)."""
    joined = unified(_SEPARATOR.join(_cut(piece[2]) for piece in pieces))
    code, place = _found(joined)
    piece = np.searchsorted(_borders(joined), place)
    text = np.array([one[0] for one in pieces], np.uint64)
    weight = np.array([one[1] for one in pieces], np.uint64)
    keys = (code << _CODE_SHIFT) | (text[piece] << _DOCUMENT_SHIFT) | weight[piece]
    keys.sort()
    return _counted(keys)


def _counted(keys: Codes) -> Grams:
    """Add up the weights of equal (code, text) in sorted keys."""
    if not len(keys):
        return Grams(keys, np.empty(0, np.int32), np.empty(0, np.uint8))
    same = keys >> _DOCUMENT_SHIFT
    first = begins(same)
    weight = (keys & np.uint64(15)).astype(np.int64)
    count = np.minimum(np.add.reduceat(weight, first), MOST_COUNTED).astype(np.uint8)
    kept = same[first]
    text = (kept & np.uint64(DOCUMENTS_AT_ONCE - 1)).astype(np.int32)
    return Grams(kept >> np.uint64(20), text, count)


def begins(codes: Codes) -> Ints:
    """Return where each run of equal codes begins; they are sorted."""
    if not len(codes):
        return np.empty(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))


def document_pieces(number: int, document: Document) -> list[tuple[int, int, str]]:
    """Return a document's fields as pieces: title and keywords say what it is about."""
    found = [(number, TITLE, document.title), (number, ABSTRACT, document.abstract)]
    found += [(number, KEYWORDS, keyword) for keyword in document.keywords]
    return [piece for piece in found if piece[2]]


def document_grams(documents: Iterable[Document]) -> Grams:
    """Take apart documents, numbered as they come."""
    pieces = (document_pieces(number, one) for number, one in enumerate(documents))
    return grams([piece for some in pieces for piece in some])
