"""Prices of every requirement, and what they prove: a bound on all assignments of any pairs.

For any prices at all, "what the limits are worth at these prices, plus what each project would
earn with its best seats after paying them" is more than any assignment can have. The solver's
prices make that bound tight; the proof does not need to trust the solver.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from app.matching.assignment.problem import MINIMA, Flags, Floats, Ints, Problem, Requirement

_ROWS = 256


@dataclass(slots=True)
class Prices:
    """All at least 0: per expert's place, per project's floor and quotas, per project's unit.

    ``base`` is the weight of the total itself: 0 while only the worst-off project counts.
    """

    base: float
    load: Floats
    floor: Floats  # already times the project's own scale
    minima: dict[Requirement, Floats] = field(default_factory=dict)
    units: dict[tuple[int, int], float] = field(default_factory=dict)


@dataclass(slots=True)
class Priced:
    """The bound, what each project's last seat earns, and how near every pair comes to it."""

    bound: float
    earned: Floats
    nearness: Floats  # per pair: what it is worth more than the last seat (negative: loses)


def priced(problem: Problem, prices: Prices, giving_up: float | None = None) -> Priced:
    """Price every pair of the instance; ``bound`` leaves out what a floor itself is worth.

    ``giving_up`` is what an empty seat costs, where that is possible.
    """
    bound = float((prices.load * problem.load).sum())
    for requirement, price in prices.minima.items():
        asked = problem.counting(requirement)
        bound -= float((price * asked[0]).sum()) if asked is not None else 0.0
    limits = problem.quotas.per_unit_max
    if limits is not None:
        bound += sum(price * limits[project] for (project, _), price in prices.units.items())
    nearness = np.empty(problem.scores.shape, dtype=np.float64)
    earned = np.empty(problem.projects, dtype=np.float64)
    for rows, worth in _worth(problem, prices):
        best = best_values(worth, problem.seats[rows], giving_up)
        bound += float(np.where(np.isfinite(best), best, 0.0).sum())
        earned[rows] = best[np.arange(len(best)), problem.seats[rows] - 1]
        nearness[rows] = worth - earned[rows, None]
    return Priced(bound, earned, nearness)


def _worth(problem: Problem, prices: Prices) -> Iterator[tuple[slice, Floats]]:
    by_project: dict[int, list[tuple[int, float]]] = {}
    for (project, unit), price in prices.units.items():
        by_project.setdefault(project, []).append((unit, price))
    for low in range(0, problem.projects, _ROWS):
        rows = slice(low, min(low + _ROWS, problem.projects))
        weight = prices.base + prices.floor[rows]
        worth = problem.scores[rows].astype(np.float64) * weight[:, None] - prices.load
        for requirement in MINIMA:
            asked = problem.counting(requirement)
            if asked is not None and requirement in prices.minima:
                of_whom = asked[1] if asked[1].ndim == 1 else asked[1][rows]
                worth += prices.minima[requirement][rows, None] * of_whom
        for project in range(rows.start, rows.stop):
            for unit, price in by_project.get(project, ()):
                worth[project - low] -= price * (problem.unit == unit)
        np.putmask(worth, problem.barred[rows], -np.inf)
        yield rows, worth


def best_values(worth: Floats, seats: Ints, giving_up: float | None = None) -> Floats:
    """Return each row's best values, greatest first; -inf beyond the project's own seats."""
    most = int(seats.max())
    if most > worth.shape[1]:
        worth = np.pad(worth, ((0, 0), (0, most - worth.shape[1])), constant_values=-np.inf)
    place = worth.shape[1] - most
    best = np.sort(np.partition(worth, place, axis=1)[:, place:], axis=1)[:, ::-1]
    if giving_up is not None:
        best = np.maximum(best, -giving_up)
    return np.where(np.arange(most) < seats[:, None], best, -np.inf)


def near(nearness: Floats, within: float) -> Flags:
    """Mark the pairs that lose no more than ``within``."""
    return np.asarray(nearness >= -within)
