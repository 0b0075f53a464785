"""The divisible problem to its end: priced over all pairs, widened until no pair is missing.

What comes out bounds every assignment; its prices say which pairs can matter at all.
"""

from dataclasses import dataclass

import numpy as np

from app.matching.assignment.answer import Change, Clash
from app.matching.assignment.columns import best_of
from app.matching.assignment.highs import Ran, prices_of, relaxed, whole
from app.matching.assignment.prices import Priced, Prices, priced
from app.matching.assignment.problem import Flags, Ints, Problem, Requirement
from app.matching.assignment.rows import Aim, Model, model
from app.matching.assignment.watch import Watch

_ROUNDS = 25
_MORE = 10  # pairs a project gets in one round
_CLOSE = 2e-7  # relative: bound and value are the same
_LOSS = 1e-9  # a pair that loses more than this is not worth looking at
_CHANGE = 0.5  # prices of an elastic problem are about 0 or about 1
_GIVING_UP = 1.0  # no change costs less
_PROVED = 1e-6
ALL_PAIRS = 300_000  # pairs that are looked at together when pricing does not tell


@dataclass(slots=True)
class Relaxed:
    """The bound with the prices that prove it."""

    bound: float
    value: float  # of the divisible solution, over the pairs looked at
    prices: Prices
    priced: Priced
    marked: Flags
    rounds: int


def relaxation(
    problem: Problem, marked: Flags, aim: Aim, watch: Watch, floor: float | None = None
) -> Relaxed | None:
    """Return the divisible optimum, or None if the rows cannot be kept over the marked pairs."""
    best: Relaxed | None = None
    for turn in range(1, _ROUNDS + 1):
        ran = relaxed(made := model(problem, marked, aim, floor), watch)
        if ran.infeasible or not len(ran.duals):
            return best
        prices = prices_of(made, ran, aim)
        found = priced(problem, prices)
        bound = found.bound - _worth_of_floor(problem, prices, floor)
        if best is None or bound < best.bound:
            best = Relaxed(bound, ran.objective, prices, found, marked, turn)
        best.value, best.rounds = max(best.value, _value(ran)), turn
        missing = (found.nearness >= -_LOSS) & ~marked & ~problem.barred
        close = best.bound - best.value <= _CLOSE * max(1.0, abs(best.bound))
        if close or watch.over or not missing.any():
            break
        marked = marked | best_of(found.nearness, missing, _MORE)
        best.marked = marked
    return best


def _value(ran: Ran) -> float:
    return ran.objective if ran.values is not None else -np.inf


def _worth_of_floor(problem: Problem, prices: Prices, floor: float | None) -> float:
    if floor is None or prices.base == 0:
        return 0.0
    return float((prices.floor / (problem.seats.max() / problem.seats)).sum()) * floor


def eased(problem: Problem, marked: Flags, watch: Watch) -> tuple[Flags, Clash | None]:
    """Mark pairs with which the rows can be kept, or return the least that must change."""
    least, found, prices = 0.0, None, None
    for _ in range(_ROUNDS):
        ran = relaxed(made := model(problem, marked, Aim.changes), watch)
        prices = _capped(prices_of(made, ran, Aim.changes))
        found = priced(problem, prices, _GIVING_UP)
        least = max(least, -found.bound)
        if -ran.objective < _CHANGE / 2 and ran.values is not None:
            return marked, None
        missing = (found.nearness >= -_LOSS) & ~marked & ~problem.barred
        if watch.over or least >= -ran.objective - _PROVED:
            break
        if missing.any():
            marked = marked | best_of(found.nearness, missing, _MORE)
        elif marked.size > ALL_PAIRS or (marked | problem.barred).all():
            break
        else:
            marked = ~problem.barred
    return marked, clash(problem, marked, watch, least, found, prices)


def clash(
    problem: Problem,
    marked: Flags,
    watch: Watch,
    least: float = 0.0,
    found: Priced | None = None,
    prices: Prices | None = None,
) -> Clash | None:
    """Return the least whole changes over the marked pairs; None if none is needed."""
    made = model(problem, marked, Aim.changes)
    ran = whole(made, watch, within=max(5.0, watch.left / 2))
    if ran.values is None:
        return Clash((), (), int(problem.seats.sum()), 0, (), smallest=False)
    changes = _bought(made, ran)
    if not changes:
        return None
    projects, experts = _involved(problem, found, prices, changes)
    wanted = int(problem.seats[projects].sum())
    count = sum(change.by for change in changes)
    everything = ran.finished and bool((marked | problem.barred).all())
    proved = everything or count <= np.ceil(least - _PROVED)
    return Clash(
        projects=tuple(map(int, projects)),
        experts=tuple(map(int, experts)),
        wanted=wanted,
        available=wanted - count,
        changes=changes,
        smallest=bool(proved),
    )


def least_changes(
    problem: Problem, marked: Flags, watch: Watch, among: frozenset[Requirement]
) -> tuple[Change, ...]:
    """Return the least changes over the marked pairs of only these requirements; () if none do."""
    made = model(problem, marked, Aim.changes, among=among)
    return _bought(made, whole(made, watch, within=max(5.0, watch.left / 4)))


def _bought(made: Model, ran: Ran) -> tuple[Change, ...]:
    if ran.values is None:
        return ()
    amounts = np.rint(ran.values[made.pairs + 1 :]).astype(np.int64)
    return tuple(
        Change(requirement, index, int(by))
        for (requirement, index, _), by in zip(made.bought, amounts, strict=True)
        if by > 0
    )


def _capped(prices: Prices) -> Prices:
    """Keep every price below what easing its requirement costs, as the bound demands."""
    prices.load = np.minimum(prices.load, 1.0)
    prices.minima = {r: np.minimum(price, 1.0) for r, price in prices.minima.items()}
    prices.units = {key: min(price, 1.0) for key, price in prices.units.items()}
    return prices


def _involved(
    problem: Problem, found: Priced | None, prices: Prices | None, changes: tuple[Change, ...]
) -> tuple[Ints, Ints]:
    """Return the projects and experts whose requirements have a price, or else are changed."""
    short = np.zeros(problem.projects, dtype=np.bool_)
    full = np.zeros(problem.experts, dtype=np.bool_)
    if found is not None and prices is not None:
        short |= found.earned <= -_CHANGE
        for price in prices.minima.values():
            short |= price >= _CHANGE
        for (project, _), dear in prices.units.items():
            short[project] |= dear >= _CHANGE
        full |= prices.load >= _CHANGE
    for change in changes:
        (full if change.requirement is Requirement.load else short)[change.index] = True
    return np.flatnonzero(short), np.flatnonzero(full)
