"""Closed lists: a value, the words people write for it, and how loosely those are taken."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.text import fold

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.)]")
_JOINERS = re.compile(r"[\s及和与&、/,·\-_()]+")
_SUFFIX = re.compile(r"(?:技术|领域|产业|行业)+$")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a closed list with the words people write for it, the first one shown."""

    value: str
    labels: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.labels[0] if self.labels else self.value


@dataclass(frozen=True, slots=True)
class ChoiceIndex:
    """A list by its exact and its loosened words; what would fit two choices fits none."""

    exact: Mapping[str, str]
    loose: Mapping[str, str]
    labels: Mapping[str, str]
    digits: int = 0  # of every value, where all are numbers of one length

    def value_of(self, text: str) -> str | None:
        folded = fold(text)
        padded = folded.zfill(self.digits)  # a spreadsheet takes the zero from 08
        found = self.exact.get(folded) or self.loose.get(_loosened(folded))
        return found or (self.exact.get(padded) if folded.isdecimal() else None)


def index_of(choices: Iterable[Choice]) -> ChoiceIndex:
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    labels: dict[str, str] = {}
    for choice in choices:
        labels[choice.value] = choice.label
        for word in (choice.value, *choice.labels):
            exact.setdefault(fold(word), choice.value)
            loose.setdefault(_loosened(fold(word)), set()).add(choice.value)
    certain = {word: min(values) for word, values in loose.items() if len(values) == 1}
    lengths = {len(value) if value.isdecimal() else 0 for value in labels}
    return ChoiceIndex(exact, certain, labels, max(lengths) if len(lengths) == 1 else 0)


def _loosened(folded: str) -> str:
    """Drop what one choice is written with or without: ordinals, 与 and 及, 技术 at the end."""
    bare = _JOINERS.sub("", _ORDINAL.sub("", folded))
    return _SUFFIX.sub("", bare) or bare
