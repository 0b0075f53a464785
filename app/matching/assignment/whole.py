"""From the divisible to the whole: only pairs that lose little can be in a better assignment.

If the bound is B and an assignment worth V is at hand, a pair that loses more than B - V at the
bound's prices is in no better one. So a whole optimum over the pairs that lose less is one over all
pairs, and the few that remain are quickly searched.
"""

from dataclasses import dataclass

import numpy as np

from app.matching.assignment.columns import listed
from app.matching.assignment.highs import Ran, whole
from app.matching.assignment.problem import Flags, Floats, Ints, Problem
from app.matching.assignment.relaxing import Relaxed
from app.matching.assignment.rows import Aim, Model, model, scale
from app.matching.assignment.watch import Watch

SMALL = 4_000  # pairs that are simply all searched
_FEW = 1.4  # pairs per seat searched at first
_MANY = 60_000
_TURNS = 5
_LAST_WITH_NONE = 2  # then a floor is too high rather than the pairs too few
_TOLERANCE = 1e-6  # relative: what the solvers' own arithmetic can tell apart


@dataclass(slots=True)
class Whole:
    """The best assignment found, and a bound on all."""

    project: Ints
    expert: Ints
    total: float
    bound: float

    @property
    def gap(self) -> float:
        return max(0.0, self.bound - self.total) / max(1e-9, abs(self.bound))


def best_whole(
    problem: Problem,
    relaxed: Relaxed,
    watch: Watch,
    *,
    floor: float | None = None,
    enough: float = 0.0,
    patience: float = float("inf"),
) -> Whole | None:
    """Return the best assignment (of those that reach ``floor``), or None if none was found.

    It is proved best, or ``enough`` near to it (a relative gap), or the time was over.
    """
    nearness = np.where(problem.barred, -np.inf, relaxed.priced.nearness)
    loss = _first_loss(problem, nearness)
    best: Whole | None = None
    for turn in range(_TURNS):
        kept = _kept(problem, nearness, loss, best)
        made = model(problem, kept, Aim.total, floor)
        start = _as_start(best, made)
        ran = whole(made, watch, within=patience, gap=enough / 2, start=start)
        everything = bool((kept | problem.barred).all())
        if ran.values is None:
            if everything or watch.over or not ran.infeasible or turn == _LAST_WITH_NONE:
                return best
            loss *= 4.0
            continue
        best = _better(best, _taken(problem, made, ran))
        outside = -np.inf if everything else relaxed.bound - loss
        best.bound = min(best.bound, relaxed.bound, max(ran.bound, outside))
        apart = relaxed.bound - best.total
        if best.gap <= max(enough, _TOLERANCE) or everything or loss >= apart or watch.over:
            return best
        loss = apart * 1.000_001 + _TOLERANCE
        if int((nearness >= -loss).sum()) > _MANY:
            return best
    return best


def _kept(problem: Problem, nearness: Floats, loss: float, best: Whole | None) -> Flags:
    """Mark the pairs that lose no more than ``loss``, and those of the best at hand."""
    kept = (nearness >= -loss) & ~problem.barred
    if best is not None:
        kept[best.project, best.expert] = True
    return kept


def _first_loss(problem: Problem, nearness: Floats) -> float:
    possible = nearness[np.isfinite(nearness)]
    count = int(_FEW * problem.seats.sum())
    if len(possible) <= max(SMALL, count):
        return float("inf")
    place = len(possible) - count
    return max(1e-6, -float(np.partition(possible, place)[place]))


def _as_start(best: Whole | None, made: Model) -> Floats | None:
    if best is None:
        return None
    problem = made.problem
    used = np.zeros(problem.barred.shape, dtype=np.bool_)
    used[best.project, best.expert] = True
    worst = float(totals(problem, best.project, best.expert).min())
    return np.append(used[made.project, made.expert].astype(np.float64), worst)


def _taken(problem: Problem, made: Model, ran: Ran) -> Whole:
    if ran.values is None:
        raise ValueError("nothing was found")
    used = ran.values[: made.pairs] > 0.5  # noqa: PLR2004 -- whole numbers, told as floats
    project, expert = made.project[used], made.expert[used]
    total = float(problem.scores[project, expert].astype(np.float64).sum())
    return Whole(project, expert, total, float("inf"))


def _better(best: Whole | None, found: Whole) -> Whole:
    return found if best is None or found.total >= best.total else best


def totals(problem: Problem, project: Ints, expert: Ints) -> Floats:
    """Return what each project gets, as if all wanted equally many."""
    value = problem.scores[project, expert].astype(np.float64)
    return np.bincount(project, value, minlength=problem.projects) * scale(problem)


def best_worst(
    problem: Problem, marked: Flags, watch: Watch, patience: float
) -> tuple[Whole | None, float]:
    """Return an assignment whose worst-off project is best over the marked pairs, and a bound."""
    made = model(problem, marked, Aim.worst)
    ran = whole(made, watch, within=patience)
    if ran.values is None:
        return None, float("inf")
    return _taken(problem, made, ran), ran.bound


def all_pairs(problem: Problem) -> Flags | None:
    """Mark all pairs if they are few enough to be searched without any choice."""
    return ~problem.barred if problem.barred.size <= SMALL else None


def pairs_of(marked: Flags) -> int:
    return len(listed(marked)[0])
