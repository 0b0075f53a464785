"""How alike two texts are: the share of their character pairs they have in common."""

from collections.abc import Sequence
from functools import lru_cache

from app.matching.names import bare


@lru_cache(maxsize=1 << 12)
def _pairs(text: str) -> frozenset[str]:
    plain = bare(text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """Return Dice's coefficient of ``text`` with each of ``others``."""
    mine = _pairs(text)
    return [_dice(mine, _pairs(other)) for other in others]


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0
