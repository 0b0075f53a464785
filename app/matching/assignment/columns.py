"""The pairs a solver looks at: few of all, the rest is priced."""

import numpy as np

from app.matching.assignment.problem import Flags, Floats, Ints, Problem, Scores

FEWEST = 40  # pairs per project to begin with


def nearest(values: Scores, count: int) -> Flags:
    """Mark the ``count`` greatest values of each row."""
    marked = np.zeros(values.shape, dtype=np.bool_)
    if count >= values.shape[1]:
        marked[:] = True
        return marked
    places = np.argpartition(values, values.shape[1] - count, axis=1)[:, -count:]
    np.put_along_axis(marked, places, values=True, axis=1)
    return marked


def first(problem: Problem, count: int) -> Flags:
    """Mark the pairs to begin with: each project's best, none of them barred."""
    wanted = max(count, 3 * int(problem.seats.max(initial=1)))
    scores = np.where(problem.barred, np.float32(-np.inf), problem.scores)
    return nearest(scores, wanted) & ~problem.barred


def best_of(values: Floats, marked: Flags, count: int) -> Flags:
    """Mark, of the pairs already marked, the ``count`` greatest of each project."""
    return nearest(np.where(marked, values, -np.inf), count) & marked


def listed(marked: Flags) -> tuple[Ints, Ints]:
    """Return projects and experts of the marked pairs, ordered by project."""
    project, expert = np.nonzero(marked)
    return project.astype(np.int64), expert.astype(np.int64)
