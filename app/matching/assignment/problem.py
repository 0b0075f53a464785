"""What is asked of an assignment: scores, conflicts, demands, loads, quotas, and the objective."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scores = NDArray[np.float32] | NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Scores are counted in units of 10^-7, the resolution of the single-precision numbers they come
#: as; an optimum is proved for the counted scores and holds for the given ones within
#: 10^-7 per pair.
UNITS = 10_000_000
LARGEST = 1000.0  # a score; beyond it the counted costs would no longer fit
NO_UNIT = -1


class Objective(StrEnum):
    """What is best: the greatest total, or first of all the best for the worst-off project."""

    total = "total"
    worst_off = "worst_off"


class Requirement(StrEnum):
    """What may stand in the way."""

    load = "load"
    seats = "seats"
    technical = "technical"
    finance = "finance"
    offsite = "offsite"
    unit = "unit"


@dataclass(frozen=True, slots=True)
class Quotas:
    """Whole numbers per project; None: not asked for."""

    technical_min: Ints | None = None
    finance_min: Ints | None = None
    offsite_min: Ints | None = None
    per_unit_max: Ints | None = None

    def __bool__(self) -> bool:
        return any(
            asked is not None
            for asked in (self.technical_min, self.finance_min, self.offsite_min, self.per_unit_max)
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Projects × experts. ``barred`` pairs are never made, whatever else would be gained."""

    scores: Scores
    barred: Flags
    seats: Ints  # wanted, per project
    load: Ints  # at most, per expert
    quotas: Quotas = field(default_factory=Quotas)
    technical: Flags | None = None  # per expert
    finance: Flags | None = None  # per expert
    offsite: Flags | None = None  # per pair: the expert comes from elsewhere
    unit: Ints | None = None  # per expert; NO_UNIT: unknown, counted as a unit of its own

    def __post_init__(self) -> None:
        """Raise ValueError for what cannot be meant."""
        shape = self.scores.shape
        if len(shape) != 2 or self.barred.shape != shape:  # noqa: PLR2004 -- projects × experts
            raise ValueError("scores and barred are projects × experts")
        if self.seats.shape != shape[:1] or self.load.shape != shape[1:]:
            raise ValueError("seats are per project, load per expert")
        if (self.seats < 1).any() or (self.load < 0).any():
            raise ValueError("every project wants somebody, no load is negative")
        if not np.isfinite(self.scores).all() or np.abs(self.scores).max(initial=0) > LARGEST:
            raise ValueError("scores are finite and moderate")
        for asked, given in self._needed():
            if asked is not None and given is None:
                raise ValueError("a quota needs to know the experts it counts")

    def _needed(self) -> tuple[tuple[Ints | None, object], ...]:
        q = self.quotas
        return (
            (q.technical_min, self.technical),
            (q.finance_min, self.finance),
            (q.offsite_min, self.offsite),
            (q.per_unit_max, self.unit),
        )

    @property
    def projects(self) -> int:
        return int(self.scores.shape[0])

    @property
    def experts(self) -> int:
        return int(self.scores.shape[1])

    def only(self, project: int) -> "Problem":
        """Return the problem of one project that has all experts to itself."""
        row = slice(project, project + 1)
        quotas = Quotas(
            *(
                None if quota is None else quota[row]
                for quota in (
                    self.quotas.technical_min,
                    self.quotas.finance_min,
                    self.quotas.offsite_min,
                    self.quotas.per_unit_max,
                )
            )
        )
        offsite = None if self.offsite is None else self.offsite[row]
        return replace(
            self,
            scores=self.scores[row],
            barred=self.barred[row],
            seats=self.seats[row],
            load=np.minimum(self.load, 1),
            quotas=quotas,
            offsite=offsite,
        )

    def counting(self, requirement: Requirement) -> tuple[Ints, Flags] | None:
        """Return how many of whom a quota asks for (lower bounds only), or None if it does not.

        The second array is per expert, or per pair for the off-site quota.
        """
        quota, of_whom = {
            Requirement.technical: (self.quotas.technical_min, self.technical),
            Requirement.finance: (self.quotas.finance_min, self.finance),
            Requirement.offsite: (self.quotas.offsite_min, self.offsite),
        }[requirement]
        return None if quota is None or of_whom is None else (quota, of_whom)


#: The quotas that ask for at least so many of a kind.
MINIMA = (Requirement.technical, Requirement.finance, Requirement.offsite)


def share(percent: int, seats: Ints) -> Ints:
    """Return the whole number of seats that makes at least ``percent`` of them."""
    return np.asarray(-(-seats * percent // 100), dtype=np.int64)
