"""The constants of ranking, in one place; the evidence for each is in docs/matching/ranking.md."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class Mix:
    """What depends on how much the query says."""

    cosine: float  # the cosine's share beside BM25
    alike: float  # what the candidates most like one lend it
    shrink: float  # documents everybody is taken to have besides, none of them fitting


@dataclass(frozen=True, slots=True)
class Weights:
    """How the components are made and mixed; one setting serves every library and every query."""

    k1: float = 1.2
    b: float = 0.75
    short: Mix = Mix(cosine=0.3, alike=0.1, shrink=10.0)  # a title
    long: Mix = Mix(cosine=0.85, alike=0.9, shrink=1.0)  # an abstract
    halfway: float = 80.0  # different grams of a query that is half a title, half an abstract
    steepness: float = 8.0
    library: float = 150.0  # candidates in a library whose nearest count half: few are not alike
    vectors: float = 0.04
    field: float = 0.12
    field_prefix: float = 0.6  # of a full match
    keyword: float = 0.06
    embedding: float = 0.3
    half_life: float = 20.0  # years in which what a document's age can take from it halves
    oldest: float = 0.5  # what remains of the oldest document's weight

    @property
    def version(self) -> str:
        """Name this setting; two settings that differ anywhere are named differently."""
        return sha256(repr(sorted(self.told().items())).encode()).hexdigest()[:8]

    def told(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Weights":
        """Read what ``told`` wrote."""
        mixes = {name: Mix(**told[name]) for name in ("short", "long")}
        return cls(**{**told, **mixes})

    def mix(self, grams: int) -> Mix:
        """Return what lies between the short and the long for so many different grams."""
        rise = 1 / (1 + (self.halfway / grams) ** self.steepness) if grams > 0 else 0.0
        one, other = asdict(self.short), asdict(self.long)
        return Mix(**{name: one[name] + rise * (other[name] - one[name]) for name in one})


WEIGHTS = Weights()
