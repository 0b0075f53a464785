"""The solver as a process of its own runs it (app.core.aside)."""

from collections.abc import Callable
from typing import Any

from app.matching.assignment.answer import Solution
from app.matching.assignment.problem import Objective, Problem
from app.matching.assignment.solving import solve
from app.matching.assignment.watch import Watch


def solve_beside(
    problem: Problem, objective: Objective, limit: float, fewest: int, report: Callable[[Any], None]
) -> Solution:
    """Solve, telling each phase with how many percent are done."""
    watch = Watch(limit, told=lambda phase, percent: report((phase, percent)))
    return solve(problem, objective, watch, fewest=fewest)
