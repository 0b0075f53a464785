"""The same problem once more, written row by row for scipy's MILP: slow, plain, and independent."""

from dataclasses import replace
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from app.matching.assignment.answer import Change
from app.matching.assignment.problem import NO_UNIT, Problem, Requirement


def rows_of(problem: Problem) -> list[tuple[dict[Any, float], float, float]]:
    """Return every rule as coefficients of pairs with their least and most."""
    projects, experts = range(problem.projects), range(problem.experts)
    q = problem.quotas
    rows: list[tuple[dict[Any, float], float, float]] = []
    for i in projects:
        wanted = float(problem.seats[i])
        rows.append(({(i, j): 1.0 for j in experts}, wanted, wanted))
        for quota, counts in (
            (q.technical_min, problem.technical),
            (q.finance_min, problem.finance),
            (q.offsite_min, None if problem.offsite is None else problem.offsite[i]),
        ):
            if quota is not None and counts is not None:
                rows.append(({(i, j): 1.0 for j in experts if counts[j]}, float(quota[i]), np.inf))
        if q.per_unit_max is not None and problem.unit is not None:
            for unit in set(problem.unit.tolist()) - {NO_UNIT}:
                members = {(i, j): 1.0 for j in experts if problem.unit[j] == unit}
                rows.append((members, -np.inf, float(q.per_unit_max[i])))
    rows += [({(i, j): 1.0 for i in projects}, -np.inf, float(problem.load[j])) for j in experts]
    return rows


def best(problem: Problem, floor: float | None = None, *, worst: bool = False) -> float | None:
    """Return the greatest total (or the greatest worst-off total), or None if there is none."""
    shape = problem.scores.shape
    pairs = shape[0] * shape[1]
    scores = problem.scores.astype(float)
    rows = rows_of(problem)
    scale = problem.seats.max() / problem.seats
    if worst or floor is not None:
        for i in range(problem.projects):
            row: dict[Any, float] = {(i, j): scores[i, j] * scale[i] for j in range(shape[1])}
            row["t"] = -1.0
            rows.append((row, 0.0, np.inf))
    matrix = np.zeros((len(rows), pairs + 1))
    for n, (coefficients, _, _) in enumerate(rows):
        for key, value in coefficients.items():
            matrix[n, pairs if key == "t" else key[0] * shape[1] + key[1]] = value
    cost = np.zeros(pairs + 1)
    if worst:
        cost[pairs] = -1.0
    else:
        cost[:pairs] = -scores.ravel()
    least = np.append(np.zeros(pairs), -1e4 if floor is None else floor)
    most = np.append(np.where(problem.barred.ravel(), 0.0, 1.0), 1e4)
    found = milp(
        cost,
        constraints=LinearConstraint(matrix, [r[1] for r in rows], [r[2] for r in rows]),
        bounds=Bounds(least, most),
        integrality=np.append(np.ones(pairs), 0),
        options={"mip_rel_gap": 0.0},
    )
    return None if found.x is None else -float(found.fun)


def changed(problem: Problem, changes: tuple[Change, ...]) -> Problem:
    """Return the problem with the changes made. A unit's limit is raised for the whole project."""
    load, seats, quotas = problem.load.copy(), problem.seats.copy(), problem.quotas
    for change in changes:
        if change.requirement is Requirement.load:
            load[change.index] += change.by
        elif change.requirement is Requirement.seats:
            seats[change.index] -= change.by
        else:
            name = {
                Requirement.technical: "technical_min",
                Requirement.finance: "finance_min",
                Requirement.offsite: "offsite_min",
                Requirement.unit: "per_unit_max",
            }[change.requirement]
            quota = getattr(quotas, name).copy()
            quota[change.index] += change.by if name == "per_unit_max" else -change.by
            quotas = replace(quotas, **{name: quota})
    return replace_loads(problem, load, seats, quotas)


def replace_loads(problem: Problem, load: Any, seats: Any, quotas: Any) -> Problem:
    """Return a copy; a project left without any seat keeps none and so asks for nobody."""
    keep = seats > 0

    def only(values: Any) -> Any:
        return None if values is None else values[keep]

    return Problem(
        scores=problem.scores[keep],
        barred=problem.barred[keep],
        seats=seats[keep],
        load=load,
        quotas=replace(
            quotas,
            technical_min=only(quotas.technical_min),
            finance_min=only(quotas.finance_min),
            offsite_min=only(quotas.offsite_min),
            per_unit_max=only(quotas.per_unit_max),
        ),
        technical=problem.technical,
        finance=problem.finance,
        offsite=only(problem.offsite),
        unit=problem.unit,
    )


def possible(problem: Problem) -> bool:
    """Say whether every rule can be kept; nothing wanted can always be had."""
    return problem.projects == 0 or best(problem) is not None


def single_changes(problem: Problem) -> list[Change]:
    """Return every change by one."""
    q = problem.quotas
    found = [Change(Requirement.load, j, 1) for j in range(problem.experts)]
    for i in range(problem.projects):
        found.append(Change(Requirement.seats, i, 1))
        for requirement, quota in (
            (Requirement.technical, q.technical_min),
            (Requirement.finance, q.finance_min),
            (Requirement.offsite, q.offsite_min),
            (Requirement.unit, q.per_unit_max),
        ):
            if quota is not None:
                found.append(Change(requirement, i, 1))
    return found


def fewer_would_do(problem: Problem, count: int) -> bool:
    """Say whether any ``count - 1`` changes by one make it possible (tried one after the other)."""
    if count <= 1:
        return possible(problem)
    for changes in combinations_with_replacement(single_changes(problem), count - 1):
        seats = np.zeros(problem.projects, dtype=np.int64)
        for change in changes:
            if change.requirement is Requirement.seats:
                seats[change.index] += 1
        if (seats > problem.seats - bool(problem.quotas)).any():
            continue  # the quotas of a project stand, whether it has seats or not
        if possible(changed(problem, changes)):
            return True
    return False
