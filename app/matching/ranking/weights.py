"""The constants of ranking, in one place; the evidence for each is in docs/matching/ranking.md."""

from dataclasses import asdict, dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Weights:
    """How the components are made and mixed; one setting serves every library and every query."""

    k1: float = 1.2
    b: float = 0.75
    cosine_short: float = 0.2  # share of cosine beside BM25 for the shortest queries
    cosine_long: float = 0.8  # and for the longest
    halfway: float = 180.0  # grams of a query at which the share is midway
    steepness: float = 2.0
    neighbours: float = 0.3  # what a document's neighbours lend it
    vectors: float = 0.0
    field: float = 0.05
    field_prefix: float = 0.6  # of a full match
    keyword: float = 0.05
    embedding: float = 0.3
    shrink: float = 3.0  # documents everybody is taken to have besides, none of them fitting
    half_life: float = 12.0  # years in which a document's weight halves towards the floor
    oldest: float = 0.5  # what remains of the oldest document's weight

    @property
    def version(self) -> str:
        """Name this setting; two settings that differ anywhere are named differently."""
        told = ",".join(f"{name}={value!r}" for name, value in asdict(self).items())
        return sha256(told.encode()).hexdigest()[:8]


WEIGHTS = Weights()
