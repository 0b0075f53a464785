"""A fair assignment quickly: flows in which whoever had little weighs more the next time.

It proves nothing; it is what stands when the proved way finds nothing in time, and it tells that
way how low it need not look. A project's weight rises with what it lacks to nearly the mean.
"""

import numpy as np

from app.matching.assignment.flows import Priced, best_pairs
from app.matching.assignment.problem import UNITS, Flags, Problem
from app.matching.assignment.rows import scale
from app.matching.assignment.watch import Watch
from app.matching.assignment.whole import Whole, totals

_ROUNDS = 60
_STEP, _COOLING = 0.6, 15.0  # of the exponent; halved by that round
_CLOSE = 0.97  # of the mean: who has that lacks nothing
_FADE = 0.02
_LIGHTEST, _HEAVIEST = 0.2, 20.0


def balanced(problem: Problem, flow: Priced, marked: Flags, watch: Watch) -> Whole:
    """Return the assignment with the best worst-off project among some sixty flows."""
    project, expert = np.nonzero(marked)
    score = problem.scores[project, expert].astype(np.float64)
    found = Whole(flow.project, flow.expert, 0.0, float("inf"))
    highest = float(totals(problem, flow.project, flow.expert).min())
    weight = scale(problem)
    for turn in range(_ROUNDS):
        if watch.over:
            break
        value = np.rint(score * weight[project] * UNITS).astype(np.int64)
        used = best_pairs(problem, project, expert, value)
        reached = totals(problem, project[used], expert[used])
        if reached.min() > highest:
            highest = float(reached.min())
            found = Whole(project[used], expert[used], 0.0, float("inf"))
        watch.check()
        mean = max(float(reached.mean()), 1e-9)
        lack = np.maximum(0.0, _CLOSE * mean - reached) / mean
        step = _STEP / (1.0 + turn / _COOLING)
        weight = np.clip(weight * np.exp(step * (lack - _FADE)), _LIGHTEST, _HEAVIEST)
        weight = weight / weight.mean()
    found.total = float(problem.scores[found.project, found.expert].astype(np.float64).sum())
    return found
