"""What comes back: pairs, a certificate, and either an explanation or what stands in the way."""

from dataclasses import dataclass
from enum import StrEnum

from app.matching.assignment.problem import Ints, Requirement


class Outcome(StrEnum):
    """How it ended."""

    solved = "solved"
    infeasible = "infeasible"
    out_of_time = "out_of_time"  # nothing that keeps every rule was found within the limit


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was proved, in terms of the given scores.

    ``bound`` is a total that no assignment can pass, found from prices alone: every pair of the
    instance was priced, not only those the solver looked at.
    """

    total: float
    bound: float
    gap: float  # relative: 0 is proved optimal
    proved: bool
    pairs_priced: int
    pairs_considered: int
    rounds: int
    worst: float  # the worst-off project's total (per seat times the largest number of seats)
    worst_bound: float | None = None  # only where the worst-off project was the objective
    worst_proved: bool | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One requirement eased: a load or seats of an index, a quota of a project.

    A further place of an expert may ``serve`` quotas that could not be met without it.
    """

    requirement: Requirement
    index: int
    by: int
    serves: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """A requirement that cannot be met even if nothing else were asked.

    The projects together ask for ``wanted`` seats of that kind; the ``experts`` who count and may
    judge one of them can fill ``available`` of these.
    """

    requirement: Requirement
    projects: tuple[int, ...]
    experts: int
    wanted: int
    available: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Why it cannot be: these projects together need more than these experts may take."""

    projects: tuple[int, ...]
    experts: tuple[int, ...]
    wanted: int
    available: int
    changes: tuple[Change, ...]
    smallest: bool  # proved that no fewer changes would do
    shortages: tuple[Shortage, ...] = ()  # under quotas: what fails by itself
    asked: tuple[Requirement, ...] = ()  # the quotas, where there are any
    alternative: tuple[Change, ...] = ()  # quotas to ease if the loads stay as they are


@dataclass(frozen=True, slots=True)
class FullExpert:
    """An expert who has all the projects he takes; ``price``: what one more would add."""

    expert: int
    load: int
    price: float


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """Who was not chosen for a project although near, why, and the least choosing him would cost.

    ``cost`` is a lower bound from prices: 0 says nothing of what it would cost.
    """

    project: int
    expert: int
    score: float
    why: str  # full | unit | quota | weaker
    cost: float


@dataclass(frozen=True, slots=True)
class Binding:
    """A requirement of one project that costs something: one fewer would add ``price``."""

    requirement: Requirement
    project: int
    price: float


@dataclass(frozen=True, slots=True)
class Explanation:
    full: tuple[FullExpert, ...] = ()
    runners_up: tuple[RunnerUp, ...] = ()
    binding: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """Pairs in the order of projects; none unless solved."""

    outcome: Outcome
    project: Ints
    expert: Ints
    certificate: Certificate | None = None
    clash: Clash | None = None
    explanation: Explanation | None = None
