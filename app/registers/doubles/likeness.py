"""How alike texts are: by the character pairs they share, as written or as pronounced.

Pure reckoning over (id, text) lines, so that a whole ledger can be compared in another process.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log1p

import numpy as np
import pypinyin
from scipy.sparse import csr_matrix

from app.core.text import fold

Line = tuple[str, str]  # of a record: its id, and the text or key that is compared
Found = tuple[str, str, float]  # two ids and how alike they are, 0 to 1
_NOISE = re.compile(r"[\W_]+")
_SOUNDS_ALIKE = 0.98  # homophones are many: only nearly the whole name counts
_RARE = 200  # records; a pair of characters that more of them share tells nobody apart
_DOUBT = 5  # holders: among few texts hardly anything is known of what tells little
_CHUNK = 1_000  # texts compared with all others at once
_SLACK = 0.25  # what leaving the common pairs out may take from a likeness


@lru_cache(maxsize=1 << 16)
def plain(text: str, ignoring: str = "") -> str:
    """Return a text without script, width, case, punctuation, and what ``ignoring`` matches."""
    bare = _NOISE.sub("", fold(text))
    return (re.sub(ignoring, "", bare) or bare) if ignoring else bare


@lru_cache(maxsize=1 << 16)
def _pairs(text: str) -> frozenset[str]:
    if len(text) == 1:
        return frozenset({text})
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


@lru_cache(maxsize=1 << 16)
def _sounds(text: str) -> frozenset[tuple[str, ...]]:
    syllables = pypinyin.lazy_pinyin(text)
    if len(syllables) == 1:
        return frozenset({(syllables[0],)})
    return frozenset(pairwise(syllables))


class Telling:
    """How much each pair of characters tells: what many names share (a city, a trade), little."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Count the pairs of all that is compared."""
        self.holders: Counter[str] = Counter()
        self._count = 10 * _DOUBT
        for text in texts:
            self.holders.update(_pairs(text))
            self._count += 1

    def of(self, pairs: Iterable[str]) -> float:
        """Return how much some pairs tell together."""
        return sum(log1p(self._count / (_DOUBT + self.holders[pair])) for pair in pairs)

    def alike(self, one: str, other: str) -> float:
        """Return how alike two texts made ``plain`` are: as written, or as good as homophones."""
        mine, theirs = _pairs(one), _pairs(other)
        both = self.of(mine) + self.of(theirs)
        written = 2 * self.of(mine & theirs) / both if both else 0.0
        if written == 1.0 or abs(len(one) - len(other)) > 1 or written < _SLACK:
            return written
        spoken = _dice(_sounds(one), _sounds(other))
        return max(written, spoken if spoken >= _SOUNDS_ALIKE else 0.0)


def _dice(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def nearest(
    text: str, lines: Iterable[Line], least: float, ignoring: str = ""
) -> Iterator[tuple[str, float]]:
    """Yield the ids of the lines at least so alike as ``least``, and how alike they are."""
    mine = plain(text, ignoring)
    if not mine:
        return
    texts = [(one, plain(other, ignoring)) for one, other in lines]
    telling = Telling(theirs for _, theirs in texts) if least < 1 else None
    for one, theirs in texts:
        score = 1.0 if theirs == mine else telling.alike(mine, theirs) if telling else 0.0
        if score >= least:
            yield one, score


def pairs_of(
    lines: Sequence[Line],
    least: float,
    ignoring: str = "",
    report: Callable[[object], None] | None = None,  # noqa: ARG001 -- a child's way to tell
) -> list[Found]:
    """Return every two lines at least so alike as ``least``, each once."""
    texts = {one: plain(text, ignoring) for one, text in lines}
    texts = {one: text for one, text in texts.items() if text}
    if least >= 1:
        return list(_equal(texts))
    return list(_alike(texts, least))


def _equal(texts: Mapping[str, str]) -> Iterator[Found]:
    groups: dict[str, list[str]] = {}
    for one, text in texts.items():
        groups.setdefault(text, []).append(one)
    for group in groups.values():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                yield one, other, 1.0


def _alike(texts: Mapping[str, str], least: float) -> Iterator[Found]:
    """Compare only what shares enough of the rarer pairs; all others cannot be alike."""
    telling = Telling(texts.values())
    ids, plains = list(texts), list(texts.values())
    for at, other in _sharing(plains, telling, least - _SLACK):
        score = telling.alike(plains[at], plains[other])
        if score >= least:
            yield ids[at], ids[other], score


def _sharing(plains: Sequence[str], telling: Telling, least: float) -> Iterator[tuple[int, int]]:
    """Yield the places of every two texts whose rarer pairs are to that share the same."""
    rare = [[p for p in _pairs(text) if telling.holders[p] <= _RARE] for text in plains]
    places = {pair: at for at, pair in enumerate({p for pairs in rare for p in pairs})}
    if not places:
        return
    lengths = np.fromiter(map(len, rare), np.int64, len(rare))
    columns = np.fromiter((places[p] for pairs in rare for p in pairs), np.int64, lengths.sum())
    weights = np.fromiter((telling.of((p,)) for p in places), np.float64, len(places))
    starts = np.concatenate(([0], lengths.cumsum()))
    shape = (len(plains), len(places))
    holds = csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)
    tells = csr_matrix((weights[columns], columns, starts), shape=shape)
    whole = np.asarray(tells.sum(axis=1)).ravel()
    for start in range(0, len(plains), _CHUNK):
        shared = (tells[start : start + _CHUNK] @ holds.T).tocoo()
        rows, others = shared.row + start, shared.col
        enough = (others > rows) & (shared.data >= least * np.minimum(whole[rows], whole[others]))
        yield from zip(rows[enough].tolist(), others[enough].tolist(), strict=True)
