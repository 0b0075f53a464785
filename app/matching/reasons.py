"""Why a candidate is proposed: literal pieces of records the reader may see, never a paraphrase."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.core.text import fold, is_common
from app.matching.text import compact, sentences

MOST = 4
MOST_KEYWORDS = 2
SHORTEST = 3  # characters in common that explain by themselves
LEAST = 2  # in common, quoted only where nothing better is: no score goes unexplained
SHORTEST_KEYWORD = 2

Span = tuple[int, int]  # from, to (exclusive), in characters of the quotation


@dataclass(frozen=True, slots=True)
class Piece:
    """A literal text of a record: the field it stands in and the document it belongs to."""

    field: str
    text: str
    document: int | None = None  # None: of no single document, as a keyword of the whole record


@dataclass(frozen=True, slots=True)
class Reason:
    """A quotation: the words, where they stand, and which of them are the asker's own."""

    text: str
    field: str
    source: str
    spans: tuple[Span, ...] = ()


def reasons(
    wanted: str, pieces: Sequence[Piece], source: str, telling: Sequence[int] = ()
) -> list[Reason]:
    """Return the best quotations of ``pieces`` for what is wanted.

    ``telling`` are the documents that earned the score, best first; only they are quoted, where
    any is given. ``pieces`` must hold only fields the reader may see.
    """
    told, pairs = _asked(wanted)
    found = [
        Reason(keyword, piece.field, source, ((0, len(keyword)),))
        for keyword, piece in _keywords(told, pieces)
    ][:MOST_KEYWORDS]
    quotes = _quotes(told, pairs, pieces, telling)
    fitting = _fitting(quotes, SHORTEST if found else LEAST, source)
    return found + fitting[: MOST - len(found)]


@lru_cache(maxsize=64)
def _asked(wanted: str) -> tuple[str, frozenset[str]]:
    """Return what is wanted, folded, and every two characters that stand together in it."""
    told = compact(wanted)
    return told, frozenset(told[at : at + 2] for at in range(len(told) - 1))


def _fitting(quotes: Iterable["Quote"], enough: int, source: str) -> list[Reason]:
    """Return the quotes that share enough, best first, none twice."""
    kept: dict[str, Reason] = {}
    for (missing, *_), piece, text, spans in sorted(quotes, key=lambda quote: quote[0]):
        if -missing >= (SHORTEST if kept else enough):
            kept.setdefault(text, Reason(text, piece.field, source, spans))
    return list(kept.values())


def matched_keywords(told: str, keywords: Iterable[str]) -> list[str]:
    """Return the keywords that a text (compact) contains, longest first."""
    found = {k for k in keywords if len(compact(k)) >= SHORTEST_KEYWORD and compact(k) in told}
    return sorted(found, key=lambda k: (-len(k), k))


def _keywords(told: str, pieces: Sequence[Piece]) -> Iterator[tuple[str, Piece]]:
    by_text = {piece.text: piece for piece in pieces if piece.document is None}
    for keyword in matched_keywords(told, by_text):
        yield keyword, by_text[keyword]


Quote = tuple[tuple[int, int, str], Piece, str, tuple[Span, ...]]


def _quotes(
    told: str, pairs: frozenset[str], pieces: Sequence[Piece], telling: Sequence[int]
) -> Iterator[Quote]:
    """Yield the best sentence of every document, with what it shares; sorted by its first part."""
    order = {document: place for place, document in enumerate(telling)}
    best: dict[int, Quote] = {}
    for piece in pieces:
        if piece.document is None or (order and piece.document not in order):
            continue
        for sentence in sentences(piece.text):
            spans = shared(told, pairs, sentence)
            longest = max((to - begin for begin, to in spans), default=0)
            rank = (-longest, order.get(piece.document, 0), sentence)
            if piece.document not in best or rank < best[piece.document][0]:
                best[piece.document] = (rank, piece, sentence, spans)
    yield from best.values()


def shared(told: str, pairs: frozenset[str], sentence: str) -> tuple[Span, ...]:
    """Return the phrases of ``sentence`` that ``told`` (compact) has too, as spans.

    Words that nearly every record has are no phrase; Latin words count only whole.
    """
    letters = sentence.translate(_LETTERS)
    begins = [at for at in range(len(letters) - 1) if letters[at : at + 2] in pairs]
    origin = _origin(sentence) if begins else ()
    found: list[Span] = []
    behind = 0
    for at in begins:
        if at < behind:
            continue
        end = at + 2
        while end < len(letters) and letters[at : end + 1] in told:
            end += 1
        span = origin[at], origin[end - 1] + 1
        if not _common(letters[at:end]) and _whole(sentence, *span):
            found.append(span)
            behind = end
    return tuple(found)


def _whole(sentence: str, begin: int, to: int) -> bool:
    """Say whether a span cuts no Latin word."""
    cut_front = _latin(sentence[begin]) and begin > 0 and _latin(sentence[begin - 1])
    cut_back = _latin(sentence[to - 1]) and to < len(sentence) and _latin(sentence[to])
    return not (cut_front or cut_back)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


class _Letters(dict[int, str]):
    """Each character as :func:`compact` has it, worked out once: for ``str.translate``."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()  # characters that are not one letter

    def __missing__(self, point: int) -> str:
        letter = self[point] = fold(chr(point)).replace(" ", "")
        if len(letter) != 1:
            self.uneven.add(chr(point))
        return letter


_LETTERS = _Letters()
_common = lru_cache(maxsize=16384)(is_common)


def _origin(sentence: str) -> Sequence[int]:
    """Return where in a sentence, already folded once, each of its letters came from."""
    if _LETTERS.uneven.isdisjoint(sentence):
        return range(len(sentence))
    return [at for at, character in enumerate(sentence) for _ in _LETTERS[ord(character)]]
