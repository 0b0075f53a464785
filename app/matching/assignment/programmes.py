"""What a flow cannot do: quotas, and the worst-off project first. Bound, then whole, then proof."""

from dataclasses import dataclass

import numpy as np

from app.matching.assignment.answer import Clash
from app.matching.assignment.balancing import balanced
from app.matching.assignment.columns import best_of, first
from app.matching.assignment.flows import Priced as Flow
from app.matching.assignment.highs import whole
from app.matching.assignment.prices import Priced, Prices, best_values, priced
from app.matching.assignment.problem import UNITS, Flags, Problem
from app.matching.assignment.relaxing import Relaxed, clash, eased, relaxation
from app.matching.assignment.rows import Aim, model, scale
from app.matching.assignment.watch import Watch
from app.matching.assignment.whole import (
    Whole,
    all_pairs,
    best_whole,
    best_worst,
    totals,
)

_BY_SCORE, _BY_PRICE = 40, 30  # pairs per project to begin with
_ENOUGH = 2e-3  # relative: the total, where it comes second, is not searched further
_SLACKS = (
    0.0,
    2e-4,
    1e-3,
    5e-3,
    2e-2,
    5e-2,
    0.15,
)  # how far below its bound the worst-off may end, in turn
_SLIGHT = 1e-3  # a slack not worth a second search
_NEAR = 3  # pairs per seat of that search
_RAISING = 20.0  # seconds of it
_ALONE = 2.0  # seconds for one project by itself
_HAIR = 1e-6  # what HiGHS itself allows a row to miss
CLOSE = 2e-6  # relative: proved, within what HiGHS can tell apart


@dataclass(slots=True)
class Found:
    """The best assignment, and the prices that bound all others."""

    best: Whole
    prices: Prices
    priced: Priced
    marked: Flags
    rounds: int
    worst_bound: float | None = None


def greatest_total(problem: Problem, flow: Flow, watch: Watch) -> Found | Clash | None:
    """Return the greatest total under quotas."""
    relaxed, marked = _relaxed(problem, _beginning(problem, flow), Aim.total, watch)
    if isinstance(relaxed, Clash) or relaxed is None:
        return relaxed
    watch.tell("whole", 60)
    best = best_whole(problem, relaxed, watch)
    if best is None:
        return None if watch.over else clash(problem, marked, watch)
    return Found(best, relaxed.prices, relaxed.priced, relaxed.marked, relaxed.rounds)


def _relaxed(
    problem: Problem, marked: Flags, aim: Aim, watch: Watch
) -> tuple[Relaxed | Clash | None, Flags]:
    watch.tell("bound", 30)
    found = relaxation(problem, marked, aim, watch)
    if found is None and not watch.over:
        marked, impossible = eased(problem, marked, watch)
        if impossible is not None:
            return impossible, marked
        found = relaxation(problem, marked, aim, watch)
    return found, marked if found is None else found.marked


def _beginning(problem: Problem, flow: Flow) -> Flags:
    """Mark the pairs that are good by score, and those that are good by the flow's prices."""
    every = all_pairs(problem)
    if every is not None:
        return every
    nearness = _at(problem, flow).nearness
    marked = first(problem, _BY_SCORE) | best_of(nearness, ~problem.barred, _BY_PRICE)
    marked[flow.project, flow.expert] = True
    return marked


def _at(problem: Problem, flow: Flow) -> Priced:
    return priced(problem, _flow_prices(problem, flow))


def _flow_prices(problem: Problem, flow: Flow) -> Prices:
    return Prices(1.0, flow.price / UNITS, np.zeros(problem.projects))


def worst_off_first(problem: Problem, flow: Flow, watch: Watch) -> Found | Clash | None:
    """Return the assignment whose worst-off project has most, and of those the greatest total."""
    marked = _beginning(problem, flow)
    exact = all_pairs(problem) is not None
    alone = None if exact else _as_if_alone(problem, marked, watch)
    if alone is not None:
        return alone
    spare = None if exact or problem.quotas else _by_balance(problem, flow, marked, watch)
    lowest, marked = _relaxed(problem, marked, Aim.worst, watch)
    if isinstance(lowest, Clash) or lowest is None:
        return spare if lowest is None else lowest
    watch.tell("whole", 50)
    if exact:
        found = _exactly(problem, lowest, watch)
    else:
        found = _step_by_step(problem, lowest, spare, watch)
    if found is None and not watch.over:
        return clash(problem, marked, watch)
    return found


def _by_balance(problem: Problem, flow: Flow, marked: Flags, watch: Watch) -> Found:
    """Return what is at hand without any proof but that of the greatest total."""
    best = balanced(problem, flow, marked, watch)
    at = _at(problem, flow)
    best.bound = max(best.total, at.bound)
    prices = _flow_prices(problem, flow)
    return Found(best, prices, at, flow.marked, flow.rounds, _ceiling(problem, watch))


def _ceiling(problem: Problem, watch: Watch) -> float:
    """Return what the worst-off project would have if it were alone: nobody can give it more.

    Without quotas those are its best seats. With them each project is a small problem of its own,
    solved only while it could still be the worst-off.
    """
    scores = np.where(problem.barred, -np.inf, problem.scores.astype(np.float64))
    best = best_values(scores, problem.seats)
    free = np.where(np.isfinite(best), best, 0.0).sum(axis=1) * scale(problem)
    if not problem.quotas:
        return float(free.min())
    lowest = float("inf")
    for project in np.argsort(free, kind="stable"):
        if free[project] >= lowest or watch.over:
            break
        alone = problem.only(int(project))
        ran = whole(model(alone, ~alone.barred, Aim.total), watch, within=_ALONE)
        if ran.infeasible:
            return float("-inf")
        kept = ran.bound if np.isfinite(ran.bound) else free[project] / scale(problem)[project]
        lowest = min(lowest, float(kept * scale(problem)[project]))
    return min(lowest, float(free.max()))


def _as_if_alone(problem: Problem, marked: Flags, watch: Watch) -> Found | None:
    """Return an assignment that leaves the worst-off project as well off as if it were alone.

    Often there is one, and then its bound needs no proof of its own.
    """
    watch.tell("bound", 30)
    ceiling = _ceiling(problem, watch)
    if ceiling == -np.inf:
        return None
    return _above(problem, marked, ceiling - _HAIR, ceiling, watch)


def _above(
    problem: Problem, marked: Flags, floor: float, worst_bound: float, watch: Watch
) -> Found | None:
    """Return about the greatest total that leaves every project ``floor``, if one is found."""
    relaxed = relaxation(problem, marked, Aim.total, watch, floor)
    if relaxed is None or watch.over:
        return None
    watch.tell("whole", 60)
    best = best_whole(
        problem, relaxed, watch, floor=floor, enough=_ENOUGH, patience=max(5.0, watch.left / 4)
    )
    if best is None:
        return None
    return Found(best, relaxed.prices, relaxed.priced, relaxed.marked, relaxed.rounds, worst_bound)


def _exactly(problem: Problem, lowest: Relaxed, watch: Watch) -> Found | None:
    """Search all pairs for the best worst-off project, then for the greatest total above it."""
    best, bound = best_worst(problem, lowest.marked, watch, watch.left / 2)
    if best is None:
        return None
    floor = float(totals(problem, best.project, best.expert).min()) - _HAIR
    relaxed = relaxation(problem, lowest.marked, Aim.total, watch, floor)
    if relaxed is not None:
        best = best_whole(problem, relaxed, watch, floor=floor) or best
        lowest = relaxed
    return Found(
        best,
        lowest.prices,
        lowest.priced,
        lowest.marked,
        lowest.rounds,
        min(bound, lowest.bound) if relaxed is None else bound,
    )


def _step_by_step(
    problem: Problem, lowest: Relaxed, spare: Found | None, watch: Watch
) -> Found | None:
    """Hold the worst-off project at its bound; only if nothing is found there, a little below.

    Never below what the ``spare`` one has: it is the answer then, with the bound found here.
    """
    highest = min(lowest.bound, lowest.value) if np.isfinite(lowest.value) else lowest.bound
    if spare is not None:
        spare.worst_bound = min(lowest.bound, spare.worst_bound or lowest.bound)
    for slack in _SLACKS:
        floor = highest - slack * abs(highest) - _HAIR
        if watch.over or (spare is not None and floor <= _worst(problem, spare)):
            return spare
        found = _above(problem, lowest.marked, floor, lowest.bound, watch)
        if found is not None:
            return found if slack < _SLIGHT else _raised(problem, found, watch)
    return spare


def _worst(problem: Problem, found: Found) -> float:
    return float(totals(problem, found.best.project, found.best.expert).min())


def _raised(problem: Problem, found: Found, watch: Watch) -> Found:
    """Search the nearest pairs for a better worst-off project than was found step by step."""
    near = best_of(found.priced.nearness, ~problem.barred, _NEAR * int(problem.seats.max()))
    near[found.best.project, found.best.expert] = True
    better, _ = best_worst(problem, near, watch, min(_RAISING, watch.left / 4))
    if better is None:
        return found
    floor = float(totals(problem, better.project, better.expert).min())
    if floor <= _worst(problem, found):
        return found
    higher = _above(problem, found.marked | near, floor - _HAIR, found.worst_bound or floor, watch)
    if higher is not None:
        return higher
    found.best = Whole(better.project, better.expert, better.total, found.best.bound)
    return found
