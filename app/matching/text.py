"""Text as reasons quote it: folded and closed up, cut into sentences short enough to read."""

import re

from app.core.text import fold

LONGEST_QUOTE = 160  # characters; a reason is read at a glance
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]?")
_CLAUSE = re.compile(r"[^，、,：:]+[，、,：:]?")
_SPACES = re.compile(r"\s+")


def compact(text: str) -> str:
    """Fold a text and close its blanks, so that a phrase is found across a line break."""
    return _SPACES.sub("", fold(text))


def sentences(text: str) -> list[str]:
    """Cut a text into literal pieces short enough to quote."""
    pieces: list[str] = []
    for sentence in _SENTENCE.findall(text):
        if len(sentence.strip()) <= LONGEST_QUOTE:
            pieces.append(sentence.strip())
        else:
            pieces += (clause.strip()[:LONGEST_QUOTE] for clause in _CLAUSE.findall(sentence))
    return [piece for piece in pieces if piece]
